from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from sen.base import clock
from sen.base.errors import Conflict
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files.adapters import storage
from sen.kernel.files.models import File
from sen.kernel.files.services import moving
from sen.kernel.files.tests.conftest import AT, KIND, PDF, SHA, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(settings, on_s3):
    """Let files be written to the folder, and the bucket be known too."""
    settings.FILES, settings.FILES_ALSO = "", on_s3
    return storage.named("folder"), storage.named("s3")


def last(**how) -> tuple[int, ...]:
    done = list(files.move(**how))[-1]
    return done.seen, done.moved, done.there, done.gone, done.removed


def test_files_move_to_s3_and_back_while_sen_serves(actor, settings, two, monkeypatch):
    """Copy, switch, copy what came meanwhile and clear away; then the same way back."""
    monkeypatch.setattr(moving, "PAGE", 2)
    folder, bucket = two
    taken = [files.take(actor, "đơn.pdf", PDF) for _ in range(5)]
    on_s3 = settings.FILES_ALSO

    assert last(to="s3") == (5, 5, 0, 0, 0)
    taken.append(files.take(actor, "đơn.pdf", PDF))
    settings.FILES, settings.FILES_ALSO = on_s3, "folder"
    assert {files.read(file.id) for file in taken} == {PDF}
    taken.append(files.take(actor, "đơn.pdf", PDF))
    assert last(to="s3", remove=True) == (7, 1, 6, 0, 6)

    settings.FILES_ALSO = ""
    assert files.verify(at=clock.now()) == files.StorageReport(checked=7)
    assert [file for file in taken if folder.size(file.place) is not None] == []

    settings.FILES, settings.FILES_ALSO = "folder", on_s3
    assert last(to="folder", remove=True) == (7, 7, 0, 0, 7)
    settings.FILES_ALSO = ""
    assert files.verify(at=clock.now()) == files.StorageReport(checked=7)
    assert [file for file in taken if bucket.size(file.place) is not None] == []


def test_a_move_cut_off_goes_on_where_it_stopped(actor, two, monkeypatch):
    taken = [files.take(actor, "đơn.pdf", PDF) for _ in range(3)]
    _folder, bucket = two
    bucket.put(taken[0].place, PDF, SHA)
    bucket.put_quickly(taken[1].place, PDF[:-1] + b"x")  # half of it, or not what it should be

    assert last(to="s3") == (3, 2, 1, 0, 0)
    assert last(to="s3") == (3, 0, 3, 0, 0)


def test_what_is_damaged_is_named_and_stays(actor, two, capsys):
    folder, bucket = two
    spoilt, lost, whole = (files.take(actor, "đơn.pdf", PDF) for _ in range(3))
    folder.put_quickly(spoilt.place, PDF[:-1] + b"x")
    folder.discard(lost.place)

    with pytest.raises(SystemExit) as ended:
        call_command("files", "move", "--to", "s3")

    assert ended.value.code == 1
    assert capsys.readouterr().out == (
        "3 tệp · files: 1 đã chuyển · moved, 0 đã ở đó · there, 0 đã xóa ở nơi cũ · removed\n"
        f"thiếu hoặc hỏng · missing or damaged: {spoilt.id}\n"
        f"thiếu hoặc hỏng · missing or damaged: {lost.id}\n"
    )
    assert [bucket.size(file.place) for file in (spoilt, lost, whole)] == [None, None, len(PDF)]
    assert folder.size(spoilt.place) == len(PDF)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_deleted_while_it_moves_is_left_nowhere(actor, two, monkeypatch, when):
    folder, bucket = two
    file = files.take(actor, "đơn.pdf", PDF)
    read = moving._read

    def deleted(one, source):
        data = read(one, source)
        File.objects.all().delete()
        folder.discard(one.place)
        return data if when == "after" else None

    monkeypatch.setattr(moving, "_read", deleted)

    assert last(to="s3") == (1, 0, 0, 1, 0)
    assert bucket.size(file.place) is None


def test_nothing_is_taken_away_while_new_files_come_to_the_old_place(actor, two):
    files.take(actor, "đơn.pdf", PDF)

    with pytest.raises(Conflict):
        last(to="s3", remove=True)
    with pytest.raises(CommandError):
        call_command("files", "move", "--to", "s3", "--remove")
    with pytest.raises(CommandError):
        call_command("files", "move")


def test_a_target_that_forgets_is_not_believed(actor, two, monkeypatch):
    _folder, bucket = two
    files.take(actor, "đơn.pdf", PDF)
    monkeypatch.setattr(type(bucket), "put", lambda *_words: None)

    with pytest.raises(files.StorageAway):
        last(to="s3")


def test_an_upload_under_way_at_the_switch_begins_anew(actor, settings, two):
    file = upload(actor)
    settings.FILES, settings.FILES_ALSO = settings.FILES_ALSO, "folder"

    with pytest.raises(files.WrongOffset) as refused:
        files.finish(actor, file.id)

    assert refused.value.offset == 0
    files.append(actor, file.id, 0, PDF)
    assert files.finish(actor, file.id, SHA).sha256 == SHA
    files.link(actor, [file.id], KIND, new_id(), AT)
    assert files.verify(at=clock.now()).ok


@pytest.mark.usefixtures("two")
def test_while_files_move_both_are_one_storage(actor, settings):
    """Deleting, listing and looking for open doors reach both."""
    old = files.take(actor, "đơn.pdf", PDF)
    settings.FILES, settings.FILES_ALSO = settings.FILES_ALSO, "folder"
    both = storage.current()
    both.put_quickly("ab" * 16, PDF)
    both.put_alike("cd" * 16, "ab" * 16)

    assert (both.size(old.place), both.size("cd" * 16), both.size("ef" * 16)) == (
        len(PDF), len(PDF), None,
    )  # fmt: skip
    assert sorted(both.places(older_than=float("inf"))) == sorted(["ab" * 16, "cd" * 16, old.place])
    assert both.is_public() is False
    for place in (old.place, "ab" * 16, "cd" * 16):
        both.discard(place)
    assert list(both.places(older_than=float("inf"))) == []
