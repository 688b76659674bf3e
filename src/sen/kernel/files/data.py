"""Values of files: the owner registry's slot, the outcome of a check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sen.base.actor import Actor


@dataclass(frozen=True, slots=True)
class FileOwner:
    """Who decides on reading the files of one kind of record: a slot of the manifest.

    kind: "public_services.dossier". may_read: asked with the actor, the record and the file at
    each download; it may audit.
    """

    kind: str
    may_read: Callable[[Actor, UUID, UUID], bool]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome of a look into a file.

    media_type: its true type, empty if there is a problem. problem: a code of
    `rules.Problem`; detail: what stands in its message.
    """

    media_type: str = ""
    problem: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where files lie now. is_here: on a disk of this machine. answers: the storage can be read."""

    is_here: bool
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReport:
    """The outcome of a check of the whole storage.

    missing, damaged: ids of files whose bytes are gone or are not those that were taken in.
    orphans: places older than a day that no file names. is_public: whoever has no key can read the
    storage too.
    """

    checked: int
    missing: tuple[UUID, ...] = ()
    damaged: tuple[UUID, ...] = ()
    orphans: tuple[str, ...] = ()
    is_public: bool = False

    @property
    def ok(self) -> bool:
        return not (self.missing or self.damaged or self.is_public)


@dataclass(slots=True, kw_only=True)
class Moved:
    """How far a move of the storage has come, counted while it goes on.

    seen: files looked at; moved: brought over and read back; there: they lay there before; gone:
    deleted meanwhile. damaged: ids of those whose bytes are gone or not those that were taken in:
    they stay where they are. removed: taken away at the old place.
    """

    seen: int = 0
    moved: int = 0
    there: int = 0
    gone: int = 0
    removed: int = 0
    damaged: list[UUID] = field(default_factory=list)
