"""Procedures as pages draw them, in plain words; and the public status of a dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import (
    DossierState,
    Offer,
    ProcedureStatus,
    SettledIn,
)
from sen.systems.public_services.data import FeeRule, PaperRule, PublicStatus
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, fees, offering, paperwork
from sen.systems.public_services.tables import known, stages
from sen.systems.public_services.tables.records import TONES, text
from sen.systems.public_services.tables.words import official
from sen.web import paging, wording
from sen.web.data import Column, Fact, FilterGroup, Link, Tone


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
        "stages": stages.rows(status.stages),
        "facts": lines,
        "tone": TONES[DossierState(status.state)],
        "dossier_href": reverse("public_services:dossier", args=[status.code]),
    }


# -- For whoever keeps the catalogue

_OFFER_TONES: dict[Offer, Tone] = {
    Offer.PUBLISHED: "done",
    Offer.OFF: "soon",
    Offer.DRAFT: "calm",
    Offer.KNOWN: "plain",
    Offer.NONE: "plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """A procedure in the keeper's list."""

    code: str
    name: str
    field: str
    href: str
    label: str
    tone: Tone
    in_force: int
    draft: int


def state_filters(request: HttpRequest, state: str) -> list[FilterGroup]:
    """Return the states by which the list can be narrowed, as links."""
    known = [("", _("Đã có nội dung")), *[(one.value, str(one.label)) for one in Offer]]
    links = [
        Link(
            label=label,
            href=paging.href(request, {"trang-thai": value, "sau": ""}),
            is_current=value == state,
        )
        for value, label in known
    ]
    return [FilterGroup(label=_("Tình trạng"), links=tuple(links))]


def offer_columns() -> list[Column]:
    """Return the columns of the keeper's list."""
    return [
        Column(label=_("Thủ tục")),
        Column(label=_("Lĩnh vực")),
        Column(label=_("Tình trạng")),
        Column(label=_("Phiên bản hiệu lực")),
        Column(label=_("Dự thảo")),
    ]


def offer_rows(rows: Sequence[offering.Offered]) -> list[OfferRow]:
    """Return procedures as lines of the keeper's list."""
    return [
        OfferRow(
            code=one.procedure.code,
            name=text(one.procedure.name),
            field=text(one.procedure.field_name),
            href=reverse("public_services:catalogue-procedure", args=[one.procedure.code]),
            label=str(one.state.label),
            tone=_OFFER_TONES[one.state],
            in_force=one.in_force,
            draft=one.draft,
        )
        for one in rows
    ]


def _trail(*more: Link) -> list[Link]:
    """Return the way back from a page of the catalogue."""
    return [
        Link(label=_("Quản trị"), href="/quan-tri/"),
        Link(label=_("Thủ tục"), href=reverse("public_services:catalogue")),
        *more,
    ]


def offer_page(
    held: offering.Offered, versions: Sequence[ProcedureVersion], *, on: dt.date
) -> dict[str, Any]:
    """Return what the keeper's page of a procedure says."""
    procedure = held.procedure
    off = [
        Fact(label=_("Tạm dừng từ ngày"), value=wording.day(procedure.off_since))
        if procedure.off_since
        else Fact(label=_("Tạm dừng từ ngày"), value=""),
        Fact(label=_("Lý do người dân đọc được"), value=procedure.off_reason),
    ]
    return {
        "crumbs": _trail(),
        "procedure": procedure,
        "title": text(procedure.name),
        "is_switchable": held.state in {Offer.PUBLISHED, Offer.OFF},
        "label": str(held.state.label),
        "tone": _OFFER_TONES[held.state],
        "facts": [
            Fact(label=_("Lĩnh vực"), value=text(procedure.field_name)),
            Fact(label=_("Giải quyết trên"), value=str(SettledIn(procedure.settled_in).label)),
            *(() if procedure.is_active else off),
        ],
        "portal_href": reverse("public_services:procedure", args=[procedure.code]),
        "draft": held.draft,
        "versions": [_version_row(one, on) for one in versions],
        "columns": [
            Column(label=_("Phiên bản")),
            Column(label=_("Tình trạng")),
            Column(label=_("Áp dụng")),
            Column(label=_("Quyết định công bố")),
        ],
    }


def _version_row(one: ProcedureVersion, on: dt.date) -> dict[str, Any]:
    label, tone = _version_state(one, on)
    return {
        "number": one.number,
        "href": reverse("public_services:catalogue-version", args=[one.procedure.code, one.number]),
        "label": label,
        "tone": tone,
        "days": _days(one),
        "announcement": one.announcement,
    }


def _version_state(one: ProcedureVersion, on: dt.date) -> tuple[str, Tone]:
    if one.status == ProcedureStatus.DRAFT:
        return _("Dự thảo"), "calm"
    if one.valid_from > on:
        return _("Sắp áp dụng"), "soon"
    if one.valid_to is not None and one.valid_to < on:
        return _("Hết hiệu lực"), "plain"
    return _("Đang áp dụng"), "done"


def _days(one: ProcedureVersion) -> str:
    if one.valid_to is None:
        return _("từ %(first)s") % {"first": wording.day(one.valid_from)}
    said = {"first": wording.day(one.valid_from), "last": wording.day(one.valid_to)}
    return _("từ %(first)s đến hết %(last)s") % said


def version_page(held: ProcedureVersion, *, on: dt.date) -> dict[str, Any]:
    """Return what the page of a version says: its record, and each case with all its parts."""
    label, tone = _version_state(held, on)
    is_draft = held.status == ProcedureStatus.DRAFT
    code = held.procedure.code
    cases = [_parts(case, on) for case in offering.cases(held)]
    return {
        "crumbs": _trail(
            Link(
                label=text(held.procedure.name),
                href=reverse("public_services:catalogue-procedure", args=[code]),
            )
        ),
        "version": held,
        "code": code,
        "title": text(held.procedure.name),
        "label": label,
        "tone": tone,
        "is_draft": is_draft,
        "faults": offering.faults(held) if is_draft else (),
        "facts": [
            Fact(label=_("Quyết định công bố"), value=held.announcement),
            Fact(label=_("Áp dụng"), value=_days(held)),
            Fact(label=_("Nguồn bản quốc gia"), value=known.source_text(held)),
            Fact(label=_("Ghi chú của tỉnh"), value=official(held.overlay.get("note"))),
        ],
        "doubts": held.overlay.get("doubts", ()),
        "cases": cases,
        "record": known.described_page(held) if held.national and not cases else None,
    }


def _parts(case: Case, on: dt.date) -> dict[str, Any]:
    form = forms.form(case.form_version_id)
    flow = workflow.flow(case.flow_version_id)
    said = _("%(title)s, phiên bản %(n)d")
    return {
        "title": text(case.title),
        "facts": [
            Fact(
                label=_("Thời hạn giải quyết"),
                value=paperwork.allowance_text(calendar.Allowance.parse(case.allowance)),
            ),
            Fact(
                label=_("Biểu mẫu"),
                value=said % {"title": text(form.title), "n": case.form_version.version},
                note=" → ".join(text(page.title) for page in form.pages),
            ),
            Fact(
                label=_("Quy trình"),
                value=said % {"title": text(flow.title), "n": case.flow_version.version},
                note=" → ".join(text(step.title) for step in flow.steps),
            ),
            Fact(label=_("Loại kết quả"), value=case.result_type),
        ],
        "papers": [
            Fact(label=text(rule.title), value=_paper_said(rule))
            for rule in catalogue.paper_rules(case)
        ],
        "fees": [
            Fact(label=text(rule.title), value=_amount(rule, on), note=rule.source)
            for rule in catalogue.fee_rules(case)
        ]
        or known.fee_facts(case.version.national.get("fee", {})),
    }


def _paper_said(rule: PaperRule) -> str:
    said = [_("tùy câu trả lời") if rule.when is not None else _("luôn yêu cầu")]
    if rule.is_shown:
        said.append(_("chỉ xuất trình"))
    if rule.replaced_by:
        said.append(_("không cần nếu cơ sở dữ liệu đã có"))
    return ", ".join(said)


def _amount(rule: FeeRule, on: dt.date) -> str:
    try:
        amount = wording.money(int(legal.value(rule.amount_key, on)))
        return amount if fees.is_demanded(rule, on) else known.unconfirmed(amount)
    except NotFound:
        return _("chưa có giá trị")
