"""The register of poor and near-poor households: how a person's household is classed.

No public document describes the operation; the names of its fields are ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told

KINDS = {"0": "none", "1": "poor", "2": "near_poor"}


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the class of a person's household on the list in force. Raises LookupFailed."""
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        household = answer["hoGiaDinh"]
        if household is None:
            return Told()
        return Told(about=str(answer["soDinhDanh"]), facts=_facts(household))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(household: dict[str, Any]) -> dict[str, Any]:
    return {"household.kind": KINDS[household["phanLoai"]]}
