"""Units, positions and lists as pages draw them: trails, rows, what a change touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.adapters.sheets import Line
from sen.systems.administration.data import Move, Reach, Renaming, SheetColumn, UnitDraft
from sen.systems.administration.queries import units
from sen.systems.administration.tables.records import called, text
from sen.web import paging, wording
from sen.web.data import Column, Fact, FilterGroup, Link, Option, Tone


def _name(unit: UUID, on: dt.date, *, short: bool = False) -> str:
    return organisations.unit_name(unit, on, get_language() or "vi", short=short)


def _names(ids: Collection[UUID], on: dt.date) -> dict[UUID, str]:
    return organisations.unit_names(ids, on, get_language() or "vi")


def _day(on: dt.date) -> str:
    return wording.day(on)


def days(first: dt.date, last: dt.date | None) -> str:
    """Return the days from the first to the last, in words."""
    if last is None:
        return _("từ %(first)s") % {"first": _day(first)}
    return _("%(first)s – %(last)s") % {"first": _day(first), "last": _day(last)}


# -- Ways back


def trail_to(part: str, account: identity.Account | None = None) -> list[Link]:
    """Return the way back from a page below a part of the administration."""
    label = {
        "accounts": _("Tài khoản"),
        "lists": _("Nạp danh sách"),
        "roles": _("Vai trò, quyền"),
    }[part]
    links = [
        Link(label=_("Quản trị"), href=reverse("administration:overview")),
        Link(label=label, href=reverse(f"administration:{part}")),
    ]
    if account is not None:
        href = reverse("administration:account", args=[account.pk])
        links.append(Link(label=called(account), href=href))
    return links


def unit_trail(unit: organisations.Unit, on: dt.date, *, with_self: bool = False) -> list[Link]:
    """Return the way back from a unit's page through the units above it."""
    links = [
        Link(label=_("Quản trị"), href=reverse("administration:overview")),
        Link(label=_("Đơn vị"), href=reverse("administration:units")),
    ]
    above = [(one, name) for one, name in units.path(unit.id, on)]
    if with_self:
        above.append((unit, _name(unit.id, on, short=True)))
    return links + [
        Link(label=name, href=reverse("administration:unit", args=[one.code]))
        for one, name in above
    ]


# -- Units


def kind_filters(request: HttpRequest, kind: str) -> list[FilterGroup]:
    """Return the kinds by which units can be narrowed, as links."""
    known = [("", _("Tất cả")), *[(one.value, str(one.label)) for one in organisations.UnitKind]]
    links = [
        Link(
            label=label,
            href=paging.href(request, {"loai": value, "sau": ""}),
            is_current=value == kind,
        )
        for value, label in known
    ]
    return [FilterGroup(label=_("Loại đơn vị"), links=tuple(links))]


def found_rows(rows: Sequence[organisations.Unit], on: dt.date) -> list[dict[str, Any]]:
    """Return units as lines of a list."""
    names = _names([one.id for one in rows], on)
    return [
        {
            "code": one.code,
            "name": names[one.id],
            "kind": organisations.UnitKind(one.kind).label,
            "level": organisations.Level(one.level).label,
        }
        for one in rows
    ]


def tree_page(
    tree: Sequence[tuple[int, organisations.Unit]], *, after: str, limit: int
) -> tuple[list[tuple[int, organisations.Unit]], str]:
    """Return the part of the tree that a page shows, and the last code where more follows.

    A tree longer than a page is shown down to the units directly below the root; what lies below
    those stands on their own pages. after: the last code of the page before.
    """
    shown = list(tree)
    if len(shown) > limit:
        shown = [(depth, unit) for depth, unit in tree if depth <= 1]
    codes = [unit.code for _depth, unit in shown]
    first = codes.index(after) + 1 if after in codes else 0
    page = shown[first : first + limit]
    return page, page[-1][1].code if first + limit < len(shown) else ""


def unit_page(unit: organisations.Unit, on: dt.date) -> dict[str, Any]:
    """Return what a unit's page says of the unit itself."""
    reach = units.reach(unit.id, on)
    code = unit.code if unit.is_code_official else _("%(code)s (tạm đặt)") % {"code": unit.code}
    facts = [
        Fact(label=_("Mã định danh"), value=code),
        Fact(label=_("Loại đơn vị"), value=str(organisations.UnitKind(unit.kind).label)),
        Fact(label=_("Cấp"), value=str(organisations.Level(unit.level).label)),
        Fact(label=_("Thời gian"), value=days(unit.valid_from, unit.valid_to)),
        Fact(label=_("Cả cây đơn vị"), value=_reach_text(reach)),
    ]
    if unit.statistics_code:
        facts.append(Fact(label=_("Mã đơn vị hành chính"), value=unit.statistics_code))
    return {
        "crumbs": unit_trail(unit, on),
        "unit": unit,
        "name": _name(unit.id, on),
        "facts": facts,
        "children": found_rows(units.children(unit.id, on), on),
        "coming": _coming(unit, on),
        "names": [
            (text(one.name), days(one.valid_from, one.valid_to), one.decision)
            for one in units.names(unit.id)
        ],
    }


def _coming(unit: organisations.Unit, on: dt.date) -> list[tuple[str, str, str]]:
    rows = units.coming(unit.id, on)
    return [
        (_name(one.unit_id, one.valid_from), one.unit.code, _day(one.valid_from)) for one in rows
    ]


def _reach_text(reach: Reach) -> str:
    said = {"units": reach.units, "positions": reach.positions, "officials": reach.officials}
    return _("%(units)d đơn vị, %(positions)d vị trí, %(officials)d cán bộ") % said


def unit_options(rows: Sequence[organisations.Unit], on: dt.date) -> list[tuple[str, str]]:
    """Return units as choices, by code."""
    names = _names([one.id for one in rows], on)
    return [(one.code, f"{names[one.id]} ({one.code})") for one in rows]


def stand_in_rows(rows: Sequence[organisations.StandIn], on: dt.date) -> list[dict[str, Any]]:
    """Return stand-ins as lines of a unit's page."""
    names = _names({one.stand_in.unit_id for one in rows}, on)
    return [
        {
            "id": one.id,
            "dialog": f"confirm-{one.id}",
            "absent": text(one.position.title),
            "other": f"{text(one.stand_in.title)} · {names[one.stand_in.unit_id]}",
            "days": days(one.valid_from, one.valid_to),
            "decision": one.decision,
        }
        for one in rows
    ]


# -- What a change touches


def adding_facts(draft: UnitDraft, parent: organisations.Unit, on: dt.date) -> list[Fact]:
    """Return what adding a unit does."""
    return [
        Fact(label=_("Đơn vị mới"), value=f"{draft.name} ({draft.code})"),
        Fact(label=_("Loại đơn vị"), value=str(organisations.UnitKind(draft.kind).label)),
        Fact(label=_("Trực thuộc"), value=_name(parent.id, on)),
        Fact(label=_("Từ ngày"), value=_day(draft.valid_from)),
        Fact(
            label=_("Ai thấy đơn vị này"),
            value=_("Người có quyền trên cả cây của đơn vị cấp trên: %(n)d vị trí")
            % {"n": units.rights_from_above(organisations.above(parent.id, on), on)},
        ),
    ]


def present_names(unit: organisations.Unit) -> dict[str, str]:
    """Return what a unit is called now, for the form that changes it."""
    held = next((one for one in units.names(unit.id) if one.valid_to is None), None)
    if held is None:
        return {}
    return {
        "name": held.name["vi"],
        "short_name": held.short_name["vi"],
        "name_en": held.name.get("en", ""),
        "short_name_en": held.short_name.get("en", ""),
    }


def renaming_facts(renaming: Renaming, before: str, reach: Reach) -> list[Fact]:
    """Return what a new name does."""
    return [
        Fact(label=_("Tên hiện nay"), value=before),
        Fact(label=_("Tên mới"), value=renaming.name),
        Fact(label=_("Từ ngày"), value=_day(renaming.on)),
        Fact(label=_("Mang tên mới"), value=_reach_text(reach)),
        Fact(
            label=_("Không đổi"),
            value=_("Mã định danh, vị trí, quyền, hồ sơ; giấy tờ đã ban hành trước ngày đó"),
        ),
    ]


def moving_facts(moved: Move, on: dt.date, today: dt.date) -> list[Fact]:
    """Return what a move does."""
    former = _name(moved.former, today) if moved.former else ""
    return [
        Fact(label=_("Đang trực thuộc"), value=former),
        Fact(label=_("Chuyển về"), value=_name(moved.parent, today)),
        Fact(label=_("Từ ngày"), value=_day(on)),
        Fact(label=_("Đi cùng"), value=_reach_text(moved.reach)),
        Fact(
            label=_("Quyền từ cấp trên"),
            value=_("%(loses)d vị trí không còn quyền trên đơn vị này, %(gains)d vị trí có thêm")
            % {"loses": moved.loses, "gains": moved.gains},
        ),
    ]


def merging_facts(plan: organisations.MergePlan, today: dt.date) -> list[Fact]:
    """Return what a merger does, part by part."""
    ids = {one for pair in (*plan.closed, *plan.moved) for one in pair}
    names = _names(ids, today)
    places = _position_names({old for old, _new in plan.positions})
    kept = [places[old] for old, new in plan.positions if new is not None]
    lost = [places[old] for old, new in plan.positions if new is None]
    none = _("Không có")
    return [
        Fact(
            label=_("Kết thúc, do đơn vị khác kế thừa"),
            value="\n".join(f"{names[old]} → {names[new]}" for old, new in plan.closed),
        ),
        Fact(
            label=_("Chuyển nguyên trạng"),
            value="\n".join(f"{names[unit]} → {names[parent]}" for unit, parent in plan.moved)
            or none,
        ),
        Fact(label=_("Vị trí có vị trí tương ứng"), value="\n".join(kept) or none),
        Fact(
            label=_("Vị trí kết thúc, không có vị trí tương ứng"),
            value="\n".join(lost) or none,
            note=_("Cán bộ giữ các vị trí này cần được giao vị trí khác.") if lost else "",
        ),
        *[Fact(label=str(one.title), value=str(one.count)) for one in plan.open_work],
        Fact(label=_("Từ ngày"), value=_day(plan.on)),
    ]


def _position_names(ids: Collection[UUID]) -> dict[UUID, str]:
    rows = organisations.Position.objects.select_related("unit").filter(id__in=ids)
    return {one.id: f"{text(one.title)} ({one.unit.code})" for one in rows}


def typed(sent: QueryDict) -> list[tuple[str, str]]:
    """Return what was typed, to go with the confirmation unseen."""
    return [
        (name, value)
        for name, values in sent.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "confirmed", "change"}
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """A question with several answers, as the component for it takes it."""

    name: str
    label: str
    options: Sequence[Option]
    values: Sequence[str]
    error: str


def checks(form: forms.Form) -> dict[str, Checks]:
    """Return the questions of a form that take several answers, by name."""
    return {
        bound.html_name: Checks(
            name=bound.html_name,
            label=str(bound.label),
            options=[
                Option(value=str(key), label=str(said))
                for key, said in getattr(bound.field, "choices", ())
            ],
            values=[str(one) for one in bound.value() or ()],
            error=" ".join(str(one) for one in bound.errors),
        )
        for bound in form
        if isinstance(bound.field, forms.MultipleChoiceField)
    }


# -- Positions held


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A position that an account holds, held or will hold. is_open: it can still be changed."""

    id: UUID
    title: str
    unit: str
    unit_href: str
    days: str
    label: str
    tone: Tone
    is_open: bool
    is_held: bool
    is_default: bool


def post_rows(rows: Sequence[identity.Employment], on: dt.date) -> list[PostRow]:
    """Return positions held as lines, those of today first, then what comes, then what is over."""
    names = _names({one.position.unit_id for one in rows}, on)
    found = [_post_row(one, names, on) for one in rows]
    return sorted(found, key=lambda one: (not one.is_held, not one.is_open))


def _post_row(row: identity.Employment, names: Mapping[UUID, str], on: dt.date) -> PostRow:
    is_over = row.valid_to is not None and row.valid_to < on
    is_held = row.valid_from <= on and not is_over
    label, tone = _("Đã thôi"), "plain"
    if is_held:
        label, tone = _("Đang giữ"), "done"
    elif not is_over:
        label, tone = _("Sắp giữ"), "calm"
    return PostRow(
        id=row.pk,
        title=text(row.position.title),
        unit=names.get(row.position.unit_id, row.position.unit.code),
        unit_href=reverse("administration:unit", args=[row.position.unit.code])
        if row.position.unit.is_active
        else "",
        days=days(row.valid_from, row.valid_to),
        label=label,
        tone="done" if tone == "done" else "calm" if tone == "calm" else "plain",
        is_open=not is_over,
        is_held=is_held,
        is_default=row.is_default and is_held,
    )


# -- Lists to be loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A row of a list: its number in the file, its cells with their faults, faults of no cell."""

    number: int
    cells: Sequence[tuple[str, str, str]]
    faults: Sequence[str]
    is_faulty: bool


def list_rows(
    columns: Sequence[SheetColumn],
    lines: Sequence[Line],
    faults: Mapping[int, Mapping[str, Sequence[str]]],
) -> list[ListRow]:
    """Return the rows of a list with what is wrong beside them, faulty ones first."""
    keys = {one.key for one in columns}
    rows = [
        ListRow(
            number=line.number,
            cells=[
                (str(one.title), line.said.get(one.key, ""), " ".join(found.get(one.key, ())))
                for one in columns
            ],
            faults=[
                said for key, all_said in found.items() if key not in keys for said in all_said
            ],
            is_faulty=bool(found),
        )
        for place, line in enumerate(lines)
        for found in (faults.get(place, {}),)
    ]
    return sorted(rows, key=lambda row: not row.is_faulty)


def sheet_columns(columns: Sequence[SheetColumn]) -> list[Column]:
    """Return the columns of a list as the table of its rows has them."""
    return [Column(label=_("Dòng")), *[Column(label=str(one.title)) for one in columns]]


def sheet_guide(columns: Sequence[SheetColumn]) -> list[Fact]:
    """Return how each column is filled in."""
    optional = _("không bắt buộc")
    return [
        Fact(
            label=str(one.title),
            value=str(one.hint),
            note="" if one.is_required else optional,
        )
        for one in columns
    ]
