"""Values that cross the doors of this system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sen.kernel.forms.public import FindingOutcome, Prefilled


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """One charge of a case, as the announcement and the fee resolution have it.

    kind: "phi" or "le_phi", which have separate receipts. amount_key: the legal value that holds
    the amount in đồng. quantity: the answer that counts the pieces, None for one. free_below: that
    many first pieces cost nothing; at_most: no more pieces than that are counted from the first
    on. times: the answer by which the pieces are multiplied, such as copies of so many pages.
    more: further pairs of such answers, for further things counted alike in one filing. cap_key:
    the legal value of the most that one of them costs, with the charges before that share it.
    piece: what a piece is called, a copy where nothing is said. source: the text the charge rests
    on.
    """

    code: str
    title: Mapping[str, str]
    kind: str
    amount_key: str
    quantity: str | None = None
    free_below: int = 0
    at_most: int | None = None
    times: str | None = None
    more: Sequence[Sequence[str]] = ()
    cap_key: str = ""
    piece: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLineValue:
    """One computed charge: what, how many, how much in đồng, and why."""

    code: str
    title: Mapping[str, str]
    kind: str
    unit_amount_vnd: int
    quantity: int
    amount_vnd: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule:
    """One paper a case asks for.

    required: always asked. when: JsonLogic over the answers that makes it asked; None for always.
    originals, copies: pieces at the counter. accepted: media types of an upload. replaced_by: the
    database that makes the paper unnecessary, `registry:<source>` for one that is asked for each
    draft, or `results:<kind>` for a kept result that stands for it. is_shown: shown, not handed in.
    """

    code: str
    title: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    when: Any = None
    originals: int = 1
    copies: int = 0
    accepted: tuple[str, ...] = ("application/pdf", "image/jpeg", "image/png")
    replaced_by: str = ""
    is_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyInput:
    """A person as typed or as the national identity gave them; or, by tax_code, an enterprise."""

    role: str
    full_name: str
    national_number: str
    tax_code: str = ""
    birth_date: dt.date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    person: UUID | None = None
    authority: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInput:
    """A paper handed in: which one, how, and the files or the result that stand for it."""

    code: str
    source: str = "upload"
    files: tuple[UUID, ...] = ()
    result: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStillAsked:
    """A paper that a draft asks for as it stands. why: where its registry did not tell it."""

    code: str
    title: str
    is_required: bool
    is_shown: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """All that a filing says, before it is a dossier.

    procedure: its code. case: the code of the case. receiving_unit: where it is filed;
    competent_unit: who decides. channel: a registered one, by which it comes in.
    form_version: the version that the answers were given on.
    known: what sources knew when it was asked; locked answers come from it, whatever was sent.
    looked_up: how each registry that was asked for it answered.
    """

    procedure: str
    case: str
    form_version: int
    answers: Mapping[str, Any]
    parties: Sequence[PartyInput]
    papers: Sequence[PaperInput]
    receiving_unit: UUID
    competent_unit: UUID
    channel: str
    delivery: str = "online"
    draft: UUID | None = None
    known: Mapping[str, Prefilled] = field(default_factory=dict)
    looked_up: Mapping[str, FindingOutcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementItem:
    """One thing to add or correct, and why ("lý do cho từng mục").

    kind: "paper", "field" or "other"; code: the paper or the question; what: what to do.
    """

    kind: str
    code: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A system that settles what is received here: its address, our secret there."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereAnswer:
    """What the system that settles a dossier answered. ground: of a refusal."""

    outcome: str
    number: str
    answered_on: dt.date
    words: str
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereStatus:
    """Where a dossier is in the system that settles it; answer: None until there is one."""

    code: str
    state: str
    answer: ElsewhereAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStanding:
    """How one stage of a dossier stands: who holds it, until when, whether that date is late.

    unit: who holds or watches it; agency: the name of whoever holds it outside, empty otherwise.
    state: "todo", "running", "late", "done" or "done_late".
    """

    key: str
    title: Mapping[str, str]
    unit: UUID
    agency: Mapping[str, str]
    counts: bool
    promised_at: dt.datetime | None
    expected_at: dt.datetime | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatus:
    """What a dossier shows to whoever is not signed in: state, dates and unit only."""

    code: str
    procedure: str
    state: str
    state_label: str
    unit: str
    submitted_at: dt.datetime
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    issued_at: dt.datetime | None
    is_paused: bool
    stages: Sequence[StageStanding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a dossier stands to its promised day.

    state: "none", "running", "soon", "late", "paused", "done_in_time" or "done_late".
    remaining: working time left (negative when late), None without a clock.
    """

    state: str
    due_at: dt.datetime | None
    expected_at: dt.datetime | None
    remaining: dt.timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What an official should look at before a row of an imported list is published.

    code: stable. message: what looks wrong, in words.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAsked:
    """A paper that may not be asked for in a procedure, and the databases because of which."""

    paper: str
    known_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The guide through a life event as people read it.

    number: of its version. words: how people call the event, for search. steps: in order, each
    with title, text, procedures (codes), follows, deadline and source, as `rules.life_events` has
    them; texts are Localised.
    """

    slug: str
    number: int
    title: Mapping[str, str]
    summary: Mapping[str, str]
    words: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    published_at: dt.datetime | None
