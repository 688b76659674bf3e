"""Verbs of a first run: the one-time link, the province with its first administrator, its units."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sen.base import clock
from sen.base.actor import COMMAND, Actor
from sen.base.errors import Conflict, DomainError, Invalid, NotFound
from sen.base.identifiers import NationalNumber
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import FirstAdministrator
from sen.systems.administration.models import FirstRunDoor, PutOffStep
from sen.systems.administration.queries import first_run
from sen.systems.administration.services.rights import check_province

LIFE = dt.timedelta(hours=24)
"""How long a link lasts that nobody uses."""
KIND = "administration.first_run"
POSITION = "administrator"


class DoorClosed(DomainError):
    """The link is unknown, used or over, or there is a province already."""

    code = "first_run_closed"
    status = 404
    default = gettext_noop(
        "Liên kết cài đặt không dùng được: đã dùng, đã quá hạn, hoặc hệ thống đã có tỉnh. "
        "Người vận hành lấy liên kết mới bằng lệnh ./sen first_run."
    )


@transaction.atomic
def open_door(*, at: dt.datetime) -> str:
    """Return the secret of a new link; any earlier one ends. For the operator's command.

    Raises Conflict where a province or an official is known: then there is nothing to set up first.
    """
    if first_run.is_begun():
        raise Conflict(_("Hệ thống đã có tỉnh và quản trị viên."))
    FirstRunDoor.objects.filter(used_at=None).delete()
    secret = secrets.token_urlsafe(24)
    door = FirstRunDoor.objects.create(digest=_digest(secret), made_at=at, expires_at=at + LIFE)
    audit.record(COMMAND, f"{KIND}.open", subject=audit.Subject(KIND, door.id), at=at)
    return secret


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def check_door(secret: str, *, at: dt.datetime) -> None:
    """Let pass whoever has a link that can still be used. Raises DoorClosed."""
    doors = FirstRunDoor.objects.filter(digest=_digest(secret), used_at=None, expires_at__gt=at)
    if first_run.is_begun() or not doors.exists():
        raise DoorClosed


@transaction.atomic
def begin(
    *,
    secret: str,
    province: organisations.NewProvince,
    administrator: FirstAdministrator,
    at: dt.datetime,
) -> identity.Account:
    """Make the province with its first administrator, who signs in from now on; the link ends.

    Done by the link itself: nobody is signed in yet. Raises DoorClosed, Invalid with what is wrong
    beside its field.
    """
    door = (
        FirstRunDoor.objects.select_for_update()
        .filter(digest=_digest(secret), used_at=None, expires_at__gt=at)
        .first()
    )
    if door is None or first_run.is_begun():
        raise DoorClosed
    _check(administrator)
    root = organisations.found_province(COMMAND, province=province, at=at)
    access.seed(at)
    person = identity.ensure_person(
        COMMAND,
        national_number=administrator.national_number,
        full_name=nfc(administrator.full_name),
        birth_date=None,
        at=at,
    )
    account = _account(administrator, person, at)
    position = organisations.positions(on=clock.day(at), unit=root.id, code=POSITION).get()
    identity.employ(COMMAND, account=account, position=position.id, valid_from=clock.day(at), at=at)
    door.used_at, door.account = at, account.pk
    door.save(update_fields=["used_at", "account"])
    audit.record(
        COMMAND,
        f"{KIND}.begin",
        subject=audit.Subject(KIND, door.id, root.code),
        at=at,
        fields={"account": str(account.pk)},
    )
    return account


def _account(
    administrator: FirstAdministrator, person: identity.Person, at: dt.datetime
) -> identity.Account:
    """Open the account with the password that its owner has just chosen."""
    account = identity.add_official(
        COMMAND,
        username=administrator.username,
        person=person,
        password=secrets.token_urlsafe(24),
        at=at,
    )
    return identity.change_password(
        COMMAND, account_id=account.pk, password=administrator.password, at=at
    )


def _check(administrator: FirstAdministrator) -> None:
    faults = {}
    if not nfc(administrator.full_name):
        faults["full_name"] = [_("Vui lòng ghi họ, chữ đệm, tên.")]
    if not administrator.username.strip():
        faults["username"] = [_("Vui lòng đặt tên đăng nhập.")]
    try:
        NationalNumber.parse(administrator.national_number)
    except ValueError:
        faults["national_number"] = [_("Số định danh cá nhân gồm 12 chữ số.")]
    if faults:
        raise Invalid(fields=faults)


@transaction.atomic
def add_communes(*, actor: Actor, at: dt.datetime) -> int:
    """Add every commune of the province that is missing, with the roles of its positions.

    Returns how many units. Raises NotAllowed.
    """
    check_province(actor, access.permissions()[organisations.MANAGE_UNITS], at=at)
    check_province(actor, access.permissions()[access.MANAGE_GRANTS], at=at)
    added = organisations.add_communes(actor, at=at)
    access.seed(at)
    return added


@transaction.atomic
def add_departments(*, actor: Actor, codes: Collection[str], at: dt.datetime) -> int:
    """Add usual units by their codes, with the roles of their positions; return how many.

    Raises NotAllowed, Invalid for a code that is not in the list.
    """
    check_province(actor, access.permissions()[organisations.MANAGE_UNITS], at=at)
    check_province(actor, access.permissions()[access.MANAGE_GRANTS], at=at)
    added = organisations.add_usual_units(actor, codes=codes, at=at)
    access.seed(at)
    return added


@transaction.atomic
def open_calendar(*, actor: Actor, at: dt.datetime) -> list[int]:
    """Enter this year and the next, as far as their days are known; return the years.

    Raises NotAllowed.
    """
    check_province(actor, access.permissions()[calendar.MANAGE], at=at)
    this = clock.day(at).year
    opened = []
    for year in (this, this + 1):
        try:
            calendar.seed_year(actor, year=year, at=at)
        except Invalid:
            continue
        opened.append(year)
    return opened


@transaction.atomic
def put_off(*, actor: Actor, code: str, at: dt.datetime) -> None:
    """Put a step off; it stays in the list and can be done at any time.

    Raises NotAllowed, NotFound, Conflict for a step that cannot wait.
    """
    check_province(actor, permissions.WATCH, at=at)
    step = next((one for one in manifest.first_run_steps() if one.code == code), None)
    if step is None:
        raise NotFound
    if not step.may_wait:
        raise Conflict(_("Bước này không để sau được."))
    PutOffStep.objects.update_or_create(code=code, defaults={"at": at, "account": actor.account})
    root = organisations.province_root(clock.day(at))
    audit.record(actor, f"{KIND}.put_off", subject=audit.Subject(KIND, root.id, code), at=at)
