"""What the law sets on a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.errors import Conflict, Invalid, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.audit.public import Subject
from sen.kernel.legal import public as legal
from sen.kernel.legal import registry
from sen.kernel.legal.models import LegalValue
from sen.kernel.legal.tests.factories import LegalValueFactory

pytestmark = pytest.mark.django_db

JANUARY, JULY, NEXT_YEAR = dt.date(2026, 1, 1), dt.date(2026, 7, 1), dt.date(2027, 1, 1)


def set_value(value=5000, valid_from=JULY, **options):
    return legal.set_value(
        actor=COMMAND,
        key="tests.fee",
        value=value,
        valid_from=valid_from,
        source="  Nghị quyết 2/2026/NQ-HĐND, Điều 1 ",
        at=clock.now(),
        **options,
    )


def ours():
    """Values of these tests, beside those that systems lay down with their tables."""
    return LegalValue.objects.filter(key__startswith="tests.")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (JANUARY, 8000),
        (dt.date(2026, 6, 30), 8000),
        (JULY, 5000),
        (dt.date(2026, 12, 31), 5000),
    ],
)
def test_a_value_holds_from_its_first_day_to_the_day_before_its_end(on, expected):
    LegalValueFactory(valid_to=JULY)
    LegalValueFactory(value=5000, valid_from=JULY, valid_to=NEXT_YEAR)

    assert legal.value("tests.fee", on) == expected


@pytest.mark.parametrize("on", [dt.date(2025, 12, 31), JULY])
def test_where_nothing_holds_that_is_said(on):
    LegalValueFactory(valid_to=JULY)

    with pytest.raises(NotFound) as caught:
        legal.value("tests.fee", on)
    assert caught.value.message == (f"“tests.fee” chưa có giá trị hiệu lực ngày {on:%d/%m/%Y}.")


def test_who_asks_is_told_whether_a_value_rests_on_a_text(django_assert_num_queries):
    set_value(status=legal.Status.UNKNOWN)
    set_value(6000, NEXT_YEAR)

    legal.begin_request()
    try:
        assert legal.value("tests.fee", JULY) == 5000
        with django_assert_num_queries(0):
            told = [legal.is_verified("tests.fee", on) for on in (JULY, NEXT_YEAR)]
    finally:
        legal.end_request()
    assert told == [False, True]
    with pytest.raises(NotFound):
        legal.is_verified("tests.fee", JANUARY)


def test_values_are_all_of_a_prefix_on_a_day():
    LegalValueFactory(key="tests.a.one", value=1)
    LegalValueFactory(key="tests.a.two", value={"vi": "hai"})
    LegalValueFactory(key="tests.a.old", valid_to=JULY)
    LegalValueFactory(key="tests.a.new", valid_from=NEXT_YEAR)
    LegalValueFactory(key="tests.b", value=3)
    LegalValueFactory(key="tests%a.x", value=4)

    assert legal.values("tests.a.", JULY) == {"tests.a.one": 1, "tests.a.two": {"vi": "hai"}}


def test_a_value_is_read_once_an_edition(django_assert_num_queries):
    LegalValueFactory()
    legal.begin_request()

    with django_assert_num_queries(2):
        legal.value("tests.fee", JULY)
        legal.value("tests.fee", JANUARY)
    legal.begin_request()
    with django_assert_num_queries(1):
        legal.value("tests.fee", JULY)


def test_setting_a_value_closes_the_former_one_and_is_recorded():
    former = LegalValueFactory()
    legal.begin_request()
    assert legal.value("tests.fee", JULY) == 8000
    before = legal.editions()

    row = set_value(status=legal.Status.CONFIRMED, note="giảm khi nộp trực tuyến")

    former.refresh_from_db()
    assert (former.valid_to, row.valid_to, row.source, row.status, row.note) == (
        JULY, None, "Nghị quyết 2/2026/NQ-HĐND, Điều 1", "confirmed", "giảm khi nộp trực tuyến",
    )  # fmt: skip
    assert legal.value("tests.fee", JULY) == 5000
    assert legal.value("tests.fee", dt.date(2026, 6, 30)) == 8000
    assert legal.editions().values > before.values
    (entry,) = audit.trail(Subject("legal.value", row.id))
    assert (entry.action, entry.subject.code, entry.channel, entry.reason) == (
        "legal.set_value", "tests.fee", "command", row.source,
    )  # fmt: skip
    assert sorted(entry.fields) == ["status", "valid_from", "value"]


def test_setting_a_value_costs_six_statements(django_assert_num_queries):
    LegalValueFactory()

    with django_assert_num_queries(2 + 6):
        set_value()


def test_a_first_value_closes_nothing():
    row = set_value()

    assert (ours().get(), row.valid_to) == (row, None)


@pytest.mark.parametrize("valid_from", [JANUARY, dt.date(2025, 1, 1)])
def test_what_the_law_has_set_for_later_is_not_passed_over(valid_from):
    LegalValueFactory()

    with pytest.raises(Conflict, match="Đã có giá trị hiệu lực từ ngày này hoặc muộn hơn"):
        set_value(valid_from=valid_from)
    assert ours().count() == 1


@pytest.mark.parametrize("wrong", [{"key": ""}, {"source": " "}])
def test_a_value_needs_a_key_and_a_source(wrong):
    given = {"key": "tests.fee", "source": "NĐ 1", **wrong}

    with pytest.raises(Invalid) as caught:
        legal.set_value(actor=COMMAND, value=1, valid_from=JULY, at=clock.now(), **given)
    assert list(caught.value.fields) == ["source"]


@pytest.mark.parametrize(
    ("second", "constraint"),
    [
        ({"valid_from": JULY}, "legal_value_no_overlap"),
        ({"valid_from": dt.date(2025, 1, 1), "valid_to": dt.date(2026, 1, 2)}, "no_overlap"),
        ({"key": "tests.x", "valid_to": JANUARY}, "legal_value_days_in_order"),
        ({"key": ""}, "legal_value_key_and_source"),
        ({"key": "tests.x", "source": ""}, "legal_value_key_and_source"),
        ({"key": "tests.x", "status": "rumour"}, "legal_value_status"),
    ],
)
def test_the_database_refuses_what_cannot_be(second, constraint):
    LegalValueFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LegalValueFactory(**second)


def test_values_that_touch_do_not_overlap():
    LegalValueFactory(valid_to=JULY)
    LegalValueFactory(valid_from=JULY)
    LegalValueFactory(key="tests.other")

    assert ours().count() == 3


# -- Putting right what was written down wrongly


@pytest.fixture
def uses(monkeypatch) -> list[legal.Span]:
    """Three records were computed with each value of these tests; remembers what was asked."""
    asked: list[legal.Span] = []

    def count(span: legal.Span) -> int:
        asked.append(span)
        return 3

    monkeypatch.setattr("sen.kernel.legal.registry._uses", {})
    legal.register_uses(legal.ValueUse(code="tests.used", title="Thử", count=count))
    return asked


@pytest.fixture
def unused(monkeypatch) -> None:
    monkeypatch.setattr("sen.kernel.legal.registry._uses", {})


def correct(value=8500, valid_from=JANUARY, *, key="tests.fee", confirmed=0, **changes):
    said = {"source": " Nghị quyết 1/2026/NQ-HĐND, Điều 2 ", "status": "published", **changes}
    return legal.correct_value(
        actor=COMMAND,
        key=key,
        valid_from=valid_from,
        correction=legal.Correction(value=value, **{"reason": " Gõ thiếu 500 ", **said}),
        at=clock.now(),
        confirmed=confirmed,
    )


def test_a_correction_holds_on_the_same_days_and_leaves_what_was_wrong_in_sight(unused):
    wrong = LegalValueFactory(valid_to=JULY)
    after = LegalValueFactory(value=5000, valid_from=JULY)
    legal.begin_request()
    assert legal.value("tests.fee", JANUARY) == 8000
    before = legal.editions()

    row = correct()

    wrong.refresh_from_db()
    after.refresh_from_db()
    assert (row.value, row.valid_from, row.valid_to, row.source, row.corrects) == (
        8500, JANUARY, JULY, "Nghị quyết 1/2026/NQ-HĐND, Điều 2", wrong,
    )  # fmt: skip
    assert (wrong.value, wrong.valid_to, wrong.correction, wrong.corrected_by) == (
        8000, JULY, "Gõ thiếu 500", None,
    )  # fmt: skip
    assert (wrong.corrected_at is None, after.corrected_at) == (False, None)
    assert [legal.value("tests.fee", on) for on in (JANUARY, JULY)] == [8500, 5000]
    assert legal.values("tests.", JANUARY) == {"tests.fee": 8500}
    assert legal.editions().values > before.values
    (entry,) = audit.trail(Subject("legal.value", row.id))
    assert (entry.action, entry.subject.code, entry.reason, sorted(entry.fields)) == (
        "legal.correct_value", "tests.fee", "Gõ thiếu 500",
        ["after", "before", "corrects", "uses", "valid_from"],
    )  # fmt: skip


def test_what_was_corrected_is_corrected_again_and_a_new_value_closes_what_holds(unused):
    LegalValueFactory()
    correct()
    last = correct(8700)
    new = set_value()

    last.refresh_from_db()
    assert (last.valid_to, new.valid_to) == (JULY, None)
    assert sorted(ours().filter(corrected_at=None).values_list("value", flat=True)) == [5000, 8700]
    assert list(
        ours().exclude(corrected_at=None).order_by("id").values_list("value", "valid_to")
    ) == [(8000, None), (8500, None)]


def test_who_corrects_is_told_how_many_records_were_computed_with_it(uses):
    LegalValueFactory(valid_to=JULY)

    assert legal.used("tests.fee", JANUARY) == 3
    for confirmed in (0, 2):
        with pytest.raises(legal.AlreadyUsed, match="Đã có 3 hồ sơ") as refused:
            correct(confirmed=confirmed)
        assert (refused.value.uses, refused.value.code) == (3, "value_already_used")
    assert ours().filter(corrected_at=None).get().value == 8000

    assert correct(confirmed=3).value == 8500
    assert set(uses) == {legal.Span(key="tests.fee", first=JANUARY, end=JULY)}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": " "}, "source"),
        ({"reason": " "}, "reason"),
        ({"value": 8000}, "value"),
    ],
)
def test_a_correction_needs_its_source_its_reason_and_a_difference(wrong, field, unused):
    LegalValueFactory()

    with pytest.raises(Invalid) as refused:
        correct(**wrong)
    assert (list(refused.value.fields), ours().count()) == ([field], 1)


def test_a_source_alone_may_be_put_right(unused):
    LegalValueFactory()

    assert correct(8000, source="Nghị quyết 1/2026/NQ-HĐND, Điều 3").value == 8000


@pytest.mark.parametrize("first", [JULY, dt.date(2025, 1, 1)])
def test_only_what_begins_on_the_day_is_corrected(first, unused):
    LegalValueFactory()

    with pytest.raises(NotFound, match=f"từ ngày {first:%d/%m/%Y}"):
        correct(valid_from=first)
    with pytest.raises(NotFound):
        legal.used("tests.none", JANUARY)


def test_uses_are_checked():
    with pytest.raises(ImproperlyConfigured, match="not str"):
        legal.register_uses("x")
    with pytest.raises(ImproperlyConfigured, match="two uses"):
        legal.register_uses(
            legal.ValueUse(code="tests.twice", title="", count=lambda _span: 0),
            legal.ValueUse(code="tests.twice", title="", count=lambda _span: 1),
        )
    registry._uses.pop("tests.twice")


def test_the_database_wants_a_correction_whole():
    with pytest.raises(IntegrityError, match="correction_whole"), transaction.atomic():
        LegalValueFactory(corrected_at=clock.now())
