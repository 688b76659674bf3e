"""What the data file of the invented year says: names, words, shares, seasons, answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The data file, as it stands; its shape is told in `seed/README.md`."""

    names: Mapping[str, Sequence[str]]
    posts: Mapping[str, str]
    enterprises: Sequence[str]
    streets: Sequence[str]
    months: Sequence[float]
    after_rest: Mapping[str, float]
    recent: Mapping[str, float]
    ways: Mapping[str, float]
    procedures: Mapping[str, Mapping[str, Any]]
    shown: Mapping[str, Mapping[str, int]]
    council: Mapping[str, Any]
    elsewhere: Mapping[str, Any]
    answers: Mapping[str, Any]
    words: Mapping[str, Any]


@cache
def told() -> Told:
    """Return what `seed/living.json` says."""
    path = resources.files("sen.systems.public_services") / "seed" / "living.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document.pop("source")
    return Told(**document)
