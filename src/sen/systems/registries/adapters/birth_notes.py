"""Electronic birth notes that hospitals send: asked by the number of a parent named on them.

No public document describes the interface of the health sector; the names of the fields are ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told

SEXES = {"1": "male", "2": "female"}


def ask(partner: Partner, asked: Asked) -> Told:
    """Return what the one birth note not used yet says. Raises LookupFailed.

    Where there are several, such as of twins, nobody but the parent can say which is meant: that
    is told as none.
    """
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanhChaMe": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        notes = [note for note in answer["giayChungSinh"] if not note["daKhaiSinh"]]
        if len(notes) != 1:
            return Told()
        return Told(about=str(answer["soDinhDanhChaMe"]), facts=_facts(notes[0], asked))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(note: dict[str, Any], asked: Asked) -> dict[str, Any]:
    parents = {note["me"]: "mother", note.get("cha"): "father"}
    told = {
        "number": note["so"],
        "child_birth_date": note["ngaySinh"],
        "child_sex": SEXES.get(note["gioiTinh"]),
        "place_kind": "facility",
        "facility_name": note["coSo"]["ten"],
        "facility_area": {"code": note["coSo"]["maPhuongXa"]},
        "relation": parents.get(asked.national_number),
    }
    return {name: value for name, value in told.items() if value}
