"""The prescribed papers that we issue in a dossier: rendered, numbered, signed by the unit."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.systems.public_services.choices import FormCode, SigningState
from sen.systems.public_services.models import Dossier, IssuedForm
from sen.systems.public_services.queries import paperwork, records
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND

PURPOSE = "public_services.form"
FORM_KIND = "public_services.issued_form"
MAKE = "public_services.make_form"
"""The job that makes one ordered paper."""
NOT_KEPT = UUID(int=0)
"""Stands for the unsigned paper, which only the memory had."""
_TO_MAKE = (SigningState.DRAFT, SigningState.FAILED)
_AGAIN_AFTER = dt.timedelta(minutes=10)


class PaperWaits(Exception):
    """A paper cannot be signed now: its unit has no certificate in force, or its key is unusable.

    Nobody is refused anything: it fails the job, and the text (unit and reason) is what an
    administrator reads beside it. The job is tried again, or replayed, until there is one.
    """


def order_form(
    dossier: Dossier, form: FormCode, *, record: UUID | None = None, at: dt.datetime
) -> None:
    """Order a prescribed paper, as a part of the act that calls for it: it has its number now.

    A job makes it after the commit. record: the supplement request or the closing that it speaks
    of. Nguồn: Thông tư 03/2025/TT-VPCP, Phụ lục I.
    """
    number = papers.take_number(
        unit=dossier.received_unit_id, kind=form.value, series="", on=clock.day(at)
    )
    issued = IssuedForm(
        dossier=dossier,
        form=form,
        record=record,
        number=number,
        state=SigningState.DRAFT,
        issued_at=at,
    )
    database.insert(issued)
    jobs.defer(MAKE, issued=str(issued.id))


def make_form(*, actor: Actor, issued: UUID, at: dt.datetime) -> None:
    """Make an ordered paper with the unit's signature on it; a repeat changes nothing.

    It is rendered, signed and stored outside any transaction, from what the dossier holds, with
    the number and the day it has; whoever dies on the way is followed by another try. With a key
    elsewhere the signature is asked for, and comes later. Where the unit cannot sign, the parties
    are told what the paper speaks of and that it follows.
    Raises PaperWaits then.
    """
    with access.acting(actor):
        held = records.issued_form(issued)
        if held.state not in _TO_MAKE:
            return
        dossier = held.dossier
        order = paperwork.form_order(
            dossier,
            FormCode(held.form),
            record=held.record,
            number=held.number,
            at=held.issued_at,
        )
    on = clock.day(held.issued_at)
    rendered = papers.render(order.template, order.data, on=on, qr=order.qr, fields=True)
    unsigned = signing.DocumentToSign(file=NOT_KEPT, field=signing.SEAL_FIELD)
    made, data = None, rendered.pdf
    try:
        key = signing.key_at_hand(actor, _seal_of(dossier), at=at)
        if key is not None:
            made = signing.sign_now(key, data=data, document=unsigned, at=at)
            data = made.data
    except (signing.NoCertificate, signing.CannotSign) as problem:
        _let_wait(actor, held.id, problem.message, at)
        unit = organisations.unit_by_id(dossier.received_unit_id)
        raise PaperWaits(f"{unit.code}: {problem.message}") from problem
    file = files.lay_down(actor, name=order.filename, data=data, media_type="application/pdf")
    _take(actor, held, made, file, at)


@transaction.atomic
def _take(
    actor: Actor,
    held: IssuedForm,
    made: signing.Made | None,
    file: files.File,
    at: dt.datetime,
) -> None:
    """Take the paper that was made: signed, or to be signed elsewhere."""
    access.enter(actor)
    form = _locked(held.id)
    if form.state not in _TO_MAKE:  # somebody was quicker
        files.discard(file)
        return
    subject = audit.Subject(kind=FORM_KIND, id=form.id, code=form.dossier.code)
    form.dossier = held.dossier  # with its parties, read for the paper
    form.file = files.keep(file, KIND, form.dossier_id)
    if made is None:
        form.state = SigningState.REQUESTED
        signing.request(
            actor,
            documents=[signing.DocumentToSign(file=file.id, field=signing.SEAL_FIELD)],
            signer=_seal_of(form.dossier),
            subject=subject,
            purpose=PURPOSE,
            at=at,
        )
    else:
        signing.record_made(actor, made, file=file.id, subject=subject, purpose=PURPOSE, at=at)
        _signed(form, at)
    database.update(form, "state", "file", "told_at")


def _seal_of(dossier: Dossier) -> signing.SignerRef:
    return signing.SignerRef(signing.HolderKind.UNIT, dossier.received_unit_id)


@transaction.atomic
def _let_wait(actor: Actor, issued: UUID, reason: str, at: dt.datetime) -> None:
    """Note that a paper cannot be signed now; the first time it is recorded and told."""
    access.enter(actor)
    form = _locked(issued)
    if form.state == SigningState.SIGNED:
        return
    if form.told_at is None:
        _fail(actor, form, reason, at)
    form.state = SigningState.FAILED
    database.update(form, "state", "told_at")


@transaction.atomic(savepoint=False)
def record_form(
    *,
    actor: Actor,
    issued: UUID,
    request: UUID,
    signed: UUID | None,
    failure: str,
    at: dt.datetime,
) -> None:
    """Take in the signed paper; a failure leaves it unsigned and says so on the dossier's page.

    Either way the parties are told what it speaks of; where they were told that it follows, that
    it is there. A failure that the job has not seen itself (its process had died) brings the job
    again. request: the signature's own record, which the file leaves for the dossier.
    """
    access.enter(actor)
    form = _locked(issued)
    if form.state != SigningState.REQUESTED:
        return
    if signed is None:
        _fail(actor, form, failure, at)
        jobs.defer(MAKE, at=at + _AGAIN_AFTER, issued=str(form.id))
    else:
        left = (signing.SIGNED_FILES, request)
        [form.file] = files.link(actor, [signed], KIND, form.dossier_id, at, moved_from=left)
        _signed(form, at)
    database.update(form, "state", "file", "told_at")


def _signed(form: IssuedForm, at: dt.datetime) -> None:
    """Note that a paper is signed, and tell the parties what it speaks of or that it is there."""
    form.state = SigningState.SIGNED
    if form.told_at is None:
        _tell(form, at)
    else:
        paper = str(FormCode(form.form).label)
        dossiers.tell(form.dossier, "paper_ready", at, paper=paper)


def _locked(issued: UUID) -> IssuedForm:
    return records.issued_form(issued, locks=True)


def _fail(actor: Actor, form: IssuedForm, reason: str, at: dt.datetime) -> None:
    """Note why a paper stays unsigned, and tell the parties what it speaks of without it."""
    form.state = SigningState.FAILED
    audit.record(
        actor,
        f"{FORM_KIND}.signing_failed",
        subject=audit.Subject(kind=KIND, id=form.dossier_id),
        at=at,
        reason=reason,
    )
    if form.told_at is None:
        _tell(form, at, without="_without_paper")


def _tell(form: IssuedForm, at: dt.datetime, *, without: str = "") -> None:
    """Tell the parties what a paper speaks of; a supplement request was told when it was made."""
    dossier = form.dossier
    if form.form == FormCode.MAU_01 and dossier.due_at is not None:
        due = date_format(clock.local(dossier.due_at), "H:i d/m/Y")
        dossiers.tell(dossier, f"received{without}", at, due=due)
    elif form.form in {FormCode.MAU_03, FormCode.MAU_05}:
        dossiers.tell(dossier, f"closed{without}", at, how=str(FormCode(form.form).label))
    form.told_at = at
