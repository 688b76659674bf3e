"""Guides through life events: what people read, what search looks in, what editors see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.data import Guide
from sen.systems.public_services.models import LifeEvent, LifeEventVersion, Procedure


def life_events() -> Sequence[Guide]:
    """Return every guide that people see, in the portal's order, with the words it is found by.

    Remembered with the values; one statement an edition.
    """
    return legal.cached("values", ("public_services.life_events",), _shown)


def _shown() -> Sequence[Guide]:
    versions = (
        LifeEventVersion.objects.select_related("event")
        .filter(status=ProcedureStatus.PUBLISHED, event__is_shown=True)
        .order_by("event__position", "event__slug", "-number")
    )
    latest: dict[str, Guide] = {}
    for version in versions:
        latest.setdefault(version.event.slug, _guide(version))
    return tuple(latest.values())


def _guide(version: LifeEventVersion) -> Guide:
    content = version.content
    return Guide(
        slug=version.event.slug,
        number=version.number,
        title=content["title"],
        summary=content["summary"],
        words=tuple(content.get("words", ())),
        steps=tuple(content["steps"]),
        published_at=version.published_at,
    )


def guide(slug: str) -> Guide:
    """Return the guide of a life event that people see. Raises NotFound."""
    for one in life_events():
        if one.slug == slug:
            return one
    raise NotFound(_("Không có hướng dẫn nào ở địa chỉ này."))


def guides_of(code: str) -> list[Guide]:
    """Return the guides that lead to a procedure, in the portal's order."""
    return [one for one in life_events() if any(code in step["procedures"] for step in one.steps)]


def named(codes: Sequence[str]) -> Mapping[str, Procedure]:
    """Return the procedures of these codes; remembered with the values."""

    def load() -> Mapping[str, Procedure]:
        return {one.code: one for one in Procedure.objects.filter(code__in=codes)}

    return legal.cached("values", ("public_services.named", tuple(sorted(codes))), load)


# -- For whoever edits them


def every() -> list[dict[str, Any]]:
    """Return every life event with its published version and its draft; at most two statements."""
    found: dict[Any, dict[str, Any]] = {
        event.id: {"event": event, "published": None, "draft": None}
        for event in LifeEvent.objects.order_by("position", "slug")
    }
    for version in LifeEventVersion.objects.order_by("number"):
        is_draft = version.status == ProcedureStatus.DRAFT
        found[version.event_id]["draft" if is_draft else "published"] = version
    return list(found.values())


def event(slug: str) -> LifeEvent:
    """Return a life event, shown or not. Raises NotFound."""
    found = LifeEvent.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("Không có sự kiện này."))
    return found


def versions(held: LifeEvent) -> list[LifeEventVersion]:
    """Return every version of a guide, the latest first."""
    return list(held.versions.order_by("-number"))
