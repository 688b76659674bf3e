"""Guides through life events as pages draw them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.data import Guide
from sen.systems.public_services.models import LifeEvent, LifeEventVersion, Procedure
from sen.systems.public_services.queries import catalogue, life_events
from sen.systems.public_services.rules import life_events as rules
from sen.systems.public_services.tables.records import text
from sen.systems.public_services.tables.words import official
from sen.web import wording
from sen.web.data import Column, Link, Tone


def event_links(guides: Sequence[Guide]) -> list[Link]:
    """Return guides as links with their summaries."""
    return [
        Link(
            label=text(one.title),
            href=reverse("public_services:life-event", args=[one.slug]),
            hint=text(one.summary),
            icon="list-check",
        )
        for one in guides
    ]


def guide_page(guide: Guide) -> dict[str, Any]:
    """Return what the page of a life event says, step by step."""
    known = life_events.named(rules.codes({"steps": guide.steps}))
    filed = {one.code for one in catalogue.procedures()}
    return {
        "guide": guide,
        "title": text(guide.title),
        "summary": text(guide.summary),
        "steps": [_step(step, known, filed) for step in guide.steps],
        "others": event_links([one for one in life_events.life_events() if one != guide]),
        "day": wording.day(guide.published_at) if guide.published_at else "",
    }


def _step(
    step: Mapping[str, Any], known: Mapping[str, Procedure], filed: Collection[str]
) -> dict[str, Any]:
    return {
        "title": text(step["title"]),
        "text": text(step["text"]),
        "follows": text(step["follows"]) if step.get("follows") else "",
        "deadline": text(step["deadline"]) if step.get("deadline") else "",
        "source": step.get("source", ""),
        "is_checked": bool(step.get("is_checked")),
        "procedures": [
            {
                "code": code,
                "name": official(known[code].name),
                "href": reverse("public_services:procedure", args=[code]),
                "is_filed": code in filed,
            }
            for code in step["procedures"]
            if code in known
        ],
    }


# -- For whoever edits them


def editor_columns() -> list[Column]:
    """Return the columns of the editor's list."""
    return [
        Column(label=_("Sự kiện trong đời")),
        Column(label=_("Tình trạng")),
        Column(label=_("Thứ tự")),
        Column(label=_("Phiên bản hiệu lực")),
        Column(label=_("Dự thảo")),
    ]


def editor_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return life events as lines of the editor's list."""
    found = []
    for one in rows:
        event: LifeEvent = one["event"]
        version: LifeEventVersion = one["published"] or one["draft"]
        label, tone = _state(event, has_published=one["published"] is not None)
        found.append(
            {
                "title": text(version.content["title"]),
                "slug": event.slug,
                "href": reverse("public_services:edit-life-event", args=[event.slug]),
                "label": label,
                "tone": tone,
                "position": event.position,
                "in_force": one["published"].number if one["published"] else 0,
                "draft": one["draft"].number if one["draft"] else 0,
            }
        )
    return found


def _state(event: LifeEvent, *, has_published: bool) -> tuple[str, Tone]:
    if not has_published:
        return _("Chưa ban hành"), "calm"
    return (_("Đang hiện"), "done") if event.is_shown else (_("Đang ẩn"), "soon")


def editor_page(event: LifeEvent, versions: Sequence[LifeEventVersion]) -> dict[str, Any]:
    """Return what the editor's page of a life event says beside its forms."""
    published = [one for one in versions if one.status == ProcedureStatus.PUBLISHED]
    label, tone = _state(event, has_published=bool(published))
    return {
        "crumbs": [
            Link(label=_("Quản trị"), href="/quan-tri/"),
            Link(label=_("Sự kiện trong đời"), href=reverse("public_services:edit-life-events")),
        ],
        "event": event,
        "title": text(versions[0].content["title"]),
        "label": label,
        "tone": tone,
        "is_published": bool(published),
        "draft": next((one for one in versions if one.status == ProcedureStatus.DRAFT), None),
        "history": [
            {
                "number": one.number,
                "at": wording.moment(one.published_at) if one.published_at else "",
                "reason": one.reason,
            }
            for one in published
        ],
        "columns": [
            Column(label=_("Phiên bản")),
            Column(label=_("Ban hành lúc")),
            Column(label=_("Lý do")),
        ],
    }


def initial(content: Mapping[str, Any]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the content of a draft as its forms take it: the head, and each step."""
    head = {
        **_both("title", content),
        **_both("summary", content),
        "words": "\n".join(content.get("words", ())),
    }
    steps = [
        {
            **{key: value for name in rules.TEXTS for key, value in _both(name, step).items()},
            "procedures": ", ".join(step.get("procedures", ())),
            "source": step.get("source", ""),
            "is_checked": bool(step.get("is_checked")),
            "place": 10 * place,
        }
        for place, step in enumerate(content.get("steps", ()), 1)
    ]
    return head, steps


def _both(name: str, content: Mapping[str, Any]) -> dict[str, str]:
    said = content.get(name) or {}
    return {f"{name}_vi": said.get("vi", ""), f"{name}_en": said.get("en", "")}
