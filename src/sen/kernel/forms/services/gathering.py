"""Gathering: what other parties know for a draft is asked once, together, before its first page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

import structlog

from sen.base.actor import Actor
from sen.kernel.forms.choices import FindingOutcome
from sen.kernel.forms.data import Draft, Finding, Gather, PrefillContext
from sen.kernel.forms.queries.versions import form as form_of
from sen.kernel.forms.registry import prefill_sources, source_of
from sen.kernel.forms.services.drafts import keep_found
from sen.kernel.identity.public import Named

log = structlog.get_logger(__name__)


def gather(
    actor: Actor,
    held: Draft,
    *,
    at: dt.datetime,
    also: Collection[str] = (),
    only: Collection[str] | None = None,
    about: Named | None = None,
) -> Draft:
    """Return a draft with what its gathered sources told; each is asked once about one person.

    also: keys of sources that papers rest on, beside those the questions name; only: no others
    than these. about: whom the draft is about, where it is not its owner; what was told about
    anybody else is forgotten, with the answers that it filled in. It waits for other parties: not
    to be called inside a transaction. One that fails is kept as FAILED, and what it would have told
    is asked of the person. No statement where nothing is gathered.
    Raises as `save_page` if the draft was saved meanwhile.
    """
    key = about.key if about else ""
    kept = {name: one for name, one in held.found.items() if one.about == key}
    context = PrefillContext(
        subject=held.subject, case=held.case, at=at, answers=held.answers, draft=held.id,
        about=about,
    )  # fmt: skip
    found = dict(kept)
    for ask, keys in _wanted(held, kept, also, only).items():
        told = _asked(ask, actor, context, frozenset(keys))
        found |= {name: replace(one, about=key) for name, one in told.items()}
    if found == held.found:
        return held
    return keep_found(actor, draft=held.id, version=held.version, found=found, at=at)


def _wanted(
    held: Draft, kept: Collection[str], also: Collection[str], only: Collection[str] | None
) -> dict[Gather, set[str]]:
    """Return the gathered sources that the form of a draft names and that were not asked yet."""
    named = [
        source_of(source.key)
        for question in form_of(held.form_version).questions.values()
        for source in question.sources
    ]
    wanted: dict[Gather, set[str]] = {}
    for source in [*named, *(prefill_sources().get(key) for key in also)]:
        if source is None or source.gather is None or source.key in kept:
            continue
        if only is None or source.key in only:
            wanted.setdefault(source.gather, set()).add(source.key)
    return wanted


def _asked(
    ask: Gather, actor: Actor, context: PrefillContext, keys: frozenset[str]
) -> Mapping[str, Finding]:
    try:
        return ask(actor, context, keys)
    except Exception as error:  # noqa: BLE001 - whatever fails in a source must not stop the citizen
        log.warning("forms.gather_failed", sources=sorted(keys), failure=type(error).__name__)
        return {key: Finding(FindingOutcome.FAILED, context.at) for key in keys}
