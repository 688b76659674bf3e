"""The draft of a result as it would be put before the leader, looked at before it is."""

from __future__ import annotations

import datetime as dt

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.papers import public as papers
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind
from sen.systems.public_services.queries import paperwork, records
from sen.systems.public_services.services import dossiers, findings, processing
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.processing import Proposal


def preview_result(*, actor: Actor, code: str, at: dt.datetime) -> bytes:
    """Return the result as a PDF with nobody's signature, from what was established so far.

    Nothing is kept. Raises NotFound, NotAllowed, VersionConflict where nothing is drawn up now,
    Invalid with each finding that is missing.
    """
    with access.acting(actor):
        held = records.dossier(actor, code)
        order = Ordered(code=code, version=None)
        dossiers.check_possible(actor, held, order, act="propose", permission=permissions.PROCESS)
        paper = paperwork.decision_order(
            held,
            kind=DecisionKind.RESULT,
            reason="",
            ground="",
            key=paperwork.result_key(held),
            signer=processing.signer_of(held, Proposal(), at),
            findings=findings.for_proposal(held, None),
            at=at,
        )
    on = clock.day(at)
    return papers.render(paper.template, paper.data, on=on, qr=paper.qr, fields=True).pdf
