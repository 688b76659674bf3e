"""A council as the desk draws it: who sits in it, who spoke, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import Attendance, SigningState
from sen.systems.public_services.queries import council, minutes
from sen.systems.public_services.queries import findings as held_findings
from sen.systems.public_services.queries.whole import Whole
from sen.systems.public_services.tables import findings
from sen.systems.public_services.tables.findings import Errors, SmallForm
from sen.systems.public_services.tables.records import text
from sen.web import wording
from sen.web.data import Fact, Option, Tone

MEMBER = "member_"
"""What begins the names of the inputs that choose who sits on a seat."""
_TONES: Mapping[str, Tone] = {
    Attendance.AWAITED: "soon",
    Attendance.PRESENT: "done",
    Attendance.ABSENT: "late",
    Attendance.VACANT: "plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """A seat as a page shows it. said: the opinion, where the council has concluded."""

    title: str
    who: str
    state: str
    tone: Tone
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChoice:
    """A seat to be filled: the name of its input, its title, who may sit there, who does."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that the desk shows of a council. waiting: the seats whose opinion is awaited."""

    facts: tuple[Fact, ...]
    seats: tuple[SeatRow, ...]
    minutes_href: str
    is_failed: bool
    failure: str
    waiting: tuple[Option, ...]
    candidates: tuple[Option, ...]
    form: SmallForm | None


def desk(
    whole: Whole, names: Mapping[UUID, str], *, raw: Mapping[str, Any] | None, errors: Errors
) -> Desk | None:
    """Return a council with what the actor may do in it, None before it was convened.

    names: of the accounts in it.
    """
    held = whole.council
    if held is None:
        return None
    row = held.council
    lines = [
        Fact(label=_("Chủ tịch Hội đồng"), value=names.get(row.chair, "")),
        Fact(label=_("Họp lúc"), value=wording.moment(row.meets_at)),
        Fact(label=_("Nơi họp"), value=row.place),
    ]
    if row.concluded_at is not None:
        lines.append(Fact(label=_("Kết luận lúc"), value=wording.moment(row.concluded_at)))
    return Desk(
        facts=tuple(lines),
        seats=tuple(_seat(whole, held, seat, names) for seat in held.seats),
        minutes_href=reverse("web:file", args=[row.minutes_id]) if row.minutes_id else "",
        is_failed=row.state == SigningState.FAILED,
        failure=row.failure,
        waiting=tuple(
            Option(value=seat.step, label=f"{text(seat.title)}: {names.get(seat.account, '')}")
            for seat in held.seats
            if seat.attendance == Attendance.AWAITED and seat.account
        ),
        candidates=_candidates(whole) if "replace" in whole.acts else (),
        form=_form(whole, raw=raw, errors=errors),
    )


def convening(
    whole: Whole, *, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> tuple[SeatChoice, ...]:
    """Return the seats that the chair fills, each with whoever has its post."""
    if "convene" not in whole.acts:
        return ()
    on = clock.day(clock.now())
    posts = council.by_post(whole.dossier, on)
    options = (*_candidates(whole), Option(value="", label=_("Không có người")))
    return tuple(
        SeatChoice(
            name=f"{MEMBER}{seat.step}",
            label=text(seat.title),
            options=options,
            value=typed.get(f"{MEMBER}{seat.step}", str(posts[seat.step] or "")),
            error=" ".join(errors.get(f"{MEMBER}{seat.step}", ())),
        )
        for seat in council.seats_of(whole.dossier.case)
    )


def usual_place(whole: Whole) -> str:
    """Return where a council usually meets: at the seat of the unit that decides."""
    on = clock.day(clock.now())
    unit = organisations.unit_name(whole.dossier.competent_unit_id, on)
    return _("Trụ sở %(unit)s") % {"unit": unit}


def _seat(whole: Whole, held: council.Sitting, seat: Any, names: Mapping[Any, str]) -> SeatRow:
    said = ""
    form = held_findings.form_of(whole.dossier.case)
    if form is not None and held.council.concluded_at and seat.id in held.opinions:
        said = minutes.opinion(form, held.opinions[seat.id])
    if seat.attendance == Attendance.ABSENT:
        said = seat.reason
    return SeatRow(
        title=text(seat.title),
        who=names.get(seat.account, "") if seat.account else "",
        state=str(Attendance(seat.attendance).label),
        tone=_TONES[seat.attendance],
        said=said,
    )


def _candidates(whole: Whole) -> tuple[Option, ...]:
    found = council.candidates(whole.dossier.competent_unit_id, clock.day(clock.now()))
    return tuple(
        Option(value=str(account), label=name)
        for account, name in sorted(found.items(), key=lambda one: one[1])
    )


def _form(whole: Whole, *, raw: Mapping[str, Any] | None, errors: Errors) -> SmallForm | None:
    """Return the form in which a member, or the chair at the end, gives an opinion."""
    version = whole.dossier.case.findings_version_id
    if version is None or {"opine", "conclude"}.isdisjoint(whole.acts):
        return None
    return findings.small_form(whole, version, {}, raw=raw, errors=errors)
