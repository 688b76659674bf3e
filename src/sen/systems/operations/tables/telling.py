"""How each number is counted, in words, with the law that wants it so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sen.kernel.figures import public as figures
from sen.systems.operations.tables.board import label_of
from sen.systems.public_services import public as services

Kind = services.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number: what it is called, what exactly is counted, and the source."""

    title: str
    counted: str
    source: str


def told() -> list[Told]:
    """Return how the numbers of the board are counted: those of now, then the declared figures."""
    return [*_of_now(), *_declared()]


def _of_now() -> list[Told]:
    clock = _("Nghị định 118/2025/NĐ-CP, Điều 17 (sửa đổi: Nghị định 309/2026/NĐ-CP)")
    told = {
        Kind.LATE: _(
            "Đã tiếp nhận, chưa có kết quả, không tạm dừng và đã quá ngày hẹn trả"
            " (cộng thời gian tạm dừng)."
        ),
        Kind.TODAY: _("Chưa trễ hạn và phải có kết quả trong hôm nay."),
        Kind.WEEK: _("Chưa trễ hạn và phải có kết quả từ nay đến hết Chủ nhật, kể cả hôm nay."),
        Kind.WAITING: _("Đã nộp, chưa được tiếp nhận; thời hạn chưa tính."),
        Kind.PAUSED: _(
            "Đang chờ người nộp bổ sung hoặc hoàn thành nghĩa vụ tài chính; thời hạn tạm dừng."
        ),
        Kind.OPEN: _("Mọi hồ sơ đã nộp mà chưa có kết quả, chưa từ chối, chưa rút."),
    }
    return [
        Told(title=label_of(kind), counted=counted, source=clock) for kind, counted in told.items()
    ]


def _declared() -> list[Told]:
    known = figures.figures()
    return [
        Told(
            title=str(figure.title),
            counted=str(known[figure.code].counted),
            source=str(known[figure.code].source),
        )
        for figure in services.FIGURES
    ]
