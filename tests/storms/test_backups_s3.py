"""A home whose files lie on S3 is copied, restored to another bucket, and drilled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from sen.config.backups import sealing, shelf
from sen.config.home import claim
from sen.kernel.files.tests import object_store
from tests.storms import books, crowd
from tests.storms.clients import Client, Seen
from tests.storms.installation import Installation

pytestmark = pytest.mark.storm

LINKED = "SELECT place, sha256 FROM files_file WHERE state = 'finished' AND owner_id IS NOT NULL"


class Bucket:
    """An object store of its own, with a way to it."""

    def __init__(self, ended: ExitStack) -> None:
        self.store = object_store.ObjectStore()
        ended.callback(self.store.end)
        self.way = object_store.Way(self.store.port)
        ended.callback(self.way.end)

    @property
    def told(self) -> dict[str, str]:
        return {
            "SEN_FILES": f"s3://{object_store.BUCKET}/kho",
            "SEN_S3_ENDPOINT": self.way.address,
            "SEN_S3_KEY": object_store.KEY,
            "SEN_S3_SECRET": object_store.SECRET,
        }


@pytest.fixture(scope="module")
def ended() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def bucket(ended) -> Bucket:
    return Bucket(ended)


@pytest.fixture(scope="module")
def demo(ended, bucket) -> Installation:
    made = Installation(**bucket.told)
    ended.callback(made.end)
    made.must_start()
    return made


@pytest.fixture(scope="module")
def lived(demo, scan) -> Any:
    lives = crowd.births(demo, crowd.made_in(demo), 2, Seen(), 51, {"plain": 1})
    assert crowd.live_all(lives, scan) == []
    books.wait_until_quiet(demo)
    return lives


def sen(demo: Installation, *words: object) -> tuple[int, str]:
    said = demo.run("sen.config", *map(str, words))
    return said.returncode, said.stdout + said.stderr


def linked(demo: Installation) -> list[tuple[str, str]]:
    return sorted(demo.rows(LINKED))


def test_every_linked_file_comes_back_to_another_bucket_and_serves_there(demo, lived, ended):
    code, said = sen(demo, "backup", demo.folder / "backups")
    assert code == 0, said
    backup = shelf.find(demo.folder / "backups")
    wanted = linked(demo)
    elsewhere = Installation(**Bucket(ended).told)
    ended.callback(elsewhere.end)
    claim(elsewhere.home)
    shutil.rmtree(elsewhere.home / "secrets")
    sealing.recipients(demo.home)
    shutil.copytree(demo.home / "secrets", elsewhere.home / "secrets")

    code, said = sen(elsewhere, "restore", demo.folder / "backups")

    assert code == 0, said
    assert not any(path.is_file() for path in (elsewhere.home / "files").rglob("*"))
    elsewhere.must_start()
    assert linked(elsewhere) == wanted
    assert len(wanted) == 5 * len(lived)
    assert backup.contents.files >= len(wanted)
    checked = elsewhere.run("django", "files", "verify")  # each to its last byte, by its digest
    assert checked.returncode == 0, checked.stdout
    for one in lived:
        owner = Client(elsewhere.address, Seen(), session=one.father["session"])
        assert owner.get(f"/api/v1/dossiers/{one.code}").body["state"] == one.end


@pytest.mark.long
def test_drill_of_files_on_s3_needs_no_s3(demo, lived, tmp_path, monkeypatch):
    """It restores into a folder: a drill changes no bucket."""
    assert sen(demo, "backup", demo.folder / "backups")[0] == 0
    monkeypatch.setitem(demo.told, "SEN_DRILLS", str(tmp_path))

    code, said = sen(demo, "backup", "drill", demo.folder / "backups")

    assert code == 0, said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["away", pytest.param("wrong", marks=pytest.mark.long)])
def test_storage_that_fails_fails_the_copy_with_words_and_spares_the_former(
    demo, lived, bucket, how
):
    place = demo.folder / f"backups-{how}"
    assert sen(demo, "backup", place)[0] == 0
    former = shelf.find(place).name
    shutil.rmtree(place / "files")  # so that there is something to read
    bucket.way.how = how
    try:
        code, said = sen(demo, "backup", place)
    finally:
        bucket.way.how = "open"

    assert code == 1
    assert "Traceback" not in said
    assert [one.name for one in shelf.backups(place)] == [former]
    assert list(place.glob(".new-*")) == []


def test_file_of_a_record_that_is_gone_from_the_bucket_fails_the_copy(demo, lived):
    place = demo.folder / "backups-gone"
    name, _digest = linked(demo)[0]
    taken = demo.run(
        "django", "shell", "-c",
        f"from sen.kernel.files.adapters import storage; storage.current().discard('{name}')",
    )  # fmt: skip
    assert taken.returncode == 0, taken.stderr

    code, said = sen(demo, "backup", place)

    assert (code, name in said) == (1, True)
