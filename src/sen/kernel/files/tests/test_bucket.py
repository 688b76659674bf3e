"""What is S3's alone: large files in parts, pieces sent twice, and a storage that fails us."""

from __future__ import annotations

import datetime as dt
import os
import time

import pytest

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.kernel.files import public as files
from sen.kernel.files import rules
from sen.kernel.files.adapters import bucket, gate, storage
from sen.kernel.files.models import File
from sen.kernel.files.tests import samples
from sen.kernel.files.tests.conftest import PDF, SHA, in_store, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_s3")]

LARGE = os.urandom(bucket.PART + bucket.BLOCK)


@pytest.fixture
def impatient(monkeypatch):
    """Let everything that is bounded be over soon."""
    monkeypatch.setitem(bucket.TIMES, "timeout", dt.timedelta(seconds=0.5))
    monkeypatch.setitem(bucket.RETRY, "retry_timeout", dt.timedelta(seconds=1))
    monkeypatch.setattr(gate, "PAUSE_SECONDS", 0.3)
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 0.1)


def recover(way):
    way.how = "open"
    time.sleep(gate.PAUSE_SECONDS + 0.05)


def test_a_large_file_goes_and_comes_in_parts(way):
    kept, place = storage.current(), storage.new_place()

    kept.put(place, LARGE, rules.digest(LARGE))

    size, stream = kept.open(place)
    with stream:
        assert (size, stream.read()) == (len(LARGE), LARGE)
    _size, rest = kept.open(place, bucket.BLOCK + 7)
    with rest:
        assert rest.read() == LARGE[bucket.BLOCK + 7 :]


def test_a_piece_sent_twice_cut_differently_makes_the_same_file(actor):
    """The first answer was lost after the piece had been written; the phone sent more then."""
    file = files.begin(actor, "đơn.pdf", len(PDF))
    storage.current().write_at(file.place, 0, PDF[:70])
    files.append(actor, file.id, 0, PDF[:100])
    files.append(actor, file.id, 100, PDF[100:])

    assert files.finish(actor, file.id, SHA).sha256 == SHA
    assert in_store() == [file.place]


def test_a_piece_that_is_not_the_next_is_not_sent(actor, way):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    asked = way.asked

    with pytest.raises(files.WrongOffset):
        files.append(actor, file.id, 7, PDF)

    assert (way.asked, in_store()) == (asked, [])


@pytest.mark.parametrize("how", ["away", "slow", "cut", "wrong"])
def test_a_storage_that_fails_refuses_files_and_changes_nothing(actor, way, impatient, how):
    """Each way of coming in is refused with 503; with the storage back, the same upload goes on."""
    whole = files.take(actor, "đơn.pdf", PDF)
    begun = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, begun.id, 0, PDF[:100])
    ready = upload(actor)
    before = list(File.objects.order_by("id").values())
    way.how = how
    attempts = [
        lambda: files.take(actor, "đơn.pdf", PDF),
        lambda: files.append(actor, begun.id, 100, PDF[100:]),
        lambda: files.finish(actor, ready.id),
        lambda: files.lay_down(actor, "đơn.pdf", PDF, rules.PDF),
        lambda: files.verify(at=clock.now()),
    ]
    for attempt in attempts[: -1 if how == "wrong" else None]:
        began = time.monotonic()
        # a list without the pieces reads as if somebody else had just finished
        with pytest.raises((files.StorageAway, Conflict)) as refused:
            attempt()
        assert refused.value.status == 503 or how == "wrong"
        assert time.monotonic() - began < 6
        time.sleep(gate.PAUSE_SECONDS)
    assert list(File.objects.order_by("id").values()) == before

    recover(way)

    assert files.read(whole.id) == PDF
    files.append(actor, begun.id, 100, PDF[100:])
    assert {files.finish(actor, file.id, SHA).sha256 for file in (begun, ready)} == {SHA}


def test_while_the_storage_is_away_others_are_refused_at_once(actor, way, impatient):
    way.how = "away"
    with pytest.raises(files.StorageAway):
        files.take(actor, "đơn.pdf", PDF)
    asked, began = way.asked, time.monotonic()

    with pytest.raises(files.StorageAway):
        files.lay_down(actor, "đơn.pdf", PDF, rules.PDF)

    assert (way.asked, time.monotonic() - began < 0.1) == (asked, True)


@pytest.mark.parametrize(("key", "value"), [("secret", "wrong"), ("key", "nobody")])
def test_a_key_that_opens_nothing_refuses_files_and_says_why(actor, settings, key, value, caplog):
    settings.S3 = {**settings.S3, key: value}
    storage._made.cache_clear()

    with pytest.raises(files.StorageAway):
        files.take(actor, "đơn.pdf", PDF)

    assert File.objects.count() == 0
    assert "files.storage_refuses_us" in caplog.text


def test_a_bucket_that_is_not_there_is_no_missing_file(actor, settings, caplog):
    file = files.take(actor, "đơn.pdf", PDF)
    settings.FILES = "s3://nobody/sen"

    with pytest.raises(files.StorageAway):
        files.read(file.id)
    with pytest.raises(files.StorageAway):
        files.take(actor, "đơn.pdf", PDF)

    assert "files.storage_has_no_bucket" in caplog.text


def test_a_bad_file_is_refused_without_a_word_to_the_storage(actor, way):
    files.take(actor, "đơn.pdf", PDF)
    asked = way.asked

    with pytest.raises(Invalid):
        files.take(actor, "đơn.pdf", samples.EXE)

    assert way.asked == asked


def test_the_storage_is_tried_without_a_key(actor, capsys, monkeypatch):
    from django.core.management import call_command

    assert files.verify(at=clock.now()).is_public is False
    files.take(actor, "đơn.pdf", PDF)
    assert files.verify(at=clock.now()).is_public is False

    closed = bucket.Door.store
    monkeypatch.setattr(bucket.Door, "store", lambda door, **_how: closed(door))
    with pytest.raises(SystemExit):
        call_command("files", "verify")

    assert capsys.readouterr().out.startswith("ai cũng đọc được kho")


def test_pieces_that_could_not_be_cleared_away_are_orphans(actor, monkeypatch):
    file = upload(actor)

    def away(_self, _place):
        raise files.StorageAway

    monkeypatch.setattr(bucket.Bucket, "_forget_pieces", away)
    assert files.finish(actor, file.id, SHA).sha256 == SHA
    monkeypatch.undo()

    assert files.read(file.id) == PDF
    late = clock.now() + dt.timedelta(hours=25)
    assert files.verify(at=late).orphans == ()  # its name is still a file's
    files.purge(at=late)
    assert in_store() == []


def test_a_forked_process_has_connections_of_its_own(monkeypatch):
    kept = storage.current()
    before = kept._client()

    monkeypatch.setattr(os, "getpid", lambda: -1)

    assert kept._client() is not before


def test_settings_that_name_no_storage_are_refused(settings):
    from django.core.exceptions import ImproperlyConfigured

    for wrong in ("s3://", "ftp://somewhere", "elsewhere"):
        settings.FILES = wrong
        with pytest.raises(ImproperlyConfigured):
            storage.current()
    settings.FILES = settings.FILES_ALSO = ""
    with pytest.raises(ImproperlyConfigured):
        storage.named("s3")


def test_an_own_authority_is_trusted_beside_the_known_ones(settings, tmp_path):
    (tmp_path / "no.pem").write_text("nothing")
    door = bucket.Door(bucket="b", **{**settings.S3, "authority": str(tmp_path / "no.pem")})

    with pytest.raises(ValueError, match="certificate"):
        door.store()
