"""The register of poor and near-poor households: how a person's household is classed."""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import record
from sen.systems.registries.data import Asked, Partner, Told

KINDS = {"0": "none", "1": "poor", "2": "near_poor"}


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the class of a person's household on the list in force. Raises LookupFailed."""
    return record.ask_for(partner, asked, "hoGiaDinh", _facts)


def _facts(household: dict[str, Any]) -> dict[str, Any]:
    return {"household.kind": KINDS[household["phanLoai"]]}
