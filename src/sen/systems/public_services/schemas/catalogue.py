"""What the API of the catalogue takes and gives, for whoever keeps it."""

from __future__ import annotations

import datetime as dt

from ninja import Field, Schema

from sen.systems.public_services.models import ProcedureVersion
from sen.systems.public_services.queries import offering


class OfferedOut(Schema):
    """A procedure with its state. in_force, draft: numbers of versions, null for none."""

    code: str
    name: dict[str, str]
    field_name: dict[str, str]
    state: str
    off_since: dt.date | None
    off_reason: str
    in_force: int | None
    draft: int | None


class VersionOut(Schema):
    """A version of a procedure, published or not."""

    number: int
    status: str
    announcement: str
    valid_from: dt.date
    valid_to: dt.date | None


class OfferedDetailOut(OfferedOut):
    """A procedure with its versions, the latest first."""

    versions: list[VersionOut]


class SwitchIn(Schema):
    """Whether a procedure is offered, and why; citizens read the reason."""

    is_active: bool
    reason: str = Field(min_length=1, max_length=500)


class DraftVersionIn(Schema):
    """The next version: by which decision, from which day on."""

    announcement: str = Field(min_length=1, max_length=300)
    valid_from: dt.date


class PublishIn(Schema):
    """Why a draft is published."""

    reason: str = Field(min_length=1, max_length=500)


class DiscardedOut(Schema):
    """A draft that is no more."""

    number: int


def offered_out(held: offering.Offered) -> OfferedOut:
    """Return a procedure as a list gives it."""
    found = held.procedure
    return OfferedOut(
        code=found.code,
        name=found.name,
        field_name=found.field_name,
        state=held.state.value,
        off_since=found.off_since,
        off_reason=found.off_reason,
        in_force=held.in_force or None,
        draft=held.draft or None,
    )


def version_out(one: ProcedureVersion) -> VersionOut:
    """Return a version as the API gives it."""
    return VersionOut.from_orm(one)
