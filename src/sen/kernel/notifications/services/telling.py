"""Telling somebody: the message in the inbox and the deliveries, in the act's own transaction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sen.base import clock
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.notifications import registry
from sen.kernel.notifications.adapters import email, sms
from sen.kernel.notifications.choices import Medium
from sen.kernel.notifications.data import Recipient, Template

SEND = "notifications.send"
"""The job that carries out one delivery."""

CONFIGURED: Mapping[Medium, Callable[[], bool]] = {
    Medium.EMAIL: email.is_configured,
    Medium.SMS: sms.is_configured,
}

_TARGET = """
SELECT t.inbox, {account} AS account, t.person
FROM jsonb_to_recordset(%s::jsonb) AS t(inbox uuid, account uuid, person uuid)"""
_KEEP = """
INSERT INTO notifications_notification (id, account, template, slots, link, record, created_at)
SELECT inbox, account, %s, %s::jsonb, %s, %s, %s FROM {target} WHERE account IS NOT NULL"""
_CHOOSE = """
SELECT way.id, target.account, target.person, way.medium
FROM jsonb_to_recordset(%s::jsonb) AS way(id uuid, inbox uuid, medium text)
JOIN {target} AS target ON target.inbox = way.inbox
WHERE %s OR NOT EXISTS (
    SELECT FROM notifications_preference choice WHERE choice.account = target.account
        AND choice.medium = way.medium AND NOT choice.is_on)"""
_SEND = """
INSERT INTO notifications_delivery (id, account, person, medium, template, slots, link, record,
    state, tries, error, created_at)
SELECT id, account, person, medium, %s, %s::jsonb, %s, %s, 'waiting', 0, '', %s FROM {chosen}"""
"""Nothing is read back from what is written: whoever tells need not see what others are told."""


def notify(
    *,
    to: Recipient,
    template: str,
    slots: Mapping[str, str],
    link: str,
    record: UUID,
    at: dt.datetime,
) -> None:
    """Tell somebody: a message in the inbox, and a delivery by each medium of the template.

    With whatever else the transaction writes; one SELECT before where the recipients are those who
    hold a right. link: a path of Sen. The caller's transaction has been entered (`access.enter`),
    as every verb's has.
    Raises ImproperlyConfigured for an unknown template, ValueError for wrong slots.
    """
    known = registry.template(template)
    if known.slots != slots.keys():
        raise ValueError(f"{template} has the slots {sorted(known.slots)}, not {sorted(slots)}")
    targets = _targets(to, at)
    if not targets:
        return
    media = _media(known)
    ways = [
        {"id": str(new_id()), "inbox": target["inbox"], "medium": medium.value}
        for target in targets
        for medium in media
    ]
    told = [template, json.dumps(dict(slots)), link, record, at]
    account, found = _account(to)
    parts = [
        Part(_TARGET.replace("{account}", account), [*found, json.dumps(targets)], "target"),
        Part(_KEEP, told, "kept"),
    ]
    if ways:
        parts += [
            Part(_CHOOSE, [json.dumps(ways), known.is_mandatory], "chosen"),
            Part(_SEND, told, "sent"),
            jobs.defer_each(SEND, argument="delivery", rows="chosen"),
        ]
    database.write(*parts)


def _targets(to: Recipient, at: dt.datetime) -> list[dict[str, str | None]]:
    accounts: Sequence[UUID | None] = [to.account]
    if to.unit is not None:
        accounts = access.holders(to.permission, unit=to.unit, on=clock.day(at))
    return [
        {
            "inbox": str(new_id()),
            "account": None if account is None else str(account),
            "person": None if to.person is None else str(to.person),
        }
        for account in accounts
    ]


def _account(to: Recipient) -> tuple[str, Sequence[Any]]:
    """Return the SQL of a target's account: the citizen account of a person is looked up."""
    if to.person is None:
        return "t.account", ()
    return (
        "(SELECT id FROM identity_account WHERE person_id = %s AND kind = %s AND is_active)",
        [to.person, identity.AccountKind.CITIZEN],
    )


def _media(template: Template) -> list[Medium]:
    wanted = [Medium(medium) for medium in template.media]
    return [medium for medium in wanted if CONFIGURED[medium]()]
