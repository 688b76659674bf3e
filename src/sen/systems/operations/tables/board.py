"""The board as pages draw it: numbers to press, lines, who holds work, the trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sen.base import clock
from sen.kernel.calendar import public as calendar
from sen.systems.operations.choices import Drawing, Measure, Term
from sen.systems.operations.data import Board, Holder, Line, Load, Month, Place, Sum
from sen.systems.operations.queries.board import Dossier
from sen.systems.public_services import public as services
from sen.web import wording
from sen.web.data import Column, Fact, FilterGroup, Link, Tone

Kind = services.Kind
_TALL = 120
_WIDE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of the first row, with the list that it counts."""

    label: str
    value: str
    href: str
    tone: Tone
    icon: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place as a line of the table."""

    name: str
    href: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Whom to ask: a place, how much is late and for how long, and where most of it lies."""

    name: str
    href: str
    late: int
    label: str
    longest: str
    step: str
    who: str
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """Where open work lies, as a line."""

    step: str
    place: str
    who: str
    late: int
    late_label: str
    week: int
    open: int
    longest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """An open dossier as a line; href is empty where whoever looks may not open it."""

    code: str
    href: str
    procedure: str
    unit: str
    state: Literal["", "on_time", "soon", "late", "paused"]
    minutes: int | None
    due_at: dt.datetime | None
    submitted: str
    step: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month of the trend as a bar; y, height: of what was in time, late_…: of what was late."""

    month: Month
    label: str
    title: str
    share: str
    x: int
    middle: int
    top: int
    y: int
    height: int
    late_y: int
    late_height: int


TONES: dict[Kind, tuple[Tone, str]] = {
    Kind.LATE: ("late", "alert-triangle"),
    Kind.TODAY: ("soon", "hourglass"),
    Kind.WEEK: ("plain", "calendar-due"),
    Kind.WAITING: ("plain", "inbox"),
    Kind.PAUSED: ("calm", "clock-pause"),
    Kind.OPEN: ("plain", "files"),
}


def label_of(kind: Kind) -> str:
    """Return what a sort of open dossiers is called."""
    return {
        Kind.LATE: _("Trễ hạn"),
        Kind.TODAY: _("Đến hạn hôm nay"),
        Kind.WEEK: _("Đến hạn tuần này"),
        Kind.WAITING: _("Chờ tiếp nhận"),
        Kind.PAUSED: _("Tạm dừng"),
        Kind.OPEN: _("Chưa giải quyết xong"),
    }[kind]


def grouped(number: int) -> str:
    """Return a count as people read it: "3.594"."""
    return number_format(number, 0, force_grouping=True)


def percent(share: float | None) -> str:
    """Return a share as people read it, a dash where there is none."""
    if share is None:
        return "—"
    return f"{number_format(share, 0 if share == int(share) else 1)}%"


def numbers(one: Sum, here: str, current: Kind | None = None) -> list[Number]:
    """Return the numbers of the first row. here: the page whose list they open."""
    return [
        Number(
            label=label_of(kind),
            value=grouped(getattr(one, kind.value)),
            href=f"{here}?{urlencode({'loai': kind.value})}#ho-so",
            tone=tone if getattr(one, kind.value) else "plain",
            icon=icon,
            is_current=kind == current,
        )
        for kind, (tone, icon) in TONES.items()
    ]


def kinds(current: Kind) -> FilterGroup:
    """Return the sorts of open dossiers as links."""
    links = [
        Link(label=label_of(kind), href=f"?loai={kind.value}", is_current=kind == current)
        for kind in Kind
    ]
    return FilterGroup(label=_("Loại"), links=tuple(links))


def at(now: dt.datetime) -> str:
    """Return of which moment the numbers are."""
    return _("Số liệu lúc %(moment)s") % {"moment": wording.moment(now)}


def headline(board: Board, now: dt.datetime) -> str:
    """Return what a leader has to know first, in one sentence."""
    late = board.total.late
    if not late:
        return _("Không có hồ sơ nào trễ hạn.")
    places = sum(bool(line.sum.late) for line in board.lines)
    longest = longest_of(board.total.late_since, now)
    if len(board.lines) == 1:
        said = ngettext(
            "%(late)d hồ sơ trễ hạn, lâu nhất %(longest)s làm việc.",
            "%(late)d hồ sơ trễ hạn, lâu nhất %(longest)s làm việc.",
            late,
        )
        return said % {"late": late, "longest": longest}
    said = ngettext(
        "%(late)d hồ sơ trễ hạn ở %(places)d đơn vị, lâu nhất %(longest)s làm việc.",
        "%(late)d hồ sơ trễ hạn ở %(places)d đơn vị, lâu nhất %(longest)s làm việc.",
        late,
    )
    return said % {"late": late, "places": places, "longest": longest}


def longest_of(since: dt.datetime | None, now: dt.datetime, unit: UUID | None = None) -> str:
    """Return for how much working time something has been late, empty where nothing is.

    unit: whose working time; the province's where several units stand beside each other.
    """
    if since is None:
        return ""
    late = -calendar.minutes_left(since, now, calendar.calendar_of(unit))
    return wording.working_time(late, day_minutes=_day())


def _day() -> int:
    return int(calendar.WORKING_DAY.total_seconds() // 60)


def href_of(place: Place, **query: str) -> str:
    """Return the page of a place."""
    address = reverse("operations:place", args=[place.code])
    return f"{address}?{urlencode(query)}" if query else address


def rows(board: Board) -> list[Row]:
    """Return the lines of the table, places without any dossier left out."""
    return [
        Row(
            name=line.name,
            href=href_of(line.place),
            values=_values(line.sum),
        )
        for line in board.lines
        if line.sum.open or line.sum.received or line.sum.settled
    ]


def _values(one: Sum) -> tuple[str, ...]:
    """Return the numbers of a line, as `board_columns` names them."""
    now = (one.late, one.today, one.week, one.open)
    term = (one.received, one.settled, one.settled_late)
    return (*map(grouped, (*now, *term)), percent(one.share))


def asks(worst: Sequence[tuple[Line, Load | None]], now: dt.datetime) -> list[Ask]:
    """Return whom to ask first."""
    return [
        Ask(
            name=line.name,
            href=href_of(line.place),
            late=line.sum.late,
            label=late_label(line.sum.late),
            longest=longest_of(line.sum.late_since, now),
            step=load.holder.step if load else "",
            who=who(load.holder) if load else "",
            held=load.late if load else 0,
        )
        for line, load in worst
    ]


def late_label(late: int) -> str:
    """Return how many are late, in words."""
    return ngettext("%(late)d trễ hạn", "%(late)d trễ hạn", late) % {"late": late}


def who(holder: Holder) -> str:
    """Return position and person in one line."""
    return " · ".join(one for one in (holder.position, holder.person) if one)


def lying(loads: Sequence[Load], place: Place, now: dt.datetime) -> list[Lying]:
    """Return where the open work of a place lies."""
    return [
        Lying(
            step=load.holder.step,
            place=load.holder.place,
            who=who(load.holder),
            late=load.late,
            late_label=late_label(load.late),
            week=load.week,
            open=load.open,
            longest=longest_of(load.late_since, now, place.unit),
        )
        for load in loads
    ]


def dossier_rows(
    found: Sequence[Dossier], language: str, now: dt.datetime, place: Place | None = None
) -> list[DossierRow]:
    """Return open dossiers as lines. place: the one that all are of, None for several."""
    unit = place.unit if place else None
    return [_dossier(one, language, now, unit) for one in found]


def _dossier(one: Dossier, language: str, now: dt.datetime, unit: UUID | None) -> DossierRow:
    told = one.told
    state: Literal["", "on_time", "soon", "late", "paused"] = ""
    minutes = None
    if told.is_paused:
        state = "paused"
    elif told.end is not None:
        minutes = calendar.minutes_left(told.end, now, calendar.calendar_of(unit))
        state = "late" if minutes < 0 else "soon" if minutes <= _day() else "on_time"
    return DossierRow(
        code=told.code,
        href=reverse("public_services:dossier", args=[told.code]) if one.may_open else "",
        procedure=told.procedure.get(language) or told.procedure["vi"],
        unit=one.unit,
        state=state,
        minutes=minutes,
        due_at=told.end,
        submitted=wording.day(clock.day(told.submitted_at)),
        step=one.holder.step,
        who=who(one.holder),
    )


def bars(months: Sequence[Month]) -> list[Bar]:
    """Return the trend as bars, the highest as tall as the picture."""
    most = max((month.settled for month in months), default=0) or 1
    found = []
    for number, month in enumerate(months):
        whole = round(month.settled * _TALL / most)
        late = round(month.late * _TALL / most) or int(bool(month.late))
        share = _share(month)
        found.append(
            Bar(
                month=month,
                label=date_format(month.first, _(r"\Tn")),
                title=_month(month),
                share=share,
                x=number * _WIDE + 6,
                middle=number * _WIDE + _WIDE // 2,
                top=14 + _TALL - whole,
                y=20 + _TALL - whole,
                height=max(0, whole - late),
                late_y=20 + _TALL - late,
                late_height=late,
            )
        )
    return found


def _share(month: Month) -> str:
    if not month.settled:
        return "—"
    return f"{(month.settled - month.late) * 100 // month.settled}%"


def _month(month: Month) -> str:
    return _("Tháng %(month)s") % {"month": date_format(month.first, "m/Y")}


def flow(one: Sum) -> list[Fact]:
    """Return what came and went in the period."""
    return [
        Fact(label=_("Tiếp nhận"), value=grouped(one.received)),
        Fact(label=_("Giải quyết"), value=grouped(one.settled)),
        Fact(label=_("Giải quyết trễ hạn"), value=grouped(one.settled_late)),
        Fact(label=_("Đúng hạn"), value=percent(one.share)),
    ]


def terms(current: Term, here: str, kept: Mapping[str, str]) -> FilterGroup:
    """Return the periods as links. kept: what else the address says."""
    return choices(_("Kỳ"), "ky", Term, current, kept, here=here, mark="#ky")


def choices(
    label: str,
    name: str,
    kind: type[Term | Measure | Drawing],
    current: Term | Measure | Drawing,
    kept: Mapping[str, str],
    *,
    here: str = "",
    mark: str = "#ban-do",
) -> FilterGroup:
    """Return what can be chosen as links. name: of the parameter. mark: where the page opens."""
    return FilterGroup(
        label=label,
        links=tuple(
            Link(
                label=str(one.label),
                href=f"{here}?{urlencode({**kept, name: one.value})}{mark}",
                is_current=one == current,
            )
            for one in kind
        ),
    )


def board_columns() -> list[Column]:
    """Return the columns of the lines of a board."""
    return _columns(
        _("Đơn vị"), _("Trễ hạn"), _("Hôm nay"), _("Tuần này"), _("Chưa xong"), _("Tiếp nhận"),
        _("Giải quyết"), _("Trễ"), _("Đúng hạn"), texts=1,
    )  # fmt: skip


def lying_columns() -> list[Column]:
    """Return the columns of where work lies."""
    return _columns(
        _("Bước"), _("Nơi giữ"), _("Người giữ"), _("Trễ hạn"), _("Lâu nhất"), _("Tuần này"),
        _("Chưa xong"), texts=3,
    )  # fmt: skip


def dossier_columns(*, has_unit: bool) -> list[Column]:
    """Return the columns of a list of open dossiers. has_unit: they are of several units."""
    labels = [_("Hồ sơ"), _("Thời hạn"), _("Đang ở bước"), _("Người giữ")]
    if has_unit:
        labels.append(_("Cơ quan giải quyết"))
    return _columns(*labels, texts=len(labels))


def month_columns() -> list[Column]:
    """Return the columns of the trend as a table."""
    return _columns(_("Tháng"), _("Tiếp nhận"), _("Giải quyết"), _("Trễ"), _("Đúng hạn"), texts=1)


def _columns(*labels: str, texts: int) -> list[Column]:
    return [Column(label=label, is_number=place >= texts) for place, label in enumerate(labels)]
