"""Laying many dossiers down: patterns played, copies planned and numbered, all loaded."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

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
from sen.systems.public_services.services.simulating import planning, writing
from sen.systems.public_services.services.simulating.patterns import played
from sen.systems.public_services.services.simulating.standins import StandIns, Supply

ANEW_FROM = 20_000
"""From so many dossiers on, indexes and keys are made anew after the rows instead of with them."""
_PATTERNS = 2000
_WRITTEN_AT_LEAST = 10
"""So often each is written where there are few dossiers; playing one is as dear as writing ten."""
_AT_LEAST = 4
"""Patterns of a centre, where it has so many dossiers."""
_SERIALS = 10_000
"""Serial numbers below are those of a living demonstration."""

Tell = Callable[[int], None]


class Simulation:
    """Many invented dossiers of a plan, as the verbs would have left them.

    `play` first, which writes nothing but earlier editions of procedures; then `lay_down`, all of
    them or none. For a demonstration or a measurement, by whoever runs the installation: no right
    is asked. Nothing is published to anybody and no job is deferred.
    """

    def __init__(self, plan: province.Plan) -> None:
        """Take the plan; its seed decides everything but ids and keys."""
        self.plan = plan
        self.batches: list[planning.Batch] = []
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

    def _batches(self) -> Iterator[planning.Batch]:
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
                is_apart=True,  # a family is compiled whole, with whoever files for it
            )
            lives = list(played(here, samples))
            yield planning.Batch(unit=centre.unit, lives=lives, count=centre.count)

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

    def lay_down(self, tell: Tell, tell_index: database.Tell | None = None) -> None:
        """Write every dossier in one transaction.

        tell: hears how many are written; tell_index: how many keys and indexes are made anew.
        """
        legal.begin_request()
        gc.disable()  # millions of texts are alive by and by and none of them is garbage
        try:
            if self.plan.count >= ANEW_FROM:
                planned = self._begun()  # its locks are gone before tables are closed
                with database.bulk_anew(self.tables, tell=tell_index) as bulk:
                    self._fill(planned, bulk, tell, is_beside=True)
            else:
                with transaction.atomic(), database.bulk() as bulk:
                    self._fill(self._begun(), bulk, tell, is_beside=False)
        finally:
            gc.enable()
            legal.end_request()

    @transaction.atomic
    def _begun(self) -> planning.Planning:
        """Return from where numbers of people and of registers go on."""
        access.enter(SYSTEM)
        there = identity.Person.objects.count()
        units = organisations.units(on=clock.day(self.plan.until)).values_list("id", flat=True)
        supply = Supply(self._random, first=_SERIALS + there)
        return planning.Planning(supply, papers.Numbering(list(units)), self.plan.seed)

    def _fill(
        self, planned: planning.Planning, bulk: database.Bulk, tell: Tell, *, is_beside: bool
    ) -> None:
        seals = audit.PastSeals(bulk.cursor)
        plans = (
            writing.Planned(
                copies=planned.copies(batch), seed=f"{self.plan.seed} rows {batch.unit.code}"
            )
            for batch in self.batches
        )
        write = writing.written_beside if is_beside else writing.written_here
        done = self.rows = 0
        with contextlib.closing(write(plans)) as loads:
            for load in loads:
                for model, lines in load.lines.items():
                    bulk.take(model, lines)
                    self.rows += lines.count(b"\n")
                seals.add(load.entries, load.leaves)
                done += load.dossiers
                tell(done)
        planned.keep(using=bulk.alias)


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
