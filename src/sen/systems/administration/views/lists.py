"""Pages on loading lists of units and officials: template, trial with faults by row, loading."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sen.base import clock
from sen.base.errors import Invalid
from sen.systems.administration import permissions
from sen.systems.administration.adapters import sheets
from sen.systems.administration.data import Loaded, SheetColumn
from sen.systems.administration.services import lists as verbs
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web.middleware import SenRequest

_LARGEST = 900 * 1024
"""Bytes of a file; with its form it must pass the door for bodies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A kind of list: what it is called, its columns, an example row, the verb that loads it."""

    code: str
    title: str
    lead: str
    columns: Sequence[SheetColumn]
    example: Sequence[str]
    load: Callable[..., Loaded]


def _kinds() -> dict[str, _List]:
    """Return the lists that can be loaded, by their place in the address."""
    return {
        "don-vi": _List(
            code="don-vi",
            title=_("Danh sách đơn vị"),
            lead=_("Mỗi dòng một đơn vị; đơn vị cấp trên có thể nằm trong cùng danh sách."),
            columns=verbs.UNIT_COLUMNS,
            example=(
                "H41.9.99", "H41", "department", "province", "Sở Ví dụ", "Sở Ví dụ",
                "Example Department", "Example Department", "", "01/01/2027", "QĐ 1/QĐ-UBND",
            ),
            load=verbs.load_units,
        ),
        "can-bo": _List(
            code="can-bo",
            title=_("Danh sách cán bộ"),
            lead=_("Mỗi dòng một cán bộ giữ một vị trí; ai đã có tài khoản được giao thêm vị trí."),
            columns=verbs.OFFICIAL_COLUMNS,
            example=(
                "Nguyễn Thị Ví Dụ", "040190000999", "08/03/1990", "vidu.so", "H41.9.99",
                "specialist", "01/01/2027",
            ),
            load=verbs.load_officials,
        ),
    }  # fmt: skip


def _kind(code: str) -> _List:
    found = _kinds().get(code)
    if found is None:
        raise Http404
    return found


@require_GET
@desk(permissions.ACCOUNTS)
def lists(request: SenRequest) -> HttpResponse:
    """Show which lists can be loaded, with their templates."""
    return render(request, "lists", "lists", {"kinds": list(_kinds().values())})


@require_GET
@desk(permissions.ACCOUNTS)
def template(request: SenRequest, kind: str, ending: str) -> HttpResponse:
    """Give the template of a list, as a workbook or as CSV."""
    wanted = _kind(kind)
    if ending == "xlsx":
        body = sheets.template(wanted.columns, wanted.example, title=wanted.title)
        answer = HttpResponse(body, content_type=sheets.XLSX)
    elif ending == "csv":
        body = sheets.text_template(wanted.columns, wanted.example)
        answer = HttpResponse(body, content_type=sheets.CSV)
    else:
        raise Http404
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    return answer


@require_http_methods(["GET", "POST"])
@desk(permissions.ACCOUNTS)
def load(request: SenRequest, kind: str) -> HttpResponse:
    """Try a list and show what each row would do; confirmed, load it whole or not at all."""
    wanted = _kind(kind)
    if request.method == "GET":
        return _shown(request, wanted)
    is_confirmed = "rows" in request.POST
    lines: list[sheets.Line] = []
    try:
        lines = _kept(request, wanted) if is_confirmed else _sent(request, wanted)
        loaded = wanted.load(
            actor=request.actor,
            rows=[line.said for line in lines],
            at=clock.now(),
            dry_run=not is_confirmed,
        )
    except verbs.RowsRefused as error:
        rows = places.list_rows(wanted.columns, lines, error.faults)
        return _shown(request, wanted, rows=rows, fault=error.message, status=422)
    except Invalid as error:
        return _shown(request, wanted, fault=error.message, status=422)
    if is_confirmed:
        return _done(request, wanted, loaded)
    rows = places.list_rows(wanted.columns, lines, {})
    kept = json.dumps([[line.number, dict(line.said)] for line in lines], ensure_ascii=False)
    return _shown(request, wanted, rows=rows, kept=kept)


def _done(request: SenRequest, wanted: _List, loaded: Loaded) -> HttpResponse:
    """Show what was loaded, and this once the passwords of the accounts opened."""
    context = {
        **_trail(),
        "kind": wanted,
        "loaded": loaded,
        "secret_columns": records.columns(
            _("Người dùng"), _("Tên đăng nhập"), _("Mật khẩu dùng một lần")
        ),
    }
    return render(request, "lists", "list_done", context)


def _sent(request: SenRequest, wanted: _List) -> list[sheets.Line]:
    """Return the rows of the file that was sent. Raises Invalid."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise Invalid(_("Vui lòng chọn một tệp."))
    if (file.size or 0) > _LARGEST:
        raise Invalid(_("Tệp lớn quá 900 KB. Hãy chia thành nhiều tệp."))
    return sheets.read(file.name, file.read(), wanted.columns)


def _kept(request: SenRequest, wanted: _List) -> list[sheets.Line]:
    """Return the rows that were tried and came back with the confirmation. Raises Invalid."""
    known = {one.key for one in wanted.columns}
    try:
        told = json.loads(request.POST["rows"])
        lines = [
            sheets.Line(number=int(number), said={key: str(said[key]) for key in said})
            for number, said in told
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(_("Không đọc được danh sách. Hãy gửi lại tệp.")) from error
    if (
        not lines
        or len(lines) > sheets.MOST_ROWS
        or any(line.said.keys() - known for line in lines)
    ):
        raise Invalid(_("Không đọc được danh sách. Hãy gửi lại tệp."))
    return lines


def _trail() -> Mapping[str, Any]:
    return {"crumbs": places.trail_to("lists")}


def _shown(
    request: SenRequest,
    wanted: _List,
    *,
    rows: Sequence[Any] = (),
    kept: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_trail(),
        "kind": wanted,
        "rows": rows,
        "kept": kept,
        "fault": fault,
        "accept": ".xlsx,.csv",
        "guide": places.sheet_guide(wanted.columns),
        "columns": places.sheet_columns(wanted.columns),
    }
    return render(request, "lists", "list", context, status=status)
