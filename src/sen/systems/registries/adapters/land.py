"""The land database: the plot whose certificate a person holds."""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the one certificate a person holds; of several none is told. Raises LookupFailed."""
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        plots = answer["thuaDat"]
        if len(plots) != 1:
            return Told()
        return Told(about=str(answer["soDinhDanh"]), facts=_facts(plots[0]))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(plot: dict[str, Any]) -> dict[str, Any]:
    return {
        "certificate.number": plot["soPhatHanh"],
        "certificate.plot_number": plot["soThua"],
        "certificate.map_sheet": plot["toBanDo"],
        "certificate.address": {"line": plot["diaChi"], "code": plot["maPhuongXa"]},
        "certificate.area_m2": plot["dienTich"],
        "certificate.is_mortgaged": plot["theChap"],
        "certificate.holder": plot["nguoiSuDung"],
    }
