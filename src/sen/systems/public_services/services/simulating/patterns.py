"""Playing patterns: lives by the generator of the living demo, to be written many times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from django.db import models

from sen.base import clock, sealing
from sen.base.identifiers import PastIds
from sen.kernel.calendar import public as calendar
from sen.systems.public_services.queries import fees
from sen.systems.public_services.services.living import steps
from sen.systems.public_services.services.living.chronicle import Chronicle
from sen.systems.public_services.services.living.filing import Here, file_one, lives_here, wish
from sen.systems.public_services.services.living.ledger import Content
from sen.systems.public_services.services.living.papers import Papers
from sen.systems.public_services.services.living.province import NUMBERED, register_of_deed
from sen.systems.public_services.services.living.story import Story
from sen.systems.public_services.services.simulating.compiling import Compiler
from sen.systems.public_services.services.simulating.rendering import Pattern
from sen.systems.public_services.services.simulating.standins import StandIns

_WITHIN = (dt.timedelta(minutes=20), dt.timedelta(minutes=4), dt.timedelta(seconds=40))
"""How far a life may be moved within its day, the first that fits."""
_WEEKS = 3
_REGISTERS = 71_000_000
"""Stand-ins of numbers of registers."""

Numbered = tuple[dt.datetime, UUID, str, str]
"""When a number was taken, and of which register: unit, kind, series."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """A compiled family."""

    pattern: Pattern
    compiler: Compiler


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A compiled life and by how much it can be moved: less than `within`, and by `weeks`."""

    pattern: Pattern
    family: Family
    at: dt.datetime
    unit: UUID
    field_code: str
    numbered: Sequence[Numbered]
    within: dt.timedelta
    weeks: Sequence[int]


def played(here: Here, samples: Papers) -> Iterator[Life]:
    """Play as many lives as the centre is to have, each compiled."""
    names = here.names
    if not isinstance(names, StandIns):
        raise TypeError("patterns are played with stand-ins")
    families: dict[UUID, Family] = {}
    for wished in sorted(wish(here) for _number in range(here.centre.count)):
        names.forget()
        before = len(here.people.rows)
        with sealing.watched() as made:
            first, content = file_one(here, wished)
            rows = here.people.rows[before:]
            if rows:
                families[first.filed.owner.person] = _family(rows, names, made)
            family = families[first.filed.owner.person]
            del made[:]
            yield _life(here, first, content, family, samples, made)


def _family(rows: Sequence[models.Model], names: StandIns, made: Sequence[sealing.Made]) -> Family:
    compiler = Compiler("", None, frozenset())
    compiler.know_ids([row.pk for row in rows if isinstance(row.pk, UUID)])
    known = " ".join(str(getattr(row, "full_name", "")) for row in rows)
    # names and numbers of the answers were given after those of the family
    inside = [one for one in names.names if one[1][0] in known.split()]
    for number, (_kind, words) in enumerate(inside):
        compiler.know_name(number, words)
    digested = {one.plain.decode() for one in made if one.kind == "digest"}
    numbers = [one for one in names.numbers if one in digested]
    for number, text in enumerate(numbers):
        compiler.know_number(number, text)
    said = " ".join(
        f"{getattr(row, 'tax_code', '')} {getattr(row, 'evidence', '')}" for row in rows
    )
    serials = [one for one in names.serials if str(one) in said]
    for number, serial in enumerate(serials):
        compiler.know_serial(number, serial)
    del names.names[: len(inside)], names.numbers[: len(numbers)], names.serials[: len(serials)]
    compiler.know_made(made)
    pattern = Pattern(compiler, rows, made, names=inside, like=numbers, serials=len(serials))
    return Family(pattern=pattern, compiler=compiler)


def _life(
    here: Here,
    first: Story,
    content: Content,
    family: Family,
    samples: Papers,
    made: list[sealing.Made],
) -> Life:
    seed, until = here.random.random(), here.span.until
    story = _told(here, first, dt.timedelta(), seed)
    within, fixed = _movable(here, first, story, seed)
    names = here.names
    if not isinstance(names, StandIns):
        raise TypeError("patterns are played with stand-ins")
    numbered = _numbered(story)
    chronicle = Chronicle(
        story,
        content,
        {place: _REGISTERS + number for number, (place, _of) in enumerate(numbered)},
        samples,
        PastIds(Random(f"{seed} rows")),  # noqa: S311 - an invented life
    )
    rows = list(chronicle.rows(until))
    compiler = Compiler(story.filed.code, story.filed.at, fixed)
    compiler.know_ids([row.pk for row in rows if isinstance(row.pk, UUID)])
    if content.draft is not None:
        compiler.know_ids([content.draft])
    for number, (_kind, words) in enumerate(names.names):
        compiler.know_name(number, words)
    for number, text in enumerate(names.numbers):
        compiler.know_number(number, text)
    for number, serial in enumerate(names.serials):
        compiler.know_serial(number, serial)
    for number in range(len(numbered)):
        compiler.known[str(_REGISTERS + number)] = ("register", number)
        compiler.exact[str(_REGISTERS + number)] = ("register_plain", number)
    compiler.known |= {content.secret: ("secret", 0), content.key: ("secret", 1)}
    compiler.know_made(made)
    _know_family(compiler, family)
    pattern = Pattern(
        compiler, rows, made, names=names.names, like=names.numbers, serials=len(names.serials)
    )
    return Life(
        pattern=pattern,
        family=family,
        at=story.filed.at,
        unit=story.filed.units["received"],
        field_code=story.filed.case.version.procedure.field_code,
        numbered=[of for _place, of in numbered],
        within=within,
        weeks=_weeks(here, story, content, numbered) if within else (0,),
    )


def _know_family(compiler: Compiler, family: Family) -> None:
    inside = family.compiler
    for text, slot in inside.known.items():
        if slot[0] not in {"made", "base32"}:
            compiler.known.setdefault(text, ("family", inside.place(slot)))
    for text, slot in inside.exact.items():
        compiler.exact.setdefault(text, ("family", inside.place(slot)))


def _told(here: Here, first: Story, off: dt.timedelta, seed: float) -> Story:
    """Return a life as it went, begun a little later: the same chance, the same people."""
    random = Random(seed)  # noqa: S311 - an invented life
    filed = replace(first.filed, at=first.filed.at + off)
    story = Story(filed, first.way, here.officials, PastIds(random), random)
    if lives_here(filed.case):
        steps.live(story, here.span.until)
    return story


def _movable(
    here: Here, first: Story, story: Story, seed: float
) -> tuple[dt.timedelta, frozenset[dt.datetime]]:
    """Return how far a life can be moved within its day, and which of its moments stay then.

    It is played again, begun later: it can be moved where each moment moved as far, or not at all.
    """
    acts = [deed.at for deed in story.deeds]
    for off in _WITHIN:
        later = _told(here, first, off, seed)
        if [one.act for one in later.deeds] != [one.act for one in story.deeds]:
            continue
        before, after = _moments(story, here.span.until), _moments(later, here.span.until)
        if len(before) != len(after) or max(acts) + off > here.span.until:
            continue
        pairs = list(zip(before, after, strict=True))
        moved = {one for one, other in pairs if other - one == off}
        fixed = {one for one, other in pairs if other == one}
        crosses = any(clock.day(one) != clock.day(one + off) for one in moved)
        is_whole = len(moved) + len(fixed) == len(set(before))
        if is_whole and not moved & fixed and not crosses:
            return off, frozenset(fixed)
    return dt.timedelta(), frozenset()


def _moments(story: Story, until: dt.datetime) -> list[dt.datetime]:
    """Return every moment of a life, in an order that depends on its deeds alone."""
    run = story.run
    found: list[dt.datetime | None] = [deed.at for deed in story.deeds]
    found += [story.due_at, *story.expected.keys(), *story.expected.values()]
    for row in run.rows(until):
        for one in row._meta.concrete_fields:  # noqa: SLF001 - Django's own name for it
            value = row.__dict__.get(one.attname)  # a generated one is not there yet
            found += [value] if isinstance(value, dt.datetime) else []
    found += [at for at, _event in run.fired]
    return [one for one in found if one is not None]


def _numbered(story: Story) -> list[tuple[int, Numbered]]:
    """Return the places of numbered deeds, and the register of each."""
    return [
        (place, (deed.at, *register_of_deed(story, deed, clock.day(deed.at))))
        for place, deed in enumerate(story.deeds)
        if deed.act in NUMBERED
    ]


def _weeks(
    here: Here, story: Story, content: Content, numbered: Sequence[tuple[int, Numbered]]
) -> list[int]:
    """Return by how many weeks a life that is over can be moved: the same hours on all its days.

    Not over the end of a year, in which its numbers were taken, nor to an edition or a charge
    that was not its own.
    """
    if story.run.tasks:
        return [0]
    moments = _moments(story, here.span.until)
    first, last = clock.day(min(moments)), clock.day(max(moments))
    ended = max(deed.at for deed in story.deeds)
    offices = [calendar.calendar_of(one) for one in set(story.filed.units.values())]
    days = [first + dt.timedelta(days=one) for one in range((last - first).days + 1)]
    found = [0]
    for count in [one for one in range(-_WEEKS, _WEEKS + 1) if one]:
        moved = dt.timedelta(weeks=count)
        filed_on = clock.day(story.filed.at + moved)
        is_within = (
            filed_on > here.span.first and ended + moved + dt.timedelta(hours=1) < here.span.until
        )
        if (
            is_within
            and all(at.year == (at + moved).year for _place, (at, *_of) in numbered)
            and all(
                office.spans(day) == office.spans(day + moved) for office in offices for day in days
            )
            and _same_terms(here, story, content, filed_on)
        ):
            found.append(count)
    return found


def _same_terms(here: Here, story: Story, content: Content, on: dt.date) -> bool:
    case = story.filed.case
    cases = here.editions.cases(case.version.procedure.code, on)
    return case.pk in {one.pk for one in cases} and content.lines == fees.computed(
        case, content.answers, on=on
    )
