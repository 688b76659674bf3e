"""The catalogue: procedures, their versions and cases, from a document to what may be filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.data import FeeRule, PaperRule
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion

KIND = "public_services.procedure"


@transaction.atomic
def publish_version(
    *,
    actor: Actor,
    document: Mapping[str, Any],
    form_version: UUID,
    flow_version: UUID,
    at: dt.datetime,
) -> ProcedureVersion:
    """Publish a version of a procedure from its document; it may be filed from its first day on.

    document: as in `seed/birth_registration/procedure.json`. A number that was published already
    is left as it is. Raises Invalid where the document does not hold, Conflict where a published
    version already covers its days. The right is checked by whoever administers the catalogue.
    """
    _check(document)
    procedure, _made = Procedure.objects.update_or_create(
        code=document["code"],
        defaults={
            name: document[name]
            for name in ("name", "summary", "field_code", "field_name", "level", "settled_in")
        },
    )
    content = document["version"]
    published = procedure.versions.filter(number=content["number"]).first()
    if published is not None:
        return published
    _make_room(procedure, dt.date.fromisoformat(content["valid_from"]))
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=content["number"],
        status=ProcedureStatus.PUBLISHED,
        announcement=content["announcement"],
        valid_from=content["valid_from"],
        national=content["national"],
        overlay=content["overlay"],
        published_at=at,
    )
    Case.objects.bulk_create(
        Case(
            version=version,
            position=position,
            code=case["code"],
            title=case["title"],
            allowance=case["allowance"],
            min_strength=case["min_strength"],
            result_type=case["result_type"],
            result_paper=case["result_paper"],
            result_data=case["result_data"],
            party_data=case["party_data"],
            papers=[asdict(PaperRule(**paper)) for paper in case["papers"]],
            fees=[asdict(FeeRule(**fee)) for fee in case["fees"]],
            form_version_id=form_version,
            flow_version_id=flow_version,
        )
        for position, case in enumerate(content["cases"])
    )
    legal.bump("values")
    audit.record(
        actor,
        f"{KIND}.publish",
        subject=audit.Subject(kind=KIND, id=procedure.id, code=procedure.code),
        at=at,
        fields={"number": version.number},
    )
    return version


def _check(document: Mapping[str, Any]) -> None:
    try:
        for case in document["version"]["cases"]:
            calendar.Allowance.parse(case["allowance"])
            for paper in case["papers"]:
                PaperRule(**paper)
            for fee in case["fees"]:
                FeeRule(**fee)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("Nội dung thủ tục chưa đúng: %(error)s") % {"error": error}) from error


def _make_room(procedure: Procedure, valid_from: dt.date) -> None:
    """End the version in force the day before; refuse to begin before it began."""
    last = (
        procedure.versions.select_for_update()
        .filter(status=ProcedureStatus.PUBLISHED, valid_to=None)
        .order_by("-number")
        .first()
    )
    if last is None:
        return
    if valid_from <= last.valid_from:
        raise Conflict(_("Đã có phiên bản áp dụng từ ngày đó hoặc muộn hơn."))
    last.valid_to = valid_from - dt.timedelta(days=1)
    last.save(update_fields=["valid_to"])
