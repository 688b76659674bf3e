"""Lists of units and officials: files read, rows tried, everything loaded or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from sen.base import clock
from sen.base.errors import Invalid, NotAllowed
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.adapters import sheets
from sen.systems.administration.services import lists
from sen.systems.administration.tests.test_pages import text
from sen.systems.administration.tests.test_services import place, said

ON = dt.date(2027, 1, 1)
UNIT = {
    "code": "H41.9.50", "parent": "H41", "kind": "department", "level": "province",
    "name": "Sở Giả định", "short_name": "Sở Giả định", "valid_from": "01/01/2027",
}  # fmt: skip
PART = {**UNIT, "code": "H41.9.50.1", "parent": "H41.9.50", "kind": "phong, van phong"}
PERSON = {
    "full_name": "Nguyễn Thị Mới", "national_number": "040190000777", "birth_date": "08/03/1990",
    "username": "moi.truongvinh", "unit": "H41.9.11.2", "position": "clerk",
    "valid_from": "01/11/2026",
}  # fmt: skip
HEADS = [str(one.title) for one in lists.UNIT_COLUMNS]


def load(province, *rows, actor=None, officials=False, dry_run=False):
    verb = lists.load_officials if officials else lists.load_units
    return verb(
        actor=actor or province.administrator, rows=list(rows), at=province.at, dry_run=dry_run
    )


def faults(province, *rows, **more):
    with pytest.raises(lists.RowsRefused) as refused:
        load(province, *rows, **more)
    return {place: sorted(found) for place, found in refused.value.faults.items()}


def exists(code: str) -> bool:
    return organisations.Unit.objects.filter(code=code).exists()


# -- Units


def test_a_list_of_units_is_loaded_whatever_its_order(province):
    tried = load(province, PART, UNIT, dry_run=True)
    assert (exists("H41.9.50"), exists("H41.9.50.1")) == (False, False)

    done = load(province, PART, UNIT)

    assert (tried.rows, done.rows) == (2, 2)
    part = organisations.unit("H41.9.50.1", ON)
    assert organisations.above(part.id, ON)[1] == organisations.unit("H41.9.50", ON).id
    assert said(province)[0] == ("administration.units.load", "units")


def test_one_bad_row_and_nothing_is_loaded(province):
    found = faults(
        province,
        UNIT,
        {**UNIT, "code": "H41.9.51", "valid_from": "31/02/2027", "name": ""},
        {**UNIT, "code": "H41.9.52", "kind": "castle", "level": "moon"},
        {**UNIT, "code": "H41.9.53", "parent": "H41.9.99"},
        {**UNIT, "code": "H41.9.54", "parent": "H41.9.51"},
        UNIT,
        {**UNIT, "code": "bad"},
        {**UNIT, "code": "H41.9.55", "valid_from": "01/01/2000"},
    )

    assert found == {
        1: ["name", "valid_from"],
        2: ["kind", "level"],
        3: ["parent"],
        4: ["parent"],
        5: ["code"],
        6: ["code"],
        7: ["parent"],
    }
    assert exists("H41.9.50") is False


def test_parts_of_a_faulty_unit_and_rings_say_so(province):
    ring = [
        {**UNIT, "code": "H41.9.60", "parent": "H41.9.61"},
        {**UNIT, "code": "H41.9.61", "parent": "H41.9.60"},
    ]
    assert faults(province, *ring) == {0: ["parent"], 1: ["parent"]}
    refused = {**UNIT, "code": "H41.9.62", "statistics_code": "40"}
    below = {**UNIT, "code": "H41.9.63", "parent": "H41.9.62"}
    assert faults(province, refused, below) == {0: ["statistics_code"], 1: ["parent"]}


def test_lists_need_the_right(province):
    with pytest.raises(NotAllowed):
        load(province, UNIT, actor=province.clerk)
    with pytest.raises(NotAllowed):
        load(province, PERSON, actor=province.clerk, officials=True)


# -- Officials


def test_a_list_of_officials_opens_accounts_or_gives_positions(province):
    known = identity.account_named("vanthu.truongvinh")
    again = {
        **PERSON,
        "full_name": known.person.full_name,
        "national_number": identity.national_number(known.person),
        "birth_date": "",
        "username": "vanthu.truongvinh",
        "position": "Chánh Văn phòng",
    }
    title = place("head_of_office").title["vi"]
    rows = (PERSON, {**again, "position": title})
    tried = load(province, *rows, officials=True, dry_run=True)
    assert identity.account_named("moi.truongvinh") is None

    done = load(province, *rows, officials=True)

    [opened] = done.opened
    account = identity.account_named("moi.truongvinh")
    assert (tried.rows, list(tried.opened)) == (2, [])
    assert (opened.row, opened.username, opened.full_name) == (
        0,
        "moi.truongvinh",
        "Nguyễn Thị Mới",
    )
    assert account.check_password(opened.password) is True
    assert {
        one.position.code for one in identity.employments(known.pk, clock.day(province.at))
    } == {
        "clerk",
        "head_of_office",
    }
    assert said(province)[0] == ("administration.officials.load", "officials")


def test_rows_of_officials_say_what_is_wrong(province):
    found = faults(
        province,
        {**PERSON, "national_number": "1", "username": "a.b"},
        {**PERSON, "unit": "H99", "username": "a.c"},
        {**PERSON, "position": "king", "username": "a.d"},
        {**PERSON, "username": "vanthu.truongvinh"},
        {**PERSON, "birth_date": "x", "username": "", "national_number": "1", "unit": ""},
        {**PERSON, "username": "a.e"},
        {**PERSON, "username": "a.e"},
        {**PERSON, "unit": "H41.9.1", "position": "director", "username": "a.f"},
        {**PERSON, "valid_from": "x", "username": "a.g"},
        officials=True,
    )
    assert found == {
        0: ["national_number"],
        1: ["unit"],
        2: ["position"],
        3: ["username"],
        4: ["birth_date", "national_number", "unit", "username"],
        6: ["username"],
        7: ["position"],
        8: ["valid_from"],
    }
    assert identity.account_named("a.e") is None


def test_a_person_has_one_account_also_within_a_list(province):
    known = identity.account_named("vanthu.truongvinh")
    row = {
        **PERSON,
        "full_name": known.person.full_name,
        "national_number": identity.national_number(known.person),
        "birth_date": "",
    }
    assert faults(province, row, officials=True, dry_run=True) == {0: [""]}
    assert faults(province, row, officials=True) == {0: [""]}


def test_a_list_of_officials_has_its_limit(province, monkeypatch):
    monkeypatch.setattr(lists, "MOST_OFFICIALS", 1)
    with pytest.raises(Invalid):
        load(province, PERSON, {**PERSON, "username": "x.y"}, officials=True)


# -- Files


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cells(**more) -> list:
    row = {**UNIT, **more}
    return [row.get(one.key, "") for one in lists.UNIT_COLUMNS]


def read(name: str, content: bytes) -> list[sheets.Line]:
    return sheets.read(name, content, lists.UNIT_COLUMNS)


def test_a_workbook_is_read_with_its_days_and_numbers():
    day = dt.datetime(2027, 1, 1)  # noqa: DTZ001 - as Excel keeps it
    content = workbook(
        ["Danh sách đơn vị năm 2027"], HEADS, cells(valid_from=day, statistics_code=16690.0), [None]
    )
    [line] = read("units.XLSX", content)
    assert (line.number, line.said["valid_from"], line.said["statistics_code"]) == (
        3,
        "01/01/2027",
        "16690",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_with_any_delimiter(delimiter):
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows([[one.upper() for one in HEADS], cells()])
    [line] = read("units.csv", content.getvalue().encode("utf-8-sig"))
    assert {key: line.said[key] for key in UNIT} == UNIT


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_UNPACKED + 1))
    return target.getvalue()


def entities() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.pdf", b"%PDF", "Chỉ nhận tệp Excel"),
        ("list.xlsx", b"not a zip", "Không đọc được tệp Excel"),
        ("list.xlsx", bomb(), "quá lớn khi giải nén"),
        ("list.xlsx", entities(), "Không đọc được tệp Excel"),
        ("list.csv", b"\xff\xfe\x00a", "UTF-8"),
        ("list.csv", b'Ma,"x\nTen', "Không đọc được tệp CSV"),
        ("list.csv", b"a,b\nc,d", "dòng tiêu đề"),
        ("list.csv", "\n".join("a,b" for _ in range(20)).encode(), "dòng tiêu đề"),
        ("list.csv", ",".join(HEADS).encode(), "không có dòng nào"),
    ],
)
def test_files_that_are_no_list_are_refused(name, content, said):
    with pytest.raises(sheets.ListRefused, match=said):
        read(name, content)


def test_a_list_has_its_limit(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    with pytest.raises(sheets.ListRefused, match="tối đa 1 dòng"):
        read("list.xlsx", workbook(HEADS, cells(), cells()))


def test_a_template_filled_in_is_read_again():
    content = sheets.template(lists.UNIT_COLUMNS, cells(), title="Danh sách đơn vị")
    book = load_workbook(io.BytesIO(content))
    assert (book.sheetnames, book.active["A2"].number_format) == (
        ["Danh sách đơn vị", "Hướng dẫn"],
        "@",
    )
    assert [line.said["code"] for line in read("x.xlsx", content)] == ["H41.9.50"]
    plain = sheets.text_template(lists.UNIT_COLUMNS, cells())
    assert [line.said["code"] for line in read("x.csv", plain)] == ["H41.9.50"]


def test_a_day_of_a_workbook_without_a_time_is_read():
    assert sheets._cell(dt.date(2027, 1, 1)) == "01/01/2027"
    assert sheets._cell(7.5) == "7.5"


# -- Pages

HERE = "/quan-tri/nap-danh-sach/"


def upload(content: bytes, name: str = "list.xlsx") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


def kept(answer) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', answer.content.decode())
    return found[1].replace("&quot;", '"').replace("&#x27;", "'")


def test_pages_of_lists_are_for_administrators(administrator, clerk):
    for path in ("", "don-vi/", "can-bo/", "don-vi/mau.xlsx", "can-bo/mau.csv"):
        assert administrator.get(f"{HERE}{path}").status_code == 200
        assert clerk.get(f"{HERE}{path}").status_code == 403
    for path in ("khac/", "don-vi/mau.exe", "khac/mau.csv"):
        assert administrator.get(f"{HERE}{path}").status_code == 404


def test_units_are_loaded_by_page_in_two_steps(administrator):
    tried = administrator.post(f"{HERE}don-vi/", upload(workbook(HEADS, cells())))
    assert exists("H41.9.50") is False
    done = administrator.post(f"{HERE}don-vi/", {"rows": kept(tried)})

    assert (tried.status_code, done.status_code) == (200, 200)
    assert "Mọi dòng đều đúng" in text(tried)
    assert exists("H41.9.50") is True


def test_officials_are_loaded_by_page_and_passwords_shown_once(administrator):
    content = sheets.text_template(lists.OFFICIAL_COLUMNS, list(PERSON.values()))
    tried = administrator.post(f"{HERE}can-bo/", upload(content, "list.csv"))
    done = administrator.post(f"{HERE}can-bo/", {"rows": kept(tried)})

    [password] = set(re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", text(done)))
    assert identity.account_named("moi.truongvinh").check_password(password) is True
    assert "no-store" in done["Cache-Control"]


def test_faults_stand_beside_their_rows(administrator):
    bad = administrator.post(
        f"{HERE}don-vi/", upload(workbook(HEADS, cells(), cells(code="bad", name="")))
    )
    shown = text(bad)
    assert bad.status_code == 422
    assert "1 dòng chưa đúng" in shown
    assert ("Thiếu giá trị bắt buộc." in shown, 'name="rows"' in shown) == (True, False)
    assert exists("H41.9.50") is False


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Vui lòng chọn một tệp."),
        (upload(b"x" * 901 * 1024), "quá 900 KB"),
        (upload(b"x"), "Không đọc được tệp Excel"),
        ({"rows": "{"}, "Hãy gửi lại tệp"),
        ({"rows": "[]"}, "Hãy gửi lại tệp"),
        ({"rows": json.dumps([[1, {"wings": "2"}]])}, "Hãy gửi lại tệp"),
        ({"rows": json.dumps([["x"]])}, "Hãy gửi lại tệp"),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field(administrator, sent, said):
    answer = administrator.post(f"{HERE}don-vi/", sent)
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_confirmed_list_is_tried_again(administrator):
    gone = json.dumps([[2, {**UNIT, "parent": "H41.9.99"}]])
    answer = administrator.post(f"{HERE}don-vi/", {"rows": gone})
    assert (answer.status_code, exists("H41.9.50")) == (422, False)


def test_too_many_officials_are_refused_by_page(administrator, monkeypatch):
    monkeypatch.setattr(lists, "MOST_OFFICIALS", 0)
    answer = administrator.post(f"{HERE}can-bo/", {"rows": json.dumps([[2, PERSON]])})
    assert answer.status_code == 422
