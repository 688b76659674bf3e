"""The catalogue of a demonstration: what is filed, what is described, what is listed; the rights.

The shapes of the files are told in `seed/README.md`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import AuthorityLevel, ProcedureStatus
from sen.systems.public_services.models import ProcedureVersion
from sen.systems.public_services.services import catalogue, indexing, life_events

_OFFICE_ROLES = {
    "head_of_office": "public_services.head",
    "civil_status_officer": "public_services.specialist",
    "clerk": "public_services.clerk",
}
"""Roles that positions of the commune's office hold for the whole commune."""

_DEPARTMENT_ROLES = {
    "director": "public_services.leader",
    "head_of_office": "public_services.head",
    "specialist": "public_services.specialist",
    "clerk": "public_services.clerk",
}
"""Roles that positions of a department hold for it."""


_SIGNERS = ("chair", "vice_chair", "director")
"""Positions whose holders sign, and so hold a certificate."""


class Seeded(NamedTuple):
    """What a run of the seed added."""

    filed: int
    described: int
    listed: int
    guides: int
    grants: int


@transaction.atomic
def seed(*, at: dt.datetime) -> Seeded:
    """Publish the procedures of the seed, list all codes and give officials their rights.

    What is there already stays as it is.
    """
    codes = {document["code"] for document in filed_documents()}
    return seed_chosen(codes=codes, with_index=True, at=at)


def seed_chosen(*, codes: Collection[str], with_index: bool, at: dt.datetime) -> Seeded:
    """Publish some of the procedures that can be filed, and give officials their rights.

    with_index: also what can only be looked up. What is there already stays as it is.
    """
    there = published()
    filed = sum(
        _file(folder, there, at)
        for folder in _folders()
        if _read(folder, "procedure.json")["code"] in codes
    )
    described = listed = guides = 0
    if with_index:
        described = sum(_describe(document, there, at) for document in documents())
        listed = indexing.load_list(actor=COMMAND, at=at)
    _legal_values(_root(), at)
    if with_index:
        guides = life_events.seed_guides(at=at)
    return Seeded(filed, described, listed, guides, _grants(at))


def published() -> set[tuple[str, int]]:
    """Return the versions that are published: code of the procedure and number. One statement."""
    return set(
        ProcedureVersion.objects.filter(status=ProcedureStatus.PUBLISHED).values_list(
            "procedure__code", "number"
        )
    )


def filed_documents() -> Iterator[dict[str, Any]]:
    """Yield the documents of the procedures that can be filed, by the names of their folders."""
    for folder in _folders():
        yield _read(folder, "procedure.json")


def _root() -> Traversable:
    return resources.files("sen.systems.public_services") / "seed"


def _folders() -> list[Traversable]:
    """Return the folders of the procedures that can be filed, by name."""
    found = [one for one in _root().iterdir() if (one / "procedure.json").is_file()]
    return sorted(found, key=lambda one: one.name)


def _read(folder: Traversable, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def _file(folder: Traversable, there: set[tuple[str, int]], at: dt.datetime) -> bool:
    """Publish a procedure of the seed with form and flow; tell whether that was new."""
    document = _in_province(_read(folder, "procedure.json"), clock.day(at))
    if (document["code"], document["version"]["number"]) in there:
        return False
    _legal_values(folder, at)
    form = forms.publish_form(COMMAND, document=_read(folder, "form.json"), at=at)
    flow = workflow.publish_flow(
        COMMAND, document=_read(folder, "flow.json"), status=workflow.FlowStatus.SAMPLE, at=at
    )
    findings = None
    if (folder / "findings.json").is_file():
        findings = forms.publish_form(COMMAND, document=_read(folder, "findings.json"), at=at).id
    catalogue.publish_version(
        actor=COMMAND,
        document=document,
        form_version=form.id,
        flow_version=flow.id,
        findings_version=findings,
        at=at,
    )
    return True


def _in_province(document: Any, on: dt.date) -> Any:
    """Return a document with the code of this province where a code of results begins with it.

    Kinds of results without a national code are numbered by the province itself.
    """
    code = organisations.province_root(on).code
    return json.loads(json.dumps(document, ensure_ascii=False).replace("{province}", code))


def _describe(document: Mapping[str, Any], there: set[tuple[str, int]], at: dt.datetime) -> bool:
    """Publish a procedure that can only be looked up; tell whether that was new."""
    if (document["code"], document["version"]["number"]) in there:
        return False
    catalogue.publish_version(actor=COMMAND, document=document, at=at)
    return True


def documents() -> Iterator[dict[str, Any]]:
    """Yield the described procedures as documents to be published, field by field."""
    files = [one for one in (_root() / "procedures").iterdir() if one.name.endswith(".json")]
    for file in sorted(files, key=lambda one: one.name):
        told = json.loads(file.read_text(encoding="utf-8"))
        for one in told["procedures"]:
            yield _document(one, told["field"], told["valid_from"])


def _document(one: Mapping[str, Any], field: Mapping[str, Any], first: str) -> dict[str, Any]:
    source = one["source"]
    decision = source.get("decision", "")
    levels = [level.value for level in AuthorityLevel if level in one["levels"]]
    return {
        "code": one["code"],
        "name": one["name"],
        "summary": {"vi": ""},
        "field_code": field["code"],
        "field_name": field["name"],
        "level": levels[0] if levels else "",
        "settled_in": one["settled_in"],
        "version": {
            "number": 1,
            "announcement": f"{source['title']}; {decision}" if decision else source["title"],
            "valid_from": first,
            "national": {key: value for key, value in one.items() if key not in {"code", "name"}},
            "overlay": {},
            "cases": [],
        },
    }


def seed_certificates(*, at: dt.datetime) -> int:
    """Issue demonstration certificates to leaders and units; return how many hold one."""
    on = clock.day(at)
    kinds = {organisations.UnitKind.COMMUNE, organisations.UnitKind.CENTRE}
    signing_units = {
        unit.id for unit in organisations.units(on=on) if unit.kind in kinds
    } | _departments_at_work(on)
    held = signing.able_to_sign(at=at)
    for unit in signing_units:
        if (signing.HolderKind.UNIT, unit) in held:
            continue
        signing.ensure_certificate(
            holder_kind=signing.HolderKind.UNIT,
            holder_id=unit,
            name=organisations.unit_name(unit, on),
            unit_name=organisations.province_name(on),
            at=at,
        )
    leaders = [
        (post.account.person, post.position.unit_id)
        for post in identity.Employment.objects.filter(
            organisations.holds_on(on),
            organisations.holds_on(on, "position__"),
            position__code__in=_SIGNERS,
            account__is_active=True,
        ).select_related("account__person", "position")
        if post.account.person is not None
    ]
    for person, unit in leaders:
        if (signing.HolderKind.PERSON, person.id) in held:
            continue
        signing.ensure_certificate(
            holder_kind=signing.HolderKind.PERSON,
            holder_id=person.id,
            name=person.full_name,
            unit_name=organisations.unit_name(unit, on),
            at=at,
        )
    return len(signing_units) + len(leaders)


def _departments_at_work(on: dt.date) -> set[UUID]:
    """Return the departments in which somebody is employed."""
    held = identity.Employment.objects.filter(
        organisations.holds_on(on), position__unit__kind=organisations.UnitKind.DEPARTMENT
    )
    return set(held.values_list("position__unit_id", flat=True))


def _legal_values(folder: Traversable, at: dt.datetime) -> None:
    for line in _read(folder, "legal.json"):
        if not legal.LegalValue.objects.filter(key=line["key"]).exists():
            legal.set_value(
                actor=COMMAND,
                key=line["key"],
                value=line["value"],
                valid_from=dt.date.fromisoformat(line["valid_from"]),
                source=line["source"],
                status=line["status"],
                at=at,
            )


def _grants(at: dt.datetime) -> int:
    """Give the communes' offices and the departments their roles; return how many were missing.

    What was taken back stays so.
    """
    on = clock.day(at)
    held = set(access.Grant.objects.values_list("position_id", "role__code"))
    places: dict[UUID, list[organisations.Position]] = {}
    for place in organisations.positions(on=on):
        places.setdefault(place.unit_id, []).append(place)
    commune_of = organisations.UnitClosure.objects.filter(
        organisations.holds_on(on),
        ancestor__kind=organisations.UnitKind.COMMUNE,
        descendant__kind=organisations.UnitKind.OFFICE,
    ).values_list("descendant_id", "ancestor_id")
    wanted: list[access.NewGrant] = []
    for office, commune in commune_of:
        held_there = places.get(office, [])
        if "civil_status_officer" in {place.code for place in held_there}:
            wanted += _wanted(held_there, _OFFICE_ROLES, commune, held)
    for department in organisations.units(organisations.UnitKind.DEPARTMENT, on=on):
        wanted += _wanted(places.get(department.id, []), _DEPARTMENT_ROLES, department.id, held)
    return access.grant_many(COMMAND, grants=wanted, at=at)


def _wanted(
    places: Sequence[organisations.Position],
    roles: Mapping[str, str],
    unit: UUID,
    held: set[tuple[UUID, str]],
) -> list[access.NewGrant]:
    """Return the roles that positions lack in a unit."""
    return [
        access.NewGrant(
            position=place.id,
            role=role,
            scope=access.Scope.LIST,
            units=[unit],
            valid_from=place.valid_from,
        )
        for place in places
        if (role := roles.get(place.code)) and (place.id, role) not in held
    ]
