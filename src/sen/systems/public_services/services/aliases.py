"""Former codes of procedures, so that old links and old papers still lead somewhere."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotFound
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.systems.public_services.models import Procedure, ProcedureAlias
from sen.systems.public_services.rules import lists
from sen.systems.public_services.services import catalogue


@transaction.atomic
def add_alias(*, actor: Actor, code: str, former: str, at: dt.datetime) -> ProcedureAlias:
    """Let a former code lead to a procedure.

    Raises NotAllowed, NotFound, Invalid for what is no code, Conflict where the code is another
    procedure's, present or former.
    """
    catalogue.check_right(actor, at=at)
    procedure = Procedure.objects.select_for_update().filter(code=code).first()
    if procedure is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    try:
        wanted = lists.procedure_code(nfc(former))
    except ValueError as error:
        raise Invalid(fields={"former": [_("Mã có dạng 1.004222.")]}) from error
    if (
        Procedure.objects.filter(code=wanted).exists()
        or ProcedureAlias.objects.filter(code=wanted).exists()
    ):
        raise Conflict(_("Mã %(code)s đã là mã của một thủ tục.") % {"code": wanted})
    made = ProcedureAlias.objects.create(code=wanted, procedure=procedure)
    audit.record(
        actor,
        f"{catalogue.KIND}.alias",
        subject=catalogue.subject(procedure),
        at=at,
        fields={"former": wanted},
    )
    return made
