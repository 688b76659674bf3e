"""What registries were asked for a dossier, and which papers were asked for because they failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sen.base.actor import Actor
from sen.systems.public_services.data import PaperRule
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import catalogue, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.registries import public as registries


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """One lookup made for a dossier. papers: those that were asked for because it failed."""

    line: registries.LookupLine
    papers: tuple[PaperRule, ...]


def lookups(*, actor: Actor, code: str, at: dt.datetime) -> tuple[Dossier, list[LookedUp]]:
    """Return a dossier with the lookups that were made for its draft; no value is among them.

    What the facts say stands in the dossier's answers, for whoever may read them. An official's
    reading is kept in the trail. Raises NotFound.
    """
    dossier = records.dossier(actor, code)
    if dossier.draft is None:
        return dossier, []
    lines = registries.of_draft(actor, draft=dossier.draft, record=dossier.id, at=at)
    known = catalogue.paper_rules(dossier.case)
    return dossier, [
        LookedUp(
            line=line,
            papers=tuple(
                rule for rule in known if line.is_failed and rules.registry(rule) == line.key
            ),
        )
        for line in lines
    ]
