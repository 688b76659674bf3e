"""The list of all codes: every procedure a source is held for, found by search, not filed here."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from django.db import transaction

from sen.base.actor import Actor
from sen.base.vietnamese import fold
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import AuthorityLevel, SettledIn
from sen.systems.public_services.models import Procedure
from sen.systems.public_services.services.catalogue import KIND

_LEVELS = {
    "c": AuthorityLevel.COMMUNE,
    "p": AuthorityLevel.PROVINCE,
    "t": AuthorityLevel.CENTRAL,
    "k": AuthorityLevel.OTHER,
}
"""The letters of the list, lowest level first."""

_BATCH = 1000


class Listed(NamedTuple):
    """One line of the list. source: which authority's list it was read in."""

    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    source: str
    is_non_boundary: bool


def read_list() -> Iterator[Listed]:
    """Yield the lines of the list that comes with the program, by code."""
    path = resources.files("sen.systems.public_services") / "seed" / "index" / "procedures.tsv.gz"
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        if line.startswith("#"):
            continue
        code, name, field, letters, source, non_boundary = line.split("\t")
        levels = tuple(_LEVELS[letter].value for letter in _LEVELS if letter in letters)
        yield Listed(code, name, field, levels, source, non_boundary == "x")


@transaction.atomic
def load_list(*, actor: Actor, at: dt.datetime) -> int:
    """List every procedure of the list that is not listed yet; return how many were added.

    What is filed or described here keeps its name and field and gets its place in the list.
    A few statements, whatever the number. The right is checked by whoever offers this.
    """
    there = set(Procedure.objects.exclude(listing={}).values_list("code", flat=True))
    rows = [_row(one) for one in read_list() if one.code not in there]
    if not rows:
        return 0
    Procedure.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["listing"],
    )
    legal.bump("values")
    audit.record(
        actor,
        f"{KIND}.list",
        subject=audit.Subject(kind=KIND, id=rows[0].id, code=rows[0].code),
        at=at,
        fields={"count": len(rows)},
    )
    return len(rows)


def _row(one: Listed) -> Procedure:
    return Procedure(
        code=one.code,
        name={"vi": one.name},
        field_code="_".join(fold(one.field).replace("-", " ").replace(",", " ").split()),
        field_name={"vi": one.field or "Chưa rõ lĩnh vực"},
        level=one.levels[0] if one.levels else "",
        listing={
            "levels": list(one.levels),
            "list": one.source,
            "is_non_boundary": one.is_non_boundary,
        },
        settled_in=SettledIn.UNKNOWN,
    )
