from __future__ import annotations

import datetime as dt
import errno
import os
import tracemalloc
import unicodedata

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM, Actor, Strength
from sen.base.errors import Conflict, Invalid, NotFound, SignInNeeded, TooLarge, TooMany
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import registry, rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.models import File
from sen.kernel.files.services import intake, keeping
from sen.kernel.files.tests import samples
from sen.kernel.files.tests.factories import FileFactory

KIND = "files_test.record"
AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)
PDF = samples.pdf()
SHA = rules.digest(PDF)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return Actor(account=new_id(), person=new_id(), strength=Strength.LEVEL_2)


@pytest.fixture(autouse=True)
def owners(monkeypatch):
    """Let a test's record say by whom it may be read."""
    readers: set = set()
    monkeypatch.setattr(registry, "_owners", {})
    files.register_owners(
        files.FileOwner(KIND, lambda actor, _record, _file: actor.account in readers)
    )
    return readers


def on_disk(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def upload(actor, data=PDF, name="đơn.pdf"):
    file = files.begin(actor, name, len(data))
    files.append(actor, file.id, 0, data)
    return file


def test_take_keeps_a_checked_file_in_one_statement(actor, root, django_assert_num_queries):
    files.size_limit()
    with django_assert_num_queries(2):  # one of them reads the editions, outside a request
        file = files.take(
            actor, unicodedata.normalize("NFD", "Giấy chứng sinh.pdf"), PDF, sha256=SHA
        )

    kept = File.objects.get()
    assert (
        kept.public
        == file.public
        == {
            "id": str(file.id),
            "name": "Giấy chứng sinh.pdf",
            "size": len(PDF),
            "received": len(PDF),
            "sha256": SHA,
            "media_type": rules.PDF,
            "state": "finished",
            "created_at": kept.created_at.astimezone(clock.ZONE).isoformat(),
        }
    )
    assert kept.made_by == actor.account
    assert on_disk(root) == [kept.place]
    assert storage.final(kept.place).read_bytes() == PDF
    assert kept.place not in str(kept.id)


def test_take_gives_a_name_its_ending(actor):
    assert files.take(actor, "giấy tờ", samples.image("JPEG")).name == "giấy tờ.jpg"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("đơn.pdf", b"", "Tệp “đơn.pdf” không có nội dung."),
        ("", PDF, "Tệp cần có tên."),
        (
            "đơn.pdf",
            samples.EXE,
            "Tệp “đơn.pdf” là chương trình máy tính. Chỉ nhận PDF, JPG, PNG, WebP, DOCX, XLSX.",
        ),
        (
            "đơn.pdf",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
            "Tệp “đơn.pdf” là tệp Word hoặc Excel kiểu cũ. Chỉ nhận PDF, JPG, PNG, WebP, DOCX, XLSX. Vui lòng lưu lại thành DOCX, XLSX hoặc PDF.",
        ),
        (
            "đơn.pdf",
            samples.image(),
            "Tên tệp “đơn.pdf” không đúng với nội dung: đây là ảnh PNG. Vui lòng đặt lại tên.",
        ),
        (
            "đơn.pdf",
            samples.pdf(password="x"),
            "Tệp “đơn.pdf” được đặt mật khẩu. Vui lòng bỏ mật khẩu rồi gửi lại.",
        ),
        (
            "đơn.pdf",
            samples.pdf(root={"/OpenAction": samples.javascript()}),
            "Tệp “đơn.pdf” có nội dung tự hoạt động (JavaScript) nên không được nhận. Vui lòng in ra PDF rồi gửi bản đó.",
        ),
        (
            "ảnh.png",
            samples.pixel_bomb(),
            "Ảnh “ảnh.png” có quá nhiều điểm ảnh (50000 × 50000). Vui lòng giảm kích thước ảnh rồi gửi lại.",
        ),
        (
            "đơn.docx",
            samples.zip_bomb(),
            "Tệp “đơn.docx” khi mở ra lớn hơn mức cho phép nên không được nhận.",
        ),
    ],
)
def test_take_refuses_in_words_and_leaves_nothing(actor, root, name, data, message):
    with pytest.raises(Invalid) as refused:
        files.take(actor, name, data)

    assert refused.value.message == message
    assert refused.value.fields == {"file": [message]}
    assert (File.objects.count(), on_disk(root)) == (0, [])


def test_take_refuses_a_file_above_the_limit(actor, root, monkeypatch):
    monkeypatch.setattr(rules, "SIZE_LIMIT", 600)

    with pytest.raises(TooLarge) as refused:
        files.take(actor, "đơn.pdf", PDF)

    assert refused.value.fields == {"file": [refused.value.message]}
    assert on_disk(root) == []


def test_size_limit_may_be_set_by_a_legal_value(actor):
    from sen.kernel.legal import public as legal

    legal.set_value(
        actor=SYSTEM,
        key="files.size_limit",
        value=500,
        valid_from=dt.date(2026, 1, 1),
        source="Quy chế, Điều 1",
        at=AT,
    )

    assert files.size_limit() == 500
    with pytest.raises(TooLarge):
        files.begin(actor, "đơn.pdf", 501)


def test_take_refuses_another_digest(actor, root):
    with pytest.raises(Invalid, match="không giống bản đã gửi"):
        files.take(actor, "đơn.pdf", PDF, sha256="0" * 64)

    assert on_disk(root) == []


@pytest.mark.parametrize(
    "call", [lambda who: files.take(who, "a.pdf", PDF), lambda who: files.begin(who, "a.pdf", 5)]
)
def test_visitor_cannot_send_files(call):
    with pytest.raises(SignInNeeded):
        call(ANONYMOUS)


def test_account_with_too_many_unused_bytes_has_to_wait(actor, root, monkeypatch):
    monkeypatch.setattr(intake, "FREE_LIMIT", 2 * len(PDF))
    for _ in range(2):
        files.take(actor, "đơn.pdf", PDF)

    with pytest.raises(TooMany):
        files.take(actor, "đơn.pdf", PDF)

    assert len(on_disk(root)) == 2
    assert files.take(Actor(account=new_id()), "đơn.pdf", PDF).name == "đơn.pdf"


def test_pieces_make_a_file(actor, root, django_assert_num_queries):
    file = files.begin(actor, "đơn.pdf", len(PDF), purpose="birth_note")
    with django_assert_num_queries(3):  # the statement between a savepoint that only a test has
        middle = files.append(actor, file.id, 0, PDF[:100])
    files.append(actor, file.id, middle, PDF[100:])
    with django_assert_num_queries(2):
        finished = files.finish(actor, file.id, SHA)

    assert (finished.state, finished.sha256, finished.media_type) == ("finished", SHA, rules.PDF)
    assert finished.purpose == "birth_note"
    assert storage.final(finished.place).read_bytes() == PDF
    assert on_disk(root) == [finished.place]
    assert files.finish(actor, file.id) == finished


@pytest.mark.parametrize("offset", [0, 50, 101])
def test_piece_at_a_wrong_offset_tells_the_right_one(actor, offset):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])

    with pytest.raises(files.WrongOffset) as refused:
        files.append(actor, file.id, offset, PDF[100:])

    assert (refused.value.offset, refused.value.status, refused.value.code) == (
        100,
        409,
        "wrong_offset",
    )
    assert File.objects.get().received == 100


def test_piece_beyond_the_announced_size_is_refused(actor):
    file = files.begin(actor, "đơn.pdf", 10)

    with pytest.raises(TooLarge):
        files.append(actor, file.id, 0, PDF)


def test_piece_for_a_finished_file_is_refused(actor):
    file = files.finish(actor, upload(actor).id)

    with pytest.raises(Conflict, match="đã nhận xong"):
        files.append(actor, file.id, file.size, b"x")


@pytest.mark.parametrize("stranger", [ANONYMOUS, Actor(account=new_id())])
def test_files_of_somebody_else_are_not_there(actor, stranger):
    file = upload(actor)

    with pytest.raises(NotFound):
        files.append(stranger, file.id, 0, b"x")
    with pytest.raises(NotFound):
        files.finish(stranger, file.id)


def test_file_of_the_system_is_not_a_visitors():
    file = files.begin(SYSTEM, "a.pdf", 10)

    with pytest.raises(NotFound):
        files.finish(ANONYMOUS, file.id)


def test_finish_before_the_end_tells_where_to_go_on(actor):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])

    with pytest.raises(files.WrongOffset) as refused:
        files.finish(actor, file.id)

    assert refused.value.offset == 100


@pytest.mark.parametrize(("data", "sha256"), [(samples.EXE, None), (PDF, "0" * 64)])
def test_finish_of_a_bad_file_leaves_nothing(actor, root, data, sha256):
    file = upload(actor, data)

    with pytest.raises(Invalid):
        files.finish(actor, file.id, sha256)

    assert (File.objects.count(), on_disk(root)) == (0, [])


def test_bytes_lost_in_a_crash_are_asked_for_again(actor):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])
    os.truncate(storage.temporary(file.place), 40)

    with pytest.raises(files.WrongOffset) as refused:
        files.append(actor, file.id, 100, PDF[100:])

    assert refused.value.offset == 40
    files.append(actor, file.id, 40, PDF[40:])
    assert files.finish(actor, file.id, SHA).sha256 == SHA


def test_bytes_written_before_a_crash_but_not_acknowledged_are_written_over(actor):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    storage.write_at(file.place, 0, b"x" * 500)

    files.append(actor, file.id, 0, PDF)

    assert files.finish(actor, file.id, SHA).sha256 == SHA


def test_finish_without_the_bytes_tells_where_to_go_on(actor):
    file = upload(actor)
    storage.temporary(file.place).unlink()

    with pytest.raises(files.WrongOffset) as refused:
        files.finish(actor, file.id)

    assert refused.value.offset == 0


@pytest.mark.parametrize("step", ["checked_type", "settle"])
def test_finish_that_somebody_else_overtakes_gives_the_same_file(actor, monkeypatch, step):
    file = upload(actor)
    place = intake if step == "checked_type" else storage
    original = getattr(place, step)

    def overtaken(*arguments):
        monkeypatch.setattr(place, step, original)
        files.finish(actor, file.id)
        return original(*arguments)

    monkeypatch.setattr(place, step, overtaken)

    if step == "checked_type":  # the inspector finds nothing there, which is no fault of the file
        monkeypatch.setattr(
            intake, step, lambda *_: _overtake_then_missing(actor, file, monkeypatch, original)
        )
    finished = files.finish(actor, file.id)

    assert finished == File.objects.get(state="finished")


def _overtake_then_missing(actor, file, monkeypatch, original):
    monkeypatch.setattr(intake, "checked_type", original)
    files.finish(actor, file.id)
    raise FileNotFoundError


def test_finish_that_loses_against_a_failure_says_so(actor, monkeypatch):
    file = upload(actor)

    def gone(_place):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM files_file")
        raise FileNotFoundError

    monkeypatch.setattr(storage, "settle", gone)

    with pytest.raises(Conflict):
        files.finish(actor, file.id)


def full_disk(monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", refuse)


def test_full_disk_while_taking_leaves_nothing_and_says_so(actor, root, monkeypatch):
    full_disk(monkeypatch)

    with pytest.raises(files.NoSpace) as refused:
        files.take(actor, "đơn.pdf", PDF)

    assert (refused.value.status, refused.value.code) == (503, "no_space")
    assert (File.objects.count(), on_disk(root)) == (0, [])


def test_full_disk_while_appending_loses_no_piece_before(actor, monkeypatch):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])
    with monkeypatch.context() as filled:
        full_disk(filled)
        with pytest.raises(files.NoSpace):
            files.append(actor, file.id, 100, PDF[100:])

    assert File.objects.get().received == 100
    files.append(actor, file.id, 100, PDF[100:])
    assert files.finish(actor, file.id, SHA).sha256 == SHA


def test_other_disk_failures_are_not_hidden(actor, monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "pwrite", refuse)

    with pytest.raises(OSError, match="broken"):
        files.take(actor, "đơn.pdf", PDF)


def test_full_disk_while_storing_leaves_nothing(root, monkeypatch):
    def refuse(_place):
        raise files.NoSpace

    monkeypatch.setattr(storage, "settle", refuse)

    with pytest.raises(files.NoSpace):
        files.store(SYSTEM, "giấy khai sinh.pdf", PDF, rules.PDF)

    assert on_disk(root) == []


def test_store_keeps_our_own_bytes_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        file = files.store(SYSTEM, "Mẫu 01.pdf", b"%PDF our own", rules.PDF)

    assert files.read(file.id) == files.read(file) == b"%PDF our own"
    assert (file.made_by, file.media_type) == (None, rules.PDF)


def test_appending_needs_memory_for_one_piece_only(actor):
    piece = os.urandom(1024 * 1024)
    file = files.begin(actor, "a.pdf", 30 * len(piece))
    tracemalloc.start()
    try:
        for number in range(30):
            files.append(actor, file.id, number * len(piece), piece)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < len(piece)


# -- records


def test_link_gives_files_to_a_record_in_one_statement(actor, django_assert_num_queries):
    first, second = (files.take(actor, "đơn.pdf", PDF) for _ in range(2))
    record = new_id()

    with django_assert_num_queries(1):
        linked = files.link(actor, [second.id, first.id, second.id], KIND, record, AT)

    assert linked == [second, first]
    assert {(file.owner_kind, file.owner_id, file.free_since) for file in linked} == {
        (KIND, record, None)
    }
    assert list(files.files_of(KIND, record)) == [first, second]
    assert files.files([first.id]) == {first.id: first}
    assert files.link(actor, [first.id], KIND, record, AT) == [first]
    assert files.link(actor, [], KIND, record, AT) == []


def test_link_refuses_files_of_others_and_of_nobody(actor):
    own, foreign = (
        files.take(actor, "đơn.pdf", PDF),
        files.take(Actor(account=new_id()), "đơn.pdf", PDF),
    )

    for who, ids in [(actor, [own.id, foreign.id]), (actor, [new_id()]), (ANONYMOUS, [own.id])]:
        with pytest.raises(NotFound), transaction.atomic():
            files.link(who, ids, KIND, new_id(), AT)

    assert File.objects.filter(owner_id__isnull=False).count() == 0


def test_link_refuses_unfinished_files_and_files_of_another_record(actor):
    unfinished, taken = upload(actor), files.take(actor, "đơn.pdf", PDF)
    files.link(actor, [taken.id], KIND, new_id(), AT)

    with pytest.raises(Conflict, match="chưa tải lên xong"), transaction.atomic():
        files.link(actor, [unfinished.id], KIND, new_id(), AT)
    with pytest.raises(Conflict, match="đã thuộc hồ sơ khác"), transaction.atomic():
        files.link(actor, [taken.id], KIND, new_id(), AT)


def test_system_links_what_it_finds():
    file = FileFactory(made_by=new_id())

    assert files.link(SYSTEM, [file.id], KIND, new_id(), AT) == [file]
    with pytest.raises(NotFound), transaction.atomic():
        files.link(SYSTEM, [new_id()], KIND, new_id(), AT)


def test_file_moves_from_a_draft_to_its_record(actor):
    file, draft, record = files.take(actor, "đơn.pdf", PDF), new_id(), new_id()
    files.link(actor, [file.id], KIND, draft, AT)

    files.link(actor, [file.id], KIND, record, AT, moved_from=(KIND, draft))

    assert list(files.files_of(KIND, record)) == [file]


def test_unlinked_file_is_free_from_that_moment(actor):
    file, record = files.take(actor, "đơn.pdf", PDF), new_id()
    files.link(actor, [file.id], KIND, record, AT)

    assert files.unlink(actor, [file.id, new_id()], KIND, record, AT) == 1

    file.refresh_from_db()
    assert (file.owner_kind, file.owner_id, file.free_since) == ("", None, AT)


def test_unknown_owner_is_a_fault_of_the_program(actor):
    with pytest.raises(ImproperlyConfigured):
        files.link(actor, [new_id()], "files_test.unknown", new_id(), AT)


def test_owner_is_registered_once_and_of_its_type():
    files.register_owners(registry.owner_of(KIND))

    with pytest.raises(ImproperlyConfigured, match="twice"):
        files.register_owners(files.FileOwner(KIND, lambda *_: True))
    with pytest.raises(ImproperlyConfigured, match="not a FileOwner"):
        files.register_owners("x")


# -- reading


def test_owner_decides_who_opens_a_file(actor, owners, django_assert_num_queries):
    file = files.take(actor, "đơn.pdf", PDF)
    files.link(actor, [file.id], KIND, new_id(), AT)
    reader = Actor(account=new_id())
    owners.add(reader.account)

    with django_assert_num_queries(1):
        opened, path = files.open_file(reader, file.id)

    assert (opened, path.read_bytes()) == (file, PDF)
    with pytest.raises(NotFound):
        files.open_file(actor, file.id)
    with pytest.raises(SignInNeeded):
        files.open_file(ANONYMOUS, file.id)
    assert files.open_file(SYSTEM, file.id)[0] == file


def test_unused_file_is_opened_by_its_maker_only(actor):
    file = files.take(actor, "đơn.pdf", PDF)

    assert files.open_file(actor, file.id)[0] == file
    for stranger, failure in [(Actor(account=new_id()), NotFound), (ANONYMOUS, SignInNeeded)]:
        with pytest.raises(failure):
            files.open_file(stranger, file.id)


def test_unfinished_or_unknown_file_cannot_be_opened(actor):
    for file_id in (upload(actor).id, new_id()):
        with pytest.raises(NotFound):
            files.open_file(actor, file_id)
        with pytest.raises(NotFound):
            files.read(file_id)


def test_changed_or_missing_bytes_are_never_handed_out(actor):
    file = files.take(actor, "đơn.pdf", PDF)
    path = storage.final(file.place)

    path.write_bytes(PDF[:-1] + b"x")
    with pytest.raises(files.Damaged):
        files.read(file.id)
    path.write_bytes(PDF[:-1])
    with pytest.raises(files.Damaged):
        files.open_file(actor, file.id)
    path.unlink()
    with pytest.raises(files.Damaged):
        files.read(file)


# -- looking after


def test_purge_deletes_what_belonged_to_nothing_for_a_day(actor, root, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    linked, fresh = (files.take(actor, "đơn.pdf", PDF) for _ in range(2))
    files.link(actor, [linked.id], KIND, new_id(), AT)
    old = [files.take(actor, "đơn.pdf", PDF) for _ in range(3)] + [upload(actor)]
    now = clock.now()
    File.objects.filter(id__in=[file.id for file in old]).update(
        free_since=now - dt.timedelta(hours=24, seconds=1)
    )

    assert files.purge(at=now) == 4

    assert set(File.objects.all()) == {linked, fresh}
    assert on_disk(root) == sorted([linked.place, fresh.place])


def test_purge_comes_by_the_clock():
    from sen.kernel.jobs import registry as job_registry

    assert job_registry.job("files.purge").every == "41 * * * *"
    job_registry.job("files.purge").run()


def test_verify_names_what_is_missing_damaged_or_left_over(actor, root, monkeypatch, capsys):
    monkeypatch.setattr(keeping, "BATCH", 2)
    whole, damaged, missing = (files.take(actor, "đơn.pdf", PDF) for _ in range(3))
    storage.final(damaged.place).write_bytes(PDF[:-1] + b"x")
    storage.final(missing.place).unlink()
    late = clock.now() + dt.timedelta(hours=25)
    left_over = [storage.write_aside(storage.new_place(), b"x").name for _ in range(2)]

    report = files.verify(at=late)

    assert report == files.StorageReport(
        checked=3, missing=(missing.id,), damaged=(damaged.id,), orphans=tuple(sorted(left_over))
    )
    assert not report.ok
    assert files.verify(at=clock.now()).orphans == ()
    assert files.remove_orphans(at=late) == 2
    assert on_disk(root) == sorted([whole.place, damaged.place])


def test_command_reports_and_fails_where_something_is_wrong(actor, capsys):
    file = files.take(actor, "đơn.pdf", PDF)
    call_command("files", "verify", "--remove-orphans")
    assert capsys.readouterr().out == (
        "1 tệp · files, 0 thiếu · missing, 0 hỏng · damaged, 0 thừa · orphans (0 đã xóa · removed)\n"
    )
    storage.final(file.place).unlink()

    with pytest.raises(SystemExit) as ended:
        call_command("files", "verify")

    assert ended.value.code == 1
    assert capsys.readouterr().out.startswith(f"thiếu · missing: {file.id}\n1 tệp")
