"""Laying many dossiers down: patterns played, copies planned and numbered, all loaded."""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from queue import Queue
from random import Random
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.systems.public_services.services.living import province
from sen.systems.public_services.services.living.cast import FIRST, Officials
from sen.systems.public_services.services.living.editions import Editions
from sen.systems.public_services.services.living.filing import Here, Span
from sen.systems.public_services.services.living.papers import Papers
from sen.systems.public_services.services.living.seeding import appoint_officials
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.simulating.patterns import Family, Life, played
from sen.systems.public_services.services.simulating.rendering import Chances, Given, Pattern
from sen.systems.public_services.services.simulating.standins import StandIns, Supply

ANEW_FROM = 20_000
"""From so many dossiers on, indexes and keys are made anew after the rows instead of with them."""
_PATTERNS = 2000
_WRITTEN_AT_LEAST = 10
"""So often each is written where there are few dossiers; playing one is as dear as writing ten."""
_AT_LEAST = 4
"""Patterns of a centre, where it has so many dossiers."""
_AT_ONCE = 500
"""Dossiers whose rows are loaded together."""
_FAMILY_AGAIN = 0.3
_REMEMBERED = 6
"""Families of a kind that may file again."""
_SERIALS = 10_000
"""Serial numbers below are those of a living demonstration."""

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A centre: the lives played for it, and how many dossiers it is to have."""

    unit: organisations.Unit
    lives: Sequence[Life]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One dossier that is to be: of which life, moved by how much."""

    life: Life
    off: dt.timedelta
    weeks: dt.timedelta

    @property
    def at(self) -> dt.datetime:
        return self.life.at + self.off


class Simulation:
    """Many invented dossiers of a plan, as the verbs would have left them.

    `play` first, which writes nothing but earlier editions of procedures; then `lay_down`, all of
    them or none. For a demonstration or a measurement, by whoever runs the installation: no right
    is asked. Nothing is published to anybody and no job is deferred.
    """

    def __init__(self, plan: province.Plan) -> None:
        """Take the plan; its seed decides everything but ids and keys."""
        self.plan = plan
        self.batches: list[Batch] = []
        self._random = Random(plan.seed)  # noqa: S311 - invented dossiers
        self.rows = 0

    @transaction.atomic
    def play(self, tell: Tell) -> None:
        """Play the patterns of every centre. tell: hears how many have been played."""
        access.enter(SYSTEM)
        legal.begin_request()
        gc.disable()
        try:
            for batch in self._batches():
                self.batches.append(batch)
                tell(sum(len(one.lives) for one in self.batches))
        finally:
            gc.enable()
            legal.end_request()

    def _batches(self) -> Iterator[Batch]:
        plan, last = self.plan, clock.day(self.plan.until)
        span = Span(first=plan.first, until=plan.until)
        editions, officials = Editions(told().procedures, span.first), Officials(last)
        samples, areas = Papers(plan.until), province.communes(last)
        units = list(organisations.units(on=last).values_list("id", flat=True))
        names, numbering = StandIns(), papers.Numbering(units)
        patterns = min(_PATTERNS, plan.count // _WRITTEN_AT_LEAST)
        for centre in province.centres_of(plan, editions, self._random):
            share = max(_AT_LEAST, round(patterns * centre.count / plan.count))
            chance = Random(f"{plan.seed} {centre.unit.code}")  # noqa: S311 - likewise
            here = Here(
                centre=replace(centre, count=min(centre.count, share)),
                span=span,
                editions=editions,
                officials=officials,
                people=province.people_of(centre, areas, span, names, chance),
                names=names,
                numbering=numbering,
                random=chance,
            )
            lives = list(played(here, samples))
            yield Batch(unit=centre.unit, lives=lives, count=centre.count)

    @property
    def tables(self) -> set[type[models.Model]]:
        """The tables into which something comes."""
        patterns = [
            one
            for batch in self.batches
            for life in batch.lives
            for one in (life.pattern, life.family.pattern)
        ]
        return {model for one in patterns for model in one.lines_of}

    def lay_down(self, tell: Tell) -> None:
        """Write every dossier in one transaction. tell: hears how many are written."""
        legal.begin_request()
        gc.disable()  # millions of texts are alive by and by and none of them is garbage
        try:
            if self.plan.count >= ANEW_FROM:
                supply, numbering = self._begun()  # its locks are gone before tables are closed
                with database.bulk_anew(self.tables) as bulk:
                    self._fill(supply, numbering, bulk, tell, is_beside=True)
            else:
                with transaction.atomic(), database.bulk() as bulk:
                    supply, numbering = self._begun()
                    self._fill(supply, numbering, bulk, tell, is_beside=False)
        finally:
            gc.enable()
            legal.end_request()

    @transaction.atomic
    def _begun(self) -> tuple[Supply, papers.Numbering]:
        """Return from where numbers of people and of registers go on."""
        access.enter(SYSTEM)
        there = identity.Person.objects.count()
        units = organisations.units(on=clock.day(self.plan.until)).values_list("id", flat=True)
        return Supply(self._random, first=_SERIALS + there), papers.Numbering(list(units))

    def _fill(
        self,
        supply: Supply,
        numbering: papers.Numbering,
        bulk: database.Bulk,
        tell: Tell,
        *,
        is_beside: bool,
    ) -> None:
        written = _Written(bulk, tell, is_beside=is_beside)
        try:
            for batch in self.batches:
                self._write(batch, supply, numbering, written)
        except BaseException:
            written.give_up()
            raise
        written.end()
        numbering.keep(using=bulk.alias)
        self.rows = written.rows

    def _write(
        self, batch: Batch, supply: Supply, numbering: papers.Numbering, written: _Written
    ) -> None:
        random = Random(f"{self.plan.seed} copies {batch.unit.code}")  # noqa: S311 - likewise
        chances = Chances(supply, random)
        copies = _copies(batch, random)
        numbers = _numbers(copies, numbering)
        for number, one in enumerate(copies):
            code = numbering.next_code(
                unit=batch.unit.id,
                unit_code=batch.unit.code,
                field_code=one.life.field_code,
                on=clock.day(one.at),
                pattern_key=papers.DOSSIER_CODE,
            )
            family = self._family(one.life.family, chances, written)
            given = Given(
                off=one.off, weeks=one.weeks, code=code, numbers=numbers[number], family=family
            )
            values = one.life.pattern.values(given, chances)
            written.add(one.life.pattern, values)
            written.count()

    def _family(self, family: Family, chances: Chances, written: _Written) -> Sequence[str]:
        """Return the values of a family that files again, or of a new one."""
        if family.recent and chances.random.random() < _FAMILY_AGAIN:
            return chances.random.choice(family.recent)
        values = family.pattern.values(Given(), chances)
        written.add(family.pattern, values)
        family.recent = [*family.recent[-_REMEMBERED:], values]
        return values


def _copies(batch: Batch, random: Random) -> list[_Copy]:
    """Return the dossiers of a centre in the order of filing: each life as it was, then moved."""
    found = []
    for number in range(batch.count):
        life = batch.lives[number % len(batch.lives)]
        weeks = off = dt.timedelta()
        if number >= len(batch.lives) and life.within:
            weeks = dt.timedelta(weeks=random.choice(life.weeks))
            off = life.within * random.random()
            off -= dt.timedelta(microseconds=off.microseconds % 1000)
        found.append(_Copy(life=life, off=weeks + off, weeks=weeks))
    found.sort(key=lambda one: one.at)
    return found


def _numbers(copies: Sequence[_Copy], numbering: papers.Numbering) -> list[list[int]]:
    """Give each numbered deed its number, in the order of time."""
    wanted: list[tuple[dt.datetime, int, int, tuple[UUID, str, str]]] = [
        (at + one.off, number, place, (unit, kind, series))
        for number, one in enumerate(copies)
        for place, (at, unit, kind, series) in enumerate(one.life.numbered)
    ]
    wanted.sort(key=lambda one: one[:3])
    found = [[0] * len(one.life.numbered) for one in copies]
    for at, number, place, (unit, kind, series) in wanted:
        found[number][place] = numbering.take_number(
            unit=unit, kind=kind, series=series, on=clock.day(at)
        )
    return found


class _Written:
    """Gathers lines by table and loads them, beside the writing of the next where there are many.

    A load that failed is raised by the next call.
    """

    def __init__(self, bulk: database.Bulk, tell: Tell, *, is_beside: bool) -> None:
        self._bulk, self._tell = bulk, tell
        self._seals = audit.PastSeals(bulk.cursor)
        self._load = _Load()
        self._done = self.rows = 0
        self._failed: list[BaseException] = []
        self._queue: Queue[_Load | None] = Queue(maxsize=2)
        self._thread = threading.Thread(target=self._work, daemon=True) if is_beside else None
        if self._thread is not None:
            self._thread.start()

    def add(self, pattern: Pattern, values: Sequence[str]) -> None:
        """Take the rows of one life or family."""
        for model, lines in pattern.lines(values).items():
            self._load.lines[model].append(lines)
        entries, leaves = pattern.sealed(values)
        self._load.entries += entries
        self._load.leaves += leaves

    def count(self) -> None:
        """Count one more dossier; load what was gathered when there is enough."""
        self._load.dossiers += 1
        if self._load.dossiers >= _AT_ONCE:
            self._hand_over()

    def end(self) -> None:
        """Load the rest, and wait until everything is loaded."""
        self._hand_over()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        self._raise()

    def give_up(self) -> None:
        """Load nothing more, and wait until nothing is being loaded."""
        if self._thread is not None:
            self._failed.append(InterruptedError())
            self._queue.put(None)
            self._thread.join()

    def _hand_over(self) -> None:
        self._raise()
        load, self._load = self._load, _Load()
        if self._thread is not None:
            self._queue.put(load)
        else:
            self._take(load)

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _work(self) -> None:
        while (load := self._queue.get()) is not None:
            if not self._failed:
                try:
                    self._take(load)
                except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
                    self._failed.append(error)

    def _take(self, load: _Load) -> None:
        for model, lines in load.lines.items():
            self._bulk.take(model, lines)
            self.rows += sum(text.count("\n") for text in lines)
        self._seals.add(load.entries, load.leaves)
        self._done += load.dossiers
        self._tell(self._done)


@dataclass(slots=True)
class _Load:
    """What is loaded together."""

    lines: dict[type[models.Model], list[str]] = field(default_factory=lambda: defaultdict(list))
    entries: list[str] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    dossiers: int = 0


class NotADemonstration(DomainError):
    """Invented dossiers do not belong among those of real people."""

    code = "not_a_demonstration"


class CannotSimulate(DomainError):
    """The plan does not fit the installation; the message says why."""

    code = "cannot_simulate"


def check(plan: province.Plan, *, is_sure: bool) -> None:
    """Refuse a plan that must not or cannot be laid down, before anything is written.

    is_sure: whether this is a demonstration, or whoever runs it has said that it may be done.
    """
    if not is_sure:
        raise NotADemonstration(
            _(
                "Đây không phải bản trình diễn: hồ sơ hư cấu sẽ lẫn vào hồ sơ của người dân, lấy "
                "số trong sổ thật và không gỡ ra được. Chỉ thêm --among-real-people khi cơ sở dữ "
                "liệu này được lập riêng để đo."
            )
        )
    if plan.count < 1 or plan.days < 1:
        raise CannotSimulate(_("Cần ít nhất một hồ sơ và một ngày."))
    if plan.first < FIRST:
        most = (clock.day(plan.until) - FIRST).days + 1
        raise CannotSimulate(
            _("Chính quyền hai cấp có từ 01/07/2025: nhiều nhất %(days)s ngày.") % {"days": most}
        )


def prepare(plan: province.Plan) -> None:
    """Make months, calendar and officials that a plan needs and that are not there yet."""
    appoint_officials(plan)
