"""The population database as clients in the field speak with it: every element, both operations."""

from __future__ import annotations

import base64
import hashlib
from xml.etree.ElementTree import Element, fromstring

import pytest
import requests

from sen.systems.registries.adapters import population
from sen.systems.registries.data import Partner, Told
from tests.journeys.test_registry_protocols import FATHER, SOAP, answering, asked, partners

pytestmark = pytest.mark.journey
__all__ = ["partners"]

MOTHER, CHILD, ELDER = "040195000102", "040314000105", "040050000101"
OLDER = {"MaYeuCau": "THU1", "MaDVC": "1.001193", "MaTichHop": "037", "MaCanBo": "sen"}
UNIT = {"MaDonVi": "000.00.00.H41", "TaiKhoan": "sen", "SoDienThoai": "0900000000"}
WHO = {"SoDinhDanh": FATHER, "HoVaTen": "NGUYỄN VĂN THỬ"}
PLACE = ["MaTinhThanh", "MaQuanHuyen", "MaPhuongXa", "ChiTiet", "QuocGia"]
KIN = ["SoDinhDanh", "SoCMND", "QuocTich", "HoVaTen"]


def posted(partner: Partner, told: dict[str, str], *, lookup: bool = True) -> Element:
    """Ask as a client would; a birth date is told as {"NgayThangNam": …} or {"Nam": …}."""
    operation = "TraCuuThongTinCongDan" if lookup else "XacThucThongTinCongDan"
    dates = {"NgayThangNam", "Nam"} & told.keys()
    born = "".join(f"<{one}>{told[one]}</{one}>" for one in dates)
    inside = "".join(f"<{tag}>{text}</{tag}>" for tag, text in told.items() if tag not in dates)
    inside += f"<NgayThangNamSinh>{born}</NgayThangNamSinh>" if born else ""
    call = f'<c:{operation} xmlns:c="http://dancuquocgia.bca">{inside}</c:{operation}>'
    word = hashlib.sha256(f"{partner.url}sen1763600000{partner.secret}".encode()).hexdigest()
    headers = {
        "Authorization": f"Basic {base64.b64encode(f'sen:{word}'.encode()).decode()}",
        "Timestamp": "1763600000",
        "Content-Type": "application/xml",
    }
    answer = requests.post(partner.url, (SOAP % call).encode(), headers=headers, timeout=5)
    return fromstring(answer.content)[0][0]


@pytest.fixture
def partner(partners) -> Partner:
    return partners["population"]


def tags(element: Element | None) -> list[str]:
    return [one.tag for one in element] if element is not None else []


def test_a_record_has_every_element_of_the_contract_in_its_order(partner):
    [person] = posted(partner, {**OLDER, **WHO})
    assert tags(person) == [
        "SoDinhDanh", "SoCMND", "HoVaTen", "GioiTinh", "DanToc", "TonGiao", "TinhTrangHonNhan", "NhomMau",
        "NgayThangNamSinh", "NoiDangKyKhaiSinh", "QueQuan", "ThuongTru", "NoiOHienTai", "QuocTich",
        "VoChong", "ChuHo", "SoSoHoKhau",
    ]  # fmt: skip
    assert [tags(person.find(one)) for one in ("HoVaTen", "ThuongTru", "VoChong")] == [
        ["Ho", "ChuDem", "Ten"], PLACE, KIN,
    ]  # fmt: skip
    assert person.findtext("VoChong/SoDinhDanh") == MOTHER
    assert person.findtext("ThuongTru/MaQuanHuyen") == ""


def test_parents_of_a_child_are_told_and_are_not_the_child(partner):
    who = {"SoDinhDanh": CHILD, "HoVaTen": "NGUYỄN THỊ MẪU MỰC"}
    [person] = posted(partner, {**OLDER, **who})
    assert [person.findtext(f"{one}/SoDinhDanh") for one in ("Cha", "Me")] == [FATHER, MOTHER]
    told = population.ask(partner, asked(CHILD, "Nguyễn Thị Mẫu Mực"))
    assert (told.about, told.facts["person.full_name"]) == (CHILD, "Nguyễn Thị Mẫu Mực")


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ({**OLDER, **WHO}, FATHER),
        ({**OLDER, **WHO, "NgayThangNam": "19930214"}, FATHER),
        ({**OLDER, **UNIT, **WHO, "NgayThangNam": "1993-02-14"}, FATHER),
        ({**OLDER, **UNIT, **WHO, "Nam": "1993"}, FATHER),
        ({**OLDER, "SoCMND": "180000101", "HoVaTen": "LÊ VĂN CAO"}, ELDER),
    ],
)
def test_both_forms_of_the_question_are_understood(partner, told, number):
    assert posted(partner, told).findtext("CongDan/SoDinhDanh") == number


@pytest.mark.parametrize(
    "told",
    [
        {**WHO, **OLDER},
        {**OLDER, **WHO, "MaYeuCau": "x" * 41},
        {**OLDER, "MaDonVi": "1", **WHO},
        {**OLDER, "SoDinhDanh": FATHER},
    ],
)
def test_an_element_in_the_wrong_place_or_too_long_is_no_question(partner, told):
    assert posted(partner, told).tag == "Loi"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "true"),
        ({"NgayThangNam": "19930214"}, "true"),
        ({"Nam": "1993"}, "true"),
        ({"NgayThangNam": "19930215"}, "false"),
        ({"HoVaTen": "NGƯỜI XA LẠ"}, "false"),
        ({"SoDinhDanh": "040093999999"}, "false"),
    ],
)
def test_a_confirmation_says_whether_it_belongs_together(partner, changes, said):
    told = {**OLDER, "MaTichHop": "003", **WHO, **changes}
    assert (answer := posted(partner, told, lookup=False)).tag == "KetQuaXacThuc"
    assert answer.text == said


def test_a_lookup_under_the_word_of_a_confirmation_is_refused(partner):
    assert posted(partner, {**OLDER, "MaTichHop": "003", **WHO}).findtext("MaLoi") == "003"


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("<NgayThangNam>19930214</NgayThangNam>", "1993-02-14"),
        ("<NgayThangNam>1993-02-14</NgayThangNam>", "1993-02-14"),
        ("<Nam>1993</Nam>", None),
    ],
)
def test_what_is_known_of_a_birth_date_is_told(born, said):
    person = (
        f"<CongDan><SoDinhDanh>{FATHER}</SoDinhDanh><NgayThangNamSinh>{born}</NgayThangNamSinh>"
    )
    body = SOAP % f"<CongdanCollection>{person}</CongDan></CongdanCollection>"
    with answering(body.encode()) as serving:
        told = population.ask(serving, asked())
    facts = {"person.national_number": FATHER} | ({"person.birth_date": said} if said else {})
    assert told == Told(about=FATHER, facts=facts)
