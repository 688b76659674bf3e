"""What a council concluded: by its majority, in minutes that its chair signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, DomainError, Invalid
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import Attendance, SigningState
from sen.systems.public_services.models import Council, Dossier
from sen.systems.public_services.queries import council as councils
from sen.systems.public_services.queries import minutes as said
from sen.systems.public_services.queries import records
from sen.systems.public_services.queries.council import Sitting
from sen.systems.public_services.queries.paperwork import PaperOrder
from sen.systems.public_services.rules import council as rules
from sen.systems.public_services.services import council, dossiers, findings
from sen.systems.public_services.services.dossiers import KIND, Ordered

PURPOSE = "public_services.minutes"
REGISTER = "minutes"


class TooFewPresent(Conflict):
    """Fewer members gave their opinion than the law wants; the council meets again."""

    code = "too_few_present"


class OpinionsAwaited(Conflict):
    """A member who has a seat was neither heard nor noted as absent."""

    code = "opinions_awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concluded:
    """What a council says: the chair's own opinion, the conclusion, the minutes that tell it.

    concerned: in whose matter.
    """

    council: Council
    concerned: list[UUID] | None
    own: Mapping[str, Any]
    values: Mapping[str, Any]
    minutes: PaperOrder


def conclude_council(
    *, actor: Actor, order: Ordered, findings: Mapping[str, Any], at: dt.datetime
) -> Dossier:
    """Announce the council's conclusion as its chair and sign its minutes.

    findings: the chair's own opinion, which counts as one voice and decides where votes are even.
    Whatever the flow says, nobody is awaited any more: so what the minutes tell cannot change
    between their drawing and the act that keeps them.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, AlreadyDone, OpinionsAwaited,
    TooFewPresent, Invalid, CannotSign.
    Nguồn: Luật Người khuyết tật 51/2010/QH12, Điều 16 khoản 3.
    """
    concluded = _begun(actor=actor, order=order, given=findings, at=at)
    drawn = concluded.minutes
    data = papers.render(drawn.template, drawn.data, on=clock.day(at), qr=drawn.qr, fields=True).pdf
    key = signing.key_at_hand(actor, _chair(actor), at=at)
    made = None
    if key is not None:
        unsigned = signing.DocumentToSign(file=UUID(int=0), field=signing.LEADER_FIELD)
        made = signing.sign_now(key, data=data, document=unsigned, at=at)
        data = made.data
    file = files.lay_down(actor, name=drawn.filename, data=data, media_type="application/pdf")
    try:
        return _conclude(
            actor=actor,
            order=order,
            concluded=concluded,
            made=made,
            file=file,
            at=at,
        )
    except DomainError:
        files.discard(file)
        raise


@transaction.atomic
def _begun(
    *, actor: Actor, order: Ordered, given: Mapping[str, Any], at: dt.datetime
) -> _Concluded:
    """Return what is concluded, the minutes' number theirs from the first attempt on."""
    dossier, _task = _open(actor, order)
    held = council.sitting_of(actor, dossier, at=at)
    _check_heard(held)
    own, values, tallies = _values(dossier, held, given, at)
    if held.council.number is None:
        held.council.number = papers.take_number(
            unit=dossier.competent_unit_id, kind=REGISTER, series="", on=clock.day(at)
        )
        database.update(held.council, "number")
    return _Concluded(
        council=held.council,
        concerned=dossier.concerned,
        own=own,
        values=values,
        minutes=said.order(
            dossier,
            held,
            version=dossiers.known(dossier.case.findings_version_id),
            values=values,
            tallies=tallies,
            chair=own,
            number=held.council.number,
            at=at,
        ),
    )


@transaction.atomic
def _conclude(
    *,
    actor: Actor,
    order: Ordered,
    concluded: _Concluded,
    made: signing.Made | None,
    file: files.File,
    at: dt.datetime,
) -> Dossier:
    dossier, task = _open(actor, order, concluded.concerned)
    row = council.chaired(actor, dossier, concluded.council, at=at)
    workflow.complete(actor, task=task, outcome="conclude", at=at)
    files.keep(file, KIND, dossier.id)
    council.keep_opinion(actor, dossier, row.id, concluded.own, at)
    findings.keep(actor, dossier, concluded.values, at)
    row.concluded_at, row.minutes = at, file
    row.state = SigningState.REQUESTED if made is None else SigningState.SIGNED
    database.update(row, "chair", "concluded_at", "minutes", "state")
    if made is None:
        ask_signature(actor, dossier, row, at)
    else:
        signing.record_made(
            actor,
            made,
            file=file.id,
            subject=dossiers.subject(dossier),
            purpose=PURPOSE,
            at=at,
        )
    dossiers.moved(actor, dossier, act="conclude", at=at)
    return dossier


def ask_signature(actor: Actor, dossier: Dossier, row: Council, at: dt.datetime) -> None:
    """Ask the chair's key, wherever it is, to sign the minutes; the signature comes later."""
    signing.request(
        actor,
        documents=[
            signing.DocumentToSign(file=dossiers.known(row.minutes_id), field=signing.LEADER_FIELD)
        ],
        signer=_chair(actor),
        subject=dossiers.subject(dossier),
        purpose=PURPOSE,
        at=at,
    )


@transaction.atomic(savepoint=False)
def record_signature(
    *,
    actor: Actor,
    record: UUID,
    request: UUID,
    signed: UUID | None,
    failure: str,
    at: dt.datetime,
) -> None:
    """Take in the signed minutes, or why they could not be signed; a repeat changes nothing."""
    access.enter(actor)
    dossier = dossiers.known(records.locked(record=record))
    row = Council.objects.select_for_update().get(dossier_id=dossier.id)
    if row.state != SigningState.REQUESTED:
        return
    if signed is None:
        row.state, row.failure = SigningState.FAILED, failure
        database.update(row, "state", "failure")
        dossiers.moved(actor, dossier, act="signing_failed", at=at, reason=failure)
        return
    left = (signing.SIGNED_FILES, request)
    [row.minutes] = files.link(actor, [signed], KIND, dossier.id, at, moved_from=left)
    row.state, row.failure = SigningState.SIGNED, ""
    database.update(row, "state", "failure", "minutes")


@transaction.atomic
def sign_minutes(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Ask for the chair's signature on the minutes once more, after it could not be made.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, Conflict where nothing failed.
    """
    dossier = dossiers.open_for(
        actor, order, act="sign_minutes", permission=permissions.COUNCIL_CHAIR
    )
    row = council.sitting_of(actor, dossier).council
    if row.state != SigningState.FAILED:
        raise Conflict(_("Biên bản không chờ ký lại."))
    row.state, row.failure = SigningState.REQUESTED, ""
    database.update(row, "state", "failure")
    ask_signature(actor, dossier, row, at)
    dossiers.moved(actor, dossier, act="sign_minutes", at=at)
    return dossier


def _open(
    actor: Actor, order: Ordered, concerned: list[UUID] | None = None
) -> tuple[Dossier, workflow.Task]:
    """Return the dossier and the task, both locked. concerned: where it was asked a moment ago."""
    dossier = dossiers.open_for(actor, order, act="conclude", permission=permissions.COUNCIL_CHAIR)
    task = workflow.task_of(dossier.id, "public_services.conclude")
    dossier.concerned = concerned
    council.check_impartial(actor, dossier)
    return dossier, task


def _check_heard(held: Sitting) -> None:
    """Raise OpinionsAwaited with the seats of those who may still speak."""
    language = get_language() or "vi"
    awaited = [
        organisations.text_of(seat.title, language)
        for seat in held.seats
        if seat.attendance == Attendance.AWAITED
    ]
    if awaited:
        raise OpinionsAwaited(
            _("Còn thành viên chưa có ý kiến: %(seats)s. Hãy đợi, thay người hoặc ghi vắng mặt.")
            % {"seats": ", ".join(awaited)}
        )


def _chair(actor: Actor) -> signing.SignerRef:
    return signing.SignerRef(signing.HolderKind.PERSON, dossiers.known(actor.person))


def _values(
    dossier: Dossier, held: Sitting, given: Mapping[str, Any], at: dt.datetime
) -> tuple[dict[str, Any], dict[str, Any], dict[str, rules.Tally]]:
    """Return the chair's opinion, the council's conclusion, and how it voted on each question.

    Raises TooFewPresent, Invalid.
    """
    form = forms.form(dossiers.known(dossier.case.findings_version_id))
    own = findings.checked(form, given)
    there, members = len(held.present) + 1, len(held.members) + 1
    least = councils.quorum(dossier.case, members, clock.day(at))
    if there < least:
        raise TooFewPresent(
            _("Mới có %(there)s trên %(members)s thành viên có ý kiến, cần ít nhất %(least)s.")
            % {"there": there, "members": members, "least": least}
        )
    opinions = [*held.opinions.values(), own]
    tallies = {
        key: _tally(form.questions[key], key, opinions, own)
        for key in dossier.case.council["votes"]
    }
    even = [key for key, tally in tallies.items() if tally.value is None]
    if even:
        message = _("Số phiếu ngang nhau: ý kiến của Chủ tịch phải theo một trong các ý kiến đó.")
        raise Invalid(fields={f"findings.{key}": [message] for key in even})
    concluded = {**own, **{key: tally.value for key, tally in tallies.items()}}
    return own, findings.checked(form, concluded), tallies


def _tally(
    question: forms.Question,
    key: str,
    opinions: list[Mapping[str, Any]],
    own: Mapping[str, Any],
) -> rules.Tally:
    if question.is_multiple:
        return rules.several_of([one.get(key, []) for one in opinions], chair=own.get(key, []))
    return rules.one_of([one[key] for one in opinions], chair=own[key])
