"""The stages of a dossier as pages draw them: what, who holds it, which date, late or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.data import StageStanding
from sen.systems.public_services.models import FinancialDuty
from sen.web import wording
from sen.web.data import Fact, Tone

_TONES: Mapping[str, Tone] = {
    "todo": "plain",
    "running": "calm",
    "late": "late",
    "done": "done",
    "done_late": "late",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """A stage as a line: its date is the promised one, or the one that holds now where it moved."""

    title: str
    holder: str
    date: str
    note: str
    state: str
    tone: Tone


def rows(stages: Sequence[StageStanding]) -> list[StageRow]:
    """Return the stages of a dossier as lines."""
    on = clock.day(clock.now())
    language = get_language() or "vi"
    units = organisations.unit_names({one.unit for one in stages}, on, language)
    return [_row(one, units.get(one.unit, ""), language) for one in stages]


def line(stage: StageStanding) -> str:
    """Return the stage that runs in one line for a list: what, by when."""
    title = organisations.text_of(stage.title, get_language() or "vi")
    if stage.expected_at is None:
        return title
    said = (
        _("%(stage)s: quá hạn từ %(date)s")
        if stage.state == "late"
        else _("%(stage)s: hạn %(date)s")
    )
    return said % {"stage": title, "date": wording.moment(stage.expected_at)}


def duty_facts(duty: FinancialDuty | None) -> list[Fact]:
    """Return what is known of a financial duty, as far as it has come."""
    if duty is None:
        return []
    lines = [
        Fact(
            label=_("Phiếu chuyển thông tin"),
            value=duty.sheet,
            note=wording.moment(duty.sent_at),
        )
    ]
    if duty.noticed_on is not None and duty.amount_vnd is not None:
        lines += [
            Fact(
                label=_("Thông báo của cơ quan thuế"),
                value=duty.notice,
                note=wording.day(duty.noticed_on),
            ),
            Fact(label=_("Số tiền phải nộp"), value=wording.money(duty.amount_vnd)),
        ]
    if duty.paid_on is not None:
        lines.append(
            Fact(label=_("Đã hoàn thành"), value=duty.evidence, note=wording.day(duty.paid_on))
        )
    return lines


def _row(stage: StageStanding, unit: str, language: str) -> StageRow:
    agency = organisations.text_of(stage.agency, language) if stage.agency else ""
    return StageRow(
        title=organisations.text_of(stage.title, language),
        holder=agency or unit,
        date=_date(stage.expected_at),
        note=_note(stage),
        state=_label(stage),
        tone=_TONES[stage.state],
    )


def _date(at: dt.datetime | None) -> str:
    return wording.moment(at) if at is not None else ""


def _note(stage: StageStanding) -> str:
    if not stage.counts:
        return _("Không tính vào thời hạn giải quyết")
    moved = stage.expected_at != stage.promised_at
    if moved and stage.promised_at is not None:
        return _("Hẹn ban đầu %(date)s") % {"date": wording.moment(stage.promised_at)}
    return ""


def _label(stage: StageStanding) -> str:
    if stage.ended_at is not None:
        said = _("Xong lúc %(at)s, quá hạn") if stage.state == "done_late" else _("Xong lúc %(at)s")
        return said % {"at": wording.moment(stage.ended_at)}
    return {
        "todo": _("Chưa đến"),
        "running": _("Đang thực hiện"),
        "late": _("Quá hạn"),
    }[stage.state]
