"""What only the examining official establishes: kept in sealed form, asked for by the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.forms import public as forms
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import SigningState
from sen.systems.public_services.models import Council, Dossier, Findings
from sen.systems.public_services.queries import findings as held_findings
from sen.systems.public_services.queries.findings import KIND
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import Ordered


class NothingToEstablish(Conflict):
    """Findings were sent where the procedure has none, or where a council establishes them."""

    code = "nothing_to_establish"
    default = "Hồ sơ này không có kết quả thẩm định do người thụ lý ghi."


class NotConcluded(Conflict):
    """The council has not concluded, its minutes are not signed, or it concluded otherwise."""

    code = "not_concluded"
    default = "Biên bản kết luận của Hội đồng chưa được ký."


@transaction.atomic
def establish_findings(
    *, actor: Actor, order: Ordered, findings: Mapping[str, Any], at: dt.datetime
) -> Dossier:
    """Keep what the official established ("ghi kết quả thẩm định"), before anything is proposed.

    The draft of the result can then be looked at. Raises NotAllowed, ConflictOfInterest,
    VersionConflict, AlreadyDone, NothingToEstablish, Invalid (with each field at fault).
    """
    dossier = dossiers.open_for(actor, order, act="establish", permission=permissions.PROCESS)
    dossiers.own_task(actor, dossier, "public_services.propose")
    keep(actor, dossier, cleaned(dossier, findings), at)
    dossiers.moved(actor, dossier, act="establish", at=at)
    return dossier


def for_proposal(dossier: Dossier, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the findings on which a result is drawn up: those given, else those kept.

    Empty where the case has none. A council's are those of its signed minutes. Raises
    NothingToEstablish, NotConcluded, Invalid where something is missing.
    """
    if given is not None:
        return cleaned(dossier, given)
    if dossier.case.findings_version_id is None:
        return {}
    kept = held_findings.read(dossier)
    if dossier.case.council:
        return _concluded(dossier, kept)
    return cleaned(dossier, {}) if kept is None else kept


def _concluded(dossier: Dossier, kept: dict[str, Any] | None) -> dict[str, Any]:
    """Return what a council concluded, where it carries a result. Raises NotConcluded."""
    is_signed = Council.objects.filter(dossier_id=dossier.id, state=SigningState.SIGNED).exists()
    if kept is None or not is_signed:
        raise NotConcluded(_(NotConcluded.default))
    for key, carries in dossier.case.council["carries"].items():
        if kept.get(key) not in carries:
            raise NotConcluded(
                _(
                    "Kết luận của Hội đồng không dẫn đến kết quả này. Hãy đề xuất từ chối, căn cứ "
                    "là biên bản của Hội đồng."
                )
            )
    return kept


def cleaned(dossier: Dossier, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return findings as they hold. Raises NothingToEstablish, Invalid with each field at fault."""
    form = held_findings.form_of(dossier.case)
    if form is None or dossier.case.council:
        raise NothingToEstablish(_(NothingToEstablish.default))
    return checked(form, given)


def checked(form: forms.Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds of a small form's values. Raises Invalid with each field at fault."""
    values, errors = forms.clean(form, given)
    if errors:
        raise Invalid(fields={f"findings.{key}": said for key, said in errors.items()})
    return values


def keep(actor: Actor, dossier: Dossier, values: Mapping[str, Any], at: dt.datetime) -> None:
    """Keep findings in place of those before, as a part of an act that has checked the right."""
    row = held_findings.held(dossier)
    if row is None:
        row = Findings(
            dossier=dossier,
            form_version_id=dossiers.known(dossier.case.findings_version_id),
            established_by=dossiers.known(actor.account),
            established_at=at,
        )
        database.insert(row)
        open_to_units(dossier, row.id, KIND, at)
    else:
        row.established_by, row.established_at = dossiers.known(actor.account), at
        database.update(row, "established_by", "established_at")
    forms.save_answers(
        actor,
        record_kind=KIND,
        record=row.id,
        form_version=row.form_version_id,
        answers=values,
        unit=dossier.competent_unit_id,
        person=None,
    )


def open_to_units(dossier: Dossier, record: UUID, kind: str, at: dt.datetime) -> None:
    """Let the units that work on a dossier read what was established in it, also after a merger."""
    units = {dossier.received_unit_id: "received", dossier.competent_unit_id: "competent"}
    access.participate_many(record=record, kind=kind, units=units, at=at)
