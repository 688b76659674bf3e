"""Beginning a draft: the note is made, then the registries are asked for it, once."""

from __future__ import annotations

import datetime as dt

from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, drafts
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.filing import checking


def begin_draft(*, actor: Actor, case: Case, at: dt.datetime) -> forms.Draft:
    """Return a new draft of a case with what the registries told for it.

    Waits for them as long as they may take, so not inside a transaction. Nothing is asked about
    whoever an official helps. Raises SignInNeeded, AtCounterOnly, TooManyDrafts.
    """
    checking.check_way(actor, case)
    held = forms.start_draft(actor, start=drafts.start_of(case), at=at)
    if actor.is_official:
        return held
    papers = {rules.registry(rule) for rule in catalogue.paper_rules(case)}
    return forms.gather(actor, held, at=at, also=papers - {""})
