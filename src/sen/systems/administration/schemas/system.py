"""What the API of the administration takes and gives."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class VitalOut(Schema):
    """One thing looked at."""

    system: str
    title: str
    is_well: bool
    message: str


class Done(Schema):
    """An act that was done."""

    done: bool = True


class HandlerIn(Schema):
    """Which handler is to try again."""

    handler: str = Field(max_length=200)


class OfficialIn(Schema):
    """A new official."""

    username: str = Field(max_length=64)
    full_name: str = Field(max_length=120)
    national_number: str = Field(max_length=12)
    birth_date: dt.date | None = None
    position: UUID
    valid_from: dt.date


class SecretOut(Schema):
    """A secret shown this once, and what it opens."""

    id: UUID
    secret: str


class ActiveIn(Schema):
    """Whether an account may be used, and why."""

    is_active: bool
    reason: str = Field(max_length=500)


class TokenIn(Schema):
    """A new token."""

    name: str = Field(max_length=120)
    scopes: list[str] = Field(max_length=20)
    days: int = Field(ge=1, le=365)


class GrantIn(Schema):
    """A role for a position."""

    position: UUID
    role: str = Field(max_length=80)
    scope: Literal["own", "below", "list"] = "own"
    units: list[UUID] = Field([], max_length=500)
    groups: list[str] | None = Field(None, max_length=100)
    valid_from: dt.date
    valid_to: dt.date | None = None
    reason: str = Field(min_length=1, max_length=500)


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class IdOut(Schema):
    """What was made."""

    id: UUID


class ValueIn(Schema):
    """What the law sets from a day on."""

    value: Any
    valid_from: dt.date
    source: str = Field(max_length=300)
    status: Literal["confirmed", "published", "unknown"] = "published"
    note: str = Field(default="", max_length=500)


class CorrectionIn(Schema):
    """What should have been written down, and why it was not.

    confirmed: how many dossiers that were computed with the wrong value are known to whoever
    corrects it; with fewer than there are, the answer is 409 and says how many.
    """

    value: Any
    source: str = Field(max_length=300)
    reason: str = Field(min_length=1, max_length=500)
    status: Literal["confirmed", "published", "unknown"] = "published"
    note: str = Field(default="", max_length=500)
    confirmed: int = Field(default=0, ge=0)


class ValueOut(Schema):
    """A value with the days on which it holds.

    corrected_at, correction: when and why it was taken back as written down wrongly; it holds no
    more then.
    """

    key: str
    value: Any
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    status: str
    corrected_at: dt.datetime | None
    correction: str


class DayIn(Schema):
    """A day that differs from its weekday."""

    on: dt.date
    kind: Literal["holiday", "working", "half"]
    opens: dt.time | None = None
    closes: dt.time | None = None
    title: str = Field(max_length=200)
    source: str = Field(max_length=300)
    reason: str = Field(default="", max_length=500)


class EditionOut(Schema):
    """The edition of the calendar that an act made."""

    edition: int


class TrailOut(Schema):
    """A line of the trail, without values."""

    id: UUID
    at: dt.datetime
    action: str
    subject: str
    who: str
    reason: str
    fields: str


class ReportOut(Schema):
    """What holding the trail against its seals found."""

    ok: bool
    checked: int
    seals: int
    problems: list[str]
