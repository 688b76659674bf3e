"""Guides of life events, from a draft to what people read; every act in the audit trail.

Publishing counts the edition of values up, under which each process remembers what is shown.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import COMMAND, Actor
from sen.base.errors import Conflict, Invalid, NotFound, VersionConflict
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.models import LifeEvent, LifeEventVersion, Procedure
from sen.systems.public_services.rules import life_events as rules

KIND = "public_services.life_event"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@transaction.atomic
def begin_event(*, actor: Actor, slug: str, title: str, at: dt.datetime) -> LifeEventVersion:
    """Begin the guide of a new life event as a draft that people do not see yet.

    Raises NotAllowed, Invalid for an address that is no slug or a missing title, Conflict where
    the address is taken.
    """
    check_right(actor, at=at)
    faults = {}
    if not _SLUG.fullmatch(slug):
        faults["slug"] = [_("Chỉ gồm chữ thường không dấu, số và gạch nối, ví dụ sinh-con.")]
    if not nfc(title).strip():
        faults["title"] = [_("Vui lòng ghi tên sự kiện.")]
    if faults:
        raise Invalid(fields=faults)
    if LifeEvent.objects.filter(slug=slug).exists():
        raise Conflict(_("Đã có sự kiện ở địa chỉ này."))
    last = LifeEvent.objects.order_by("-position").values_list("position", flat=True).first() or 0
    event = LifeEvent.objects.create(slug=slug, position=last + 10)
    draft = LifeEventVersion.objects.create(
        event=event,
        number=1,
        content={"title": {"vi": nfc(title).strip()}, "summary": {}, "words": [], "steps": []},
    )
    _record(actor, "begin", event, at=at, fields={"number": 1})
    return draft


@transaction.atomic
def draft_guide(*, actor: Actor, slug: str, at: dt.datetime) -> LifeEventVersion:
    """Return the draft of a guide, begun from its latest version where there is none.

    Raises NotAllowed, NotFound.
    """
    check_right(actor, at=at)
    event = _locked(slug)
    held = event.versions.filter(status=ProcedureStatus.DRAFT).first()
    if held is not None:
        return held
    former = event.versions.order_by("-number").first()
    if former is None:
        raise NotFound(_("Sự kiện này chưa có hướng dẫn nào."))
    draft = LifeEventVersion.objects.create(
        event=event, number=former.number + 1, content=former.content
    )
    _record(actor, "draft", event, at=at, fields={"number": draft.number})
    return draft


@transaction.atomic
def save_guide(
    *, actor: Actor, slug: str, content: Mapping[str, Any], edits: int, at: dt.datetime
) -> LifeEventVersion:
    """Keep what an editor wrote in the draft, complete or not.

    edits: of the draft as it was opened. Raises NotAllowed, NotFound, VersionConflict where
    somebody saved it meanwhile.
    """
    check_right(actor, at=at)
    event, draft = _draft(slug)
    if draft.edits != edits:
        raise VersionConflict(who=_("Người khác"), what=_("lưu dự thảo này"), when=None)
    draft.content = json.loads(nfc(json.dumps(content, ensure_ascii=False)))
    draft.edits += 1
    draft.save(update_fields=["content", "edits"])
    _record(actor, "save", event, at=at, fields={"number": draft.number, "edits": draft.edits})
    return draft


@transaction.atomic
def publish_guide(*, actor: Actor, slug: str, reason: str, at: dt.datetime) -> LifeEventVersion:
    """Show the draft to people in place of the version before, which stays in the history.

    Raises NotAllowed, NotFound, Invalid without a reason or with what the guide lacks.
    """
    check_right(actor, at=at)
    event, draft = _draft(slug)
    if not nfc(reason).strip():
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})
    named = rules.codes(draft.content)
    known = set(Procedure.objects.filter(code__in=named).values_list("code", flat=True))
    faults = rules.faults(draft.content, known)
    if faults:
        raise Invalid(_("Hướng dẫn còn thiếu."), fields=faults)
    draft.status = ProcedureStatus.PUBLISHED
    draft.published_at = at
    draft.reason = nfc(reason).strip()
    draft.save(update_fields=["status", "published_at", "reason"])
    legal.bump("values")
    _record(actor, "publish", event, at=at, reason=reason, fields={"number": draft.number})
    return draft


@transaction.atomic
def discard_guide(*, actor: Actor, slug: str, at: dt.datetime) -> None:
    """Throw the draft away; an event that was never published goes with it.

    Raises NotAllowed, NotFound.
    """
    check_right(actor, at=at)
    event, draft = _draft(slug)
    _record(actor, "discard", event, at=at, fields={"number": draft.number})
    draft.delete()
    if not event.versions.exists():
        event.delete()


@transaction.atomic
def show_event(
    *, actor: Actor, slug: str, is_shown: bool, position: int, at: dt.datetime
) -> LifeEvent:
    """Say whether people see a guide, and at which place of the portal.

    Raises NotAllowed, NotFound, Invalid for a negative place.
    """
    check_right(actor, at=at)
    event = _locked(slug)
    if position < 0:
        raise Invalid(fields={"position": [_("Thứ tự không được âm.")]})
    event.is_shown, event.position = is_shown, position
    event.save(update_fields=["is_shown", "position"])
    legal.bump("values")
    fields = {"position": position}
    _record(actor, "show" if is_shown else "hide", event, at=at, fields=fields)
    return event


@transaction.atomic
def seed_guides(*, at: dt.datetime, slugs: Iterable[str] = ()) -> int:
    """Publish the guides of the seed that are not there yet; return how many.

    slugs: only these, all where none is named. Raises Invalid for one that does not hold.
    """
    wanted = set(slugs)
    there = set(LifeEvent.objects.values_list("slug", flat=True))
    documents = [
        (place, one)
        for place, one in enumerate(read_seed(), 1)
        if one["slug"] not in there and (not wanted or one["slug"] in wanted)
    ]
    named = [code for _place, one in documents for code in rules.codes(one)]
    known = set(Procedure.objects.filter(code__in=named).values_list("code", flat=True))
    for place, one in documents:
        content = {key: value for key, value in one.items() if key != "slug"}
        faults = rules.faults(content, known)
        if faults:
            raise Invalid(f"{one['slug']}: {faults}")
        event = LifeEvent.objects.create(slug=one["slug"], position=10 * place)
        LifeEventVersion.objects.create(
            event=event,
            number=1,
            status=ProcedureStatus.PUBLISHED,
            content=content,
            reason="Dữ liệu ban đầu",
            published_at=at,
        )
        _record(COMMAND, "publish", event, at=at, fields={"number": 1})
    if documents:
        legal.bump("values")
    return len(documents)


def read_seed() -> list[dict[str, Any]]:
    """Return the guides of the seed in the portal's order."""
    path = resources.files("sen.systems.public_services") / "seed" / "life_events.json"
    told: list[dict[str, Any]] = json.loads(nfc(path.read_text(encoding="utf-8")))
    return told


def check_right(actor: Actor, *, at: dt.datetime) -> None:
    """Let pass whoever edits the guides of the whole province. Raises NotAllowed."""
    right = permissions.LIFE_EVENTS.name
    access.check(actor, right)
    if actor.is_system:
        return
    for province in organisations.units(organisations.UnitKind.PROVINCE, on=clock.day(at)):
        access.check(actor, right, unit=province.id)


def _record(
    actor: Actor,
    act: str,
    event: LifeEvent,
    *,
    at: dt.datetime,
    reason: str = "",
    fields: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        actor,
        f"{KIND}.{act}",
        subject=audit.Subject(kind=KIND, id=event.id, code=event.slug),
        at=at,
        reason=nfc(reason).strip(),
        fields=dict(fields or {}),
    )


def _locked(slug: str) -> LifeEvent:
    found = LifeEvent.objects.select_for_update().filter(slug=slug).first()
    if found is None:
        raise NotFound(_("Không có sự kiện này."))
    return found


def _draft(slug: str) -> tuple[LifeEvent, LifeEventVersion]:
    event = _locked(slug)
    draft = event.versions.select_for_update().filter(status=ProcedureStatus.DRAFT).first()
    if draft is None:
        raise NotFound(_("Sự kiện này không có dự thảo."))
    return event, draft
