"""Verbs of a first run: procedures chosen from the seed, roles of offices, trial certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.public_services.services import catalogue, seeding

KIND = "public_services.first_run"


class Offer(NamedTuple):
    """A procedure that the seed holds whole: what is on offer, and whether it is there already."""

    code: str
    name: Mapping[str, str]
    source: str
    is_there: bool


def offers() -> list[Offer]:
    """Return the procedures that can be filed once they are switched on, by code. One statement."""
    there = {code for code, _number in seeding.published()}
    found = [
        Offer(one["code"], one["name"], one["version"]["announcement"], one["code"] in there)
        for one in seeding.filed_documents()
    ]
    return sorted(found)


@transaction.atomic
def switch_on(
    *, actor: Actor, codes: Collection[str], with_index: bool, at: dt.datetime
) -> seeding.Seeded:
    """Publish procedures of the seed by their codes, and give offices and departments their roles.

    with_index: also those that can only be looked up. What is there stays as it is; so done twice
    it adds nothing. Raises NotAllowed, Invalid for a code that the seed does not hold.
    """
    catalogue.check_right(actor, at=at)
    access.check(actor, access.MANAGE_GRANTS)
    if not set(codes) <= {one.code for one in offers()}:
        raise Invalid(fields={"codes": [_("Có thủ tục không nằm trong danh sách.")]})
    done = seeding.seed_chosen(codes=codes, with_index=with_index, at=at)
    _record(actor, "procedures", at)
    return done


@transaction.atomic
def issue_trial_certificates(*, actor: Actor, at: dt.datetime) -> int:
    """Issue certificates of the local trial authority to leaders and units; return how many.

    For training: each says THỬ NGHIỆM. Raises NotAllowed.
    """
    for province in organisations.units(organisations.UnitKind.PROVINCE, on=clock.day(at)):
        access.check(actor, signing.MANAGE_CERTIFICATES, unit=province.id)
    issued = seeding.seed_certificates(at=at)
    _record(actor, "certificates", at)
    return issued


def _record(actor: Actor, step: str, at: dt.datetime) -> None:
    root = organisations.province_root(clock.day(at))
    audit.record(actor, f"{KIND}.{step}", subject=audit.Subject(KIND, root.id, root.code), at=at)


def has_procedures() -> bool:
    """Tell whether a procedure was published."""
    return bool(seeding.published())


def has_certificates() -> bool:
    """Tell whether anybody holds a certificate in force."""
    now = clock.now()
    return signing.Certificate.objects.filter(revoked_at=None, valid_to__gt=now).exists()
