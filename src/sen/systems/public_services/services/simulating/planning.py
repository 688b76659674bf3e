"""Which dossiers a centre is to have: of which life, moved by how much, in whose name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.systems.public_services.services.simulating.patterns import Family, Life
from sen.systems.public_services.services.simulating.standins import Drawn, Supply

_FAMILY_AGAIN = 0.3
REMEMBERED = 7
"""Families of a kind that may file again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A centre: the lives played for it, and how many dossiers it is to have."""

    unit: organisations.Unit
    lives: Sequence[Life]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who files: a new family as it was drawn, or which of those remembered of its kind."""

    drawn: Drawn | None = None
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One dossier that is to be: all that is counted over several of them, nothing written yet.

    off: how far its moments are moved, within the day and by whole weeks; weeks: by weeks alone.
    """

    life: Life
    off: dt.timedelta
    weeks: dt.timedelta
    code: str
    numbers: Sequence[int]
    member: Member
    drawn: Drawn


class Planning:
    """Plans the dossiers of one centre after the other; people and numbers go on from the last."""

    def __init__(self, supply: Supply, numbering: papers.Numbering, seed: int) -> None:
        """Take where people and numbers go on, and the seed of what chance decides."""
        self._supply, self._numbering, self._seed = supply, numbering, seed

    def copies(self, batch: Batch) -> list[Copy]:
        """Return the dossiers of a centre in the order of filing: each life as it was, then moved.

        Numbers of registers are given in the order of time.
        """
        random = Random(f"{self._seed} copies {batch.unit.code}")  # noqa: S311 - invented dossiers
        moved = _moved(batch, random)
        numbers = self._numbers(moved)
        there: dict[Family, int] = defaultdict(int)
        return [
            Copy(
                life=life,
                off=off,
                weeks=weeks,
                code=self._numbering.next_code(
                    unit=batch.unit.id,
                    unit_code=batch.unit.code,
                    field_code=life.field_code,
                    on=clock.day(life.at + off),
                    pattern_key=papers.DOSSIER_CODE,
                ),
                numbers=numbers[number],
                member=self._member(life.family, there, random),
                drawn=life.pattern.draw(self._supply),
            )
            for number, (life, off, weeks) in enumerate(moved)
        ]

    def keep(self, *, using: str) -> None:
        """Write how far the numbers came. using: the connection by which the dossiers come in."""
        self._numbering.keep(using=using)

    def _member(self, family: Family, there: dict[Family, int], random: Random) -> Member:
        if there[family] and random.random() < _FAMILY_AGAIN:
            return Member(again=random.randrange(there[family]))
        there[family] = min(there[family] + 1, REMEMBERED)
        return Member(drawn=family.pattern.draw(self._supply))

    def _numbers(self, moved: Sequence[_Moved]) -> list[list[int]]:
        """Give each numbered deed its number, in the order of time."""
        wanted: list[tuple[dt.datetime, int, int, tuple[UUID, str, str]]] = [
            (at + off, number, place, (unit, kind, series))
            for number, (life, off, _weeks) in enumerate(moved)
            for place, (at, unit, kind, series) in enumerate(life.numbered)
        ]
        wanted.sort(key=lambda one: one[:3])
        found = [[0] * len(life.numbered) for life, _off, _weeks in moved]
        for at, number, place, (unit, kind, series) in wanted:
            found[number][place] = self._numbering.take_number(
                unit=unit, kind=kind, series=series, on=clock.day(at)
            )
        return found


_Moved = tuple[Life, dt.timedelta, dt.timedelta]


def _moved(batch: Batch, random: Random) -> list[_Moved]:
    found = []
    for number in range(batch.count):
        life = batch.lives[number % len(batch.lives)]
        weeks = off = dt.timedelta()
        if number >= len(batch.lives) and life.within:
            weeks = dt.timedelta(weeks=random.choice(life.weeks))
            off = life.within * random.random()
            off -= dt.timedelta(microseconds=off.microseconds % 1000)
        found.append((life, weeks + off, weeks))
    found.sort(key=lambda one: one[0].at + one[1])
    return found
