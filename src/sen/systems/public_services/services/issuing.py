"""The prescribed papers that we issue in a dossier: rendered, numbered, signed by the unit."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.systems.public_services.choices import FormCode, SigningState
from sen.systems.public_services.models import IssuedForm
from sen.systems.public_services.queries import catalogue, paperwork, records
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND

PURPOSE = "public_services.form"
FORM_KIND = "public_services.issued_form"
MAKE = "public_services.make_form"
"""The job that makes one ordered paper."""
_TO_MAKE = (SigningState.DRAFT, SigningState.FAILED)
_AGAIN_AFTER = dt.timedelta(minutes=10)


class PaperWaits(Exception):
    """A paper cannot be signed now: its unit has no certificate in force, or its key is unusable.

    Nobody is refused anything: it fails the job, and the text (unit and reason) is what an
    administrator reads beside it. The job is tried again, or replayed, until there is one.
    """


@transaction.atomic
def order_form(
    *, actor: Actor, dossier: UUID, form: FormCode, record: UUID | None, at: dt.datetime
) -> IssuedForm:
    """Order a prescribed paper of a dossier: it has its number now, a job makes it later.

    A repeat returns the one ordered before, so that a number is taken once, without gaps.
    record: the supplement request or the closing that it speaks of.
    Nguồn: Thông tư 03/2025/TT-VPCP, Phụ lục I.
    """
    access.enter(actor)
    held = records.locked(record=dossier)
    if held is None:
        raise NotFound
    issued = held.issued_forms.filter(form=form, record=record).first()
    if issued is not None:
        return issued
    issued = IssuedForm.objects.create(
        dossier=held,
        form=form,
        record=record,
        number=papers.take_number(
            unit=held.received_unit_id, kind=form.value, series="", on=clock.day(at)
        ),
        state=SigningState.DRAFT,
        issued_at=at,
    )
    jobs.defer(MAKE, issued=str(issued.id))
    return issued


def make_form(*, actor: Actor, issued: UUID, at: dt.datetime) -> None:
    """Make an ordered paper and ask for the unit's signature on it; a repeat changes nothing.

    It is rendered and stored outside any transaction, from what the dossier holds, with the number
    and the day it has; whoever dies on the way is followed by another try. Where the unit cannot
    sign, the parties are told what the paper speaks of and that it follows.
    Raises PaperWaits then.
    """
    with access.acting(actor):
        held = IssuedForm.objects.select_related("dossier").get(id=issued)
        if held.state not in _TO_MAKE:
            return
        dossier = held.dossier
        dossier.case = catalogue.case(dossier.case_id)
        order = paperwork.form_order(
            dossier,
            FormCode(held.form),
            record=held.record,
            number=held.number,
            at=held.issued_at,
        )
    on = clock.day(held.issued_at)
    rendered = papers.render(order.template, order.data, on=on, qr=order.qr, fields=True)
    file = files.store(actor, name=order.filename, data=rendered.pdf, media_type="application/pdf")
    try:
        asked = _ask_signature(actor, held, file.id, at)
        failure = asked.failure if asked else ""
    except signing.NoCertificate as problem:
        failure = problem.message
    if failure:
        _let_wait(actor, held.id, failure, at)
        unit = organisations.unit_by_id(dossier.received_unit_id)
        raise PaperWaits(f"{unit.code}: {failure}")


@transaction.atomic
def _ask_signature(
    actor: Actor, made: IssuedForm, file: UUID, at: dt.datetime
) -> signing.SignatureRequest | None:
    """Ask for the unit's signature; a local key has made it, or failed to, when this returns."""
    access.enter(actor)
    dossier = made.dossier
    is_ours = IssuedForm.objects.filter(id=made.id, state__in=_TO_MAKE).update(
        state=SigningState.REQUESTED, file_id=file
    )
    if not is_ours:  # somebody was quicker; this file belongs to nothing and goes after a day
        return None
    files.link(actor, [file], KIND, dossier.id, at)
    return signing.request(
        actor,
        documents=[signing.DocumentToSign(file=file, field="CoQuan")],
        signer=signing.SignerRef(signing.HolderKind.UNIT, dossier.received_unit_id),
        subject=audit.Subject(kind=FORM_KIND, id=made.id, code=dossier.code),
        purpose=PURPOSE,
        at=at,
    )


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
    form.save(update_fields=["state", "told_at"])


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
        form.state, form.file_id = SigningState.SIGNED, signed
        left = (signing.SIGNED_FILES, request)
        files.link(actor, [signed], KIND, form.dossier_id, at, moved_from=left)
        if form.told_at is None:
            _tell(form, at)
        else:
            paper = str(FormCode(form.form).label)
            dossiers.tell(form.dossier, "paper_ready", at, paper=paper)
    form.save(update_fields=["state", "file", "told_at"])


def _locked(issued: UUID) -> IssuedForm:
    held = IssuedForm.objects.select_for_update(of=("self",)).select_related("dossier")
    return held.get(id=issued)


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
