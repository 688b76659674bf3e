"""The trail: recorded, sealed, held against its seals."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import ProgrammingError, connection, transaction

from sen.base import clock, identifiers, row_security
from sen.base.actor import Actor, Channel, Strength
from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.audit.models import AuditEntry, AuditSeal, PendingEntry, Revision
from sen.kernel.audit.public import Change, Subject

ACTOR = Actor(
    account=new_id(),
    person=new_id(),
    position=new_id(),
    unit=new_id(),
    acting_for=new_id(),
    token=new_id(),
    strength=Strength.MULTI_FACTOR,
    channel=Channel.API,
)


@pytest.fixture
def subject():
    return Subject("tests.record", new_id(), "H41-1")


def record(subject, action="tests.do", **options):
    return audit.record(ACTOR, action, subject=subject, at=clock.now(), **options)


def rows(query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db
def test_record_is_one_statement_and_keeps_who_what_when_why(subject, assert_statements):
    at = clock.now()

    with assert_statements(1):
        entry_id = audit.record(
            ACTOR, "tests.refuse", subject=subject, at=at, reason="Thiếu giấy", fields={"a": 1}
        )

    (entry,) = audit.trail(subject)
    assert (entry.id, entry.at, entry.action, entry.subject, entry.reason) == (
        entry_id, at, "tests.refuse", subject, "Thiếu giấy",
    )  # fmt: skip
    assert (entry.account, entry.person, entry.position, entry.unit, entry.acting_for) == (
        ACTOR.account, ACTOR.person, ACTOR.position, ACTOR.unit, ACTOR.acting_for,
    )  # fmt: skip
    assert (entry.token, entry.strength, entry.channel) == (ACTOR.token, 40, "api")


@pytest.mark.django_db
def test_values_are_kept_as_keyed_digests_only(subject):
    other = Subject("tests.record", new_id())
    record(subject, fields={"name": "Nguyễn Thị An", "birth_date": clock.day(clock.now())})
    record(subject, fields={"name": "Nguyễn Thị An", "alias": "Nguyễn Thị An"})
    record(other, fields={"name": "Nguyễn Thị An"})

    second, first = audit.trail(subject)
    (elsewhere,) = audit.trail(other)
    assert {len(digest) for digest in first.fields.values()} == {64}
    assert first.fields["name"] == second.fields["name"]
    assert len({second.fields["name"], second.fields["alias"], elsewhere.fields["name"]}) == 3
    assert rows("SELECT count(*) FROM audit_entry WHERE fields::text LIKE '%%Nguy%%'") == [(0,)]


@pytest.mark.django_db
def test_an_entry_goes_with_its_callers_transaction(subject):
    with transaction.atomic():
        record(subject)
        transaction.set_rollback(True)

    assert (audit.trail(subject), PendingEntry.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_trail_is_paged_from_the_latest(subject, assert_statements):
    ids = [record(subject) for _ in range(5)]
    record(Subject("tests.other", subject.id))

    with assert_statements(2):
        first = audit.trail(subject, limit=2)
        second = audit.trail(subject, limit=10, before=first[-1].id)

    assert [entry.id for entry in first + second] == ids[::-1]


@pytest.mark.django_db
def test_old_values_are_kept_sealed_and_can_be_erased(subject, assert_statements):
    entry = record(subject, fields={"name": "mới"})
    changes = [Change("name", "cũ", "mới"), Change("count", None, 2)]

    with assert_statements(1):
        audit.revise(subject, changes, entry)

    assert (audit.revisions(subject), audit.erase_revisions(subject)) == ([], 0)
    with connection.cursor() as cursor:
        for persons in ([], [subject.id]):
            values = row_security.enter_values(persons=persons, account=subject.id)
            cursor.execute(row_security.ENTER_SQL, values)
            assert audit.revisions(subject) == []
        cursor.execute(row_security.ENTER_SQL, row_security.enter_values(is_system=True))
    assert audit.revisions(subject) == [(entry, change) for change in changes]
    assert all("cũ".encode() not in bytes(row.sealed) for row in Revision.objects.all())
    assert audit.erase_revisions(subject) == 2
    assert (audit.revisions(subject), len(audit.trail(subject))) == ([], 1)


@pytest.mark.django_db
def test_seals_are_chained_and_verified(subject, assert_statements):
    with assert_statements(1):
        assert audit.seal() == 0
    for _ in range(3):
        record(subject)
    with assert_statements(5 + 2):
        assert audit.seal() == 3
    record(subject)
    assert (audit.seal(), audit.seal()) == (1, 0)

    report = audit.verify()

    first, second = AuditSeal.objects.order_by("number")
    assert bytes(second.former) == bytes(first.chain)
    assert (report.ok, report.checked, report.seals, report.unsealed, report.problems) == (
        True, 4, 2, 0, (),
    )  # fmt: skip
    assert report.head == f"2:{bytes(second.chain).hex()}"
    assert audit.verify(head=report.head).ok is True
    assert audit.verify(first=2).checked == 1


@pytest.mark.django_db
def test_a_batch_has_its_limit(subject):
    for _ in range(3):
        record(subject)

    assert (audit.seal(limit=2), audit.seal(limit=2), audit.verify().ok) == (2, 1, True)


@pytest.mark.django_db
def test_an_empty_trail_is_in_order():
    report = audit.verify()

    assert (report.ok, report.checked, report.head) == (True, 0, "")


@pytest.mark.django_db
def test_entries_that_wait_too_long_are_counted(subject):
    record(subject)

    assert audit.verify().ok is True
    report = audit.verify(unsealed_seconds=-1)
    assert (report.unsealed, report.problems) == (1, ("1 dòng chưa được niêm phong kịp thời",))


@pytest.mark.django_db
def test_a_proof_of_inclusion_holds(subject, assert_statements):
    ids = [record(subject) for _ in range(5)]
    audit.seal(limit=3)
    audit.seal()

    for entry in ids:
        with assert_statements(2):
            proof = audit.prove(entry)
        assert (proof.entry, audit.check_proof(proof)) == (entry, True)


@pytest.mark.django_db
def test_an_entry_whose_number_is_of_tomorrow_has_its_proof(subject, monkeypatch):
    """Ids stay in order where the clock goes back, so for a while they are ahead of their seals."""
    tomorrow = time.time_ns() + 40 * 3600 * 10**9
    with monkeypatch.context() as patch:
        patch.setattr(identifiers, "_last", threading.local())
        patch.setattr(time, "time_ns", lambda: tomorrow)
        entry = record(subject)
    audit.seal()

    assert audit.check_proof(audit.prove(entry)) is True


@pytest.mark.django_db
def test_what_is_not_sealed_cannot_be_proven(subject):
    with pytest.raises(NotFound):
        audit.prove(record(subject))
    with pytest.raises(NotFound):
        audit.prove(new_id())


@pytest.fixture
def sealed(committed_db, subject):
    """Leave six entries under three seals, committed."""
    ids = []
    for _ in range(3):
        ids += [record(subject, reason="a"), record(subject, reason="b")]
        audit.seal()
    return ids


def test_a_changed_row_is_named(sealed, owner_sql):
    owner_sql("UPDATE audit_entry SET reason = 'khác' WHERE id = %s", sealed[2])

    assert audit.verify().problems == (f"dòng {sealed[2]} đã bị sửa",)


def test_a_changed_digest_is_named(sealed, owner_sql):
    owner_sql('UPDATE audit_entry SET fields = \'{"a": "00"}\' WHERE id = %s', sealed[0])

    assert audit.verify().problems == (f"dòng {sealed[0]} đã bị sửa",)


def test_swapped_rows_are_named(sealed, owner_sql):
    owner_sql(
        "UPDATE audit_entry SET reason = CASE reason WHEN 'a' THEN 'b' ELSE 'a' END"
        " WHERE id = ANY(%s)",
        sealed[2:4],
    )

    assert audit.verify().problems == (
        f"dòng {sealed[2]} đã bị sửa",
        f"dòng {sealed[3]} đã bị sửa",
    )


def test_a_removed_row_is_named(sealed, owner_sql):
    owner_sql("DELETE FROM audit_entry WHERE id = %s", sealed[5])

    assert audit.verify().problems == (f"dòng {sealed[5]} đã bị xóa",)


def test_a_row_removed_before_its_seal_is_named(sealed, subject, owner_sql):
    entry = record(subject)
    owner_sql("DELETE FROM audit_entry WHERE id = %s", entry)

    assert audit.verify().problems == (f"dòng {entry} đã bị xóa",)


def test_a_row_added_by_hand_is_named(sealed, owner_sql):
    added = new_id()
    owner_sql(
        "INSERT INTO audit_entry SELECT %s, at, action, subject_kind, subject_id, subject_code,"
        " account, person, position, unit, acting_for, token, strength, channel, reason, fields"
        " FROM audit_entry WHERE id = %s",
        added,
        sealed[0],
    )

    assert audit.verify().problems == (f"dòng {added} được thêm ngoài quy trình",)


def test_a_touched_seal_is_named(sealed, owner_sql):
    owner_sql("UPDATE audit_seal SET root = chain WHERE number = 2")

    assert audit.verify().problems == (
        "con dấu 2 đã bị sửa (root)",
        "con dấu 2 đã bị sửa (chain)",
    )


def test_a_row_changed_together_with_its_seal_breaks_the_chain(sealed, owner_sql):
    owner_sql("UPDATE audit_seal SET chain = root WHERE number = 1")

    assert audit.verify().problems == (
        "con dấu 1 đã bị sửa (chain)",
        "con dấu 2 đã bị sửa (former)",
    )


def test_a_removed_seal_is_named_with_its_rows(sealed, owner_sql):
    owner_sql("DELETE FROM audit_seal WHERE number = 2")

    assert audit.verify().problems == (
        "thiếu con dấu 2 đến 2",
        "con dấu 3 đã bị sửa (former)",
        f"dòng {sealed[2]} được thêm ngoài quy trình",
        f"dòng {sealed[3]} được thêm ngoài quy trình",
    )


def test_a_trail_cut_off_at_its_end_shows_against_a_head_noted_elsewhere(sealed, owner_sql):
    head = audit.verify().head
    owner_sql("DELETE FROM audit_seal WHERE number = 3")
    owner_sql("DELETE FROM audit_entry WHERE id = ANY(%s)", sealed[4:])

    assert audit.verify().ok is True
    assert audit.verify(head=head).problems == ("con dấu 3 không còn như đã ghi nhận",)
    assert audit.verify(head="x").problems == ("con dấu x không còn như đã ghi nhận",)


def test_a_second_sealer_leaves_the_work_to_the_first(committed_db, subject):
    record(subject)
    sealed = []

    def seal():
        sealed.append(audit.seal())
        connection.close()

    with transaction.atomic():
        assert audit.seal() == 1
        thread = threading.Thread(target=seal)
        thread.start()
        thread.join()

    assert (sealed, audit.verify().ok) == ([0], True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = ''",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_pending SET id = id",
        "UPDATE audit_seal SET chain = root",
        "DELETE FROM audit_seal",
        "UPDATE audit_anchor SET authority = ''",
        "DELETE FROM audit_anchor",
        "UPDATE audit_revision SET field = ''",
    ],
)
def test_the_application_cannot_change_the_trail(statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows(statement)


@pytest.mark.django_db
def test_the_application_has_no_right_on_a_partition():
    assert rows(
        "SELECT count(*), bool_or(has_table_privilege(inhrelid, 'SELECT, INSERT, UPDATE, DELETE'))"
        " FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass"
    ) == [(14, False)]


@pytest.mark.django_db
def test_the_models_fit_the_tables(subject):
    entry = record(subject, fields={"a": 1})

    found = AuditEntry.objects.get()
    assert (found.id, found.subject_code, list(found.fields)) == (entry, "H41-1", ["a"])


@pytest.mark.django_db
def test_what_is_done_over_and_over_is_written_once_in_a_while(subject, assert_statements):
    hour, at = dt.timedelta(hours=1), clock.now()
    with assert_statements(1):
        audit.record_once(ACTOR, "tests.read", subject=subject, at=at, within=hour)
    for later, action in ((59, "tests.read"), (59, "tests.print"), (60, "tests.read")):
        moment = at + dt.timedelta(minutes=later)
        audit.record_once(ACTOR, action, subject=subject, at=moment, within=hour)

    written = [(line.action, line.at) for line in audit.trail(subject)]
    assert sorted(written) == [
        ("tests.print", at + dt.timedelta(minutes=59)),
        ("tests.read", at),
        ("tests.read", at + hour),
    ]
    assert PendingEntry.objects.count() == 3


@pytest.mark.django_db
def test_days_before_the_first_entry_hold_none():
    long_ago = dt.datetime(1222, 6, 2, tzinfo=dt.UTC)
    assert audit.find(since=long_ago, until=long_ago + dt.timedelta(days=1)) == []
