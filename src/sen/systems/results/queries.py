"""The reads of the results store."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound
from sen.base.sealing import sealer
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.forms.public import PrefillContext
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.results.choices import ResultState
from sen.systems.results.data import KeptResult
from sen.systems.results.models import Result

KIND = "results.result"


def held_by(actor: Actor) -> QuerySet[Result]:
    """Return the results that the actor holds, for themselves or others, or whose unit issued."""
    return Result.objects.filter(access.participation_q(actor, KIND))


def kept_of(sources: Sequence[UUID]) -> dict[UUID, KeptResult]:
    """Return the kept result of each source that has one; for whoever acts as the system."""
    return {row.source: as_data(row) for row in Result.objects.filter(source__in=sources)}


def without_its_paper(limit: int) -> list[str]:
    """Return results whose paper is not the file they name, by digest."""
    return database.found(
        "SELECT r.number || ' ' || r.source_code FROM results_result r"
        " LEFT JOIN files_file f ON f.id = r.file_id WHERE f.sha256 IS DISTINCT FROM r.sha256",
        limit,
    )


def results(
    actor: Actor, *, types: Sequence[str] = (), after: UUID | None = None, limit: int = 20
) -> list[KeptResult]:
    """Return the actor's results, newest first; of some types only, if any are named."""
    with access.acting(actor):
        found = held_by(actor)
        if types:
            found = found.filter(result_type__in=types)
        if after is not None:
            found = found.filter(id__lt=after)
        return [as_data(row) for row in found.order_by("-id")[:limit]]


def of_persons(
    actor: Actor, *, persons: Sequence[UUID], on: dt.date, types: Sequence[str] = ()
) -> list[KeptResult]:
    """Return the results in force that some persons hold, newest first; for filing on their behalf.

    The caller has checked that the actor files for these persons: an official at the counter holds
    none of them. types: only these, if any are named.
    """
    with access.acting(SYSTEM):
        rows = Result.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            Exists(
                access.Participation.objects.filter(
                    kind=KIND, person__in=persons, until=None, record=OuterRef("pk")
                )
            ),
            state=ResultState.VALID,
        )
        if types:
            rows = rows.filter(result_type__in=types)
        found = [as_data(row) for row in rows.order_by("-id")[:50]]
        access.enter(actor)
    return found


def result(actor: Actor, key: str) -> KeptResult:
    """Return one of the actor's results. Raises NotFound."""
    with access.acting(actor):
        found = held_by(actor).filter(key=key).first()
    if found is None:
        raise NotFound(_("Không tìm thấy kết quả này."))
    return as_data(found)


def facts(actor: Actor, types: Sequence[str]) -> list[tuple[KeptResult, dict[str, str]]]:
    """Return the actor's valid results of some types with the facts on them, newest first."""
    with access.acting(actor):
        rows = list(
            held_by(actor)
            .filter(result_type__in=types, state=ResultState.VALID)
            .order_by("-id")[:20]
        )
    return [(as_data(row), _data(row)) for row in rows]


def prefill(actor: Actor, context: PrefillContext) -> Mapping[str, Any]:
    """Return what the actor's results say, for forms that ask `results.<kind>.<fact>`.

    <kind>: a short name of a kind of result, which the legal value `results.kinds` gives its
    national code. The newest result in force of each kind answers.
    """
    kinds: Mapping[str, str] = legal.value("results.kinds", clock.day(context.at))
    wanted = {name.partition(".")[0] for name in context.names} & kinds.keys()
    told: dict[str, Any] = {}
    for kept, said in reversed(facts(actor, [kinds[kind] for kind in sorted(wanted)])):
        for kind in wanted:
            if kinds[kind] == kept.result_type:
                told |= {f"{kind}.{name}": value for name, value in said.items()}
    return told


def as_data(row: Result) -> KeptResult:
    """Return a kept result as the value that crosses the door."""
    return KeptResult(
        key=row.key,
        result_type=row.result_type,
        title=row.title,
        number=row.number,
        issued_on=row.issued_on,
        unit=row.unit_id,
        state=row.state,
        file=row.file_id,
        valid_to=row.valid_to,
        source_code=row.source_code,
    )


def unit_name(row: Result) -> str:
    """Return the name that the issuing unit had on the day of issue."""
    return organisations.unit_name(row.unit_id, row.issued_on)


def _data(row: Result) -> dict[str, str]:
    sealed = sealer(settings.FIELD_KEY).open(bytes(row.data), "results_result", "data", str(row.id))
    facts: dict[str, str] = json.loads(sealed)
    return facts
