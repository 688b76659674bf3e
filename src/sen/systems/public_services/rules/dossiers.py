"""The law of a dossier's life: which act may follow which, what it costs, what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sen.base.vietnamese import fold
from sen.systems.public_services.choices import (
    ClosingKind,
    DossierState,
    Intake,
    MoneyState,
    NationalState,
    PaperSource,
)
from sen.systems.public_services.data import (
    Clock,
    FeeLineValue,
    FeeRule,
    PaperInput,
    PaperRule,
    PartyInput,
    SupplementItem,
)

State = DossierState

ACTS: Mapping[str, frozenset[DossierState]] = {
    "receive": frozenset({State.SUBMITTED}),
    "refuse_reception": frozenset({State.SUBMITTED}),
    "assign": frozenset({State.RECEIVED, State.PROCESSING}),
    "request_supplement": frozenset({State.SUBMITTED, State.PROCESSING}),
    "supplement": frozenset({State.SUPPLEMENT}),
    "convene": frozenset({State.PROCESSING}),
    "opine": frozenset({State.PROCESSING}),
    "excuse": frozenset({State.PROCESSING}),
    "replace": frozenset({State.PROCESSING}),
    "conclude": frozenset({State.PROCESSING}),
    "sign_minutes": frozenset({State.PROCESSING}),
    "establish": frozenset({State.PROCESSING}),
    "propose": frozenset({State.PROCESSING}),
    "send_duty": frozenset({State.PROCESSING}),
    "record_duty": frozenset({State.DUTY}),
    "confirm_duty": frozenset({State.DUTY}),
    "check": frozenset({State.PROCESSING}),
    "sign": frozenset({State.SIGNING}),
    "return_for_rework": frozenset({State.SIGNING}),
    "issue": frozenset({State.SIGNED}),
    "follow_up": frozenset({State.PASSED_ON}),
    "apologise": frozenset({State.RECEIVED, State.PROCESSING, State.SIGNING, State.SIGNED}),
    "hand_over": frozenset({State.ISSUED}),
    "withdraw": frozenset(
        {
            State.SUBMITTED,
            State.SUPPLEMENT,
            State.RECEIVED,
            State.PROCESSING,
            State.DUTY,
            State.SIGNING,
        }
    ),
}
"""For each act, the states of a dossier in which it makes sense.

A dossier may be withdrawn until its result is signed (Nguồn: Nghị định 118/2025/NĐ-CP, Điều 21).
"""

UNPAID = frozenset({MoneyState.NOT_DUE, MoneyState.WAITING})
"""States of money that is still to come."""

STANDS_STILL = frozenset({State.SUPPLEMENT, State.DUTY})
"""States in which the time of the law does not run: the people have something to do first."""

ENDED = frozenset({State.HANDED_OVER, State.REFUSED, State.WITHDRAWN})

_NATIONAL: Mapping[DossierState, NationalState] = {
    State.SUBMITTED: NationalState.FILED,
    State.SUPPLEMENT: NationalState.SUPPLEMENT,
    State.RECEIVED: NationalState.RECEIVED,
    State.PROCESSING: NationalState.IN_PROGRESS,
    State.DUTY: NationalState.FINANCIAL_DUTY,
    State.PASSED_ON: NationalState.IN_PROGRESS,
    State.SIGNING: NationalState.IN_PROGRESS,
    State.SIGNED: NationalState.IN_PROGRESS,
    State.ISSUED: NationalState.DONE,
    State.HANDED_OVER: NationalState.RETURNED,
    State.WITHDRAWN: NationalState.WITHDRAWN,
}


def may(act: str, state: DossierState) -> bool:
    """Tell whether an act makes sense in a state."""
    return state in ACTS[act]


def national_state(state: DossierState, closing: ClosingKind | None = None) -> NationalState:
    """Return the state of the national list that a business state shows as.

    A refusal is "không được tiếp nhận" at reception and "dừng xử lý" after it.
    """
    if state == State.REFUSED:
        if closing == ClosingKind.REFUSED_AT_RECEPTION:
            return NationalState.NOT_RECEIVED
        return NationalState.STOPPED
    return _NATIONAL[state]


def intake(*, is_official: bool, by_api: bool) -> Intake:
    """Return the channel of a filing: an official files at the counter, for others."""
    if is_official:
        return Intake.COUNTER
    return Intake.API if by_api else Intake.PORTAL


def fee_lines(
    rules: Sequence[FeeRule], *, amounts: Mapping[str, int], answers: Mapping[str, Any]
) -> list[FeeLineValue]:
    """Return what a filing costs, a line a charge; a line of nothing is left out.

    amounts: legal value key to whole đồng on the day of filing.
    Nguồn: Luật Phí và lệ phí 97/2015/QH13; the amounts carry their own source.
    """
    lines = []
    spent: dict[tuple[str, int], int] = {}
    for rule in rules:
        amount = amounts[rule.amount_key]
        quantity = 0
        for place, (pieces, times) in enumerate(_counted(rule, answers)):
            paid = pieces
            if rule.cap_key and amount:
                before = spent.get((rule.cap_key, place), 0)
                paid = min(pieces, max(0, amounts[rule.cap_key] - before) // amount)
                spent[rule.cap_key, place] = before + paid * amount
            quantity += paid * times
        if quantity:
            lines.append(
                FeeLineValue(
                    code=rule.code,
                    title=rule.title,
                    kind=rule.kind,
                    unit_amount_vnd=amount,
                    quantity=quantity,
                    amount_vnd=amount * quantity,
                    source=rule.source,
                )
            )
    return lines


def _counted(rule: FeeRule, answers: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Return the paid pieces of each thing that a charge counts, and how often each is wanted."""
    pairs = [(rule.quantity, rule.times), *(tuple(pair) for pair in rule.more)]
    counted = []
    for quantity, times in pairs:
        pieces = 1 if quantity is None else int(answers.get(quantity) or 0)
        if rule.at_most is not None:
            pieces = min(pieces, rule.at_most)
        wanted = 1 if times is None else int(answers.get(times) or 0)
        counted.append((max(0, pieces - rule.free_below), wanted))
    return counted


def money_state(lines: Sequence[FeeLineValue]) -> MoneyState:
    """Return where the money stands when the lines were just computed."""
    return MoneyState.WAITING if any(line.amount_vnd for line in lines) else MoneyState.FREE


def money_after_end(state: MoneyState) -> MoneyState:
    """Return where the money stands when a dossier ends without a result: nothing is asked for.

    What was paid stays paid until it is paid back, which is an act of its own.
    """
    return MoneyState.CANCELLED if state in UNPAID else state


def papers_asked(
    rules: Sequence[PaperRule],
    *,
    answers: Mapping[str, Any],
    holds: Callable[[Any, Mapping[str, Any]], bool],
    given: Collection[str] = (),
    looked_up: Collection[str] = (),
) -> list[PaperRule]:
    """Return the papers that these answers ask for.

    holds: evaluates a condition over the answers. given: the registries whose facts stand in the
    answers (`registries_given`); a paper that says the same is not asked for. looked_up: those that
    were asked for somebody online; where one did not tell, a paper that would only have been shown
    is handed in.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 4 (không yêu cầu giấy tờ mà cơ sở dữ liệu đã có).
    """
    asked = [
        rule
        for rule in rules
        if (rule.when is None or holds(rule.when, answers)) and registry(rule) not in given
    ]
    return [
        replace(rule, is_shown=False, required=True)
        if rule.is_shown and registry(rule) in looked_up
        else rule
        for rule in asked
    ]


def registry(rule: PaperRule) -> str:
    """Return the registry whose facts make a paper unnecessary, empty for none.

    By convention `replaced_by` is then `registry:<the key of its prefill source>`.
    """
    door, _colon, key = rule.replaced_by.partition(":")
    return key if door == "registry" else ""


def registries_given(
    known: Mapping[str, tuple[str, Any]], answers: Mapping[str, Any]
) -> frozenset[str]:
    """Return the sources whose facts stand in the answers as they were told, each of them.

    known: source and value by question. Whoever changes one fact no longer rests on that source,
    and hands in the paper.
    """
    asked = {key: told for key, told in known.items() if key in answers}
    changed = {source for key, (source, value) in asked.items() if answers[key] != value}
    return frozenset(source for source, _value in asked.values()) - changed


def missing_papers(asked: Sequence[PaperRule], given: Sequence[PaperInput]) -> list[PaperRule]:
    """Return the required papers for which nothing was handed in or, at a counter, shown.

    A paper that is only shown is never missing online (Nguồn: Nghị định 104/2022/NĐ-CP, Điều 14: a
    shown paper is replaced by the identity that the sign-in proved).
    """
    present = {
        paper.code
        for paper in given
        if paper.files or paper.result or paper.source == PaperSource.SHOWN
    }
    return [
        rule for rule in asked if rule.required and not rule.is_shown and rule.code not in present
    ]


def result_type(rule: PaperRule) -> str:
    """Return the kind of kept result that a paper's rule takes instead of it, empty for none.

    By convention `replaced_by` is then `results:<national code of the kind>`.
    Nguồn: Nghị định 118/2025/NĐ-CP (không yêu cầu giấy tờ mà kho dữ liệu đã có).
    """
    door, _colon, kind = rule.replaced_by.partition(":")
    return kind if door == "results" else ""


def is_same_person(party: PartyInput, *, full_name: str, birth_date: dt.date | None) -> bool:
    """Tell whether a typed party is the person known under its number.

    The names have to agree, however they were typed (marks, case, spaces), and the birth dates
    where both are there.
    """
    agrees = birth_date is None or party.birth_date in {None, birth_date}
    return agrees and fold(party.full_name).split() == fold(full_name).split()


def supplement_problems(items: Sequence[SupplementItem]) -> dict[str, list[str]]:
    """Return what is wrong with a request for supplement, by item.

    One notice, complete, specific, with a reason for each item.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17.2.a (sửa đổi bởi Nghị định 309/2026/NĐ-CP).
    """
    if not items:
        return {"items": ["Phiếu yêu cầu phải có ít nhất một nội dung cần bổ sung."]}
    problems: dict[str, list[str]] = {}
    for index, item in enumerate(items):
        if not item.what.strip():
            problems[f"items.{index}.what"] = ["Ghi rõ nội dung cần bổ sung hoặc sửa."]
        if not item.reason.strip():
            problems[f"items.{index}.reason"] = ["Ghi rõ lý do của nội dung này."]
    return problems


def may_ask_again(*, stage: str, earlier_stages: Sequence[str]) -> bool:
    """Tell whether a stage may still ask for a supplement: once at reception, once in processing.

    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17.2.a: all is asked for in one notice.
    """
    return stage not in earlier_stages


def may_apologise(*, today: dt.date, due_on: dt.date, is_used: bool) -> bool:
    """Tell whether a letter of apology may still give a new date: once, a day before it is late.

    Nguồn: Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9, 10 (quy định của tỉnh theo Nghị định
    118/2025/NĐ-CP giữ nguyên): trước khi hết hạn ít nhất một ngày; chỉ hẹn lại một lần.
    """
    return not is_used and today < due_on


def clock(
    *,
    state: DossierState,
    due_at: dt.datetime | None,
    expected_at: dt.datetime | None,
    issued_at: dt.datetime | None,
    remaining: dt.timedelta | None,
    soon: dt.timedelta,
) -> Clock:
    """Return how a dossier stands to its promised day.

    remaining: working time from now to the expected end, negative when late. soon: the working time
    below which a dossier counts as soon due.
    """
    if due_at is None or state in {State.REFUSED, State.WITHDRAWN}:
        word = "none"
    elif issued_at is not None:
        word = "done_in_time" if issued_at <= (expected_at or due_at) else "done_late"
    elif state in STANDS_STILL:
        word = "paused"
    elif remaining is not None and remaining < dt.timedelta(0):
        word = "late"
    elif remaining is not None and remaining <= soon:
        word = "soon"
    else:
        word = "running"
    return Clock(state=word, due_at=due_at, expected_at=expected_at, remaining=remaining)
