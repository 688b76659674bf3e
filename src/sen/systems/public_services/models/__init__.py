"""The records of this system, by noun: what may be filed, when, what was filed, what came of it."""

from sen.systems.public_services.models.agencies import (
    Apology,
    FinancialDuty,
    Passage,
    Stage,
    SyncMessage,
)
from sen.systems.public_services.models.catalogue import (
    Case,
    Procedure,
    ProcedureAlias,
    ProcedureVersion,
)
from sen.systems.public_services.models.dossiers import (
    Dossier,
    DossierPaper,
    FeeLine,
    Party,
)
from sen.systems.public_services.models.examining import Council, CouncilSeat, Findings
from sen.systems.public_services.models.life_events import LifeEvent, LifeEventVersion
from sen.systems.public_services.models.outcomes import (
    Closing,
    Decision,
    HandOver,
    IssuedForm,
    SupplementRequest,
)

__all__ = [
    "Apology",
    "Case",
    "Closing",
    "Council",
    "CouncilSeat",
    "Decision",
    "Dossier",
    "DossierPaper",
    "FeeLine",
    "FinancialDuty",
    "Findings",
    "HandOver",
    "IssuedForm",
    "LifeEvent",
    "LifeEventVersion",
    "Party",
    "Passage",
    "Procedure",
    "ProcedureAlias",
    "ProcedureVersion",
    "Stage",
    "SupplementRequest",
    "SyncMessage",
]
