"""A dossier as pages draw it: badge, facts, papers, what happened, the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import (
    DossierState,
    FeeStatus,
    FormCode,
    Intake,
    PartyRole,
    SettledIn,
    SigningState,
)
from sen.systems.public_services.data import Clock, StageStanding
from sen.systems.public_services.models import Case, Dossier, Party
from sen.systems.public_services.queries import stages
from sen.systems.public_services.queries.whole import Whole
from sen.systems.public_services.services import opening
from sen.systems.public_services.services.dossiers import act_label, subject
from sen.systems.public_services.tables import passages
from sen.systems.public_services.tables import stages as stage_shapes
from sen.web import wording
from sen.web.data import Column, Entry, Fact, KeptFile, Option, Paper, Step, Tone

TONES: Mapping[str, Tone] = {
    DossierState.SUBMITTED: "plain",
    DossierState.SUPPLEMENT: "soon",
    DossierState.RECEIVED: "calm",
    DossierState.PROCESSING: "calm",
    DossierState.DUTY: "soon",
    DossierState.PASSED_ON: "calm",
    DossierState.SIGNING: "calm",
    DossierState.SIGNED: "calm",
    DossierState.ISSUED: "done",
    DossierState.HANDED_OVER: "done",
    DossierState.REFUSED: "late",
    DossierState.WITHDRAWN: "plain",
}
_CLOCKS = {
    "running": "on_time",
    "soon": "soon",
    "late": "late",
    "paused": "paused",
    "done_in_time": "done",
    "done_late": "done_late",
}
_WAY = (
    DossierState.SUBMITTED,
    DossierState.RECEIVED,
    DossierState.PROCESSING,
    DossierState.SIGNING,
    DossierState.ISSUED,
    DossierState.HANDED_OVER,
)
_WAY_ELSEWHERE = (
    DossierState.SUBMITTED,
    DossierState.RECEIVED,
    DossierState.PASSED_ON,
    DossierState.ISSUED,
    DossierState.HANDED_OVER,
)
"""The way of a dossier that another system settles."""
_OPEN_ACTS = frozenset(
    {
        "submit",
        "receive",
        "refuse_reception",
        "request_supplement",
        "supplement",
        "send_duty",
        "record_duty",
        "confirm_duty",
        "apologise",
        "pass_on",
        "answered_elsewhere",
        "issued",
        "hand_over",
        "withdraw",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dossier as a line of a list."""

    code: str
    href: str
    title: str
    state: str
    tone: Tone
    submitted: str
    due: str
    stage: str = ""


def text(localised: Mapping[Any, str]) -> str:
    """Return the text in the language of the page, Vietnamese where there is no other."""
    return localised.get(get_language() or "vi") or localised["vi"]


def state_label(dossier: Dossier) -> str:
    """Return the word for where the dossier stands."""
    return str(DossierState(dossier.state).label)


def tone(dossier: Dossier) -> Tone:
    """Return the tone of a dossier's state."""
    return TONES[dossier.state]


def listed(dossiers: Sequence[Dossier]) -> list[Row]:
    """Return dossiers as the lines of a list, each with the stage that runs, if it has any."""
    running = stages.running(dossiers, clock.now())
    return [row(one, running.get(one.id)) for one in dossiers]


def row(dossier: Dossier, stage: StageStanding | None = None) -> Row:
    """Return a dossier as a line of a list. stage: the one that runs."""
    return Row(
        code=dossier.code,
        href=reverse("public_services:dossier", args=[dossier.code]),
        title=text(dossier.case.version.procedure.name),
        state=state_label(dossier),
        tone=tone(dossier),
        submitted=wording.moment(dossier.submitted_at),
        due=wording.moment(dossier.due_at) if dossier.due_at else "",
        stage=stage_shapes.line(stage) if stage is not None else "",
    )


def clock_state(value: Clock) -> str:
    """Return the clock's state as the badge knows it, empty where no clock runs."""
    return _CLOCKS.get(value.state, "")


def clock_minutes(value: Clock) -> int | None:
    """Return the working minutes left, None where they do not count."""
    return None if value.remaining is None else int(value.remaining.total_seconds() // 60)


def facts(whole: Whole) -> list[Fact]:
    """Return what is to be known of a dossier at a glance."""
    dossier = whole.dossier
    on = clock.day(dossier.submitted_at)
    lines = [
        Fact(label=_("Mã hồ sơ"), value=dossier.code),
        Fact(label=_("Trường hợp"), value=text(dossier.case.title)),
        Fact(label=_("Nơi tiếp nhận"), value=organisations.unit_name(dossier.received_unit_id, on)),
        Fact(
            label=_("Cơ quan giải quyết"),
            value=passages.agency(whole) or organisations.unit_name(dossier.competent_unit_id, on),
        ),
        Fact(label=_("Nộp lúc"), value=wording.moment(dossier.submitted_at)),
        Fact(label=_("Cách nộp"), value=str(Intake(dossier.channel).label)),
    ]
    if dossier.helped_at_id:
        helped_at = organisations.unit_name(dossier.helped_at_id, on)
        lines.append(Fact(label=_("Nơi hỗ trợ nộp"), value=helped_at))
    if dossier.received_at:
        lines.append(Fact(label=_("Tiếp nhận lúc"), value=wording.moment(dossier.received_at)))
    if dossier.due_at:
        lines.append(Fact(label=_("Hẹn trả kết quả"), value=wording.moment(dossier.due_at)))
    if dossier.expected_at and dossier.expected_at != dossier.due_at:
        lines.append(
            Fact(
                label=_("Dự kiến trả"),
                value=wording.moment(dossier.expected_at),
                note=_("sau thời gian tạm dừng"),
            )
        )
    return lines


def party_facts(party: Party) -> list[Fact]:
    """Return what an official needs to know of a party."""
    if party.tax_code:
        lines = [Fact(label=_("Mã số thuế"), value=party.tax_code)]
    else:
        lines = [Fact(label=_("Số định danh"), value=f"•••• •••• {party.last_digits}")]
    if party.birth_date:
        lines.append(Fact(label=_("Ngày sinh"), value=wording.day(party.birth_date)))
    for label, value in (
        (_("Điện thoại"), party.phone),
        (_("Địa chỉ"), party.address),
        (_("Quan hệ"), party.relation),
        (_("Tư cách"), party.authority),
    ):
        if value:
            lines.append(Fact(label=label, value=value))
    return lines


def role_label(party: Party) -> str:
    """Return what a party is to the dossier."""
    return str(PartyRole(party.role).label)


def papers(whole: Whole) -> list[Paper]:
    """Return the papers handed in."""
    return [
        Paper(
            title=text(paper.title),
            href=reverse("web:file", args=[paper.file_id]) if paper.file_id else "",
            detail=paper.get_source_display()
            + (_(" · bổ sung") if paper.supplement else "")
            + (f" · {paper.note}" if paper.note else ""),
            size=paper.file.size if paper.file else None,
        )
        for paper in whole.papers
    ]


def issued(whole: Whole) -> list[Paper]:
    """Return the papers that we issued, the answer last."""
    lines = [
        Paper(
            title=str(FormCode(form.form).label),
            href=reverse("web:file", args=[form.file_id])
            if form.state == SigningState.SIGNED
            else "",
            detail=_("Số %(number)d · %(at)s")
            % {"number": form.number, "at": wording.moment(form.issued_at)},
            size=form.file.size if form.file and form.state == SigningState.SIGNED else None,
            signature="valid" if form.state == SigningState.SIGNED else "",
        )
        for form in whole.issued_forms
    ]
    decision = whole.decision
    if decision is not None:
        file = decision.sealed_id or decision.signed_id or decision.draft_id
        lines.append(
            Paper(
                title=str(decision.get_kind_display()),
                href=reverse("web:file", args=[file]),
                detail=decision.notation or str(SigningState(decision.state).label),
                signature="valid" if decision.sealed_id else "",
            )
        )
    return lines


def is_charge_unknown(case: Case) -> bool:
    """Tell whether what is filed without charges may cost something all the same."""
    told = case.version.national.get("fee", {}).get("status", FeeStatus.NOT_STATED)
    return bool(told != FeeStatus.FREE)


def fee_facts(whole: Whole) -> list[Fact]:
    """Return the charges, a line each."""
    return [
        Fact(
            label=text(line.title),
            value=wording.money(line.amount_vnd),
            note=_("%(quantity)d × %(amount)s")
            % {"quantity": line.quantity, "amount": wording.money(line.unit_amount_vnd)},
        )
        for line in whole.fee_lines
    ]


def trail(whole: Whole, *, is_official: bool) -> list[audit.Entry]:
    """Return the lines of what happened, newest first; a citizen sees the acts that concern them.

    That somebody read it is not among them.
    """
    lines = audit.trail(subject(whole.dossier), limit=200, without=opening.ACTION)
    return [line for line in lines if is_official or _act(line) in _OPEN_ACTS][:50]


def entries(
    whole: Whole, lines: Sequence[audit.Entry], names: Mapping[UUID, str], *, is_official: bool
) -> list[Entry]:
    """Return the lines of `trail` as the page draws them. names: of the accounts."""
    words = _words(whole) if is_official else {}
    return [
        Entry(
            title=_sentence(act),
            at=line.at,
            who=names.get(line.account, "") if line.account else _("Hệ thống"),
            text=(words.get(line.at) or line.reason) if is_official else "",
            tone="done" if act in {"issued", "hand_over"} else "plain",
        )
        for line in lines
        for act in [_act(line)]
    ]


def _act(line: audit.Entry) -> str:
    return line.action.rsplit(".", 1)[-1]


def _words(whole: Whole) -> dict[dt.datetime, str]:
    """Return what officials and parties wrote when they acted, by the moment of the act."""
    said = {task.closed_at: task.comment for task in whole.done}
    for request in whole.supplements:
        said[request.requested_at] = "; ".join(item["what"] for item in request.items)
        if request.answered_at is not None:
            said[request.answered_at] = request.answer
    if whole.closing is not None:
        said[whole.closing.closed_at] = whole.closing.reason
    return said


def _sentence(act: str) -> str:
    label = act_label(act)
    return label[:1].upper() + label[1:]


def way(dossier: Dossier) -> list[Step]:
    """Return the usual way of a dossier and where this one is on it."""
    passes_on = dossier.settled_in == SettledIn.MINISTRY
    states: Sequence[DossierState] = _WAY_ELSEWHERE if passes_on else _WAY
    current = {
        DossierState.SUPPLEMENT: DossierState.PROCESSING
        if dossier.received_at
        else DossierState.SUBMITTED,
        DossierState.DUTY: DossierState.PROCESSING,
        DossierState.SIGNED: DossierState.SIGNING,
    }.get(DossierState(dossier.state), DossierState(dossier.state))
    if current not in states:
        return []
    place = states.index(current)
    last = len(states) - 1
    return [
        Step(
            label=str(state.label),
            state="done"
            if index < place or place == last
            else ("current" if index == place else "todo"),
        )
        for index, state in enumerate(states)
    ]


def states() -> list[tuple[str, str]]:
    """Return the states by which a list can be narrowed."""
    return [(value, str(label)) for value, label in DossierState.choices]


def columns() -> tuple[Column, ...]:
    """Return the columns of a list of dossiers."""
    return tuple(
        Column(label=label)
        for label in (_("Mã hồ sơ"), _("Tên thủ tục"), _("Tình trạng"), _("Nộp lúc"), _("Hẹn trả"))
    )


SUPPLEMENT_ROWS = 4
"""How many things can be asked for on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRow:
    """One row of the form that asks for a supplement, with what was typed in it."""

    number: int
    options: list[Option]
    code: str
    what: str
    reason: str
    what_error: str
    reason_error: str

    @property
    def names(self) -> Mapping[str, str]:
        """The names of its inputs, each its own on the page."""
        return {part: f"item_{self.number}_{part}" for part in ("code", "what", "reason")}

    @property
    def is_first(self) -> bool:
        """Whether it has to be filled in; the others are for more things to ask."""
        return self.number == 1

    @property
    def is_typed(self) -> bool:
        """Whether something was typed in it."""
        return bool(self.what or self.reason)

    @property
    def title(self) -> str:
        """What opens the row when one thing to ask is not enough."""
        return _("Thêm nội dung %(number)d") % {"number": self.number}


def supplement_rows(
    whole: Whole,
    typed: Mapping[str, str],
    errors: Mapping[str, Sequence[str]],
) -> list[SupplementRow]:
    """Return the rows of the form that asks for a supplement; what was typed stays."""
    options = [
        Option(value=paper["code"], label=text(paper["title"]))
        for paper in whole.dossier.case.papers
    ]
    options.append(Option(value="", label=_("Nội dung khác")))

    return [
        SupplementRow(
            number=number,
            options=options,
            code=typed.get(f"item_{number}_code", ""),
            what=typed.get(f"item_{number}_what", ""),
            reason=typed.get(f"item_{number}_reason", ""),
            what_error=" ".join(errors.get(f"item_{number}_what", ())),
            reason_error=" ".join(errors.get(f"item_{number}_reason", ())),
        )
        for number in range(1, SUPPLEMENT_ROWS + 1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperField:
    """A paper that can be handed in: its field's name, what it is, what is there already.

    results: kept results that may stand for it, offered first; result: the chosen one.
    """

    name: str
    title: str
    hint: str
    accept: str
    kept: tuple[KeptFile, ...] = ()
    error: str = ""
    is_required: bool = True
    results: tuple[Option, ...] = ()
    result: str = ""

    @property
    def result_name(self) -> str:
        """The name of the input that chooses a kept result."""
        return self.name.replace("paper_", "result_", 1)

    @property
    def result_options(self) -> tuple[Option, ...]:
        """The kept results, and the choice of none."""
        return (*self.results, Option(value="", label=_("Không dùng, tôi nộp tệp")))


def answer_papers(whole: Whole, errors: Mapping[str, Sequence[str]]) -> list[PaperField]:
    """Return the papers that an answer to a supplement may bring: those asked for come first."""
    request = whole.open_supplement
    asked = {item["code"] for item in request.items} if request else set()
    rules = sorted(whole.dossier.case.papers, key=lambda rule: rule["code"] not in asked)
    return [
        PaperField(
            name=f"paper_{rule['code']}",
            title=text(rule["title"]),
            hint=text(rule["hint"]) if rule["hint"] else "",
            accept=",".join(rule["accepted"]),
            error=" ".join(errors.get(f"paper_{rule['code']}", ())),
            is_required=False,
        )
        for rule in rules
        if not rule["is_shown"] and (rule["code"] in asked or not asked - {""})
    ]
