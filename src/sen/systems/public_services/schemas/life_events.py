"""What the API gives of guides through life events."""

from __future__ import annotations

import datetime as dt

from ninja import Schema

from sen.systems.public_services.data import Guide


class LifeEventOut(Schema):
    """A life event as a list shows it; texts in each language there is."""

    slug: str
    title: dict[str, str]
    summary: dict[str, str]
    words: list[str]


class GuideStepOut(Schema):
    """One step: what to do, the codes of its procedures, what follows, the law's time."""

    title: dict[str, str]
    text: dict[str, str]
    procedures: list[str]
    follows: dict[str, str] | None
    deadline: dict[str, str] | None
    source: str
    is_checked: bool


class LifeEventDetailOut(LifeEventOut):
    """A life event with its steps in order."""

    number: int
    published_at: dt.datetime | None
    steps: list[GuideStepOut]


def life_event_out(one: Guide) -> LifeEventOut:
    """Return a life event as a list gives it."""
    return LifeEventOut(
        slug=one.slug,
        title=dict(one.title),
        summary=dict(one.summary),
        words=list(one.words),
    )


def guide_out(one: Guide) -> LifeEventDetailOut:
    """Return a life event with its steps."""
    return LifeEventDetailOut(
        **life_event_out(one).model_dump(),
        number=one.number,
        published_at=one.published_at,
        steps=[
            GuideStepOut(
                title=step["title"],
                text=step["text"],
                procedures=step["procedures"],
                follows=step.get("follows"),
                deadline=step.get("deadline"),
                source=step.get("source", ""),
                is_checked=step.get("is_checked", False),
            )
            for step in one.steps
        ],
    )
