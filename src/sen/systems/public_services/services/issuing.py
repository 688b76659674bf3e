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
from sen.kernel.files import public as files
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.systems.public_services.choices import FormCode, SigningState
from sen.systems.public_services.models import Dossier, IssuedForm
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND

PURPOSE = "public_services.form"
FORM_KIND = "public_services.issued_form"


@transaction.atomic
def issue_form(
    *, actor: Actor, dossier: UUID, form: FormCode, record: UUID | None, at: dt.datetime
) -> IssuedForm:
    """Issue a prescribed paper of a dossier; a repeat returns the one issued before.

    The paper is rendered from what the dossier holds, takes its number in the unit's register of
    this form, and is signed with the unit's certificate after the commit.
    Nguồn: Thông tư 03/2025/TT-VPCP, Phụ lục I.
    """
    access.enter(actor)
    held = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("case__version__procedure")
        .get(id=dossier)
    )
    issued = held.issued_forms.filter(form=form, record=record).first()
    if issued is not None:
        return issued
    day = clock.day(at)
    number = papers.take_number(unit=held.received_unit_id, kind=form.value, series="", on=day)
    order = paperwork.form_order(held, form, record=record, number=number, at=at)
    rendered = papers.render(order.template, order.data, on=day, qr=order.qr, fields=True)
    file = files.store(actor, name=order.filename, data=rendered.pdf, media_type="application/pdf")
    issued = IssuedForm.objects.create(
        dossier=held, form=form, record=record, number=number, file=file, issued_at=at
    )
    signing.request(
        actor,
        documents=[signing.DocumentToSign(file=file.id, field="CoQuan")],
        signer=signing.SignerRef(signing.HolderKind.UNIT, held.received_unit_id),
        subject=audit.Subject(kind=FORM_KIND, id=issued.id, code=held.code),
        purpose=PURPOSE,
        at=at,
    )
    return issued


@transaction.atomic
def record_form(
    *, actor: Actor, issued: UUID, signed: UUID | None, failure: str, at: dt.datetime
) -> None:
    """Take in the signed paper; a failure leaves it unsigned and says so on the dossier's page."""
    access.enter(actor)
    form = (
        IssuedForm.objects.select_for_update(of=("self",)).select_related("dossier").get(id=issued)
    )
    if form.state != SigningState.REQUESTED:
        return
    if signed is None:
        form.state = SigningState.FAILED
        form.save(update_fields=["state"])
        audit.record(
            actor,
            f"{FORM_KIND}.signing_failed",
            subject=audit.Subject(kind=KIND, id=form.dossier_id),
            at=at,
            reason=failure,
        )
        return
    form.state, form.file_id = SigningState.SIGNED, signed
    form.save(update_fields=["state", "file"])
    files.link(actor, [signed], KIND, form.dossier_id, at)
    _send(form, at)


def _send(form: IssuedForm, at: dt.datetime) -> None:
    """Tell the parties that a paper is there; a supplement request was told when it was made."""
    dossier = form.dossier
    if form.form == FormCode.MAU_01 and dossier.due_at is not None:
        due = date_format(clock.local(dossier.due_at), "H:i d/m/Y")
        dossiers.tell(dossier, "received", at, due=due)
    elif form.form in {FormCode.MAU_03, FormCode.MAU_05}:
        dossiers.tell(dossier, "closed", at, how=str(FormCode(form.form).label))
