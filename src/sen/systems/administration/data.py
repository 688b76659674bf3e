"""Values of the administration: what an act takes and what a page is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.manifest.public import FirstRunStep
from sen.kernel.organisations import public as organisations
from sen.systems.administration.choices import StepState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmNow:
    """An alarm as people read it. is_known: whether it was looked at; since: the last change."""

    code: str
    title: str
    advice: str
    is_ringing: bool
    is_known: bool
    said: str
    since: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOfficial:
    """An official to be given an account: who it is, and the position held from a day on."""

    username: str
    full_name: str
    national_number: str
    birth_date: dt.date | None = None
    position: UUID
    valid_from: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A position to be held by an official who has an account: which, from when, until when."""

    account: UUID
    position: UUID
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit to be added under another: what the forms, the API and a list's row say of it.

    kind, level: codes of `organisations`; the other fields mean what they mean in `NewUnit`.
    """

    parent: str
    code: str
    kind: str
    level: str
    name: str
    short_name: str
    name_en: str = ""
    short_name_en: str = ""
    statistics_code: str = ""
    is_code_official: bool = False
    valid_from: dt.date
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """Another name for a unit from a day on, by a decision."""

    name: str
    short_name: str
    name_en: str = ""
    short_name_en: str = ""
    on: dt.date
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What lies in a unit and below it on a day: how many units, positions, officials."""

    units: int
    positions: int
    officials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a move does: from under which unit to under which, and everything that goes along.

    gains, loses: positions whose rights reach the unit only after, or only before the move.
    """

    unit: UUID
    former: UUID | None
    parent: UUID
    reach: Reach
    gains: int
    loses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """One column of a list to be loaded: its key in the API, its heading, how it is filled in."""

    key: str
    title: StrOrPromise
    hint: StrOrPromise
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An account that loading a list opened, with the password that is shown this once."""

    row: int
    username: str
    full_name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading a list did, or would do: how many rows, and the accounts opened."""

    rows: int
    opened: Sequence[Opened] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to be made: what it is for, what it may do, for how many days."""

    name: str
    scopes: Sequence[str]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """What the law sets for a key from a day on. value: JSON. source: text, article, clause."""

    key: str
    value: object
    valid_from: dt.date
    source: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on a disk: bytes, and parts of a hundred."""

    free: int
    pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One thing looked at: which system asked for it, and what was found."""

    system: str
    title: str
    is_well: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of something there are."""

    label: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """A role, and how many grants of it are in force."""

    role: access.Role
    grants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a right is held: the ground with its role and positions as records."""

    ground: access.Ground
    role: access.Role
    position: organisations.Position
    for_position: organisations.Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who may do something by one ground: the accounts that hold its position."""

    reason: Reason
    accounts: Sequence[identity.Account]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDraft:
    """A role of one's own: its code, its names, the rights in it."""

    code: str
    title: str
    title_en: str = ""
    permissions: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGrant:
    """A role for every position of a code in units of a kind, as in `access.NewGrant`."""

    role: str
    position: str
    kind: str
    scope: str = "own"
    valid_from: dt.date
    valid_to: dt.date | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEnd:
    """A role to be taken back from every position of a code in units of a kind."""

    role: str
    position: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDone:
    """What an act on positions of a kind did or would do: to which, and which it leaves alone."""

    touched: Sequence[organisations.Position]
    left: Sequence[organisations.Position]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    """Who sets a province up: an official with a password of their own choice."""

    full_name: str
    national_number: str
    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAt:
    """A step of the first run, and where it stands."""

    step: FirstRunStep
    state: StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Positions of one title: how many there are, how many somebody holds."""

    title: str
    every: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Something outside that the environment names.

    variables: the names of what the environment holds for it. is_set: whether it holds them.
    answers: whether something listens there now, None where nothing is set. without: what does not
    work while it is not set.
    """

    title: str
    variables: Sequence[str]
    is_set: bool
    answers: bool | None
    without: str
