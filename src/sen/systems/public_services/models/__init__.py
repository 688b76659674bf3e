"""The records of this system, by noun: what may be filed, what was filed, what came of it."""

from sen.systems.public_services.models.catalogue import Case, Procedure, ProcedureVersion
from sen.systems.public_services.models.dossiers import (
    Dossier,
    DossierPaper,
    FeeLine,
    Party,
)
from sen.systems.public_services.models.outcomes import (
    Closing,
    Decision,
    HandOver,
    IssuedForm,
    SupplementRequest,
)

__all__ = [
    "Case",
    "Closing",
    "Decision",
    "Dossier",
    "DossierPaper",
    "FeeLine",
    "HandOver",
    "IssuedForm",
    "Party",
    "Procedure",
    "ProcedureVersion",
    "SupplementRequest",
]
