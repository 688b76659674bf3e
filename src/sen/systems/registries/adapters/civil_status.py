"""Electronic civil status: JSON in the wrapper seen on a provincial sharing platform.

`{"code", "response": {"error_code", "data": [...]}}`, each of `data` the records of marriage and
of births of one person. No public document confirms the operation; the names of its fields are
ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.adapters.ethnic_groups import CODES
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told

STATES = frozenset({"never_married", "married", "divorced", "widowed"})


def ask(partner: Partner, asked: Asked) -> Told:
    """Return what civil status tells of a person's marriage and child. Raises LookupFailed."""
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
        "module": ["KH", "KS"],
    }
    try:
        records = http.post_json(partner, body, asked)["response"]["data"]
        if not records:
            return Told()
        record = records[0]
        return Told(about=str(record["soDinhDanh"]), facts=_facts(record) | _child(record))
    except (KeyError, TypeError, AttributeError, IndexError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(record: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a record; the spouse's, and what the two share, while it holds."""
    state = record["tinhTrang"]
    if state not in STATES:
        raise LookupFailed(Failure.MALFORMED)
    facts: dict[str, Any] = {"marital.state": state}
    if state != "married":
        return facts | _known({"marital.ended_number": record.get("soChamDut")})
    spouse, own = record["voChong"], record["banThan"]
    facts |= {"marriage.is_married": True, "marriage.number": record["soDangKy"]}
    facts |= _known(
        {
            "spouse.full_name": spouse["hoVaTen"],
            "spouse.birth_date": spouse["ngaySinh"],
            "spouse.national_number": spouse["soDinhDanh"],
            "spouse.ethnicity": CODES.get(spouse["danToc"]),
            "spouse.nationality": _nationality(spouse["quocTich"]),
            "spouse.address": {"line": spouse["noiCuTru"], "code": spouse["maPhuongXa"]},
        }
    )
    if spouse["danToc"] == own["danToc"]:
        facts |= _known({"couple.ethnicity": CODES.get(own["danToc"])})
    if spouse["quocTich"] == own["quocTich"]:
        facts |= _known({"couple.nationality": _nationality(own["quocTich"])})
    return facts


def _child(record: dict[str, Any]) -> dict[str, Any]:
    """Return the one child of whose birth a person is recorded as a parent; of several none."""
    children = record.get("con") or []
    if len(children) != 1:
        return {}
    return {
        "child.full_name": children[0]["hoVaTen"],
        "child.birth_date": children[0]["ngaySinh"],
        "child.national_number": children[0]["soDinhDanh"],
    }


def _nationality(code: str) -> str | None:
    return "Việt Nam" if code == "VN" else None


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}
