"""The enterprise register: what a person represents, as a firm and as a household business."""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told

KINDS = {"DN": "enterprise", "HKD": "household"}


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the one firm and the one household business a person represents.

    Of several of a kind none is told. Raises LookupFailed.
    """
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "nguoiDaiDien": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        listed = answer["GetEntCert"]
        return Told(about=str(answer["nguoiDaiDien"]) if listed else "", facts=_facts(listed))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(listed: list[dict[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for code, kind in KINDS.items():
        ours = [one for one in listed if one["loai"] == code]
        if len(ours) == 1:
            facts |= {
                f"{kind}.code": ours[0]["msdn"],
                f"{kind}.name": ours[0]["ten"],
                f"{kind}.address": {"line": ours[0]["diaChi"], "code": ours[0]["maPhuongXa"]},
            }
    return facts
