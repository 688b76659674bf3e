"""Laying down the invented year of a province, centre by centre."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.db import models, transaction

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.base.identifiers import PastIds
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import FormCode
from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue, paperwork
from sen.systems.public_services.services import minutes
from sen.systems.public_services.services.living.cast import (
    Names,
    Officials,
    People,
    citizens,
)
from sen.systems.public_services.services.living.chronicle import Chronicle
from sen.systems.public_services.services.living.editions import Editions
from sen.systems.public_services.services.living.filing import (
    Centre,
    Here,
    Shown,
    Span,
    filed,
)
from sen.systems.public_services.services.living.ledger import Content
from sen.systems.public_services.services.living.papers import Papers
from sen.systems.public_services.services.living.story import Deed, Story
from sen.systems.public_services.services.living.told import told

_ROWS = 50_000
"""So many rows are loaded at once."""
_BUSY_TIMES = 12.0
"""How many times the share of another centre one has whose officials can be signed in as."""
FORMS = {
    "receive": FormCode.MAU_01,
    "request_supplement": FormCode.MAU_02,
    "refuse_reception": FormCode.MAU_03,
    "withdraw": FormCode.MAU_05,
}
"""The prescribed paper that each deed calls for."""
NUMBERED = {*FORMS, "conclude", "issue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to lay down: how many dossiers, of how many days up to when, by which seed.

    busy: the centres that are given more than others. shown: units at each of whose steps something
    waits in the end, since their officials can be signed in as. procedures: those that are filed,
    none for all that the data file names.
    """

    count: int
    until: dt.datetime
    days: int = 365
    seed: int = 41
    busy: frozenset[UUID] = frozenset()
    shown: frozenset[UUID] = frozenset()
    procedures: frozenset[str] = frozenset()

    @property
    def first(self) -> dt.date:
        """The first day on which something is filed."""
        return clock.day(self.until) - dt.timedelta(days=self.days - 1)


@transaction.atomic
def lay_down(plan: Plan) -> int:
    """Lay down invented dossiers as the verbs would have left them; return how many rows.

    Centres in the order of their codes, each by a chance of its own: the same plan over the same
    province gives the same dossiers. Nothing is published to anybody and no job is deferred.
    For a demonstration or a measurement, by whoever runs the installation: no right is asked.
    """
    access.enter(SYSTEM)
    legal.begin_request()  # editions are read once, not at every question to a calendar
    gc.disable()  # a hundred thousand rows are alive at once and none of them is garbage
    try:
        count = 0
        waiting: list[models.Model] = []
        for row in _rows(plan):
            waiting.append(row)
            if len(waiting) >= _ROWS:
                count += database.load(waiting)
                waiting.clear()
        return count + database.load(waiting)
    finally:
        gc.enable()
        legal.end_request()


def _rows(plan: Plan) -> Iterator[models.Model]:
    random = Random(plan.seed)  # noqa: S311 - an invented year; no secret depends on it
    last = clock.day(plan.until)
    span = Span(first=plan.first, until=plan.until)
    wanted = [one for one in told().procedures if one in plan.procedures or not plan.procedures]
    editions, names = Editions(wanted, span.first), Names(random)
    officials, samples = Officials(last), Papers(plan.until)
    centres = centres_of(plan, editions, random)
    numbering = papers.Numbering(organisations.units(on=last).values_list("id", flat=True))
    areas, there = communes(last), citizens()
    held: list[_Lived] = []
    for centre in centres:
        chance = Random(f"{plan.seed} {centre.unit.code}")  # noqa: S311 - likewise
        people = people_of(centre, areas, span, names, chance)
        people.welcome(there.get(people.area_id, []) if centre.unit.id in plan.busy else [])
        yield from people.rows
        people.rows.clear()
        here = Here(
            centre=centre,
            span=span,
            editions=editions,
            officials=officials,
            people=people,
            names=names,
            numbering=numbering,
            random=chance,
        )
        lived = [_Lived(story, content, chance) for story, content in filed(here)]
        yield from people.rows
        _number(lived, numbering, is_shared=False)
        for one in lived:
            if is_shared(one.story):
                held.append(one)
            else:
                yield from one.rows(samples, plan.until)
    _number(held, numbering, is_shared=True)
    for one in held:
        yield from one.rows(samples, plan.until)
    numbering.keep()


@dataclass(slots=True)
class _Lived:
    """A dossier that was played, the chance of its centre, and the numbers of its deeds."""

    story: Story
    content: Content
    chance: Random
    numbers: dict[int, int] = field(default_factory=dict)

    def rows(self, samples: Papers, until: dt.datetime) -> Iterator[models.Model]:
        """Return what is to be loaded of it."""
        ids = PastIds(self.chance)
        return Chronicle(self.story, self.content, self.numbers, samples, ids).rows(until)


def is_shared(story: Story) -> bool:
    """Tell whether the unit that decides does so for several centres: one register for all."""
    return bool(
        told().procedures[story.filed.case.version.procedure.code].get("at_communes", False)
    )


def centres_of(plan: Plan, editions: Editions, random: Random) -> list[Centre]:
    """Return the centres with their share of the dossiers, by code.

    What a department decides is filed at the province's centre, unless the data file says that it
    is filed at the communes', as all else is.
    """
    last = clock.day(plan.until)
    procedures = {
        unit.id: _filed_at(unit, editions, last) for unit in catalogue.receiving_units(last)
    }
    weights = {code: told().procedures[code]["weight"] for code in told().procedures}
    shares: dict[UUID, float] = {}
    for unit in catalogue.receiving_units(last):
        share = random.lognormvariate(0, 0.5)
        shares[unit.id] = share * (_BUSY_TIMES if unit.id in plan.busy else 1.0)
    found = []
    commune = {unit: share for unit, share in shares.items() if not procedures[unit][1]}
    of_communes = sum(commune.values()) or 1.0
    whole = sum(weights.values())
    exact: dict[UUID, float] = {}
    for centre, (codes, is_province) in procedures.items():
        part = sum(weights[code] for code in codes) / whole
        exact[centre] = plan.count * part * (1.0 if is_province else shares[centre] / of_communes)
    counts = _rounded(exact, plan.count)
    busiest = sorted(procedures, key=lambda centre: -counts[centre])
    shown = _shown({one: procedures[one][0] for one in busiest}, plan, editions)
    ways = told().ways
    for unit in catalogue.receiving_units(last):
        is_worse = random.random() < ways["worse_units"]
        found.append(
            Centre(
                unit=unit,
                procedures=procedures[unit.id][0],
                late=ways["late_where_worse" if is_worse else "late"],
                count=counts[unit.id],
                shown=shown.get(unit.id, ()),
            )
        )
    return [one for one in found if one.count and one.procedures]


def _shown(
    centres: Mapping[UUID, Sequence[str]], plan: Plan, editions: Editions
) -> Mapping[UUID, Sequence[Shown]]:
    """Return what waits in the end: something at each act of each unit that is to be shown.

    centres: what is filed at each; whoever decides for several is given work by the first.
    """
    last = clock.day(plan.until)
    left = set(plan.shown)
    found: dict[UUID, list[Shown]] = {}
    for centre, codes in centres.items():
        wanted = {centre: list(codes)} if centre in left else {}
        for code in codes:
            decides = catalogue.competent_unit(centre, last, editions.cases(code, last)[0])
            if decides in left:
                wanted.setdefault(decides, []).append(code)
        left -= wanted.keys()
        for unit, offered in wanted.items():
            for act, count in told().shown["centre" if unit == centre else "decides"].items():
                able = [code for code in offered if _asks_for(editions.cases(code, last), act)]
                if able:
                    found.setdefault(centre, []).append(
                        Shown(act=act, procedures=able, count=count)
                    )
    return found


def _asks_for(cases: list[Case], act: str) -> bool:
    """Tell whether a flow has an act, which a supplement and a deputy's signature are not."""
    plain = {"supplement": "propose", "sign_as_deputy": "sign"}.get(act, act)
    return any(
        step.act == f"public_services.{plain}"
        for case in cases
        for step in workflow.flow(case.flow_version_id).steps
    )


def _filed_at(
    centre: organisations.Unit, editions: Editions, on: dt.date
) -> tuple[list[str], bool]:
    """Return what is filed at a centre, and whether it is the province's."""
    above = organisations.above(centre.id, on, include_self=False)
    is_province = organisations.unit_by_id(above[0]).kind == organisations.UnitKind.PROVINCE
    found = []
    for code in told().procedures:
        cases = editions.cases(code, on)
        if not cases:
            continue
        decides = organisations.unit_by_id(catalogue.competent_unit(centre.id, on, cases[0]))
        at_communes = told().procedures[code].get("at_communes", False)
        is_department = decides.kind == organisations.UnitKind.DEPARTMENT and not at_communes
        if is_department == is_province:
            found.append(code)
    return found, is_province


def _rounded(exact: Mapping[UUID, float], whole: int) -> dict[UUID, int]:
    """Return whole numbers that add up: the largest rests are rounded up."""
    down = {key: int(value) for key, value in exact.items()}
    missing = max(0, whole - sum(down.values()))
    by_rest = sorted(exact, key=lambda key: (down[key] - exact[key], key))
    for key in itertools.islice(itertools.cycle(by_rest or [None]), missing):
        if key is not None:
            down[key] += 1
    return down


def communes(on: dt.date) -> list[organisations.Area]:
    """Return the communes that are governed from here, in the order of their codes."""
    codes = organisations.units(organisations.UnitKind.COMMUNE, on=on)
    governed = set(codes.values_list("statistics_code", flat=True))
    areas = organisations.areas(organisations.AreaKind.COMMUNE, on=on)
    return [area for area in areas if area.code in governed]


def people_of(
    centre: Centre, areas: list[organisations.Area], span: Span, names: Names, random: Random
) -> People:
    """Return the people of a centre's commune; for the province's own, of one of its communes."""
    last = clock.day(span.until)
    above = organisations.above(centre.unit.id, last, include_self=False)
    code = organisations.unit_by_id(above[0]).statistics_code
    area = next((one for one in areas if one.code == code), None) or random.choice(areas)
    return People(
        area=area.code,
        area_id=area.pk,
        area_name=area.name["vi"],
        since=clock.moment(span.first),
        random=random,
        names=names,
    )


def _number(lived: list[_Lived], numbering: papers.Numbering, *, is_shared: bool) -> None:
    """Give each numbered deed its number, in the order of time.

    is_shared: those that are numbered in a register of several centres, when all centres were
    played; else those of the centre's own registers.
    """
    wanted = sorted(
        (deed.at, number, place)
        for number, one in enumerate(lived)
        for place, deed in enumerate(one.story.deeds)
        if deed.act in NUMBERED and _is_of_several(one.story, deed) == is_shared
    )
    for at, number, place in wanted:
        story, on = lived[number].story, clock.day(at)
        unit, kind, series = register_of_deed(story, story.deeds[place], on)
        taken = numbering.take_number(unit=unit, kind=kind, series=series, on=on)
        lived[number].numbers[place] = taken


def _is_of_several(story: Story, deed: Deed) -> bool:
    return deed.act not in FORMS and is_shared(story)


def register_of_deed(story: Story, deed: Deed, on: dt.date) -> tuple[UUID, str, str]:
    """Return the register in which a deed is numbered: unit, kind, series."""
    units = story.filed.units
    if deed.act in FORMS:
        return units["received"], FORMS[deed.act].value, ""
    if deed.act == "conclude":
        return units["competent"], minutes.REGISTER, ""
    held = Dossier(case=story.filed.case, competent_unit_id=units["competent"])
    register = paperwork.register_of(held, story.kind, on=on)
    return units["competent"], register.kind, register.series
