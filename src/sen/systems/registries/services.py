"""The one verb: ask the registries for a draft, all at once, and record what came of it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from sen.base import clock, tracing
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import DomainError, NotAllowed, NotFound
from sen.base.identifiers import new_id, to_base32
from sen.base.vietnamese import fold
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.registries import queries, rules
from sen.systems.registries.adapters import (
    birth_notes,
    civil_status,
    education,
    enterprises,
    land,
    population,
    poverty,
    social_insurance,
    social_security,
)
from sen.systems.registries.choices import Failure, Registry
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told, Wanted
from sen.systems.registries.models import Lookup
from sen.systems.registries.permissions import FOR_ANOTHER, SEARCH

SECONDS = 3.0
"""How long a person waits for all registries together."""
AT_ONCE = 16
"""How many questions of a process may wait for registries; one more is not asked."""
DRAFT = forms.DRAFT_FILES
AGAIN = dt.timedelta(hours=1)
"""Whoever goes on reading is written down once in this time."""
TRIES = 5
"""How often an official may have it asked for one draft: names are mistyped, not five times."""
_places = threading.BoundedSemaphore(AT_ONCE)
_log = structlog.get_logger(__name__)
ADAPTERS: Mapping[Registry, Callable[[Partner, Asked], Told]] = {
    Registry.POPULATION: population.ask,
    Registry.CIVIL_STATUS: civil_status.ask,
    Registry.BIRTH_NOTES: birth_notes.ask,
    Registry.ENTERPRISES: enterprises.ask,
    Registry.LAND: land.ask,
    Registry.EDUCATION: education.ask,
    Registry.POVERTY: poverty.ask,
    Registry.SOCIAL_INSURANCE: social_insurance.ask,
    Registry.SOCIAL_SECURITY: social_security.ask,
}
"""Who asks which registry."""


class LookupOutside(DomainError):
    """A registry is asked for a draft of one's own, about whom it names, and for nothing else."""

    code = "lookup_outside"
    status = 403
    default = gettext_noop(
        "Chỉ được tra cứu cơ sở dữ liệu cho một hồ sơ đang khai của chính người tra cứu, hoặc tại "
        "quầy cho người mà hồ sơ đang khai ghi tên."
    )


class Purpose(NamedTuple):
    """For what a registry is asked: by whom, about whom, and for which draft of theirs.

    person: about whom, None for somebody whom Sen does not keep. unit: where the official stands
    who asks about somebody else.
    """

    account: UUID
    person: UUID | None
    draft: UUID
    about: identity.Named
    unit: UUID | None = None


@dataclass(slots=True)
class Answer:
    """What came of one question while others are still waited for."""

    told: Told | None = None
    failure: Failure = Failure.TOO_SLOW
    took_ms: int = int(SECONDS * 1000)


def look_up(
    actor: Actor, context: forms.PrefillContext, keys: frozenset[str]
) -> Mapping[str, forms.Finding]:
    """Return what the configured registries tell for a draft of the actor's.

    About the actor; an official has it asked about whom the draft names, at most TRIES times. All
    are asked at once and nobody waits longer than SECONDS; not to be called inside a transaction.
    An answer about somebody else is dropped. Each lookup is a row, written before its answer is
    used; values stand in no row and no log. A registry that is not configured is not asked.
    Raises LookupOutside without such a draft or right, which the audit trail keeps.
    """
    partners = queries.partners()
    wanted = [registry for registry in Registry if registry.value in keys & set(partners)]
    if not wanted:
        return {}
    purpose = _checked_purpose(actor, context)
    if not purpose.about.national_number:
        return {}  # a number that nobody proved
    asked = _question(purpose, context)
    answers = _asked_together({one: partners[one] for one in wanted}, asked)
    found = {one.value: _finding(answers[one], asked) for one in wanted}
    if purpose.unit is not None:
        found = _of_named(found)
    _record(actor, purpose, asked, answers, found)
    return found


def _checked_purpose(actor: Actor, context: forms.PrefillContext) -> Purpose:
    """Return for what it is asked. Raises LookupOutside but for a draft of the actor's own."""
    find = _for_another if actor.is_official else _for_oneself
    purpose = find(actor, context)
    if purpose is not None:
        return purpose
    with transaction.atomic():
        access.enter(actor)
        audit.record(
            actor,
            "registries.look_up_refused",
            subject=audit.Subject(kind=DRAFT, id=context.draft or UUID(int=0)),
            at=context.at,
        )
    raise LookupOutside


def _for_oneself(actor: Actor, context: forms.PrefillContext) -> Purpose | None:
    """Return the purpose of whoever asks about themselves, None if it is none."""
    account, person, draft = actor.account, actor.person, context.draft
    is_about_self = context.person in {None, person} and context.about is None
    if not (account and person and draft and is_about_self):
        return None
    subjects = {line.id: line.subject for line in forms.drafts(actor)}
    if subjects.get(draft) != context.subject:
        return None
    found = identity.person(person)
    number = identity.national_number(found)
    about = identity.Named(number, found.full_name, found.birth_date)
    return Purpose(account, person, draft, about)


def _for_another(actor: Actor, context: forms.PrefillContext) -> Purpose | None:
    """Return the purpose of an official who helps whom their draft names, None if it is none.

    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 4 (cán bộ khai thác dữ liệu đã có, không yêu cầu giấy tờ).
    """
    account, draft, about = actor.account, context.draft, context.about
    if not (account and draft and about and access.allows(actor, FOR_ANOTHER.name)):
        return None
    try:
        held = forms.draft(actor, draft)
    except NotFound:
        return None
    is_named = {about.national_number, about.full_name} <= _words(held)
    if held.subject != context.subject or not is_named or _tries(draft) >= TRIES:
        return None
    known = identity.find_person(about.national_number)
    is_same = known is not None and fold(known.full_name) == fold(about.full_name)
    return Purpose(account, known.pk if known and is_same else None, draft, about, actor.unit)


def _words(held: forms.Draft) -> set[str]:
    return {value for value in held.answers.values() if isinstance(value, str)}


def _tries(draft: UUID) -> int:
    with access.acting(SYSTEM):
        return Lookup.objects.filter(draft=draft).values("request").distinct().count()


def _question(purpose: Purpose, context: forms.PrefillContext) -> Asked:
    """Return what is asked about a person."""
    return Asked(
        request=to_base32(new_id()),
        procedure=context.subject,
        national_number=purpose.about.national_number,
        full_name=purpose.about.full_name,
        birth_date=purpose.about.birth_date,
        at=context.at,
        until=time.monotonic() + SECONDS,
    )


def _asked_together(partners: Mapping[Registry, Partner], asked: Asked) -> dict[Registry, Answer]:
    """Ask each registry in a thread of its own; what is not there in time counts as too slow.

    A thread that is late still ends by itself, since its connection has the same end; what it
    brings then is not looked at.
    """
    waiting = {registry: Answer() for registry in partners}
    threads = []
    for registry, partner in partners.items():
        if not _places.acquire(blocking=False):
            continue
        work = (registry, partner, asked, waiting[registry])
        threads.append(threading.Thread(target=tracing.carried(_ask), args=work, daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(max(0.0, asked.until - time.monotonic()))
    return {
        registry: Answer(one.told, one.failure, one.took_ms) for registry, one in waiting.items()
    }


def _ask(registry: Registry, partner: Partner, asked: Asked, answer: Answer) -> None:
    """Ask one registry; what it tells is set last, so that it is never seen half."""
    began = time.monotonic()
    told: Told | None = None
    failure = Failure.NONE
    try:
        told = ADAPTERS[registry](partner, asked)
    except LookupFailed as error:
        failure = error.failure
    except Exception as error:  # noqa: BLE001 - an adapter's own fault is no answer either
        failure = Failure.MALFORMED
        _log.warning(
            "registries.adapter_failed", registry=registry.value, failure=type(error).__name__
        )
    finally:
        _places.release()
    answer.took_ms = int((time.monotonic() - began) * 1000)
    answer.failure = failure
    answer.told = told


def _finding(answer: Answer, asked: Asked) -> forms.Finding:
    if answer.told is None:
        return forms.Finding(forms.FindingOutcome.FAILED, asked.at)
    told = answer.told
    outcome = forms.FindingOutcome(
        rules.outcome(asked=asked.national_number, about=told.about, has_facts=bool(told.facts))
    )
    values = told.facts if outcome == forms.FindingOutcome.FOUND else {}
    return forms.Finding(outcome, asked.at, values)


def _of_named(found: Mapping[str, forms.Finding]) -> dict[str, forms.Finding]:
    """Return findings without what numbers alone brought, where name and number do not agree."""
    first = found.get(Registry.POPULATION.value)
    if rules.is_same_person(first.outcome.value if first else None):
        return dict(found)
    other = forms.FindingOutcome.OTHER_PERSON
    return {
        key: forms.Finding(other, one.at) if one.outcome == forms.FindingOutcome.FOUND else one
        for key, one in found.items()
    }


@transaction.atomic
def _record(
    actor: Actor,
    purpose: Purpose,
    asked: Asked,
    answers: Mapping[Registry, Answer],
    found: Mapping[str, forms.Finding],
) -> None:
    """Write one row a lookup and one line of the trail; a step of `look_up`."""
    access.enter(actor)
    database.insert(
        *(
            Lookup(
                at=asked.at,
                account=purpose.account,
                person=purpose.person,
                unit=purpose.unit,
                draft=purpose.draft,
                procedure=asked.procedure,
                registry=registry,
                request=asked.request,
                question=queries.question(asked.national_number, registry),
                outcome=found[registry.value].outcome,
                failure=_failure(answer),
                fields=sorted(found[registry.value].values),
                took_ms=answer.took_ms,
            )
            for registry, answer in answers.items()
        )
    )
    told: dict[str, Any] = {key: one.outcome.value for key, one in found.items()}
    audit.record(
        actor,
        "registries.look_up",
        subject=audit.Subject(kind=DRAFT, id=purpose.draft),
        at=asked.at,
        fields=told,
    )
    for key, one in found.items():
        if one.outcome in {forms.FindingOutcome.FAILED, forms.FindingOutcome.OTHER_PERSON}:
            failure = _failure(answers[Registry(key)])
            _log.warning(
                "registries.lookup", registry=key, outcome=one.outcome.value, failure=failure
            )


KEPT = "registries.lookup_kept_days"
"""The legal value that says for how many days a lookup is kept."""


def kept_days(on: dt.date) -> int:
    """Return for how many days the rule of a day keeps a lookup."""
    return int(legal.value(KEPT, on))


@transaction.atomic
def count_old(*, at: dt.datetime) -> int:
    """Return how many lookups `erase_old` would erase, for the system."""
    access.enter(SYSTEM)
    return Lookup.objects.filter(at__lt=at - dt.timedelta(days=kept_days(clock.day(at)))).count()


@transaction.atomic
def erase_old(actor: Actor, *, at: dt.datetime) -> int:
    """Erase the lookups that are older than the rule of the day lets them be; return how many.

    Raises NotAllowed but for the system.
    """
    if not actor.is_system:
        raise NotAllowed
    access.enter(actor)
    before = at - dt.timedelta(days=kept_days(clock.day(at)))
    erased = Lookup.objects.filter(at__lt=before).delete()[0]
    if erased:
        audit.record(
            actor,
            "registries.erase_lookups",
            subject=audit.Subject(kind="registries.lookup", id=UUID(int=0)),
            at=at,
            fields={"count": erased, "before": before},
        )
    return erased


@transaction.atomic
def search(actor: Actor, wanted: Wanted, *, at: dt.datetime, limit: int = 50) -> list[Lookup]:
    """Return lookups of the province, the latest first; no value is among them.

    That somebody searched is kept in the trail. Raises NotAllowed.
    """
    access.check(actor, SEARCH.name)
    for province in organisations.units(organisations.UnitKind.PROVINCE, on=clock.day(at)):
        access.check(actor, SEARCH.name, unit=province.id)
    access.enter(SYSTEM)
    found = queries.searched(wanted, limit=limit)
    audit.record_once(
        actor,
        "registries.lookups_searched",
        subject=audit.Subject(kind="registries.lookup", id=UUID(int=0)),
        at=at,
        within=AGAIN,
    )
    return found


@transaction.atomic
def of_draft(actor: Actor, *, draft: UUID, record: UUID, at: dt.datetime) -> list[Lookup]:
    """Return the lookups made for a draft, to whoever reads the record that came of it.

    The caller has checked that the actor may read it. An official's reading is kept in the trail.
    """
    access.enter(SYSTEM)
    found = list(Lookup.objects.filter(draft=draft).order_by("registry", "at", "id"))
    if actor.is_official and found:
        audit.record_once(
            actor,
            "registries.lookups_read",
            subject=audit.Subject(kind="registries.lookup", id=record),
            at=at,
            within=AGAIN,
        )
    return found


def _failure(answer: Answer) -> str:
    """Return why there is no answer; one that came in half a moment too late was too slow."""
    if answer.told is not None:
        return ""
    return answer.failure.value or Failure.TOO_SLOW.value
