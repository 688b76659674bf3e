"""The one verb: ask the registries for a draft, all at once, and record what came of it."""

from __future__ import annotations

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

from sen.base.actor import Actor
from sen.base.errors import DomainError
from sen.base.identifiers import new_id, to_base32
from sen.base.sealing import sealer
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.registries import queries, rules
from sen.systems.registries.adapters import (
    birth_notes,
    civil_status,
    enterprises,
    land,
    population,
)
from sen.systems.registries.choices import Failure, Registry
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told
from sen.systems.registries.models import Lookup

SECONDS = 3.0
"""How long a person waits for all registries together."""
AT_ONCE = 16
"""How many questions of a process may wait for registries; one more is not asked."""
DRAFT = forms.DRAFT_FILES
_places = threading.BoundedSemaphore(AT_ONCE)
_log = structlog.get_logger(__name__)
_ADAPTERS: Mapping[Registry, Callable[[Partner, Asked], Told]] = {
    Registry.POPULATION: population.ask,
    Registry.CIVIL_STATUS: civil_status.ask,
    Registry.BIRTH_NOTES: birth_notes.ask,
    Registry.ENTERPRISES: enterprises.ask,
    Registry.LAND: land.ask,
}


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
        told = _ADAPTERS[registry](partner, asked)
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


def _failure(answer: Answer) -> str:
    """Return why there is no answer; one that came in half a moment too late was too slow."""
    if answer.told is not None:
        return ""
    return answer.failure.value or Failure.TOO_SLOW.value
