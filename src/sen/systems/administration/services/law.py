"""Verbs on what the law sets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.legal import public as legal
from sen.systems.administration import permissions
from sen.systems.administration.data import NewValue
from sen.systems.administration.queries import law
from sen.systems.administration.services.rights import check_province


@transaction.atomic
def set_value(*, actor: Actor, value: NewValue, at: dt.datetime) -> legal.LegalValue:
    """Set what holds for a known key from a day on; the value before it ends the day before.

    Raises NotAllowed, NotFound for a key that no system reads, Invalid without a source or with
    another kind of value than before, Conflict where a value begins on this day or later.
    """
    check_province(actor, permissions.LEGAL, at=at)
    _check_kind(law.history(value.key)[0].value, value.value)
    return legal.set_value(
        actor=actor,
        key=value.key,
        value=value.value,
        valid_from=value.valid_from,
        source=nfc(value.source),
        at=at,
        status=value.status,
        note=nfc(value.note),
    )


@transaction.atomic
def correct_value(
    *,
    actor: Actor,
    key: str,
    valid_from: dt.date,
    correction: legal.Correction,
    at: dt.datetime,
    confirmed: int = 0,
) -> legal.LegalValue:
    """Put right what was written down wrongly for a key from a day on; what was wrong stays seen.

    confirmed: of how many records computed with it the official was told.
    Raises NotAllowed, NotFound, Invalid without a source or reason, with another kind of value or
    nothing that differs, AlreadyUsed where more records were computed with it than were confirmed.
    """
    check_province(actor, permissions.LEGAL, at=at)
    _check_kind(law.held(key, valid_from).value, correction.value)
    clean = replace(
        correction,
        source=nfc(correction.source),
        reason=nfc(correction.reason),
        note=nfc(correction.note),
    )
    return legal.correct_value(
        actor=actor, key=key, valid_from=valid_from, correction=clean, at=at, confirmed=confirmed
    )


def _check_kind(former: object, value: object) -> None:
    if _kind(former) is not _kind(value):
        said = _("Giá trị phải cùng dạng với giá trị trước: %(former)s")
        raise Invalid(fields={"value": [said % {"former": former}]})


def _kind(value: object) -> type:
    """Return of which kind a JSON value is; whole and broken numbers are one."""
    return float if type(value) is int else type(value)
