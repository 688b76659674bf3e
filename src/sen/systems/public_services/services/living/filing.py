"""What is filed at one centre in the invented year: when, by whom, saying what."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from random import Random
from uuid import UUID

from sen.base import clock
from sen.base.actor import Actor
from sen.base.identifiers import PastIds
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind, Intake
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, fees, findings, parts
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.rules import seasons
from sen.systems.public_services.services.living import steps
from sen.systems.public_services.services.living.cast import Names, Officials, People
from sen.systems.public_services.services.living.editions import Editions
from sen.systems.public_services.services.living.ledger import Content
from sen.systems.public_services.services.living.said import Saying
from sen.systems.public_services.services.living.story import Filed, Story
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.living.ways import way

_RECENT = dt.timedelta(days=4)
"""How long ago at most something was filed that waits for its reception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The invented year: its days, the moment at which it ends, how likely each day is."""

    first: dt.date
    until: dt.datetime
    _days: dict[tuple[str, bool], tuple[list[dt.date], list[float]]] = field(default_factory=dict)

    def day(self, random: Random, procedure: str, *, is_online: bool) -> dt.date:
        """Return a day on which a procedure is filed, by its season."""
        key = (procedure, is_online)
        if key not in self._days:
            self._days[key] = self._likely(procedure, is_online=is_online)
        days, shares = self._days[key]
        [found] = random.choices(days, cum_weights=shares)
        return found

    def _likely(self, procedure: str, *, is_online: bool) -> tuple[list[dt.date], list[float]]:
        last, office = clock.day(self.until), calendar.calendar_of()
        count = (last - self.first).days + 1
        days = [self.first + dt.timedelta(days=number) for number in range(count)]
        worked = {day: bool(office.spans(day)) for day in days}
        shares = seasons.weights(
            self.first,
            last,
            months=told().procedures[procedure].get("months", told().months),
            worked=worked,
            after_rest=told().after_rest,
            recent=told().recent,
        )
        kept = [day for day in days if is_online or worked[day]]
        return kept, list(accumulate(shares[day] for day in kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A service centre, what is filed there and how much. late: the share ended too late."""

    unit: organisations.Unit
    procedures: Sequence[str]
    late: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """All that filing at a centre needs to know."""

    centre: Centre
    span: Span
    editions: Editions
    officials: Officials
    people: People
    names: Names
    numbering: papers.Numbering
    random: Random


def filed(here: Here) -> list[tuple[Story, Content]]:
    """Return what was filed at a centre in the order of filing, each as far as it came."""
    wanted = sorted(wish(here) for _number in range(here.centre.count))
    return [file_one(here, at, procedure, is_online) for at, procedure, is_online in wanted]


def wish(here: Here) -> tuple[dt.datetime, str, bool]:
    """Return when, what and how somebody files."""
    random, shares = here.random, told().procedures
    weights = [shares[code]["weight"] for code in here.centre.procedures]
    while True:
        [code] = random.choices(here.centre.procedures, weights)
        is_online = random.random() < shares[code].get("portal", told().ways["portal"])
        day = here.span.day(random, code, is_online=is_online)
        office = calendar.calendar_of(here.centre.unit.id)
        if is_online:
            at = clock.moment(day, seasons.time_online(random))
        elif spans := office.spans(day):
            opens, closes = random.choice(spans)
            first, last = clock.moment(day, opens), clock.moment(day, closes)
            at = first + (last - first) * random.uniform(0.02, 0.9)
        else:
            continue
        cases = here.editions.cases(code, day)
        is_whole = bool(cases) and all(lives_here(case) for case in cases)
        if at < here.span.until and cases and (is_whole or here.span.until - at < _RECENT):
            return at.replace(microsecond=random.randrange(1000) * 1000), code, is_online


def lives_here(case: Case) -> bool:
    """Tell whether a case can be lived to its end: its acts are known, no unit else takes part."""
    return not parts.has_own(case) and steps.knows(case.flow_version_id)


def file_one(here: Here, at: dt.datetime, code: str, is_online: bool) -> tuple[Story, Content]:  # noqa: FBT001 - one of three that were wished
    """Return what is filed at a moment and how it went, with all that it says."""
    random, day = here.random, clock.day(at)
    case = random.choice(here.editions.cases(code, day))
    received = here.centre.unit.id
    competent = catalogue.competent_unit(received, clock.day(here.span.until), case)
    owner = here.people.somebody(tuple(told().procedures[code]["ages"]), day, has_account=is_online)
    saying = Saying(owner, day, here.names, random)
    answers = saying.answers(forms.form(case.form_version_id))
    ids = PastIds(random)
    counter = here.officials.of(permissions.FILE_AT_COUNTER, received)
    by = owner.actor if is_online or not counter else counter[0]
    procedure = case.version.procedure
    told_of = Filed(
        id=ids(at),
        code=here.numbering.next_code(
            unit=received,
            unit_code=here.centre.unit.code,
            field_code=procedure.field_code,
            on=day,
            pattern_key=papers.DOSSIER_CODE,
        ),
        case=case,
        owner=owner,
        by=by,
        units=parts.resolve(case, received=received, competent=competent, on=day),
        at=at,
    )
    goes = way(random, is_online=not by.is_official, late=here.centre.late)
    story = Story(told_of, goes, here.officials, ids, random)
    if lives_here(case):
        steps.live(story, here.span.until)
    found = _findings(here, story, answers)
    return story, replace(_content(case, answers, day, by, random), findings=found)


def _findings(here: Here, story: Story, answers: Mapping[str, object]) -> Mapping[str, object]:
    """Return what the official establishes when a result is proposed, from what was declared on."""
    case = story.filed.case
    form = findings.form_of(case)
    proposed = next((deed for deed in story.deeds if deed.act == "propose"), None)
    if form is None or case.council or proposed is None or story.kind == DecisionKind.REFUSAL:
        return {}
    saying = Saying(story.filed.owner, clock.day(proposed.at), here.names, here.random)
    return saying.answers(form, answers)


def _content(
    case: Case, answers: Mapping[str, object], day: dt.date, by: Actor, random: Random
) -> Content:
    asked = rules.papers_asked(
        catalogue.paper_rules(case), answers=answers, holds=forms.condition_holds
    )
    channel = rules.intake(is_official=by.is_official, by_api=False)
    return Content(
        answers=answers,
        asked=asked,
        lines=fees.computed(case, answers, on=day),
        secret=_secret(random),
        key=_secret(random),
        draft=UUID(int=random.getrandbits(128)) if channel == Intake.PORTAL else None,
        channel=channel.value,
        findings={},
    )


def _secret(random: Random) -> str:
    """Return what looks like `new_secret`; nothing secret stands behind an invented dossier."""
    return base64.b32encode(random.randbytes(16)).decode().rstrip("=").lower()
