"""Procedures that are not filed here, as pages draw them: what is known, and how to file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sen.systems.public_services.choices import (
    AuthorityLevel,
    FeeStatus,
    KnownBy,
    SettledIn,
)
from sen.systems.public_services.models import Procedure, ProcedureVersion
from sen.systems.public_services.tables.records import text
from sen.systems.public_services.tables.words import official
from sen.web import wording
from sen.web.data import Fact

NATIONAL_PORTAL = "https://dichvucong.gov.vn/"
"""Where citizens file what is not filed here (Nguồn: Nghị định 224/2026/NĐ-CP, Điều 15.1)."""


def described_page(version: ProcedureVersion) -> dict[str, Any]:
    """Return what the page of a described procedure says: what is known, unknown as unknown."""
    procedure, told = version.procedure, version.national
    papers = told.get("papers")
    return {
        **_head(procedure),
        "facts": [
            Fact(
                label=_("Thời gian giải quyết"),
                value=capfirst(days_text(told.get("days"))),
                note=official(told.get("days_note")),
            ),
            *fee_facts(told.get("fee") or {}),
            Fact(label=_("Cơ quan giải quyết"), value=official(told.get("agency")) or unknown()),
            Fact(label=_("Cấp thực hiện"), value=levels_text(told.get("levels", ()))),
            Fact(label=_("Kết quả"), value=_result(told.get("result"))),
            Fact(label=_("Giải quyết trên"), value=str(SettledIn(procedure.settled_in).label)),
        ],
        "bring": None if papers is None else [_title(one) for one in papers if not _known(one)],
        "not_asked": [
            Fact(label=_title(one), value=str(KnownBy(_known(one)).label))
            for one in papers or ()
            if _known(one)
        ],
    }


def listed_page(procedure: Procedure) -> dict[str, Any]:
    """Return what the page of a procedure says of which only code, name, field, level are known."""
    return {
        **_head(procedure),
        "is_listed_only": True,
        "is_central": procedure.level == AuthorityLevel.CENTRAL,
        "facts": [
            Fact(label=_("Lĩnh vực"), value=official(procedure.field_name)),
            Fact(label=_("Cấp thực hiện"), value=levels_text(procedure.listing.get("levels", ()))),
        ],
    }


def _head(procedure: Procedure) -> dict[str, Any]:
    return {
        "code": procedure.code,
        "title": text(procedure.name),
        "heading": official(procedure.name),
        "field": official(procedure.field_name),
        "is_settled_elsewhere": procedure.settled_in == SettledIn.MINISTRY,
        "portal_href": NATIONAL_PORTAL,
    }


def source_text(version: ProcedureVersion) -> str:
    """Return where a version's national record was read, empty where nothing says."""
    source = version.national.get("source", "")
    return str(source.get("title", "")) if isinstance(source, Mapping) else str(source)


def unknown() -> str:
    """Return the word for what no source says."""
    return _("Chưa rõ")


def unconfirmed(amount: str) -> str:
    """Return how an amount is said that a source gives and nobody has confirmed."""
    return _("Chưa thu: nguồn ghi %(amount)s, mức thu chưa được xác nhận") % {"amount": amount}


def days_text(days: Mapping[str, Any] | None) -> str:
    """Return an allowance in words, with its same-day rule; unknown where there is none."""
    if not days:
        return unknown()
    amount = days["amount"]
    if days.get("same_day_cutoff"):
        hour = int(str(days["same_day_cutoff"]).partition(":")[0])
        return _("trong ngày; nhận sau %(hour)d giờ thì trả trong ngày làm việc tiếp theo") % {
            "hour": hour
        }
    match days["unit"]:
        case "working_day":
            return _("%(amount)d ngày làm việc") % {"amount": amount}
        case "working_hour":
            return _("%(amount)d giờ làm việc") % {"amount": amount}
        case _other:
            return _("%(amount)d ngày (nguồn không ghi là ngày làm việc hay ngày lịch)") % {
                "amount": amount
            }


def fee_facts(fee: Mapping[str, Any]) -> list[Fact]:
    """Return a charge as lines: each published amount, else what is known of it.

    The last one says who is exempt and what is charged beside it, where a source says so.
    """
    *others, last = _fee_lines(fee)
    return [*others, replace(last, note=official(fee.get("note")))]


def _fee_lines(fee: Mapping[str, Any]) -> list[Fact]:
    label = _("Phí, lệ phí")
    lines = [
        Fact(
            label=format_html("{}: {}", label, official(line)),
            value=wording.money(line["amount_vnd"]),
        )
        for line in fee.get("lines", ())
    ]
    if lines:
        return lines
    amount = fee.get("amount_vnd")
    if amount is None:
        status = FeeStatus(fee.get("status", FeeStatus.NOT_STATED))
        return [Fact(label=label, value=str(status.label))]
    if "per" in fee:
        per = _("%(amount)s mỗi %(piece)s") % {
            "amount": wording.money(amount),
            "piece": text(fee["per"]),
        }
        return [Fact(label=label, value=per)]
    return [Fact(label=label, value=wording.money(amount))]


def levels_text(levels: Any) -> str:
    """Return levels in words, unknown where none is told."""
    return ", ".join(str(AuthorityLevel(level).label) for level in levels) or unknown()


def _result(result: Mapping[str, Any] | None) -> str:
    return official(result) if result else unknown()


def _known(paper: Mapping[str, Any]) -> str:
    return str(paper.get("replaced_by", ""))


def _title(paper: Mapping[str, Any]) -> str:
    return official(paper)
