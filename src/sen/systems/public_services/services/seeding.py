"""The first procedure of a demonstration: birth registration, its form, its flow, its rights."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

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
from sen.systems.public_services.services import catalogue

_OFFICE_ROLES = {
    "head_of_office": "public_services.head",
    "civil_status_officer": "public_services.specialist",
    "clerk": "public_services.clerk",
}
"""Roles that positions of the commune's office hold for the whole commune."""


@transaction.atomic
def seed(*, at: dt.datetime) -> int:
    """Publish birth registration and give the communes' officials their rights; return new grants.

    What is there already stays as it is.
    """
    _legal_values(at)
    form = forms.publish_form(COMMAND, document=_read("form.json"), at=at)
    flow = workflow.publish_flow(
        COMMAND, document=_read("flow.json"), status=workflow.FlowStatus.SAMPLE, at=at
    )
    catalogue.publish_version(
        actor=COMMAND,
        document=_read("procedure.json"),
        form_version=form.id,
        flow_version=flow.id,
        at=at,
    )
    return _grants(at)


def seed_certificates(*, at: dt.datetime) -> int:
    """Issue demonstration certificates to leaders and units; return how many hold one."""
    on = clock.day(at)
    count = 0
    for unit in organisations.units(on=on):
        if unit.kind in {organisations.UnitKind.COMMUNE, organisations.UnitKind.CENTRE}:
            name = organisations.unit_name(unit.id, on)
            signing.ensure_certificate(
                holder_kind=signing.HolderKind.UNIT,
                holder_id=unit.id,
                name=name,
                unit_name="Tỉnh Nghệ An",
                at=at,
            )
            count += 1
        for position in organisations.positions(on=on, unit=unit.id):
            if position.code in {"chair", "vice_chair"}:
                for account in identity.accounts_of_position(position.id, on):
                    if account.person is not None:
                        signing.ensure_certificate(
                            holder_kind=signing.HolderKind.PERSON,
                            holder_id=account.person.id,
                            name=account.person.full_name,
                            unit_name=organisations.unit_name(unit.id, on),
                            at=at,
                        )
                        count += 1
    return count


def _read(name: str) -> Any:
    folder = resources.files("sen.systems.public_services") / "seed" / "birth_registration"
    return json.loads((folder / name).read_text())


def _legal_values(at: dt.datetime) -> None:
    for line in _read("legal.json"):
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
    on = clock.day(at)
    held = set(
        access.Grant.objects.filter(revoked_at=None).values_list("position_id", "role__code")
    )
    made = 0
    for commune in organisations.units(organisations.UnitKind.COMMUNE, on=on):
        for office in organisations.units(organisations.UnitKind.OFFICE, on=on, below=commune.id):
            places = list(organisations.positions(on=on, unit=office.id))
            if "civil_status_officer" not in {place.code for place in places}:
                continue
            for place in places:
                role = _OFFICE_ROLES.get(place.code)
                if role and (place.id, role) not in held:
                    wanted = access.NewGrant(
                        position=place.id,
                        role=role,
                        scope=access.Scope.LIST,
                        units=[commune.id],
                        valid_from=place.valid_from,
                    )
                    access.grant(COMMAND, grant=wanted, at=at)
                    made += 1
    return made
