"""Verbs on units: each can be tried first, which says what it would touch and changes nothing.

The right in each unit is asked by the verbs of `organisations`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid, NotFound
from sen.base.vietnamese import nfc
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import Move, Reach, Renaming, UnitDraft
from sen.systems.administration.queries import units


def add_unit(
    *, actor: Actor, draft: UnitDraft, at: dt.datetime, dry_run: bool = False
) -> organisations.Unit:
    """Add a unit under another from a day on and return it. dry_run: try it and take it back.

    Raises NotAllowed without the right in the parent, Invalid, Conflict.
    """
    try:
        kind, level = organisations.UnitKind(draft.kind), organisations.Level(draft.level)
    except ValueError as error:
        raise Invalid(_("Loại đơn vị hoặc cấp chưa đúng.")) from error
    _named(draft.name, draft.short_name)
    _free_statistics_code(draft)
    with transaction.atomic():
        made = organisations.add_unit(
            actor,
            unit=organisations.NewUnit(
                code=draft.code.strip(),
                kind=kind,
                level=level,
                name=_localised(draft.name, draft.name_en),
                short_name=_localised(draft.short_name, draft.short_name_en),
                is_code_official=draft.is_code_official,
                statistics_code=draft.statistics_code.strip(),
            ),
            parent=_parent(draft).id,
            valid_from=draft.valid_from,
            decision=nfc(draft.decision),
            at=at,
        )
        _only_tried(dry_run)
    return made


def rename_unit(
    *, actor: Actor, code: str, renaming: Renaming, at: dt.datetime, dry_run: bool = False
) -> Reach:
    """Give a unit another name from a day on; return what carries it. dry_run: only try it.

    Raises NotAllowed, NotFound, Invalid without a name or decision, Conflict.
    """
    held = _existing(code, at)
    _named(renaming.name, renaming.short_name)
    _decided(renaming.decision)
    with transaction.atomic():
        organisations.rename_unit(
            actor,
            unit=held.id,
            name=_localised(renaming.name, renaming.name_en),
            short_name=_localised(renaming.short_name, renaming.short_name_en),
            on=renaming.on,
            decision=nfc(renaming.decision),
            at=at,
        )
        _only_tried(dry_run)
    return units.reach(held.id, clock.day(at))


def move_unit(
    *,
    actor: Actor,
    code: str,
    parent: str,
    on: dt.date,
    decision: str,
    at: dt.datetime,
    dry_run: bool = False,
) -> Move:
    """Put a unit with everything below it under another; return what that does.

    dry_run: only try it. Raises NotAllowed without the right in both, NotFound, Invalid without
    a decision, Conflict.
    """
    held, above = _existing(code, at), _existing(parent, at)
    _decided(decision)
    today = clock.day(at)
    before = organisations.above(held.id, today, include_self=False)
    reach = units.reach(held.id, today)
    after = organisations.above(above.id, today)
    with transaction.atomic():
        organisations.move_unit(
            actor, unit=held.id, parent=above.id, on=on, decision=nfc(decision), at=at
        )
        _only_tried(dry_run)
    return Move(
        unit=held.id,
        former=before[0] if before else None,
        parent=above.id,
        reach=reach,
        gains=units.rights_from_above(set(after) - set(before), today),
        loses=units.rights_from_above(set(before) - set(after), today),
    )


def merge_units(
    *,
    actor: Actor,
    old: Sequence[str],
    new: str,
    on: dt.date,
    decision: str,
    at: dt.datetime,
    dry_run: bool = False,
) -> organisations.MergePlan:
    """Let units end in another from a day on; return what is done. dry_run: the plan alone.

    Raises NotAllowed without the right in every unit, NotFound, Invalid without a decision,
    Conflict where they cannot be merged.
    """
    _decided(decision)
    return organisations.merge_units(
        actor,
        old=[_existing(code, at).id for code in old],
        new=_existing(new, at).id,
        on=on,
        decision=nfc(decision),
        at=at,
        dry_run=dry_run,
    )


def add_position(
    *,
    actor: Actor,
    unit: str,
    code: str,
    title: str,
    title_en: str = "",
    is_head: bool = False,
    valid_from: dt.date,
    at: dt.datetime,
) -> organisations.Position:
    """Add a position to a unit from a day on. Raises NotAllowed, NotFound, Invalid, Conflict."""
    if not nfc(title):
        raise Invalid(fields={"title": [_("Vui lòng đặt tên vị trí.")]})
    return organisations.add_position(
        actor,
        unit=_existing(unit, at).id,
        code=code.strip(),
        title=_localised(title, title_en),
        is_head=is_head,
        valid_from=valid_from,
        at=at,
    )


def close_position(
    *, actor: Actor, unit: str, position: UUID, last_day: dt.date, reason: str, at: dt.datetime
) -> organisations.Position:
    """Let a position of a unit end after a day.

    Raises NotAllowed, NotFound, Invalid without a reason, Conflict where it has ended already.
    """
    _of_unit(unit, position, at)
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})
    return organisations.close_position(
        actor, position=position, last_day=last_day, reason=nfc(reason), at=at
    )


def appoint_stand_in(
    *,
    actor: Actor,
    unit: str,
    position: UUID,
    stand_in: UUID,
    first: dt.date,
    last: dt.date,
    decision: str,
    at: dt.datetime,
) -> organisations.StandIn:
    """Let whoever holds one position stand in for one of a unit on some days.

    Raises NotAllowed, NotFound, Invalid for days that are over or in the wrong order or without
    a decision, Conflict.
    """
    _of_unit(unit, position, at)
    _decided(decision)
    if last < clock.day(at):
        raise Invalid(fields={"last": [_("Ngày cuối đã qua.")]})
    return organisations.appoint_stand_in(
        actor,
        position=position,
        stand_in=stand_in,
        days=(first, last),
        decision=nfc(decision),
        at=at,
    )


def end_stand_in(*, actor: Actor, unit: str, stand_in: UUID, at: dt.datetime) -> None:
    """End a stand-in at once; one that has not begun is gone. Raises NotAllowed, NotFound."""
    held = units.stand_in(stand_in)
    if held is None or held.position.unit_id != _existing(unit, at).id:
        raise NotFound
    today = clock.day(at)
    last = today - dt.timedelta(days=1)
    organisations.end_stand_in(actor, stand_in=held, last_day=last, at=at)


def _existing(code: str, at: dt.datetime) -> organisations.Unit:
    return organisations.unit(code, clock.day(at))


def _parent(draft: UnitDraft) -> organisations.Unit:
    try:
        return organisations.unit(draft.parent.strip(), draft.valid_from)
    except NotFound as error:
        said = _("Không có đơn vị mang mã “%(code)s” vào ngày này.") % {"code": draft.parent}
        raise Invalid(fields={"parent": [said]}) from error


def _of_unit(code: str, position: UUID, at: dt.datetime) -> None:
    if organisations.position(position).unit_id != _existing(code, at).id:
        raise NotFound


def _named(name: str, short_name: str) -> None:
    asked = _("Vui lòng ghi tên.")
    faults = {
        key: [asked] for key, said in (("name", name), ("short_name", short_name)) if not nfc(said)
    }
    if faults:
        raise Invalid(fields=faults)


def _decided(decision: str) -> None:
    if not nfc(decision):
        raise Invalid(fields={"decision": [_("Vui lòng ghi số quyết định.")]})


def _free_statistics_code(draft: UnitDraft) -> None:
    code = draft.statistics_code.strip()
    taken = organisations.Unit.objects.filter(statistics_code=code, valid_to__isnull=True)
    if code and taken.exists():
        said = _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": code}
        raise Invalid(fields={"statistics_code": [said]})


def _localised(vi: str, en: str) -> dict[str, str]:
    texts = {"vi": nfc(vi), "en": nfc(en)}
    return {language: text for language, text in texts.items() if text}


def _only_tried(dry_run: bool) -> None:  # noqa: FBT001 - passed on from the verb
    """Take back what this block has written, where it was only tried."""
    if dry_run:
        transaction.set_rollback(True)
