"""One dossier with everything that belongs to it, read in one statement.

Written out: the page of a dossier is what officials open most. Who may see it is asked here as
`records.visible_to` asks it of lists; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.database.public import Joined, Nested
from sen.kernel.files import public as files
from sen.systems.public_services import permissions
from sen.systems.public_services.models import (
    Apology,
    Closing,
    Council,
    CouncilSeat,
    Decision,
    Dossier,
    DossierPaper,
    FeeLine,
    FinancialDuty,
    Findings,
    IssuedForm,
    Party,
    Passage,
    Stage,
    SupplementRequest,
    SyncMessage,
)
from sen.systems.public_services.queries import catalogue, council, parts

_SINGLE = (Decision, Closing, Apology, FinancialDuty, Passage, Findings, Council)
"""What a dossier has at most one of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A dossier with its case, and what belongs to it; nothing of it is the actor's by that alone.

    takes_part: why units of the actor's, or the actor, take part in it now (`parts.WHY`,
    `council.WHY`). Decision, closing and apology are kept with the dossier.
    """

    dossier: Dossier
    takes_part: frozenset[str]
    duty: FinancialDuty | None
    passage: Passage | None
    findings: Findings | None
    council: Council | None
    parties: list[Party]
    papers: list[DossierPaper]
    fee_lines: list[FeeLine]
    issued_forms: list[IssuedForm]
    supplements: list[SupplementRequest]
    stages: list[Stage]
    seats: list[CouncilSeat]
    sync_messages: list[SyncMessage]


def opened(actor: Actor, code: str) -> Opened | None:
    """Return a dossier that the actor may read, None where there is none; in an entered act."""
    held = access.rights(actor)
    asked = {
        "code": code,
        "all": actor.is_system,
        "units": list(held.units(permissions.READ.name)),
        "sits_in": list(held.units(permissions.COUNCIL_MEMBER.name)),
        "person": actor.person,
        "persons": list(access.persons_of(actor)),
    }
    for row in _DOSSIER.rows(_sql(), asked):
        return _read(row)
    return None


def _read(row: Sequence[Any]) -> Opened:
    dossier: Dossier = row[0]
    single = dict(zip(_SINGLE, row[1 : 1 + len(_SINGLE)], strict=True))
    takes_part, *columns = row[1 + len(_SINGLE) :]
    many = {
        name: nested.read(column)
        for (name, nested), column in zip(_MANY.items(), columns, strict=True)
    }
    dossier.case = catalogue.case(dossier.case_id)
    for model in (Decision, Closing, Apology):
        field = Dossier._meta.get_field(model._meta.model_name or "")  # noqa: SLF001 - Django's way
        field.set_cached_value(dossier, single[model])  # type: ignore[union-attr]  # a relation
    return Opened(
        dossier=dossier,
        takes_part=frozenset(takes_part),
        duty=single[FinancialDuty],
        passage=single[Passage],
        findings=single[Findings],
        council=single[Council],
        papers=_with_file(many.pop("papers")),
        issued_forms=_with_file(many.pop("issued_forms")),
        **{name: [one for (one,) in rows] for name, rows in many.items()},
    )


def _with_file(rows: Sequence[Sequence[Any]]) -> list[Any]:
    found = []
    for one, file in rows:
        one.file = file
        found.append(one)
    return found


_DOSSIER = Joined(Dossier, *_SINGLE)


def _of(model: type[Any], order: str, *, condition: str = "", has_file: bool = False) -> Nested:
    """Return the rows of a model that belong to the dossier, in an order of its columns."""
    table = model._meta.db_table  # noqa: SLF001 - Django's way to its tables
    joined = f" LEFT JOIN files_file ON files_file.id = {table}.file_id" if has_file else ""
    return Nested(
        model,
        *((files.File,) if has_file else ()),
        rows=f"{table}{joined} WHERE {table}.dossier_id = public_services_dossier.id{condition}",
        order=", ".join(f"{table}.{column}" for column in order.split()),
    )


_MANY: Mapping[str, Nested] = {
    "parties": _of(Party, "role"),
    "papers": _of(DossierPaper, "added_at id", has_file=True),
    "fee_lines": _of(FeeLine, "code id"),
    "issued_forms": _of(
        IssuedForm,
        "issued_at",
        condition=" AND public_services_issuedform.state <> 'draft'",
        has_file=True,
    ),
    "supplements": _of(SupplementRequest, "requested_at"),
    "stages": _of(Stage, "position"),
    "seats": _of(CouncilSeat, "step"),
    "sync_messages": _of(SyncMessage, "id"),
}


@cache
def _sql() -> str:
    single = " ".join(
        f"LEFT JOIN {table} ON {table}.dossier_id = public_services_dossier.id"
        for table in (model._meta.db_table for model in _SINGLE)  # noqa: SLF001 - likewise
    )
    many = ", ".join(nested.column for nested in _MANY.values())
    taken = f"""
        FROM access_participation taken
        WHERE taken.record = public_services_dossier.id AND taken.until IS NULL
        AND taken.kind = '{council.DOSSIER}'"""
    as_part = f"taken.unit = ANY(%(units)s) AND taken.why = '{parts.WHY}'"
    as_member = f"taken.person = %(person)s AND taken.why = '{council.WHY}'"
    as_party = f"taken.person = ANY(%(persons)s) AND taken.why <> '{council.WHY}'"
    return f"""
        SELECT {_DOSSIER.columns},
            ARRAY(SELECT taken.why {taken} AND ({as_part} OR {as_member})), {many}
        FROM public_services_dossier {single}
        WHERE public_services_dossier.code = %(code)s AND (
            %(all)s
            OR competent_unit_id = ANY(%(units)s) OR received_unit_id = ANY(%(units)s)
            OR helped_at_id = ANY(%(units)s)
            OR EXISTS (
                SELECT {taken} AND (
                    {as_party} OR {as_part}
                    OR {as_member} AND competent_unit_id = ANY(%(sits_in)s))))"""
