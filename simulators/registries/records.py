"""What the stand-ins know, read from `records.json`; every person of it is invented."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STRANGER = "040090009999"
"""Whom an answer is about when it is asked to be about somebody else."""


@cache
def _all() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((HERE / "records.json").read_text(encoding="utf-8"))
    return told


def person(number: str) -> dict[str, Any] | None:
    """Return what is known of a person, None for somebody unknown."""
    found: dict[str, Any] | None = _all()["people"].get(number)
    return found


def number_of(old: str) -> str | None:
    """Return the number of whom an identity card of nine digits was given to."""
    people = _all()["people"].items()
    return next((one for one, known in people if old and known.get("old_number") == old), None)


def parents(number: str) -> tuple[str, str]:
    """Return a person's father and mother, empty where they are not known."""
    found = {"1": "", "2": ""}
    for one, known in _all()["people"].items():
        if number in known.get("children", ()):
            found[known["sex"]] = one
    return found["1"], found["2"]


def birth_notes(parent: str) -> list[dict[str, Any]]:
    """Return the birth notes on which a person is named as a parent."""
    return [note for note in _all()["birth_notes"] if parent in {note["me"], note["cha"]}]


def enterprises(number: str) -> list[dict[str, Any]]:
    """Return what a person represents."""
    return list(_all()["enterprises"].get(number, ()))


def plots(number: str) -> list[dict[str, Any]]:
    """Return the plots whose certificates a person holds."""
    return list(_all()["plots"].get(number, ()))


def kept(what: str, number: str) -> dict[str, Any] | None:
    """Return what is kept about a person as `pupils`, `households` or `accounts`, else None."""
    found: dict[str, Any] | None = _all()[what].get(number)
    return found
