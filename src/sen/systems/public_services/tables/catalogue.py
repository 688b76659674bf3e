"""Procedures as pages draw them, in plain words; and the public status of a dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sen.base.money import format_vnd
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import DossierState
from sen.systems.public_services.data import PublicStatus
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, paperwork
from sen.systems.public_services.tables.records import TONES, text
from sen.web import wording
from sen.web.data import Fact, Link


def procedure_links(procedures: Sequence[Procedure], to: str = "procedure") -> list[Link]:
    """Return procedures as links: to the page of each, or straight to filing."""
    return [
        Link(
            label=text(procedure.name),
            href=reverse(f"public_services:{to}", args=[procedure.code]),
            hint=text(procedure.field_name)
            if procedure.is_active
            else _("Đang tạm dừng nhận hồ sơ"),
            icon="file-text",
        )
        for procedure in procedures
    ]


def procedure_page(version: ProcedureVersion, *, on: dt.date) -> dict[str, Any]:
    """Return what the page of a procedure says, case by case."""
    procedure = version.procedure
    return {
        "procedure": procedure,
        "title": text(procedure.name),
        "summary": text(procedure.summary),
        "field": text(procedure.field_name),
        "version": version,
        "start_href": reverse("public_services:start", args=[procedure.code]),
        "note": version.overlay.get("note", ""),
        "cases": [_case(case, on) for case in version.cases.order_by("position")],
        "centres": [organisations.unit_name(unit.id, on) for unit in catalogue.receiving_units(on)],
    }


def _case(case: Case, on: dt.date) -> dict[str, Any]:
    papers = [
        {
            "title": text(rule.title),
            "hint": text(rule.hint) if rule.hint else "",
            "is_conditional": rule.when is not None,
            "is_replaced": bool(rule.replaced_by),
            "is_shown": rule.is_shown,
        }
        for rule in catalogue.paper_rules(case)
    ]
    return {
        "code": case.code,
        "title": text(case.title),
        "time": paperwork.allowance_text(calendar.Allowance.parse(case.allowance)),
        "bring": [paper for paper in papers if not paper["is_shown"]],
        "shown": [paper for paper in papers if paper["is_shown"]],
        "fees": [
            Fact(
                label=text(rule.title),
                value=_("%(amount)s mỗi bản")
                % {"amount": format_vnd(int(legal.value(rule.amount_key, on)))}
                if rule.quantity
                else format_vnd(int(legal.value(rule.amount_key, on))),
                note=rule.source,
            )
            for rule in catalogue.fee_rules(case)
        ],
        "needs_level_2": case.min_strength >= 50,  # noqa: PLR2004 - Strength.LEVEL_2
    }


def status_page(status: PublicStatus) -> dict[str, Any]:
    """Return what the page of a dossier's public status says."""
    lines = [
        Fact(label=_("Mã hồ sơ"), value=status.code),
        Fact(label=_("Nơi tiếp nhận"), value=status.unit),
        Fact(label=_("Nộp lúc"), value=wording.moment(status.submitted_at)),
    ]
    for label, at in (
        (_("Tiếp nhận lúc"), status.received_at),
        (_("Hẹn trả kết quả"), status.due_at),
        (_("Có kết quả lúc"), status.issued_at),
    ):
        if at is not None:
            lines.append(Fact(label=label, value=wording.moment(at)))
    return {
        "status": status,
        "facts": lines,
        "tone": TONES[DossierState(status.state)],
        "dossier_href": reverse("public_services:dossier", args=[status.code]),
    }
