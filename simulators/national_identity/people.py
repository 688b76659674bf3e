"""The invented people of the stand-in, read from `people.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """One invented person, as the identity provider would describe them."""

    key: str
    sub: str
    national_number: str
    full_name: str
    birth_date: str
    sex: str
    phone: str
    email: str
    note: str


@cache
def people() -> dict[str, Invented]:
    """Return everybody by key."""
    listed = json.loads((Path(__file__).parent / "people.json").read_text(encoding="utf-8"))
    return {one["key"]: Invented(**one) for one in listed}
