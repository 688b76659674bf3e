"""The education database: the pupil whose parent or guardian a person is.

No public document describes the operation; the names of its fields are ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the one pupil of whom a person is a parent or guardian; of several none is told.

    All of a pupil or nothing, so that a form never speaks of two children. Raises LookupFailed.
    """
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanhChaMe": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        pupils = answer["hocSinh"]
        if len(pupils) != 1:
            return Told()
        return Told(about=str(answer["soDinhDanhChaMe"]), facts=_facts(pupils[0]))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(pupil: dict[str, Any]) -> dict[str, Any]:
    return {
        "pupil.full_name": pupil["hoVaTen"],
        "pupil.birth_date": pupil["ngaySinh"],
        "pupil.national_number": pupil["soDinhDanh"],
        "pupil.grade": str(pupil["khoiLop"]),
        "pupil.school": pupil["truong"],
    }
