"""A filing in one step: the registries are asked instead of the papers that it does not hand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.systems.public_services.data import Filing
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, drafts, firms, people
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.filing import checking
from sen.systems.registries import public as registries

NAMES = "population"
"""The registry that compares a name with its number: asked too where an official names somebody."""


def with_lookups(actor: Actor, filing: Filing, at: dt.datetime) -> Filing:
    """Return a filing with what registries tell in place of the papers that it lacks.

    Only what is filed without a draft, as programs do, and only the registries of required papers
    that are not handed in. They are asked for a draft that is made for it, which the dossier
    carries on; whoever calls throws it away where nothing comes of the filing. No statement where
    nothing is to be asked. It waits for other parties: not to be called inside a transaction.
    Raises as `checking.check_right`.
    """
    if filing.draft is not None:
        return filing
    case = catalogue.current_case(filing.procedure, filing.case, on=clock.day(at))
    if not _replaceable(case, filing):
        return filing
    checking.check_right(actor, filing, case)
    form = forms.form(case.form_version_id)
    answers, errors = forms.clean(form, filing.answers, prefill=filing.known)
    about = people.helped(form, answers) if actor.is_official else None
    wanted = _wanted(actor, filing, case, answers, at)
    if errors or not wanted or (actor.is_official and about is None):
        return filing
    start = replace(drafts.start_of(case), answers=answers)
    try:
        held = forms.start_draft(actor, start=start, at=at)
    except forms.TooManyDrafts:
        return filing
    only = wanted | {NAMES} if about else wanted
    held = forms.gather(actor, held, at=at, also=only, only=only, about=about)
    known = forms.prefill(
        actor, form, drafts.context_of(held, about, at=at), only_gathered=True,
        language=get_language() or "vi",
    )  # fmt: skip
    return replace(
        filing,
        draft=held.id,
        known={**known, **filing.known},
        looked_up={key: one.outcome for key, one in held.found.items()},
    )


def _wanted(
    actor: Actor, filing: Filing, case: Case, answers: Mapping[str, Any], at: dt.datetime
) -> set[str]:
    """Return the registries that could stand for a required paper that is missing."""
    asked = rules.papers_asked(
        catalogue.paper_rules(case),
        answers=answers,
        holds=forms.condition_holds,
        given=firms.standing(actor, case, filing.known, answers, clock.day(at)).given,
    )
    missing = rules.missing_papers(asked, filing.papers)
    return {rules.registry(rule) for rule in missing} & registries.connected()


def _replaceable(case: Case, filing: Filing) -> bool:
    """Tell whether a registry that can be asked stands for a paper that is not handed in."""
    given = {paper.code for paper in filing.papers}
    return any(
        rules.registry(rule) in registries.connected()
        for rule in catalogue.paper_rules(case)
        if rule.code not in given
    )
