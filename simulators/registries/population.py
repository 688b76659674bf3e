"""The population database: SOAP 1.1 as clients in the field speak it, hashed password included.

Two operations: TraCuuThongTinCongDan answers with a person's whole record, XacThucThongTinCongDan
whether number, name and birth date belong together. Clients of 2025 name their unit and account
too; older ones do not. Errors: 003 for a word that is not the operation's, 004 for a procedure
without licence, 005 for an officer's account without the right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from simulators.registries.records import STRANGER, number_of, parents, person
from simulators.web import Answer, Request

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "{http://dancuquocgia.bca}"
OPERATIONS = {"TraCuuThongTinCongDan": "037", "XacThucThongTinCongDan": "003"}
"""Operation to the word of integration that belongs to it."""
BEGINNING = {"MaYeuCau": 40, "MaDVC": 20, "MaTichHop": 3, "MaCanBo": 20}
NEWER = {"MaDonVi": 35, "TaiKhoan": 20, "SoDienThoai": 15}
END = {"HoVaTen": 100, "NgayThangNamSinh": 0}
"""Elements in their order, with how long each may be."""
UNLICENSED = "0.000000"
"""A procedure that the stand-in refuses."""


def answer(request: Request, *, account: str, secret: str, is_other: bool) -> Answer:
    """Answer one question. is_other: about somebody who was not asked for."""
    if not _is_known(request, account, secret):
        return _sent(Element("Loi"), 401)
    asked = _asked(request.body)
    if asked is None:
        return _sent(Element("Loi"), 400)
    operation, told = asked
    if code := _refused(operation, told, account):
        return _fault(code)
    number = told.get("SoDinhDanh") or number_of(told.get("SoCMND", "")) or ""
    found = person(number)
    if found is not None and found["full_name"].upper() != told["HoVaTen"]:
        found = None
    if operation.startswith("XacThuc"):
        result = Element("KetQuaXacThuc")
        is_so = found is not None and found["born"].startswith(told["NgayThangNamSinh"])
        result.text = "true" if is_so else "false"
        return _sent(result)
    collection = Element("CongdanCollection")
    if found is not None:
        collection.append(_person(STRANGER if is_other else number, found))
    return _sent(collection)


def _refused(operation: str, told: dict[str, str], account: str) -> str:
    """Return the error of a question that may not be asked, empty for none."""
    if told["MaTichHop"] != OPERATIONS[operation]:
        return "003"
    if told["MaDVC"] == UNLICENSED:
        return "004"
    return "" if told["MaCanBo"] == account else "005"


def _asked(body: bytes) -> tuple[str, dict[str, str]] | None:
    """Return the operation and what it is asked with, None where the order or a length is wrong."""
    try:
        envelope = fromstring(body)  # noqa: S314 - a stand-in, on loopback
    except ParseError:
        return None
    for operation in OPERATIONS:
        call = envelope.find(f".//{NAMESPACE}{operation}")
        if call is not None:
            tags = [one.tag for one in call]
            who = {"SoCMND": 9} if "SoCMND" in tags else {"SoDinhDanh": 12}
            forms = [{**BEGINNING, **who, **END}, {**BEGINNING, **NEWER, **who, **END}]
            for form in forms:
                if tags in (list(form), list(form)[:-1]):
                    told = {one.tag: _said(one) for one in call}
                    fits = all(len(told.get(tag, "")) <= most for tag, most in form.items() if most)
                    return (operation, {"NgayThangNamSinh": "", **told}) if fits else None
    return None


def _said(element: Element) -> str:
    """Return an element's text; of a birth date "yyyymmdd" or only the year."""
    if len(element):
        return (element[0].text or "").replace("-", "")
    return element.text or ""


def _is_known(request: Request, account: str, secret: str) -> bool:
    """Tell whether the password is the hash over our address, account, moment and secret."""
    moment = request.headers.get("timestamp", "")
    kind, _space, word = request.headers.get("authorization", "").partition(" ")
    said = hashlib.sha256(f"{request.base}{account}{moment}{secret}".encode()).hexdigest()
    try:
        return kind == "Basic" and base64.b64decode(word).decode() == f"{account}:{said}"
    except (binascii.Error, UnicodeDecodeError):
        return False


def _person(number: str, found: dict[str, Any]) -> Element:
    one = Element("CongDan")
    _add(one, SoDinhDanh=number, SoCMND=found.get("old_number", ""))
    _name(one, found)
    _add(
        one,
        GioiTinh=found["sex"],
        DanToc=found["ethnicity"],
        TonGiao="00",
        TinhTrangHonNhan=found["marital"],
        NhomMau="00",
    )
    _add(SubElement(one, "NgayThangNamSinh"), NgayThangNam=found["born"])
    for kind, code, line in (
        ("NoiDangKyKhaiSinh", found["home_town"], ""),
        ("QueQuan", found["home_town"], ""),
        ("ThuongTru", found["area"], found["line"]),
        ("NoiOHienTai", found["area"], found["line"]),
    ):
        place = SubElement(one, kind)
        _add(place, MaTinhThanh="40", MaQuanHuyen="", MaPhuongXa=code, ChiTiet=line, QuocGia="VN")
    _add(one, QuocTich="VN")
    father, mother = parents(number)
    for kind, kin in (
        ("Cha", father), ("Me", mother), ("VoChong", found.get("spouse", "")), ("NguoiDaiDien", ""),
        ("ChuHo", number),
    ):  # fmt: skip
        known = person(kin)
        if known is not None:
            _kin(SubElement(one, kind), kin, known)
    _add(one, SoSoHoKhau="")
    return one


def _kin(element: Element, number: str, found: dict[str, Any]) -> None:
    _add(element, SoDinhDanh=number, SoCMND=found.get("old_number", ""), QuocTich="VN")
    _name(element, found)


def _name(element: Element, found: dict[str, Any]) -> None:
    family, _space, rest = found["full_name"].partition(" ")
    middle, _space, given = rest.rpartition(" ")
    _add(SubElement(element, "HoVaTen"), Ho=family, ChuDem=middle, Ten=given)


def _add(element: Element, **texts: str) -> None:
    for tag, text in texts.items():
        SubElement(element, tag).text = text


def _fault(code: str) -> Answer:
    fault = Element("KetQua")
    SubElement(fault, "MaLoi").text = code
    return _sent(fault)


def _sent(inside: Element, status: int = 200) -> Answer:
    envelope = Element(f"{{{SOAP}}}Envelope")
    SubElement(envelope, f"{{{SOAP}}}Body").append(inside)
    headers = (("Content-Type", "text/xml; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status=status, body=tostring(envelope, encoding="utf-8"), headers=headers)
