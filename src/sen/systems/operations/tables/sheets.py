"""The figures as CSV, which every spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from sen.base import clock
from sen.systems.operations.data import Board, Line
from sen.systems.operations.queries.board import Dossier
from sen.systems.operations.tables.board import who
from sen.web import wording

MEDIA_TYPE = "text/csv; charset=utf-8"
_MARK = "\ufeff"
"""By which Excel knows that the letters are UTF-8."""
_FORMULAS = ("=", "+", "-", "@")


def lines(board: Board) -> str:
    """Return the lines of a board, all of them."""
    head = [
        _("Mã đơn vị"), _("Đơn vị"), _("Trễ hạn"), _("Đến hạn hôm nay"), _("Đến hạn tuần này"),
        _("Chờ tiếp nhận"), _("Tạm dừng"), _("Chưa giải quyết xong"), _("Từ ngày"), _("Đến ngày"),
        _("Hồ sơ tiếp nhận"), _("Hồ sơ giải quyết"), _("Giải quyết trễ hạn"),
        _("Tỷ lệ giải quyết đúng hạn"),
    ]  # fmt: skip
    first, last = wording.day(board.days.first), wording.day(board.days.last)
    return _written(head, (_line(line, first, last) for line in board.lines))


def _line(line: Line, first: str, last: str) -> list[object]:
    one = line.sum
    now = [one.late, one.today, one.week, one.waiting, one.paused, one.open]
    share = "" if one.share is None else one.share
    term = [first, last, one.received, one.settled, one.settled_late, share]
    return [line.place.code, line.name, *now, *term]


def dossiers(found: Sequence[Dossier], language: str) -> str:
    """Return open dossiers; nothing in them is personal."""
    head = [
        _("Mã hồ sơ"), _("Tên thủ tục"), _("Cơ quan giải quyết"), _("Ngày nộp"),
        _("Hẹn trả"), _("Bước"), _("Nơi giữ"), _("Người giữ"),
    ]  # fmt: skip
    return _written(
        head,
        (
            [
                one.told.code,
                one.told.procedure.get(language) or one.told.procedure["vi"],
                one.unit,
                wording.day(clock.day(one.told.submitted_at)),
                wording.moment(one.told.end) if one.told.end else "",
                one.holder.step,
                one.holder.place,
                who(one.holder),
            ]
            for one in found
        ),
    )


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(head)
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return _MARK + target.getvalue()


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
