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
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import DomainError, NotAllowed
from sen.base.identifiers import new_id, to_base32
from sen.base.sealing import sealer
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
from sen.systems.registries.permissions import SEARCH

SECONDS = 3.0
"""How long a person waits for all registries together."""
AT_ONCE = 16
"""How many questions of a process may wait for registries; one more is not asked."""
DRAFT = forms.DRAFT_FILES
AGAIN = dt.timedelta(hours=1)
"""Whoever goes on reading is written down once in this time."""
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
    """A registry is asked for a draft of one's own, and for nothing else."""

    code = "lookup_outside"
    status = 403
    default = gettext_noop(
        "Chỉ được tra cứu cơ sở dữ liệu cho một hồ sơ đang khai của chính người tra cứu."
    )


class Purpose(NamedTuple):
    """For what a registry is asked: by whom, and for which draft of theirs."""

    account: UUID
    person: UUID
    draft: UUID


@dataclass(slots=True)
class Answer:
    """What came of one question while others are still waited for."""

    told: Told | None = None
    failure: Failure = Failure.TOO_SLOW
    took_ms: int = int(SECONDS * 1000)


def look_up(
    actor: Actor, context: forms.PrefillContext, keys: frozenset[str]
) -> Mapping[str, forms.Finding]:
    """Return what the configured registries tell about the actor, for a draft of theirs.

    All are asked at once and nobody waits longer than SECONDS; not to be called inside a
    transaction. An answer about somebody else is dropped. Each lookup is a row, written before its
    answer is used; values stand in no row and no log. A registry that is not configured is not
    asked.
    Raises LookupOutside without a draft of the actor's, which the audit trail keeps.
    """
    partners = queries.partners()
    wanted = [registry for registry in Registry if registry.value in keys & set(partners)]
    if not wanted:
        return {}
    purpose = _checked_purpose(actor, context)
    asked = _question(purpose, context)
    if asked is None:
        return {}
    answers = _asked_together({one: partners[one] for one in wanted}, asked)
    found = {one.value: _finding(answers[one], asked) for one in wanted}
    _record(actor, purpose, asked, answers, found)
    return found


def _checked_purpose(actor: Actor, context: forms.PrefillContext) -> Purpose:
    """Return for what it is asked. Raises LookupOutside but for the actor's own draft and self."""
    account, person, draft = actor.account, actor.person, context.draft
    if account and person and draft and not actor.is_official:
        subjects = {line.id: line.subject for line in forms.drafts(actor)}
        is_about_self = context.person in {None, person}
        if is_about_self and subjects.get(draft) == context.subject:
            return Purpose(account, person, draft)
    with transaction.atomic():
        access.enter(actor)
        audit.record(
            actor,
            "registries.look_up_refused",
            subject=audit.Subject(kind=DRAFT, id=draft or UUID(int=0)),
            at=context.at,
        )
    raise LookupOutside


def _question(purpose: Purpose, context: forms.PrefillContext) -> Asked | None:
    """Return what is asked about a person; None for somebody whose number nobody proved."""
    person = identity.person(purpose.person)
    number = identity.national_number(person)
    if not number:
        return None
    return Asked(
        request=to_base32(new_id()),
        procedure=context.subject,
        national_number=number,
        full_name=person.full_name,
        birth_date=person.birth_date,
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
        threads.append(threading.Thread(target=_ask, args=work, daemon=True))
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
    keyed = sealer(settings.FIELD_KEY)
    database.insert(
        *(
            Lookup(
                at=asked.at,
                account=purpose.account,
                person=purpose.person,
                draft=purpose.draft,
                procedure=asked.procedure,
                registry=registry,
                request=asked.request,
                question=keyed.digest(asked.national_number, "registries_lookup", registry.value),
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
    found = list(Lookup.objects.filter(draft=draft).order_by("registry"))
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
