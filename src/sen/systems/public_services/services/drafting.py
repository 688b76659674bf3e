"""Drafts on their way: the registries are asked once it is known about whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, drafts, people
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.filing import checking


def begin_draft(*, actor: Actor, case: Case, at: dt.datetime) -> forms.Draft:
    """Return a new draft of a case with what the registries told for it.

    Waits for them as long as they may take, so not inside a transaction. Whom an official helps is
    not named yet: `save_page` has it asked then. Raises SignInNeeded, AtCounterOnly, TooManyDrafts.
    """
    checking.check_way(actor, case)
    held = forms.start_draft(actor, start=drafts.start_of(case), at=at)
    if actor.is_official:
        return held
    return forms.gather(actor, held, at=at, also=paper_sources(case))


class Saved(NamedTuple):
    """What saving a page did. asked: what registries told now, by their keys."""

    version: int
    errors: Mapping[str, list[str]]
    next: str | None
    asked: Mapping[str, forms.Finding]


def save_page(
    *,
    actor: Actor,
    held: forms.Draft,
    page: str,
    raw: Mapping[str, Any],
    version: int,
    at: dt.datetime,
) -> Saved:
    """Save a page of a draft; where an official names whom they help, the registries are asked.

    Once about one person; about another named later anew, and what was told about the former is
    forgotten. Waits for the registries as `begin_draft` does. Raises as `forms.save_page`.
    """
    saved = forms.save_page(
        actor,
        draft=held.id,
        page=page,
        raw=raw,
        version=version,
        at=at,
        prefill=drafts.known(actor, held, page, at=at),
    )
    asked: Mapping[str, forms.Finding] = {}
    version = saved.version
    if actor.is_official and drafts.names_whom(held, page):
        before = forms.draft(actor, held.id)
        after = _asked_about(actor, before, at)
        asked = {key: one for key, one in after.found.items() if before.found.get(key) != one}
        version = after.version
    return Saved(version, saved.errors, saved.next, asked)


def _asked_about(actor: Actor, held: forms.Draft, at: dt.datetime) -> forms.Draft:
    """Return a draft with what the registries tell about whom it names, of nobody while none."""
    about = people.helped(forms.form(held.form_version), held.answers)
    if about is None:
        return forms.gather(actor, held, at=at, only=())
    papers = paper_sources(drafts.case_of(held, at=at))
    return forms.gather(actor, held, at=at, also=papers, about=about)


def paper_sources(case: Case) -> set[str]:
    """Return the registries that make papers of a case unnecessary."""
    return {rules.registry(rule) for rule in catalogue.paper_rules(case)} - {""}
