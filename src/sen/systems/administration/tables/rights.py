"""Roles, grants and their reasons as pages draw them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import Holding, KindDone, KindGrant, Reason, RoleHeld
from sen.systems.administration.queries import finding
from sen.systems.administration.tables.places import days
from sen.systems.administration.tables.records import called, text
from sen.web import wording
from sen.web.data import Fact, Tone

_SHOWN = 12
"""How many positions a step before an act names; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A role in the list of roles."""

    code: str
    title: str
    rights: int
    grants: int
    is_own: bool


def role_rows(held: Sequence[RoleHeld]) -> list[RoleRow]:
    """Return roles as lines."""
    return [
        RoleRow(
            code=one.role.code,
            title=text(one.role.title),
            rights=len(one.role.permissions),
            grants=one.grants,
            is_own=not one.role.is_template,
        )
        for one in held
    ]


def rights_facts(names: Iterable[str]) -> list[Fact]:
    """Return rights as lines, by what people read; one whose system is gone keeps its name."""
    titles = finding.titles()
    found = [(titles.get(name, name), name) for name in names]
    return [Fact(label=title, value=name) for title, name in sorted(found)]


def right_options() -> list[tuple[str, str]]:
    """Return every right as a choice, system by system."""
    systems = {one.code: str(one.title) for one in manifest.manifests()}
    shared = _("Nền chung")
    found = [
        (systems.get(name.split(".")[0], shared), title, name)
        for name, title in finding.titles().items()
    ]
    return [(name, f"{title} · {system}") for system, title, name in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLine:
    """A grant with everything that is known of it. is_open: it can still be taken back or ended."""

    id: UUID
    role: str
    role_href: str
    position: str
    unit: str
    unit_href: str
    reach: str
    days: str
    label: str
    tone: Tone
    given: str
    taken: str
    is_open: bool


def grant_lines(rows: Sequence[access.Grant], on: dt.date, *, role: str = "") -> list[GrantLine]:
    """Return grants as lines, with the names of who gave and took them. Two statements.

    role: what the role is called where all have the same.
    """
    people = identity.display_names(
        {one for row in rows for one in (row.made_by, row.revoked_by) if one}
    )
    units = organisations.unit_names(
        {one for row in rows for one in (row.position.unit_id, *row.units)},
        on,
        get_language() or "vi",
    )
    return [_grant_line(row, on, people, units, role) for row in rows]


def _grant_line(
    row: access.Grant,
    on: dt.date,
    people: dict[UUID, str],
    units: dict[UUID, str],
    role: str,
) -> GrantLine:
    label, tone = _state(row, on)
    return GrantLine(
        id=row.id,
        role=role or text(row.role.title),
        role_href="" if role else reverse("administration:role", args=[row.role.code]),
        position=text(row.position.title),
        unit=units.get(row.position.unit_id, ""),
        unit_href=reverse("administration:unit-grants", args=[row.position.unit.code]),
        reach=reach(row.scope, [units.get(one, "") for one in row.units], row.groups),
        days=days(row.valid_from, row.valid_to),
        label=label,
        tone=tone,
        given=_by(people, row.made_by, row.made_at, row.reason),
        taken=_by(people, row.revoked_by, row.revoked_at, row.revoked_reason),
        is_open=row.revoked_at is None and (row.valid_to is None or row.valid_to >= on),
    )


def _state(row: access.Grant, on: dt.date) -> tuple[str, Tone]:
    if row.revoked_at is not None:
        return _("Đã thu hồi"), "plain"
    if row.valid_to is not None and row.valid_to < on:
        return _("Đã hết hạn"), "plain"
    return (_("Sắp có"), "calm") if row.valid_from > on else (_("Đang có"), "done")


def _by(people: dict[UUID, str], who: UUID | None, at: dt.datetime | None, reason: str) -> str:
    if at is None:
        return ""
    name = people.get(who, "") if who else _("Hệ thống")
    said = _("%(name)s, %(at)s") % {"name": name, "at": wording.moment(at)}
    return f"{said}. {reason}" if reason else said


def reach(scope: str, units: Sequence[str], groups: Iterable[str] | None) -> str:
    """Return in which units a grant holds, and for which groups of procedures, in words."""
    said = ", ".join(units) if units else str(access.Scope(scope).label)
    if groups is None:
        return said
    return _("%(units)s; nhóm thủ tục: %(groups)s") % {"units": said, "groups": ", ".join(groups)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why somebody may do something: by which role of which position, where, since when."""

    role: str
    role_href: str
    position: str
    unit: str
    unit_href: str
    instead_of: str
    reach: str
    days: str
    given: str
    rights: Sequence[Fact]
    people: Sequence[tuple[str, str]] = ()


def reason_rows(reasons: Sequence[Reason], on: dt.date) -> list[ReasonRow]:
    """Return the reasons of one position's rights as lines. One statement."""
    givers = _givers(reasons)
    return [_reason_row(one, on, (), givers) for one in reasons]


def holding_rows(holdings: Sequence[Holding], on: dt.date) -> list[ReasonRow]:
    """Return who may do something as lines, each with the people. One statement."""
    givers = _givers([one.reason for one in holdings])
    return [_reason_row(one.reason, on, one.accounts, givers) for one in holdings]


def _givers(reasons: Iterable[Reason]) -> Mapping[UUID, str]:
    return identity.display_names({one.ground.made_by for one in reasons if one.ground.made_by})


def _reason_row(
    reason: Reason,
    on: dt.date,
    accounts: Sequence[identity.Account],
    givers: Mapping[UUID, str],
) -> ReasonRow:
    ground, language = reason.ground, get_language() or "vi"
    unit = reason.position.unit
    names = organisations.unit_names({unit.id, reason.for_position.unit_id}, on, language)
    listed = ground.units if ground.scope == access.Scope.LIST else ()
    reached = organisations.unit_names(listed, on, language)
    absent = f"{text(reason.for_position.title)} · {names[reason.for_position.unit_id]}"
    giver = givers.get(ground.made_by, "") if ground.made_by else _("Hệ thống")
    return ReasonRow(
        role=text(reason.role.title),
        role_href=reverse("administration:role", args=[reason.role.code]),
        position=text(reason.position.title),
        unit=names[unit.id],
        unit_href=reverse("administration:unit-grants", args=[unit.code]),
        instead_of=absent if ground.is_standing_in else "",
        reach=reach(ground.scope, sorted(reached.values()), ground.groups),
        days=days(ground.valid_from, ground.valid_to),
        given=giver,
        rights=rights_facts(ground.permissions),
        people=[
            (called(one), reverse("administration:account", args=[one.pk])) for one in accounts
        ],
    )


def giving_facts(role: str, wanted: KindGrant, done: KindDone, on: dt.date) -> list[Fact]:
    """Return what giving a role to positions of a kind does."""
    return [
        Fact(label=_("Vai trò"), value=role),
        Fact(label=_("Phạm vi đơn vị"), value=str(access.Scope(wanted.scope).label)),
        Fact(label=_("Thời gian"), value=days(wanted.valid_from, wanted.valid_to)),
        *_touched(_("Được giao thêm"), done, on),
        Fact(
            label=_("Giữ nguyên"),
            value=_("%(n)d vị trí đã có vai trò này hoặc là vị trí của bạn")
            % {"n": len(done.left)},
        ),
    ]


def ending_facts(role: str, done: KindDone, on: dt.date) -> list[Fact]:
    """Return what taking a role back from positions of a kind does."""
    return [
        Fact(label=_("Vai trò"), value=role),
        *_touched(_("Bị thu hồi ngay"), done, on),
        Fact(
            label=_("Giữ nguyên"),
            value=_("%(n)d vị trí không có vai trò này hoặc là vị trí của bạn")
            % {"n": len(done.left)},
        ),
    ]


def _touched(label: str, done: KindDone, on: dt.date) -> list[Fact]:
    names = organisations.unit_names(
        {one.unit_id for one in done.touched[:_SHOWN]}, on, get_language() or "vi", short=True
    )
    shown = [f"{text(one.title)} · {names[one.unit_id]}" for one in done.touched[:_SHOWN]]
    more = len(done.touched) - len(shown)
    if more:
        shown.append(_("và %(n)d vị trí nữa") % {"n": more})
    return [
        Fact(label=_("Số vị trí"), value=str(len(done.touched))),
        Fact(label=label, value="\n".join(shown) or _("Không có")),
    ]
