"""The population database: SOAP 1.1 as clients in the field speak it, hashed password included.

Errors: 004 for a procedure without licence, 005 for an officer's account without the right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from simulators.registries.records import STRANGER, person
from simulators.web import Answer, Request

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CALL = "{http://dancuquocgia.bca}TraCuuThongTinCongDan"
ORDER = ("MaYeuCau", "MaDVC", "MaTichHop", "MaCanBo", "SoDinhDanh", "HoVaTen", "NgayThangNamSinh")
UNLICENSED = "0.000000"
"""A procedure that the stand-in refuses."""


def answer(request: Request, *, account: str, secret: str, is_other: bool) -> Answer:
    """Answer one lookup. is_other: about somebody who was not asked for."""
    if not _is_known(request, account, secret):
        return _sent(Element("Loi"), 401)
    try:
        call = fromstring(request.body).find(f".//{CALL}")  # noqa: S314 - a stand-in, on loopback
    except ParseError:
        call = None
    if call is None or [one.tag for one in call] != list(ORDER[: len(call)]):
        return _sent(Element("Loi"), 400)
    told = {one.tag: one.text or "" for one in call}
    if told["MaDVC"] == UNLICENSED:
        return _fault("004")
    if told["MaCanBo"] != account:
        return _fault("005")
    found = person(told["SoDinhDanh"])
    collection = Element("CongdanCollection")
    if found is not None and found["full_name"].upper() == told["HoVaTen"]:
        collection.append(_person(STRANGER if is_other else told["SoDinhDanh"], found))
    return _sent(collection)


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
    family, _space, rest = found["full_name"].partition(" ")
    middle, _space, given = rest.rpartition(" ")
    name = SubElement(one, "HoVaTen")
    for tag, value in (("Ho", family), ("ChuDem", middle), ("Ten", given)):
        SubElement(name, tag).text = value
    for tag, value in (
        ("SoDinhDanh", number), ("GioiTinh", found["sex"]), ("DanToc", found["ethnicity"]),
        ("TinhTrangHonNhan", found["marital"]), ("QuocTich", "VN"),
    ):  # fmt: skip
        SubElement(one, tag).text = value
    SubElement(SubElement(one, "NgayThangNamSinh"), "NgayThangNam").text = found["born"]
    SubElement(SubElement(one, "QueQuan"), "MaPhuongXa").text = found["home_town"]
    place = SubElement(one, "NoiOHienTai")
    SubElement(place, "MaPhuongXa").text = found["area"]
    SubElement(place, "ChiTiet").text = found["line"]
    return one


def _fault(code: str) -> Answer:
    fault = Element("KetQua")
    SubElement(fault, "MaLoi").text = code
    return _sent(fault)


def _sent(inside: Element, status: int = 200) -> Answer:
    envelope = Element(f"{{{SOAP}}}Envelope")
    SubElement(envelope, f"{{{SOAP}}}Body").append(inside)
    headers = (("Content-Type", "text/xml; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status=status, body=tostring(envelope, encoding="utf-8"), headers=headers)
