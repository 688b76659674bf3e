"""What registries have in common that keep at most one record about a person, told as JSON.

No public document describes their operations; the names of their fields are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask_for(
    partner: Partner, asked: Asked, field: str, facts: Callable[[Any], dict[str, Any]]
) -> Told:
    """Return what the record under a field of the answer says, nothing where there is none.

    facts: reads the record; what it stumbles over is malformed. Raises LookupFailed.
    """
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        record = answer[field]
        if record is None:
            return Told()
        return Told(about=str(answer["soDinhDanh"]), facts=facts(record))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None
