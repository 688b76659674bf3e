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
from sen.base.identifiers import PastIds
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind, DossierState, Intake
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, fees, findings, firms, parts
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.rules import seasons
from sen.systems.public_services.services.living import steps
from sen.systems.public_services.services.living.cast import Names, Officials, People, Somebody
from sen.systems.public_services.services.living.editions import Editions
from sen.systems.public_services.services.living.ledger import Content
from sen.systems.public_services.services.living.said import Saying
from sen.systems.public_services.services.living.story import Filed, Story
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.living.ways import way

_RECENT = dt.timedelta(days=4)
"""How long ago at most something was filed that waits for its reception."""
_LOOKED_BACK = dt.timedelta(days=24)
_TRIES = 1000
"""How often a filing is tried anew that is to wait for an act, over the days before the end."""
_NOBODY = Somebody(
    person=UUID(int=0),
    account=UUID(int=0),
    full_name="",
    number="",
    born=dt.date(1990, 1, 1),
    is_male=True,
    phone="",
    line="",
    area="",
    area_name="",
)
"""Stands for whoever files while it is tried out where a dossier comes."""


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
    """A service centre, what is filed there and how much. late: the share ended too late.

    shown: what has to be waited for there in the end, since somebody is to find it.
    """

    unit: organisations.Unit
    procedures: Sequence[str]
    late: float
    count: int
    shown: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """So many dossiers of these procedures that wait for an act at the end of the year."""

    act: str
    procedures: Sequence[str]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """All that filing at a centre needs to know.

    is_apart: whether those for whom others file are always new, and file but once, so that all that
    is known of them came in with that filing.
    """

    centre: Centre
    span: Span
    editions: Editions
    officials: Officials
    people: People
    names: Names
    numbering: papers.Numbering
    random: Random
    is_apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Wish:
    """When somebody files what, and how; all that happens to it then hangs on its seed."""

    at: dt.datetime
    procedure: str
    is_online: bool
    seed: int


def filed(here: Here) -> list[tuple[Story, Content]]:
    """Return what was filed at a centre in the order of filing, each as far as it came."""
    shown = _shown(here)
    usual = [wish(here) for _number in range(here.centre.count - len(shown))]
    return [file_one(here, wished) for wished in sorted(usual + shown)]


def _shown(here: Here) -> list[Wish]:
    """Return filings that end where they are to be seen: tried out until they do."""
    found: list[Wish] = []
    tried: list[tuple[Wish, set[str]]] = []
    for shown in here.centre.shown:
        left = min(shown.count, here.centre.count - len(found))
        for number in range(len(tried) + _TRIES):
            if left < 1:
                break
            if number == len(tried):
                wished = wish(here, shown.procedures, since=_LOOKED_BACK)
                tried.append((wished, _waits_for(here, wished)))
            wished, acts = tried[number]
            if shown.act in acts and wished.procedure in shown.procedures:
                tried[number] = (wished, set())
                found.append(wished)
                left -= 1
    return found


def _waits_for(here: Here, wished: Wish) -> set[str]:
    """Return the acts for which a filing would wait in the end; "sign_as_deputy" by who signs."""
    story = _story(here, wished, _NOBODY, "", PastIds(Random(wished.seed)))  # noqa: S311 - a trial
    acts = {task.act.removeprefix("public_services.") for task in story.run.tasks}
    if story.run.paused_at is not None and story.state == DossierState.SUPPLEMENT:
        return {"supplement"}
    head = here.officials.leader(permissions.SIGN, story.filed.units["competent"])
    if "sign" in acts and story.signer is not None and story.signer != head:
        acts.add("sign_as_deputy")
    return acts


def wish(here: Here, procedures: Sequence[str] = (), *, since: dt.timedelta | None = None) -> Wish:
    """Return when, what and how somebody files; since: so long before the end at most."""
    random, shares = here.random, told().procedures
    offered = procedures or here.centre.procedures
    weights = [shares[code]["weight"] for code in offered]
    while True:
        [code] = random.choices(offered, weights)
        is_online = random.random() < shares[code].get("portal", told().ways["portal"])
        if since is None:
            day = here.span.day(random, code, is_online=is_online)
        else:
            back = dt.timedelta(days=int(random.expovariate(1) * since.days / 3))
            day = max(clock.day(here.span.until) - back, here.span.first)
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
            at = at.replace(microsecond=random.randrange(1000) * 1000)
            return Wish(at=at, procedure=code, is_online=is_online, seed=random.getrandbits(64))


def lives_here(case: Case) -> bool:
    """Tell whether a case can be lived to its end: its acts are known, no unit else takes part."""
    return not parts.has_own(case) and steps.knows(case.flow_version_id)


def file_one(here: Here, wished: Wish) -> tuple[Story, Content]:
    """Return what is filed at a moment and how it went, with all that it says."""
    random, day = here.random, clock.day(wished.at)
    case = _case(here, wished)
    owner, helper = _parties(here, wished, case, day)
    ids = PastIds(random)
    unit = here.centre.unit
    code = here.numbering.next_code(
        unit=unit.id,
        unit_code=unit.code,
        field_code=case.version.procedure.field_code,
        on=day,
        pattern_key=papers.DOSSIER_CODE,
    )
    story = _story(here, wished, owner, code, ids, helper)
    form, named = forms.form(case.form_version_id), _named(case, owner)
    answers = Saying(owner, day, here.names, random).answers(form, named)
    found = _findings(here, story, answers)
    content = _content(case, answers, day, story.filed, random)
    return story, replace(content, findings=found)


def _parties(
    here: Here, wished: Wish, case: Case, day: dt.date
) -> tuple[Somebody, Somebody | None]:
    """Return whose dossier it is, or who files for an enterprise, and who files for the owner."""
    told_of, is_online = told().procedures[wished.procedure], wished.is_online
    first, last = told_of["ages"]
    ages, people = (first, last), here.people
    represented = people.apart() if here.is_apart else people
    turn = Random(wished.seed + 1).random()  # noqa: S311 - apart from the chance of the life itself
    if firms.rule_of(case):
        if turn < told_of.get("staff", 0.0):
            return represented.employee(ages, day, has_account=is_online), None
        return people.director(ages, day, has_account=is_online), None
    if turn < told_of.get("for_another", 0.0):
        owner = represented.somebody(ages, day, has_account=False)
        return owner, represented.helper(owner, day)
    return people.somebody(ages, day, has_account=is_online), None


def _case(here: Here, wished: Wish) -> Case:
    cases = here.editions.cases(wished.procedure, clock.day(wished.at))
    return cases[wished.seed % len(cases)]


def _story(
    here: Here,
    wished: Wish,
    owner: Somebody,
    code: str,
    ids: PastIds,
    helper: Somebody | None = None,
) -> Story:
    """Play one filing to where it comes: the same each time, whoever files it."""
    chance = Random(wished.seed)  # noqa: S311 - invented lives
    case, received = _case(here, wished), here.centre.unit.id
    competent = catalogue.competent_unit(received, clock.day(here.span.until), case)
    counter = here.officials.of(permissions.FILE_AT_COUNTER, received)
    filed_of = Filed(
        id=ids(wished.at),
        code=code,
        case=case,
        owner=owner,
        by=counter[0] if counter else owner.actor,
        units=parts.resolve(case, received=received, competent=competent, on=clock.day(wished.at)),
        at=wished.at,
        helper=helper,
    )
    if wished.is_online or not counter:
        filed_of = replace(filed_of, by=filed_of.party)
    goes = way(chance, is_online=not filed_of.by.is_official, late=here.centre.late)
    story = Story(filed_of, goes, here.officials, ids, chance)
    if lives_here(case):
        steps.live(story, here.span.until)
    return story


def _named(case: Case, owner: Somebody) -> Mapping[str, str]:
    """Return how a form names the enterprise that owns what is filed; nothing for a person's."""
    rule = firms.rule_of(case)
    if not rule or owner.firm is None:
        return {}
    return {rule["code"]: owner.firm.tax_code, rule["name"]: owner.firm.name}


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
    case: Case, answers: Mapping[str, object], day: dt.date, filed_of: Filed, random: Random
) -> Content:
    is_registered = filed_of.firm is not None and not filed_of.owner.is_staff
    asked = rules.papers_asked(
        catalogue.paper_rules(case),
        answers=answers,
        holds=forms.condition_holds,
        given=frozenset({firms.REGISTRY} if is_registered else ()),
    )
    channel = rules.intake(is_official=filed_of.by.is_official, by_api=False)
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
