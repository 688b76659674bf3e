"""Dossiers as those may see them who ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Joined
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DossierState, SigningState
from sen.systems.public_services.data import Clock, PublicStatus
from sen.systems.public_services.models import Decision, Dossier, IssuedForm
from sen.systems.public_services.queries import catalogue, council, parts, stages
from sen.systems.public_services.rules import dossiers as rules

KIND = "public_services.dossier"
SOON = dt.timedelta(hours=8)
"""A dossier is "soon due" in its last working day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page of a list begins: after this id, newest first."""

    after: UUID | None = None
    limit: int = 20


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """Return the dossiers that an actor may read: own ones, those of their units and councils."""
    units = access.rights(actor).units(permissions.READ.name)
    seen = of_persons(actor)
    if units:
        seen |= Q(competent_unit__in=units) | Q(received_unit__in=units) | Q(helped_at__in=units)
        seen |= of_parts(units)
    sits = access.rights(actor).units(permissions.COUNCIL_MEMBER.name)
    if sits and not actor.is_system:
        seen |= before_council(actor, sits)
    return Dossier.objects.filter(seen)


def of_persons(actor: Actor) -> Q:
    """Return the condition that the actor, or whoever they act for, is a party."""
    if actor.is_system:
        return Q()
    return Q(
        Exists(
            access.Participation.objects.filter(
                kind=KIND, person__in=access.persons_of(actor), until=None, record=OuterRef("pk")
            ).exclude(why=council.WHY)
        )
    )


def before_council(actor: Actor, units: Collection[UUID]) -> Q:
    """Return the condition that the actor sits in the council of a dossier of these units now."""
    taken = access.Participation.objects.filter(
        kind=KIND, person=actor.person, why=council.WHY, until=None
    )
    return Q(competent_unit__in=units, id__in=taken.values("record"))


def of_parts(units: Collection[UUID]) -> Q:
    """Return the condition that a step of a part of its own is open in one of these units."""
    taken = access.Participation.objects.filter(
        kind=KIND, unit__in=units, why=parts.WHY, until=None
    )
    return Q(id__in=taken.values("record"))


def dossier(actor: Actor, code: str) -> Dossier:
    """Return a dossier that the actor may read, with its case and decision. Raises NotFound."""
    found = (
        visible_to(actor)
        .select_related("decision", "closing", "hand_over")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(_("Không tìm thấy hồ sơ này."))
    found.case = catalogue.case(found.case_id)
    return found


_DOSSIER = Joined(Dossier)
PERSONS_SQL = """ARRAY(
            SELECT party.person_id FROM public_services_party party
            WHERE party.dossier_id = public_services_dossier.id AND party.person_id IS NOT NULL
            ORDER BY party.role, party.id
        )"""
"""The persons of a dossier's known parties, owner first, as a column beside the dossier's."""


@cache
def _lock_sql(key: str) -> str:
    return f"""
        SELECT {_DOSSIER.columns}, {PERSONS_SQL}, ARRAY({identity.family_sql("%(actor)s")})
        FROM public_services_dossier WHERE {key} = %(value)s
        FOR UPDATE OF public_services_dossier"""


def locked(*, code: str = "", record: UUID | None = None, actor: Actor = SYSTEM) -> Dossier | None:
    """Lock a dossier by its code or id, None if it is not there.

    With it come its case, its parties' persons and the actor's close family. Written out, because
    every act begins with it.
    """
    key, value = ("code", code) if record is None else ("id", record)
    rows = _DOSSIER.rows(_lock_sql(key), {"value": value, "actor": actor.person})
    found: Dossier
    for found, persons, family in rows:
        found.case = catalogue.case(found.case_id)
        found.party_persons, found.actor_family = persons, family
        return found
    return None


_HELD = Joined(Dossier, Decision)
_ITS_DECISION = Dossier._meta.get_field("decision")  # noqa: SLF001 - Django's way to its relations


def at_hand(code: str) -> Dossier | None:
    """Return a dossier with its case and decision, None if it is not there; nothing is locked.

    Only what the row security of the transaction lets through; the caller checks the right.
    """
    found: Dossier
    for found, decision in _HELD.rows(
        f"SELECT {_HELD.columns} FROM public_services_dossier LEFT JOIN public_services_decision"
        " ON public_services_decision.dossier_id = public_services_dossier.id"
        " WHERE public_services_dossier.code = %s",
        [code],
    ):
        found.case = catalogue.case(found.case_id)
        _ITS_DECISION.set_cached_value(found, decision)
        return found
    return None


_ANSWER = Joined(Decision, files.File)


@cache
def _answer_sql() -> str:
    return f"""
        SELECT {_ANSWER.columns} FROM public_services_decision
        LEFT JOIN files_file ON files_file.id = CASE
            WHEN public_services_decision.state IN ('signed', 'sealing', 'sealed')
            THEN signed_id ELSE draft_id END
        WHERE dossier_id = %s FOR UPDATE OF public_services_decision"""


def locked_answer(dossier: Dossier) -> Decision:
    """Lock the answer of a dossier that is locked; the paper as far as it is comes along.

    Raises NotFound where there is none yet.
    """
    decision: Decision
    for decision, paper in _ANSWER.rows(_answer_sql(), [dossier.id]):
        decision.dossier = dossier
        if paper.id == decision.draft_id:
            decision.draft = paper
        else:
            decision.signed = paper
        return decision
    raise NotFound


_FORM = Joined(IssuedForm, Dossier)


@cache
def _form_sql(*, locks: bool) -> str:
    return f"""
        SELECT {_FORM.columns} FROM public_services_issuedform
        JOIN public_services_dossier
            ON public_services_dossier.id = public_services_issuedform.dossier_id
        WHERE public_services_issuedform.id = %s
        {"FOR UPDATE OF public_services_issuedform" if locks else ""}"""


def issued_form(form: UUID, *, locks: bool = False) -> IssuedForm:
    """Return an ordered paper with its dossier and case, locked if asked. Raises NotFound."""
    found: IssuedForm
    for found, dossier in _FORM.rows(_form_sql(locks=locks), [form]):
        found.dossier = dossier
        dossier.case = catalogue.case(dossier.case_id)
        return found
    raise NotFound


def filed_from(actor: Actor, draft: UUID) -> Dossier | None:
    """Return the dossier that was filed from a draft, where the actor may read it."""
    return visible_to(actor).filter(draft=draft).first()


def sees_working_papers(
    actor: Actor, dossier: Dossier, takes_part: Collection[str] | None = None
) -> bool:
    """Tell whether an actor sees what is not issued yet: officials who read for a unit in it.

    And whoever sits in the council that it is before. takes_part: why they take part in it now,
    where it was read with the dossier (`opened.Opened`); else it is asked.
    """
    units = set(access.rights(actor).units(permissions.READ.name))
    if actor.is_system or not units.isdisjoint(
        {dossier.received_unit_id, dossier.competent_unit_id}
    ):
        return True
    case = catalogue.case(dossier.case_id)
    if takes_part is None:
        return parts.holds_part(dossier, case, units) or council.sits(actor, dossier, case)
    return (parts.WHY in takes_part and parts.has_own(case)) or (
        council.WHY in takes_part and council.may_sit(actor, dossier, case)
    )


def of_file(actor: Actor, owner_id: UUID, file_id: UUID) -> Dossier | None:
    """Return the dossier of a file that the actor may read, None where they may not.

    Whoever works on the dossier reads all of it. A party, and the centre that helped, reads the
    papers handed in and what was issued: signed forms, the answer with number and seal.
    """
    with access.acting(actor):
        found = visible_to(actor).filter(id=owner_id).first()
        if found is None or sees_working_papers(actor, found):
            return found
        return found if _open_files(file_id).filter(id=owner_id).exists() else None


def _open_files(file_id: UUID) -> QuerySet[Dossier]:
    return Dossier.objects.filter(
        Q(papers__file=file_id)
        | Q(issued_forms__file=file_id, issued_forms__state=SigningState.SIGNED)
        | Q(decision__sealed=file_id)
        | Q(hand_over__file=file_id)
    )


def mine(actor: Actor, cursor: Cursor) -> list[Dossier]:
    """Return the dossiers in which the actor is a party, newest first."""
    found = Dossier.objects.filter(of_persons(actor)).select_related("case__version__procedure")
    if cursor.after is not None:
        found = found.filter(id__lt=cursor.after)
    return list(found.order_by("-id")[: cursor.limit])


def of_units(
    actor: Actor, cursor: Cursor, *, state: str = "", procedure: str = ""
) -> list[Dossier]:
    """Return the dossiers of the units whose dossiers the actor may read, newest first."""
    units = access.rights(actor).units(permissions.READ.name)
    found = Dossier.objects.filter(
        Q(competent_unit__in=units) | Q(received_unit__in=units) | of_parts(units)
    ).select_related("case__version__procedure")
    if state:
        found = found.filter(state=state)
    if procedure:
        found = found.filter(case__version__procedure__code=procedure)
    if cursor.after is not None:
        found = found.filter(id__lt=cursor.after)
    return list(found.order_by("-id")[: cursor.limit])


def assignees(actor: Actor, code: str, *, on: dt.date) -> dict[UUID, str]:
    """Return the officials to whom whoever assigns can give a dossier, with their names.

    Raises NotFound, NotAllowed.
    """
    found = dossier(actor, code)
    group = found.case.version.procedure.field_code
    unit = parts.unit_for(found, "assign")
    access.check(actor, permissions.ASSIGN.name, unit=unit, group=group)
    return catalogue.processing_officials(unit, on)


def clock_of(dossier: Dossier, now: dt.datetime) -> Clock:
    """Return how a dossier stands to its promised day at this moment."""
    remaining = None
    end = dossier.expected_at or dossier.due_at
    if end is not None and dossier.issued_at is None:
        days = calendar.calendar_of(dossier.competent_unit_id)
        remaining = dt.timedelta(minutes=calendar.minutes_left(end, now, days))
    return rules.clock(
        state=DossierState(dossier.state),
        due_at=dossier.due_at,
        expected_at=dossier.expected_at,
        issued_at=dossier.issued_at,
        remaining=remaining,
        soon=SOON,
    )


def is_owned_by(dossier: Dossier, firm: UUID) -> bool:
    """Tell whether a dossier is an enterprise's, for somebody who acts for that one."""
    return dossier.parties.filter(enterprise=firm).exists()


def recipients(dossier: Dossier) -> list[notifications.Recipient]:
    """Return whom a dossier's news go to: its owner, and its submitter where another person."""
    people = dict.fromkeys(dossier.party_persons)
    return [notifications.Recipient(person=person) for person in people]


def public_status(dossier: Dossier, *, now: dt.datetime) -> PublicStatus:
    """Return what a dossier shows without sign-in: state, dates and unit only."""
    return PublicStatus(
        code=dossier.code,
        procedure=dossier.case.version.procedure.name["vi"],
        state=dossier.state,
        state_label=str(DossierState(dossier.state).label),
        unit=organisations.unit_name(dossier.received_unit_id, clock.day(dossier.submitted_at)),
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        issued_at=dossier.issued_at,
        is_paused=dossier.state in rules.STANDS_STILL,
        stages=tuple(stages.of(dossier, now)),
    )


def by_secret(secret: str) -> Dossier:
    """Return the dossier of a link in a QR code. Raises NotFound."""
    found = (
        Dossier.objects.select_related("case__version__procedure")
        .filter(link_secret=secret)
        .first()
    )
    if found is None:
        raise NotFound(_("Đường dẫn tra cứu không đúng hoặc không còn dùng."))
    return found
