"""The law of a dossier's life, as tables that quote it, and what holds for all values."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.systems.public_services.choices import ClosingKind, DossierState, MoneyState
from sen.systems.public_services.data import (
    FeeLineValue,
    FeeRule,
    PaperInput,
    PaperRule,
    SupplementItem,
)
from sen.systems.public_services.rules import dossiers as rules

AT = dt.datetime(2026, 11, 20, 17, 0, tzinfo=clock.ZONE)
HOUR = dt.timedelta(hours=1)

# -- Transitions: quy trình mẫu theo NĐ 118/2025/NĐ-CP, Chương III; rút hồ sơ: Điều 21

TRANSITIONS = {
    "submitted": {"receive", "refuse_reception", "request_supplement", "withdraw"},
    "supplement": {"supplement", "withdraw"},
    "received": {"assign", "apologise", "withdraw"},
    "processing": {
        "assign", "convene", "opine", "excuse", "replace", "conclude", "sign_minutes", "establish",
        "request_supplement", "propose", "check", "withdraw", "send_duty", "apologise",
    },
    "duty": {"record_duty", "confirm_duty", "withdraw"},
    "passed_on": {"follow_up"},
    "signing": {"sign", "return_for_rework", "apologise", "withdraw"},
    "signed": {"issue", "apologise"},
    "issued": {"hand_over"},
    "handed_over": set(),
    "refused": set(),
    "withdrawn": set(),
}  # fmt: skip


@pytest.mark.parametrize("state", DossierState)
def test_acts_make_sense_only_in_the_states_of_the_law(state):
    assert {act for act in rules.ACTS if rules.may(act, state)} == TRANSITIONS[state]


def test_nothing_happens_after_the_end():
    assert {state for state, acts in TRANSITIONS.items() if not acts} == rules.ENDED


# -- The ten states of the national portal (danh mục trạng thái dùng chung)


@pytest.mark.parametrize(
    ("state", "closing", "national"),
    [
        ("submitted", None, 1),
        ("received", None, 2),
        ("refused", ClosingKind.REFUSED_AT_RECEPTION, 3),
        ("processing", None, 4),
        ("signing", None, 4),
        ("signed", None, 4),
        ("supplement", None, 5),
        ("withdrawn", ClosingKind.WITHDRAWN, 7),
        ("refused", ClosingKind.REFUSED, 8),
        ("issued", None, 9),
        ("handed_over", None, 10),
    ],
)
def test_each_state_shows_as_one_of_the_national_ten(state, closing, national):
    assert rules.national_state(DossierState(state), closing) == national


# -- Fees: Thông tư 281/2016/TT-BTC: 8.000 đồng/bản sao trích lục

COPY = FeeRule(
    code="copy", title={"vi": "Bản sao"}, kind="phi", amount_key="fee.copy", quantity="copies"
)
FILING = FeeRule(code="filing", title={"vi": "Lệ phí"}, kind="le_phi", amount_key="fee.filing")
AMOUNTS = {"fee.copy": 8000, "fee.filing": 0}


@pytest.mark.parametrize(
    ("fee", "answers", "expected"),
    [
        (COPY, {"copies": 2}, [("copy", 2, 16000)]),
        (COPY, {"copies": "3"}, [("copy", 3, 24000)]),
        (COPY, {"copies": 0}, []),
        (COPY, {"copies": None}, []),
        (COPY, {}, []),
        (FILING, {}, [("filing", 1, 0)]),
    ],
)
def test_fee_lines(fee, answers, expected):
    lines = rules.fee_lines([fee], amounts=AMOUNTS, answers=answers)
    assert [(line.code, line.quantity, line.amount_vnd) for line in lines] == expected


def test_pieces_below_the_free_number_cost_nothing():
    fee = FeeRule(
        code="copy", title={"vi": "Bản sao"}, kind="phi", amount_key="fee.copy",
        quantity="copies", free_below=1, source="TT 281/2016/TT-BTC",
    )  # fmt: skip
    [line] = rules.fee_lines([fee], amounts=AMOUNTS, answers={"copies": 3})
    assert line == FeeLineValue(
        code="copy", title={"vi": "Bản sao"}, kind="phi", unit_amount_vnd=8000, quantity=2,
        amount_vnd=16000, source="TT 281/2016/TT-BTC",
    )  # fmt: skip
    assert rules.fee_lines([fee], amounts=AMOUNTS, answers={"copies": 1}) == []


@pytest.mark.parametrize(
    ("pages", "copies", "total"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (3, 2, 10_000),
        (197, 1, 199_000),
        (198, 1, 200_000),
        (500, 1, 200_000),
        (500, 3, 600_000),
        (0, 3, 0),
    ],
)
def test_a_certified_copy_costs_by_page_up_to_its_limit(pages, copies, total):
    """Thông tư 226/2016/TT-BTC, Điều 4: 2.000 đồng/trang, từ trang thứ ba 1.000 đồng/trang, tối đa
    200.000 đồng/bản; trang tính theo bản chính."""
    paid = {"kind": "phi", "quantity": "pages", "times": "copies"}
    first = FeeRule(code="first", title={"vi": "Trang 1, 2"}, amount_key="a", at_most=2, **paid)
    rest = FeeRule(
        code="rest", title={"vi": "Từ trang 3"}, amount_key="b", free_below=2, at_most=198, **paid
    )
    lines = rules.fee_lines(
        [first, rest], amounts={"a": 2000, "b": 1000}, answers={"pages": pages, "copies": copies}
    )
    assert sum(line.amount_vnd for line in lines) == total


@given(
    copies=st.integers(-5, 500),
    free=st.integers(0, 10),
    amount=st.integers(0, 10_000_000),
)
def test_a_line_is_pieces_times_amount_and_never_negative(copies, free, amount):
    fee = FeeRule(
        code="c", title={"vi": "c"}, kind="phi", amount_key="k", quantity="n", free_below=free
    )
    lines = rules.fee_lines([fee], amounts={"k": amount}, answers={"n": copies})
    assert [line.amount_vnd for line in lines] == [amount * (copies - free)] * (copies > free)
    assert all(line.quantity > 0 for line in lines)


def test_money_waits_only_where_something_is_asked_for():
    asked = rules.fee_lines([COPY], amounts=AMOUNTS, answers={"copies": 1})
    free = rules.fee_lines([FILING], amounts=AMOUNTS, answers={})
    assert [rules.money_state(lines) for lines in (asked, free, [])] == ["waiting", "free", "free"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("not_due", "cancelled"),
        ("waiting", "cancelled"),
        ("free", "free"),
        ("paid", "paid"),
        ("refunded", "refunded"),
        ("cancelled", "cancelled"),
    ],
)
def test_a_dossier_that_ends_asks_for_no_money_and_keeps_what_was_paid_in_sight(before, after):
    assert rules.money_after_end(MoneyState(before)) == after


# -- Papers: NĐ 104/2022/NĐ-CP, Điều 14; NĐ 118/2025/NĐ-CP

ALWAYS = PaperRule(code="always", title={"vi": "Luôn cần"})
SHOWN = PaperRule(code="shown", title={"vi": "Xuất trình"}, is_shown=True)
OPTIONAL = PaperRule(code="optional", title={"vi": "Nếu có"}, required=False)
SOMETIMES = PaperRule(code="sometimes", title={"vi": "Khi cần"}, when="married")


def holds(condition, answers):
    return bool(answers.get(condition))


@pytest.mark.parametrize(
    ("answers", "asked"),
    [({}, ["always"]), ({"married": True}, ["always", "sometimes"])],
)
def test_papers_are_asked_by_the_answers(answers, asked):
    found = rules.papers_asked([ALWAYS, SOMETIMES], answers=answers, holds=holds)
    assert [rule.code for rule in found] == asked


@pytest.mark.parametrize(
    ("given_", "missing"),
    [
        ([], ["always"]),
        ([PaperInput(code="always")], ["always"]),
        ([PaperInput(code="always", files=(AT,))], []),
        ([PaperInput(code="always", source="result", result="KEY")], []),
        ([PaperInput(code="always", source="shown")], []),
        ([PaperInput(code="always", note="Sẽ nộp sau")], ["always"]),
        ([PaperInput(code="optional", note="x")], ["always"]),
    ],
)
def test_a_required_paper_is_missing_until_something_stands_for_it(given_, missing):
    found = rules.missing_papers([ALWAYS, SHOWN, OPTIONAL], given_)
    assert [rule.code for rule in found] == missing


def test_a_paper_whose_fact_a_registry_gave_is_not_asked_for():
    """Nghị định 118/2025/NĐ-CP, Điều 4."""
    note = PaperRule(code="note", title={}, replaced_by="registry:birth_notes")
    by_name = PaperRule(code="by_name", title={}, replaced_by="birth_notes")
    papers = [ALWAYS, note, by_name]
    for told, codes in (
        ((), ["note", "by_name"]),
        (("birth_notes",), ["by_name"]),
        (("population",), ["note", "by_name"]),
    ):
        found = rules.papers_asked(papers, answers={}, holds=lambda *_all: True, given=told)
        assert [rule.code for rule in found] == [ALWAYS.code, *codes]


def test_a_shown_paper_is_handed_in_where_its_registry_did_not_tell():
    """Nghị định 118/2025/NĐ-CP, Điều 4: asked for where the database does not hold it."""
    plot = PaperRule(
        code="plot", title={}, is_shown=True, required=False, replaced_by="registry:land"
    )
    for told, looked_up, papers in (
        ((), (), [(True, False)]),
        ((), ("population",), [(True, False)]),
        ((), ("land",), [(False, True)]),
        (("land",), ("land",), []),
    ):
        found = rules.papers_asked(
            [plot], answers={}, holds=lambda *_all: True, given=told, looked_up=looked_up
        )
        assert [(rule.is_shown, rule.required) for rule in found] == papers


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ({"born": "2026-11-05", "sex": "female"}, {"notes"}),
        ({"born": "2026-11-05", "sex": "female", "home": "16690"}, {"notes", "population"}),
        ({"born": "2026-11-04", "sex": "female", "home": "16690"}, {"population"}),
        ({"born": "2026-11-05"}, {"notes"}),
        ({}, set()),
    ],
)
def test_a_registry_is_rested_on_while_each_of_its_facts_stands(answers, standing):
    known = {
        "born": ("notes", "2026-11-05"),
        "sex": ("notes", "female"),
        "home": ("population", "16690"),
    }
    assert rules.registries_given(known, answers) == standing


@pytest.mark.parametrize(
    ("replaced_by", "kind"),
    [("results:KQ.G15.000031", "KQ.G15.000031"), ("birth_notes", ""), ("", ""), ("results:", "")],
)
def test_a_result_stands_for_a_paper_whose_rule_names_its_kind(replaced_by, kind):
    assert rules.result_type(PaperRule(code="a", title={}, replaced_by=replaced_by)) == kind


# -- Supplement: NĐ 118/2025/NĐ-CP, Điều 17.2.a (sửa đổi bởi NĐ 309/2026/NĐ-CP)


def item(what="Bổ sung trang 2", reason="Thiếu trang"):
    return SupplementItem(kind="paper", code="a", what=what, reason=reason)


@pytest.mark.parametrize(
    ("items", "at_fault"),
    [
        ([], {"items"}),
        ([item()], set()),
        ([item(what="  ")], {"items.0.what"}),
        ([item(reason="")], {"items.0.reason"}),
        ([item(), item(what="", reason=" ")], {"items.1.what", "items.1.reason"}),
    ],
)
def test_each_item_of_a_request_says_what_and_why(items, at_fault):
    assert rules.supplement_problems(items).keys() == at_fault


@pytest.mark.parametrize(
    ("stage", "earlier", "may"),
    [
        ("reception", [], True),
        ("reception", ["reception"], False),
        ("processing", ["reception"], True),
        ("processing", ["reception", "processing"], False),
    ],
)
def test_each_stage_asks_once(stage, earlier, may):
    assert rules.may_ask_again(stage=stage, earlier_stages=earlier) is may


# -- The clock


@pytest.mark.parametrize(
    ("state", "due", "issued", "remaining", "word"),
    [
        ("submitted", None, None, None, "none"),
        ("refused", AT, None, HOUR, "none"),
        ("withdrawn", AT, None, HOUR, "none"),
        ("processing", AT, None, 9 * HOUR, "running"),
        ("processing", AT, None, 8 * HOUR, "soon"),
        ("processing", AT, None, 0 * HOUR, "soon"),
        ("signing", AT, None, -HOUR, "late"),
        ("processing", AT, None, None, "running"),
        ("supplement", AT, None, -HOUR, "paused"),
        ("issued", AT, AT, None, "done_in_time"),
        ("handed_over", AT, AT - HOUR, None, "done_in_time"),
        ("issued", AT, AT + HOUR, None, "done_late"),
    ],
)
def test_clock_says_how_a_dossier_stands_to_its_promised_day(state, due, issued, remaining, word):
    found = rules.clock(
        state=DossierState(state),
        due_at=due,
        expected_at=due,
        issued_at=issued,
        remaining=remaining,
        soon=8 * HOUR,
    )
    assert (found.state, found.due_at, found.expected_at, found.remaining) == (
        word, due, due, remaining,
    )  # fmt: skip


def test_time_waited_for_the_person_is_not_counted_against_the_agency():
    found = rules.clock(
        state=DossierState.ISSUED, due_at=AT, expected_at=AT + 3 * HOUR, issued_at=AT + 2 * HOUR,
        remaining=None, soon=8 * HOUR,
    )  # fmt: skip
    assert found.state == "done_in_time"
