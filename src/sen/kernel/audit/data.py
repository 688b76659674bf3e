"""Values of the audit trail: subject, change, entry, seal, proof, report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted on. kind: "public_services.dossier"; code: its public code, if it has one."""

    kind: str
    id: UUID
    code: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value before and after; kept erasable, outside the trail."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the trail: who did what to which record, when, why, and how surely known.

    fields: names of the fields concerned with a keyed digest of each value, never the values.
    """

    id: UUID
    at: dt.datetime
    action: str
    subject: Subject
    account: UUID | None
    person: UUID | None
    position: UUID | None
    unit: UUID | None
    acting_for: UUID | None
    token: UUID | None
    strength: int
    channel: str
    reason: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Some entries under one root, chained to the seal before.

    entries and leaves: ids and leaf hashes in the tree's order. chain: the hash over number, size,
    the former seal's chain and the root.
    """

    number: int
    entries: tuple[UUID, ...]
    leaves: tuple[bytes, ...]
    root: bytes
    former: bytes
    chain: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That an entry stands in the trail: what it says, the path to the seal's root, the seal.

    content: the entry's canonical bytes. index, size, path: its place in the seal's tree.
    """

    entry: UUID
    content: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    number: int
    former: bytes
    chain: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The outcome of a check of the trail.

    checked and seals: how many entries and seals were looked at. unsealed: how many entries wait
    for their seal longer than they should. head: the last seal as "number:chain" in hex; noted
    elsewhere, the trail can later be held against it. problems: in words, each naming an entry, a
    seal or an anchor.
    """

    checked: int
    seals: int
    unsealed: int
    head: str
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems
