"""The budgets of the acts, measured on births in `test_budgets`, hold for every other procedure.

A life went before, so that the process knows the procedure. A council's sittings come between the
acts of a disability certificate: `test_council` has its life.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.services import deciding, processing, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.test_budgets import STEPS, SUBMIT, counted
from sen.systems.public_services.tests.test_procedures_filed import (
    ADDED,
    SETTLED_HERE,
    case_of,
    filing_at_the_counter,
    found,
)

pytestmark = pytest.mark.django_db

MOST = {"submit": SUBMIT, **{step.__name__: most for step, most in STEPS.items()}}
AT_THE_COUNTER = {"issue": 1}
"""The person behind the number typed at the counter is looked for when the result is kept."""
STAGES = {"land_change": 2}
"""What each act of a procedure with stages of its own reads and moves beside the others."""


FIRMS = {"work_permit": 3}
"""What filing for an enterprise reads beside: who comes, for whom they act, the enterprise."""


def most(name: str, folder: str) -> int:
    firm = FIRMS.get(folder, 0) if name == "submit" else 0
    return MOST[name] + AT_THE_COUNTER.get(name, 0) + STAGES.get(folder, 0) + firm


def a_life(cast: Any, folder: str, case: Case) -> dict[str, int]:
    """File at the counter and go on until the result is issued; return statements by act."""
    told = filing_at_the_counter(cast, folder, case)
    spent: dict[str, int] = {}

    def act(name: str, do: Callable[[], Dossier]) -> Dossier:
        seen: list[int] = []
        with counted(seen):
            done = do()
        spent[name] = seen[0]
        f.settle()
        return done

    dossier = act(
        "submit",
        lambda: submission.submit_dossier(actor=cast.motcua, filing=told, at=f.MORNING),
    )
    order = lambda: f.order(dossier)  # noqa: E731 - asked anew before each act
    steps: dict[str, Callable[[Any], Dossier]] = {
        "receive": lambda now: reception.receive_dossier(
            actor=cast.motcua, order=now, at=f.later(10)
        ),
        "assign": lambda now: processing.assign_dossier(
            actor=cast.chanhvanphong, order=now, to=cast.hotich.account, at=f.later(20)
        ),
        "propose": lambda now: processing.propose_result(
            actor=cast.hotich,
            order=now,
            proposal=processing.Proposal(findings=found(case)),
            at=f.later(40),
        ),
        "check": lambda now: processing.check_proposal(
            actor=cast.chanhvanphong, order=now, is_agreed=True, at=f.later(50)
        ),
        "sign": lambda now: deciding.sign_result(actor=cast.chutich, order=now, at=f.later(60)),
        "issue": lambda now: deciding.issue_result(actor=cast.vanthu, order=now, at=f.later(70)),
    }
    for name, step in steps.items():
        now = order()
        act(name, lambda: step(now))  # noqa: B023 - called at once
    return spent


@pytest.mark.parametrize(
    "folder", [name for name in ADDED if name in SETTLED_HERE and name != "disability"]
)
def test_no_act_on_any_procedure_is_dearer_than_its_budget(folder, province):
    case = case_of(folder)
    catalogue.current_case(case.version.procedure.code, case.code, on=f.ON)
    a_life(province, folder, case)
    spent = a_life(province, folder, case)
    over = {
        name: (count, most(name, folder))
        for name, count in spent.items()
        if count > most(name, folder)
    }
    assert over == {}, spent
