"""Lists as spreadsheets: Excel workbooks (.xlsx) and CSV, read into rows of text; templates.

A workbook is a zip of XML: its size once unpacked is looked at before anything is parsed, and a
document type is refused, so that neither a zip bomb nor an entity bomb gets in. The library for
workbooks is loaded with the first one: most processes never see any.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sen.base.errors import Invalid
from sen.base.vietnamese import fold, nfc
from sen.systems.administration.data import SheetColumn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 500
_HEAD_ROWS = 10
"""Among how many first lines the headings are looked for."""
_WIDE = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a list: its number in the file, as people see it, and what it says by column."""

    number: int
    said: Mapping[str, str]


class ListRefused(Invalid):
    """The file as a whole cannot be read as this list."""

    code = "list_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"file": [message]})


def read(name: str, content: bytes, columns: Sequence[SheetColumn]) -> list[Line]:
    """Return the rows of a file by column. name: of the file, whose ending says what it is.

    Columns are known by their headings, with or without marks, in any order; empty rows are left
    out. Raises ListRefused.
    """
    ending = name.lower().rsplit(".", 1)[-1]
    if ending == "xlsx":
        cells = _workbook(content)
    elif ending == "csv":
        cells = _text(content)
    else:
        raise ListRefused(_("Chỉ nhận tệp Excel (.xlsx) hoặc CSV."))
    return _lines(cells, columns)


def _lines(cells: Iterable[Sequence[str]], columns: Sequence[SheetColumn]) -> list[Line]:
    places: dict[str, int] = {}
    found: list[Line] = []
    for number, row in enumerate(cells, start=1):
        if not places:
            places = _places(row, columns)
            if not places and number >= _HEAD_ROWS:
                break
            continue
        said = {key: row[at] if at < len(row) else "" for key, at in places.items()}
        if any(said.values()):
            found.append(Line(number=number, said=said))
        if len(found) > MOST_ROWS:
            raise ListRefused(
                _("Mỗi tệp tối đa %(n)d dòng. Hãy chia thành nhiều tệp.") % {"n": MOST_ROWS}
            )
    if not places:
        needed = ", ".join(str(one.title) for one in columns if one.is_required)
        raise ListRefused(
            _("Không tìm thấy dòng tiêu đề. Cần các cột: %(names)s.") % {"names": needed}
        )
    if not found:
        raise ListRefused(_("Danh sách không có dòng nào."))
    return found


def _places(row: Sequence[str], columns: Sequence[SheetColumn]) -> dict[str, int]:
    """Return where each column stands, none where this row is not the headings."""
    heads = [fold(one) for one in row]
    places = {}
    for column in columns:
        for known in (fold(str(column.title)), fold(column.key)):
            if known in heads:
                places[column.key] = heads.index(known)
                break
    needed = {one.key for one in columns if one.is_required}
    return places if needed <= places.keys() else {}


def _text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefused(_("Tệp CSV phải ở bảng mã UTF-8.")) from error
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ListRefused(_("Không đọc được tệp CSV này.")) from error
    return [[nfc(one) for one in row] for row in rows]


def _workbook(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_zip(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size is not to be believed
            return [
                [_cell(one) for one in row]
                for row in sheet.iter_rows(max_row=MOST_ROWS + _HEAD_ROWS + 1, values_only=True)
            ]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise ListRefused(_("Không đọc được tệp Excel này.")) from error


def _check_zip(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise ListRefused(_("Tệp Excel quá lớn khi giải nén."))
        for part in parts:
            if part.filename.endswith(".xml") and b"<!DOCTYPE" in packed.read(part):
                raise ListRefused(_("Không đọc được tệp Excel này."))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return nfc(str(value))


def template(columns: Sequence[SheetColumn], example: Sequence[str], *, title: str) -> bytes:
    """Return a workbook to fill in: headings, one example, and a second sheet that explains."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = title[:31]
    sheet.append([str(one.title) for one in columns])
    sheet.append(list(example))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(len(str(column.title)) + 4, _WIDE // 2)
        sheet.cell(row=1, column=place).font = Font(bold=True)
        for row in range(2, MOST_ROWS + 2):  # text, or Excel takes the zero off a number
            sheet.cell(row=row, column=place).number_format = "@"
    guide = book.create_sheet(_("Hướng dẫn"))
    guide.append([_("Cột"), _("Bắt buộc"), _("Cách ghi")])
    for column in columns:
        is_required = _("Có") if column.is_required else _("Không")
        guide.append([str(column.title), is_required, str(column.hint)])
    for letter in "ABC":
        guide.column_dimensions[letter].width = _WIDE * (2 if letter == "C" else 1)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text_template(columns: Sequence[SheetColumn], example: Sequence[str]) -> bytes:
    """Return the same as CSV, with the mark by which Excel knows UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([str(one.title) for one in columns])
    writer.writerow(example)
    return target.getvalue().encode("utf-8-sig")
