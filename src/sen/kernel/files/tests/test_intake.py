from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotFound, SignInNeeded, TooLarge, TooMany
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.models import File
from sen.kernel.files.services import intake
from sen.kernel.files.tests import samples
from sen.kernel.files.tests.conftest import AT, KIND, PDF, SHA, in_store, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
"""Every test here runs over both storages."""


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
    assert in_store() == [kept.place]
    assert files.read(kept) == PDF
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
    assert (File.objects.count(), in_store()) == (0, [])


def test_take_refuses_a_file_above_the_limit(actor, root, monkeypatch):
    monkeypatch.setattr(rules, "SIZE_LIMIT", 600)

    with pytest.raises(TooLarge) as refused:
        files.take(actor, "đơn.pdf", PDF)

    assert refused.value.fields == {"file": [refused.value.message]}
    assert in_store() == []


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

    assert in_store() == []


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

    assert len(in_store()) == 2
    assert files.take(Actor(account=new_id()), "đơn.pdf", PDF).name == "đơn.pdf"


def test_pieces_make_a_file(actor, kept, django_assert_num_queries):
    file = files.begin(actor, "đơn.pdf", len(PDF), purpose="birth_note")
    # the statement between a savepoint that only a test has; before it, whether a piece may be sent
    with django_assert_num_queries(4 if kept.writes_ahead else 3):
        middle = files.append(actor, file.id, 0, PDF[:100])
    files.append(actor, file.id, middle, PDF[100:])
    with django_assert_num_queries(2):
        finished = files.finish(actor, file.id, SHA)

    assert (finished.state, finished.sha256, finished.media_type) == ("finished", SHA, rules.PDF)
    assert finished.purpose == "birth_note"
    assert files.read(finished) == PDF
    assert in_store() == [finished.place]
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

    assert (File.objects.count(), in_store()) == (0, [])


def test_bytes_written_before_a_crash_but_not_acknowledged_are_written_over(actor):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    storage.current().write_at(file.place, 0, b"x" * 500)

    files.append(actor, file.id, 0, PDF)

    assert files.finish(actor, file.id, SHA).sha256 == SHA


def test_finish_without_the_bytes_tells_where_to_go_on(actor):
    file = upload(actor)
    storage.current().discard(file.place)

    with pytest.raises(files.WrongOffset) as refused:
        files.finish(actor, file.id)

    assert refused.value.offset == 0
    files.append(actor, file.id, 0, PDF)
    assert files.finish(actor, file.id, SHA).sha256 == SHA


@pytest.mark.parametrize("when", ["before", "after"])
def test_finish_that_somebody_else_overtakes_gives_the_same_file(actor, monkeypatch, when):
    file = upload(actor)
    original = intake.checked_type

    def overtaken(path, name):
        """Let the other one finish before or after this one has looked into the file."""
        monkeypatch.setattr(intake, "checked_type", original)
        found = original(path, name) if when == "after" else ""
        files.finish(actor, file.id)
        if not found and not path.exists():
            raise FileNotFoundError  # the inspector finds nothing there, no fault of the file
        return found or original(path, name)

    monkeypatch.setattr(intake, "checked_type", overtaken)

    finished = files.finish(actor, file.id)

    assert finished == File.objects.get(state="finished")
    assert files.read(finished) == PDF
    assert in_store() == [finished.place]


def test_finish_that_loses_against_a_failure_says_so(actor, monkeypatch):
    file = upload(actor)

    def gone(*_arguments):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM files_file")
        raise FileNotFoundError

    monkeypatch.setattr(intake, "checked_type", gone)

    with pytest.raises(Conflict):
        files.finish(actor, file.id)


def test_a_file_refused_here_but_finished_there_keeps_its_bytes(actor, monkeypatch):
    """One look took too long, the other did not: who finished it has it."""
    file = upload(actor)
    original = intake.checked_type

    def refused(*_arguments):
        monkeypatch.setattr(intake, "checked_type", original)
        files.finish(actor, file.id)
        raise Invalid

    monkeypatch.setattr(intake, "checked_type", refused)

    with pytest.raises(Invalid):
        files.finish(actor, file.id)

    assert files.read(file.id) == PDF


def test_store_keeps_our_own_bytes_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        file = files.store(SYSTEM, "Mẫu 01.pdf", b"%PDF our own", rules.PDF)

    assert files.read(file.id) == files.read(file) == b"%PDF our own"
    assert (file.made_by, file.media_type) == (None, rules.PDF)


# -- Laid down before the transaction, recorded within it


def test_laying_down_writes_the_bytes_and_nothing_else(actor, root, django_assert_num_queries):
    with django_assert_num_queries(0):
        file = files.lay_down(actor, "Mẫu 01.pdf", PDF, rules.PDF, purpose="tests.paper")

    assert in_store() == [file.place]
    assert files.Content(file).read() == PDF
    assert (file.name, file.media_type, file.sha256, file.size, file.purpose, file.made_by) == (
        "Mẫu 01.pdf", rules.PDF, SHA, len(PDF), "tests.paper", actor.account,
    )  # fmt: skip
    assert (File.objects.count(), file._state.adding) == (0, True)


def test_a_laid_down_file_is_kept_as_a_records_own_in_one_statement(
    actor, owners, assert_statements
):
    record = new_id()
    file = files.lay_down(SYSTEM, "Mẫu 01.pdf", PDF, rules.PDF)

    with assert_statements(1):
        assert files.keep(file, KIND, record) is file

    [kept] = files.files_of(KIND, record)
    assert (kept, kept.owner_kind, kept.owner_id, kept.free_since, kept.state) == (
        file, KIND, record, None, State.FINISHED,
    )  # fmt: skip
    assert kept.created_at == kept.finished_at == file.created_at
    owners.add(actor.account)
    assert files.read(kept.id) == PDF
    assert files.open_file(actor, kept.id)[1].read() == PDF


def test_a_file_is_kept_with_the_other_writes_of_its_act(actor, assert_statements):
    laid = [files.lay_down(actor, f"{name}.pdf", PDF, rules.PDF) for name in "ab"]

    with assert_statements(1), transaction.atomic(savepoint=False):
        for file in laid:
            files.keep(file, KIND, new_id())

    assert {file.id for file in File.objects.all()} == {file.id for file in laid}


def test_a_file_is_not_kept_for_an_unknown_kind_of_record(actor, root):
    file = files.lay_down(actor, "a.pdf", PDF, rules.PDF)

    with pytest.raises(ImproperlyConfigured):
        files.keep(file, "files_test.unknown", new_id())

    assert (File.objects.count(), in_store()) == (0, [file.place])


def test_the_bytes_of_an_act_that_is_undone_are_an_orphan(actor, root):
    file = files.lay_down(actor, "a.pdf", PDF, rules.PDF)
    with transaction.atomic():
        files.keep(file, KIND, new_id())
        transaction.set_rollback(True)

    assert (File.objects.count(), in_store()) == (0, [file.place])
    late = clock.now() + dt.timedelta(hours=25)
    assert files.verify(at=late).orphans == (file.place,)


def test_a_file_that_is_not_recorded_after_all_is_discarded(actor, root, django_assert_num_queries):
    file = files.lay_down(actor, "a.pdf", PDF, rules.PDF)
    other = files.lay_down(actor, "b.pdf", PDF, rules.PDF)

    with django_assert_num_queries(0):
        files.discard(file)
        files.discard(file)

    assert in_store() == [other.place]


def test_a_wrong_name_lays_nothing_down(actor, root):
    with pytest.raises(Invalid):
        files.lay_down(actor, " ", PDF, rules.PDF)

    assert in_store() == []
