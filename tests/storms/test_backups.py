"""A lived home is copied under load, restored elsewhere, and goes on there; copies that fail."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from sen.config import embedded
from sen.config.backups import sealing, shelf
from sen.config.backups.sealing import Broken
from sen.config.home import claim
from tests.storms import books, crowd
from tests.storms.clients import Client, Seen
from tests.storms.installation import ROOT, Installation, until
from tests.storms.test_weather import filled, small_disk

pytestmark = pytest.mark.storm

LIVES = 4


@pytest.fixture(scope="module")
def demo() -> Iterator[Installation]:
    installation = Installation()
    try:
        installation.must_start()
        yield installation
    finally:
        installation.end()


@pytest.fixture(scope="module")
def crew(demo) -> dict[str, Any]:
    return crowd.made_in(demo)


@pytest.fixture(scope="module")
def place(demo, crew, scan) -> Path:
    """Return where the backups of an installation are kept that has files to copy."""
    assert crowd.live_all(crowd.births(demo, crew, 1, Seen(), 9, {"plain": 1}), scan) == []
    return demo.folder / "backups"


def sen(demo: Installation, *words: object) -> subprocess.CompletedProcess[str]:
    return demo.run("sen.config", *map(str, words))


def made(demo: Installation, place: Path) -> shelf.Backup:
    """Make a backup and return it."""
    said = sen(demo, "backup", place)
    assert said.returncode == 0, said.stdout + said.stderr
    return shelf.find(place)


def begun(demo: Installation, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sen.config", *map(str, words)], env=demo.environment(),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.fixture
def elsewhere(demo) -> Iterator[Installation]:
    """An empty machine to which the secrets were brought."""
    other = Installation()
    claim(other.home)
    shutil.rmtree(other.home / "secrets")
    sealing.recipients(demo.home)  # the key is among the secrets from the first copy on
    shutil.copytree(demo.home / "secrets", other.home / "secrets")
    try:
        yield other
    finally:
        other.end()


def counted(demo: Installation) -> dict[str, int]:
    """Return how many rows each table has, told by the superuser, whom no row security binds."""
    names = demo.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return {name: demo.rows(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in names}


def rights(demo: Installation) -> list[Any]:
    """Return who may do what to which table, and which tables are closed by row."""
    return demo.rows(
        "SELECT relname, (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(coalesce(relacl,"
        " acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))) one),"
        " relrowsecurity, relforcerowsecurity,"
        " (SELECT array_agg(polname || coalesce(pg_get_expr(polqual, polrelid), ''))"
        "  FROM pg_policy WHERE polrelid = c.oid)"
        " FROM pg_class c WHERE relkind IN ('r', 'p', 'S')"
        " AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )


def test_copy_made_under_load_is_restored_elsewhere_and_serves_there(
    demo, crew, scan, place, elsewhere
):
    before = crowd.births(demo, crew, LIVES, Seen(), 1, {"plain": 1})
    assert crowd.live_all(before, scan) == []
    meanwhile = crowd.births(demo, crew, LIVES, Seen(), 2)
    wrong: list[str] = []
    load = threading.Thread(target=lambda: wrong.extend(crowd.live_all(meanwhile, scan)))
    load.start()
    backup = made(demo, place)
    load.join()
    assert wrong == []
    books.wait_until_quiet(demo)
    after = crowd.births(demo, crew, 1, Seen(), 3, {"plain": 1})
    assert crowd.live_all(after, scan) == []

    restored = sen(elsewhere, "restore", place)

    assert restored.returncode == 0, restored.stdout + restored.stderr
    for title in ("data verify", "files verify", "audit verify"):
        assert title in restored.stdout
    elsewhere.must_start()
    assert rights(elsewhere) == rights(demo)
    for one in before:
        owner = Client(elsewhere.address, Seen(), session=one.father["session"])
        dossier = owner.get(f"/api/v1/dossiers/{one.code}")
        assert (dossier.status, dossier.body["code"]) == (200, one.code)
    codes = {row[0] for row in elsewhere.rows("SELECT code FROM public_services_dossier")}
    assert {one.code for one in before} <= codes
    assert after[0].code not in codes
    linked = elsewhere.rows(
        "SELECT place, sha256 FROM files_file WHERE state = 'finished' AND owner_id IS NOT NULL"
    )
    stored = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (elsewhere.home / "files").glob("?/?/*")
    }
    assert len(linked) > 5 * LIVES
    assert {name: stored.get(name) for name, _digest in linked} == dict(linked)
    more = crowd.births(elsewhere, crew, 1, Seen(), 4, {"plain": 1})
    assert crowd.live_all(more, scan) == []
    assert backup.contents.files >= len(linked)


@pytest.mark.long
def test_copy_holds_every_row_that_was_there(demo, place):
    books.wait_until_quiet(demo)
    demo.stop()
    with embedded.running(demo.home):
        before = counted(demo)
        backup = made(demo, place)
        [(name, at)] = demo.rows(
            "SELECT name, made_at FROM keeping_backup ORDER BY made_at DESC LIMIT 1"
        )
    demo.must_start()

    assert dict(backup.contents.tables) == before
    assert name == backup.name
    assert at is not None


def test_second_copy_writes_only_what_is_new(demo, place):
    first = made(demo, place)
    sealed = {path: path.stat().st_mtime_ns for path in (place / "files").glob("*/*.age")}

    second = made(demo, place)

    assert second.name != first.name
    assert {path: path.stat().st_mtime_ns for path in (place / "files").glob("*/*.age")} == sealed
    assert sen(demo, "backup", "verify", place).returncode == 0


def test_any_age_program_opens_a_copy(demo, place):
    key = pyrage.x25519.Identity.from_str((demo.home / "secrets" / "backup").read_text().strip())
    backup = made(demo, place)

    dump = pyrage.decrypt((backup.folder / shelf.DATABASE).read_bytes(), [key])

    assert dump.startswith(b"PGDMP")
    assert b"Khai" not in (backup.folder / shelf.MANIFEST).read_bytes()
    assert {path.stat().st_mode & 0o077 for path in backup.folder.iterdir()} == {0}


@pytest.mark.long
def test_only_so_many_stay_and_files_of_none_go(demo, place):
    newest = [made(demo, place).name for _ in range(2)][-1]
    (place / "files" / "zz").mkdir()
    (place / "files" / "zz" / "nobody.age").write_bytes(b"x")

    said = sen(demo, "backup", place, "--keep", "2")

    assert said.returncode == 0, said.stdout
    assert [one.name for one in shelf.backups(place)][1] == newest
    assert len(shelf.backups(place)) == 2
    assert not (place / "files" / "zz" / "nobody.age").exists()
    assert sen(demo, "backup", "verify", place).returncode == 0


@pytest.mark.long
def test_killed_copy_leaves_the_former_and_none_that_looks_whole(demo, place):
    former = made(demo, place)
    shutil.rmtree(place / "files")  # so that there is much to write
    running = begun(demo, "backup", place)
    until(lambda: list(place.glob(".new-*/database.age")), 60)
    running.send_signal(signal.SIGSTOP)  # in the middle, however fast the machine

    second = sen(demo, "backup", place)
    running.send_signal(signal.SIGKILL)
    running.communicate()

    assert (second.returncode, "another" in second.stdout) == (1, True)
    assert shelf.find(place).name == former.name
    assert len(list(place.glob(".new-*"))) == 1
    made(demo, place)
    assert list(place.glob(".new-*")) == []
    assert sen(demo, "backup", "verify", place).returncode == 0


@pytest.mark.long
def test_full_disk_fails_the_copy_and_spares_the_former(demo):
    with small_disk(demo.folder / "small", 200) as disk:
        former = made(demo, disk / "backups")
        (disk / "backups" / "files").rename(disk / "backups" / "aside")
        with filled(disk):
            failed = sen(demo, "backup", disk / "backups")
        shutil.rmtree(disk / "backups" / "files")
        (disk / "backups" / "aside").rename(disk / "backups" / "files")

        assert failed.returncode == 1
        assert "No space left" in failed.stdout
        assert [one.name for one in shelf.backups(disk / "backups")] == [former.name]
        assert sen(demo, "backup", "verify", disk / "backups").returncode == 0


@pytest.mark.long
def test_damaged_copies_are_named_and_not_restored(demo, place, elsewhere):
    backup = made(demo, place)
    dump = backup.folder / shelf.DATABASE
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    verified = sen(demo, "backup", "verify", place)
    restored = sen(elsewhere, "restore", place)
    dump.write_bytes(whole)

    assert (verified.returncode, restored.returncode) == (1, 1)
    assert str(dump) in verified.stdout
    assert str(dump) in restored.stdout
    file = next((place / "files").glob("*/*.age"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    verified = sen(demo, "backup", "verify", place)
    file.write_bytes(whole)
    assert (verified.returncode, str(file) in verified.stdout) == (1, True)
    (backup.folder / shelf.MANIFEST).write_text("{}")
    with pytest.raises(Broken):
        shelf.find(backup.folder)
    shutil.rmtree(backup.folder)


def test_restore_takes_nothing_away_and_asks_for_the_right_secrets(demo, place, elsewhere):
    made(demo, place)
    said = sen(demo, "restore", place)
    assert (said.returncode, "stop it" in said.stdout) == (1, True)
    (elsewhere.home / "files").mkdir()
    (elsewhere.home / "files" / "mine").write_text("x")
    said = sen(elsewhere, "restore", place)
    assert (said.returncode, "--replace" in said.stdout) == (1, True)

    fields = elsewhere.home / "secrets" / "fields"
    right = fields.read_text()
    fields.write_text("another")
    other = sen(elsewhere, "restore", place, "--replace")
    fields.unlink()
    missing = sen(elsewhere, "restore", place, "--replace")

    assert (other.returncode, "another installation's key" in other.stdout) == (1, True)
    assert (missing.returncode, "put secrets/" in missing.stdout) == (1, True)
    assert not fields.exists()
    fields.write_text(right)
    fields.chmod(0o600)
    said = sen(elsewhere, "restore", place, "--replace")
    assert said.returncode == 0, said.stdout
    assert [path.read_text() for path in elsewhere.home.glob("files.replaced-*/mine")] == ["x"]


@pytest.mark.long
def test_drill_restores_the_newest_and_leaves_nothing_behind(demo, place, tmp_path):
    backup = made(demo, place)
    told = {**demo.environment(), "SEN_DRILLS": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, "-m", "sen.config", "backup", "drill", str(place)],
        env=told, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert said.returncode == 0, said.stdout + said.stderr
    assert list(tmp_path.iterdir()) == []
    [(at,)] = demo.rows("SELECT drilled_at FROM keeping_backup WHERE name = %s", backup.name)
    assert at is not None


@pytest.mark.long
def test_copy_for_keys_that_are_elsewhere(demo, place, tmp_path, elsewhere):
    """The machine that makes the copies cannot open them."""
    key = pyrage.x25519.Identity.generate()
    kept = tmp_path / "key"
    kept.write_text(f"# kept elsewhere\n{key}\n")
    told = {**demo.environment(), "SEN_BACKUP_RECIPIENTS": str(key.to_public())}
    folder = tmp_path / "backups"
    command = [sys.executable, "-m", "sen.config", "backup", str(folder)]
    said = subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr

    closed = sen(demo, "backup", "verify", folder)
    opened = sen(demo, "backup", "verify", folder, "--key", kept)

    assert (closed.returncode, "No matching keys" in closed.stdout) == (1, True)
    assert opened.returncode == 0, opened.stdout
    wrong = subprocess.run(
        command, env={**told, "SEN_BACKUP_RECIPIENTS": "age1nobody"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (wrong.returncode, "SEN_BACKUP_RECIPIENTS" in wrong.stdout) == (1, True)


def test_free_file_that_went_meanwhile_is_told_and_one_of_a_record_fails_the_copy(demo, place):
    """Free files may go between the snapshot and their turn; the copy tells which."""
    [(free,)] = demo.rows(
        "INSERT INTO files_file (id, name, size, received, sha256, media_type, state, place,"
        " purpose, owner_kind, created_at, finished_at, free_since)"
        " VALUES (gen_random_uuid(), 'x', 1, 1, 'ab', '', 'finished', 'nobody', '', '', now(),"
        " now(), now()) RETURNING id"
    )
    backup = made(demo, place)
    demo.rows("DELETE FROM files_file WHERE id = %s", free)

    assert backup.contents.gone == ["nobody"]
    [(name,)] = demo.rows(
        "SELECT place FROM files_file WHERE owner_id IS NOT NULL AND state = 'finished' LIMIT 1"
    )
    path = demo.home / "files" / name[0] / name[1] / name
    sealed = shelf.sealed_file(place, name)
    sealed.unlink()
    path.rename(path.with_suffix(".aside"))
    missing = sen(demo, "backup", place)
    path.with_suffix(".aside").rename(path)
    assert (missing.returncode, name in missing.stdout) == (1, True)
    assert shelf.find(place).name == backup.name
