"""Planned dossiers as lines to be loaded, written by processes beside the one that loads them."""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from random import Random
from typing import cast

from django.db import models

from sen.systems.public_services.services.simulating.patterns import Family
from sen.systems.public_services.services.simulating.planning import REMEMBERED, Copy
from sen.systems.public_services.services.simulating.rendering import Given, Pattern

_AT_ONCE = 500
"""Dossiers whose rows are loaded together."""
_A_PROCESS = 4000
"""Dossiers for which a process is begun, as many as that at least: beginning one is dear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Dossiers of a centre, and the seed of their ids."""

    copies: Sequence[Copy]
    seed: str


@dataclass(slots=True)
class Load:
    """What is loaded together: lines of tables, ids and leaf hashes of the trail."""

    lines: dict[type[models.Model], bytes] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    dossiers: int = 0


class WriterDied(RuntimeError):
    """A process that wrote lines ended before it was done; what it said stands above."""


def written(planned: Planned) -> Iterator[Load]:
    """Write dossiers in their order. What they say is in the plan; ids and keys are made here."""
    random = Random(planned.seed)  # noqa: S311 - ids of invented dossiers
    families: dict[Family, list[list[str]]] = defaultdict(list)
    gathered = _Gathered()
    for one in planned.copies:
        member, family = one.member, one.life.family
        recent = families[family]
        if member.drawn is None:
            values = recent[member.again]
        else:
            values = family.pattern.values(Given(drawn=member.drawn), random)
            gathered.add(family.pattern, values)
            recent.append(values)
            del recent[:-REMEMBERED]
        given = Given(
            drawn=one.drawn,
            off=one.off,
            weeks=one.weeks,
            code=one.code,
            numbers=one.numbers,
            family=values,
        )
        gathered.add(one.life.pattern, one.life.pattern.values(given, random))
        gathered.load.dossiers += 1
        if gathered.load.dossiers >= _AT_ONCE:
            yield gathered.taken()
    yield gathered.taken()


class _Gathered:
    """Lines by table, until they are loaded."""

    def __init__(self) -> None:
        self.load = Load()
        self._lines: dict[type[models.Model], list[str]] = defaultdict(list)

    def add(self, pattern: Pattern, values: Sequence[str]) -> None:
        """Take the rows of one life or family."""
        for model, lines in pattern.lines(values).items():
            self._lines[model].append(lines)
        entries, leaves = pattern.sealed(values)
        self.load.entries += entries
        self.load.leaves += leaves

    def taken(self) -> Load:
        """Return what was gathered, and begin anew."""
        load, self.load = self.load, Load()
        load.lines = {model: "".join(lines).encode() for model, lines in self._lines.items()}
        self._lines.clear()
        return load


def written_here(plans: Iterable[Planned]) -> Generator[Load]:
    """Write one plan after the other in this process: for few dossiers."""
    for plan in plans:
        yield from written(plan)


def written_beside(plans: Iterable[Planned]) -> Generator[Load]:
    """Write plans in processes of their own, as many at once as there are processors.

    Each takes several small plans. Loads come as they are ready. The processes know what this one
    knew when their plans were taken, and touch no database. Raises WriterDied.
    """
    waiting = _parcels(plans)
    at_work: dict[Connection, ForkProcess] = {}
    try:
        while True:
            while len(at_work) < _processors() and (parcel := next(waiting, None)):
                reader, process = _begun(parcel, list(at_work))
                at_work[reader] = process
            if not at_work:
                return
            for reader in cast("list[Connection]", wait(list(at_work))):
                load = _received(reader)
                if load is not None:
                    yield load
                    continue
                at_work.pop(reader).join()
                reader.close()
    finally:
        for reader, process in at_work.items():
            process.kill()
            process.join()
            reader.close()


def _processors() -> int:
    return max(2, len(os.sched_getaffinity(0)))


def _parcels(plans: Iterable[Planned]) -> Iterator[list[Planned]]:
    parcel: list[Planned] = []
    for plan in plans:
        parcel.append(plan)
        if sum(len(one.copies) for one in parcel) >= _A_PROCESS:
            yield parcel
            parcel = []
    if parcel:
        yield parcel


def _begun(
    parcel: Sequence[Planned], others: Sequence[Connection]
) -> tuple[Connection, ForkProcess]:
    context = multiprocessing.get_context("fork")  # patterns are millions of objects: not sent
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_write, args=(parcel, writer, [*others, reader]), daemon=True)
    with warnings.catch_warnings():  # threads of the connection pool hold nothing that it needs
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    writer.close()
    return reader, process


def _write(parcel: Sequence[Planned], writer: Connection, inherited: Sequence[Connection]) -> None:
    for one in inherited:  # or nobody would notice that who reads them is gone
        one.close()
    with suppress(BrokenPipeError):  # who loads has given up
        for plan in parcel:
            for load in written(plan):
                writer.send(load)
        writer.send(None)


def _received(reader: Connection) -> Load | None:
    """Return the next load, None at the end."""
    try:
        found: Load | None = reader.recv()
    except EOFError:
        raise WriterDied from None
    return found
