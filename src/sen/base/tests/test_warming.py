from __future__ import annotations

import subprocess
import sys

from structlog.testing import capture_logs

from sen.base import warming

HEAVY = ("pyhanko", "aiohttp", "PIL", "holidays", "pypdfium2", "joserfc.jwt")


def test_everything_is_loaded_even_where_one_cannot_be(monkeypatch):
    loaded = []
    monkeypatch.setattr(warming, "_loads", {})
    warming.register("broken", lambda: 1 / 0)
    warming.register("whole", lambda: loaded.append("whole"))

    with capture_logs() as said:
        warming.begin().join(timeout=10)

    assert loaded == ["whole"]
    assert [(line["event"], line["part"]) for line in said] == [("warming.failed", "broken")]


def test_what_only_pages_need_is_left_to_processes_that_show_them(monkeypatch):
    loaded = []
    monkeypatch.setattr(warming, "_loads", {})
    monkeypatch.setattr(warming, "_for_pages", set())
    warming.register("pages", lambda: loaded.append("pages"), for_pages=True)
    warming.register("all", lambda: loaded.append("all"))

    warming.load_all()
    warming.load_all(with_pages=True)
    warming.begin(with_pages=True).join(timeout=10)

    assert loaded == ["all", "pages", "all", "pages", "all"]


def test_a_command_starts_without_the_heavy_libraries():
    said = subprocess.run(
        [sys.executable, "-c", "import django, sys; django.setup(); print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert set(HEAVY) & set(said.stdout.split()) == set()
