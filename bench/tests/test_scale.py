"""What the benchmark of sizes says of what it measured, and when it builds an installation anew."""

from __future__ import annotations

import json

import pytest

from bench import scale, scaled
from bench.server import CannotMeasure


def page(
    name: str, web: float, database: float, *, lines: float = 51.0, sql: float = 6.0
) -> scale.Page:
    cpu = {"web": web, "worker": 9.0, "postgresql": database}
    times = [10.0, 20.0, 30.0]
    return scale.Page(name=name, lines=lines, times_ms=times, sql=sql, cpu_ms=cpu)


FOUND = {
    100_000: [
        page("inbox", 8.0, 4.0),
        page("late", 6.0, 2.0, lines=51.0),
        page("follow", 3.0, 1.0, lines=9.0, sql=5.0),
    ],
    10_000: [
        page("inbox", 8.0, 2.0),
        page("late", 3.0, 1.0, lines=3.0),
        page("follow", 3.0, 1.0, lines=10.0, sql=4.0),
    ],
}


def test_growth_is_of_web_and_database_from_smallest_to_largest():
    assert scale.growth(FOUND) == {"inbox": 1.2, "late": 2.0, "follow": 1.0}


def test_growth_is_judged_of_pages_that_are_as_long_at_each_size():
    dearer = {10_000: FOUND[10_000], 100_000: [page("inbox", 8.0, 8.0), *FOUND[100_000][1:]]}
    assert scale.as_long_at_each(FOUND) == {"inbox", "follow"}
    assert scale.too_dear(FOUND) == set()
    assert scale.too_dear(dearer) == {"inbox"}


def test_the_table_has_sizes_side_by_side():
    assert scale.table(FOUND).splitlines() == [
        (
            "| page | lines | SQL | 10,000: p50 / p95 ms, CPU ms |"
            " 100,000: p50 / p95 ms, CPU ms | CPU grew |"
        ),
        "| --- | --- | --- | --- | --- | --- |",
        (
            "| inbox | 51 | 6 | 20 / 38, 10.0 (web 8.0, PostgreSQL 2.0) |"
            " 20 / 38, 12.0 (web 8.0, PostgreSQL 4.0) | 1.20 |"
        ),
        (
            "| late | 3 → 51 | 6 | 20 / 38, 4.0 (web 3.0, PostgreSQL 1.0) |"
            " 20 / 38, 8.0 (web 6.0, PostgreSQL 2.0) | 2.00, not as long |"
        ),
        (
            "| follow | 10 → 9 | 4 → 5 | 20 / 38, 4.0 (web 3.0, PostgreSQL 1.0) |"
            " 20 / 38, 4.0 (web 3.0, PostgreSQL 1.0) | 1.00 |"
        ),
    ]


def test_programs_read_one_object():
    told = json.loads(scale.as_json(FOUND))
    assert told["growth"] == {"inbox": 1.2, "late": 2.0, "follow": 1.0}
    assert told["as_long"] == ["follow", "inbox"]
    assert told["scales"]["10000"]["follow"] == {
        "lines": 10.0, "sql": 4.0, "p50_ms": 20.0, "p95_ms": 38.0,
        "cpu_ms": {"web": 3.0, "worker": 9.0, "postgresql": 1.0},
    }  # fmt: skip


def test_an_installation_is_kept_as_long_as_the_generator_is_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_HOME", str(tmp_path))
    home = scaled.home_of(10_000)
    assert home == tmp_path / "bench" / "10000"
    assert not scaled.is_built(home, 10_000)

    home.mkdir(parents=True)
    stamp = {"dossiers": 10_000, "generation": "2", "schema": scaled.schema(), "seconds": 60}
    (home / "scale.json").write_text(json.dumps(stamp), encoding="utf-8")
    assert scaled.is_built(home, 10_000)
    assert scaled.ensured(10_000) == home
    assert not scaled.is_built(home, 20_000)

    (home / "scale.json").write_text(json.dumps(stamp | {"generation": "x"}), encoding="utf-8")
    assert not scaled.is_built(home, 10_000)


def test_an_installation_of_another_schema_is_migrated(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_HOME", str(tmp_path))
    home = scaled.home_of(10_000)
    home.mkdir(parents=True)
    stamp = {"dossiers": 10_000, "generation": "2", "schema": "x", "seconds": 60}
    (home / "scale.json").write_text(json.dumps(stamp), encoding="utf-8")
    ran = []
    monkeypatch.setattr(scaled, "_run", lambda _home, programs: ran.extend(programs))

    assert scaled.ensured(10_000) == home
    assert ran == [["-m", "sen.config.preparation", "migrate", "demo"]]
    kept = json.loads((home / "scale.json").read_text(encoding="utf-8"))
    assert kept == stamp | {"schema": scaled.schema()}


def test_what_the_disk_cannot_hold_is_not_begun(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_HOME", str(tmp_path))
    with pytest.raises(CannotMeasure, match="GB are free"):
        scaled.ensured(10**12)
