"""The insurance database: whether a person receives a monthly pension or benefit.

No public document describes the operation; the names of its fields are ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return whether a person is paid by social insurance every month. Raises LookupFailed."""
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        person = answer["nguoiThamGia"]
        if person is None:
            return Told()
        return Told(about=str(answer["soDinhDanh"]), facts=_facts(person))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(person: dict[str, Any]) -> dict[str, Any]:
    paid = person["huongHangThang"]
    if not isinstance(paid, bool):
        raise LookupFailed(Failure.MALFORMED)
    return {"pension.is_paid": paid}
