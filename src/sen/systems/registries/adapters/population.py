"""The population database: SOAP 1.1, operation TraCuuThongTinCongDan, as used in the field.

The order of the elements matters, and the password is a hash over address, account, moment and
secret. Districts are gone since 1 July 2025: MaQuanHuyen is not asked for.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from sen.systems.registries.adapters import http
from sen.systems.registries.adapters.ethnic_groups import CODES
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "http://dancuquocgia.bca"
LOOKUP = "037"
"""MaTichHop of a lookup; a mere confirmation would be 003."""
MARITAL = {"1": "never_married", "2": "married"}


def ask(partner: Partner, asked: Asked) -> Told:
    """Return what the population database tells of a person. Raises LookupFailed."""
    raw = http.post(partner.url, _question(partner, asked), _headers(partner, asked), asked)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise LookupFailed(Failure.MALFORMED)
    try:
        answer = fromstring(raw)  # noqa: S314 - refused above where it declares entities
    except ParseError:
        raise LookupFailed(Failure.MALFORMED) from None
    if _local(answer) != "Envelope":
        raise LookupFailed(Failure.MALFORMED)
    if _find(answer, "MaLoi") is not None:
        raise LookupFailed(Failure.REFUSED)
    if _find(answer, "CongdanCollection") is None:
        raise LookupFailed(Failure.MALFORMED)
    person = _find(answer, "CongDan")
    if person is None:
        return Told()
    return Told(about=_text(person, "SoDinhDanh"), facts=_facts(person))


def _question(partner: Partner, asked: Asked) -> bytes:
    envelope = Element(f"{{{SOAP}}}Envelope")
    body = SubElement(envelope, f"{{{SOAP}}}Body")
    call = SubElement(body, f"{{{NAMESPACE}}}TraCuuThongTinCongDan")
    for name, value in (
        ("MaYeuCau", asked.request), ("MaDVC", asked.procedure), ("MaTichHop", LOOKUP),
        ("MaCanBo", partner.account), ("SoDinhDanh", asked.national_number),
        ("HoVaTen", asked.full_name.upper()),
    ):  # fmt: skip
        SubElement(call, name).text = value
    if asked.birth_date is not None:
        born = SubElement(call, "NgayThangNamSinh")
        SubElement(born, "NgayThangNam").text = f"{asked.birth_date:%Y%m%d}"
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True))


def _headers(partner: Partner, asked: Asked) -> dict[str, str]:
    moment = str(int(asked.at.timestamp() * 1000))
    said = f"{partner.url}{partner.account}{moment}{partner.secret}".encode()
    word = f"{partner.account}:{hashlib.sha256(said).hexdigest()}".encode()
    return {
        "Authorization": f"Basic {base64.b64encode(word).decode()}",
        "Content-Type": "application/xml",
        "SOAPAction": '""',
        "Timestamp": moment,
    }


def _facts(person: Element) -> dict[str, Any]:
    home = _text(person, "QueQuan", "MaPhuongXa")
    told = {
        "person.full_name": _name(person),
        "person.birth_date": _born(person),
        "person.national_number": _text(person, "SoDinhDanh"),
        "person.ethnicity": CODES.get(_text(person, "DanToc")),
        "person.nationality": "Việt Nam" if _text(person, "QuocTich") == "VN" else None,
        "person.marital_state": MARITAL.get(_text(person, "TinhTrangHonNhan")),
        "person.home_town": {"code": home} if home else None,
        "person.address": _place(person, "NoiOHienTai") or _place(person, "ThuongTru"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _name(person: Element) -> str | None:
    parts = (_text(person, "HoVaTen", one) for one in ("Ho", "ChuDem", "Ten"))
    return " ".join(part for part in parts if part) or None


def _born(person: Element) -> str | None:
    """Return the whole date of birth; where only the year is known, none is told.

    Clients of 2025 read "yyyymmdd", older ones "yyyy-mm-dd".
    """
    said = _text(person, "NgayThangNamSinh", "NgayThangNam").replace("-", "")
    return f"{said[:4]}-{said[4:6]}-{said[6:]}" if len(said) == len("yyyymmdd") else None


def _place(person: Element, kind: str) -> dict[str, str] | None:
    line, code = _text(person, kind, "ChiTiet"), _text(person, kind, "MaPhuongXa")
    return {"line": line, "code": code} if line and code else None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(element: Element, name: str) -> Element | None:
    return next((one for one in element.iter() if _local(one) == name), None)


def _text(element: Element, *names: str) -> str:
    """Return the text of the child of the first name, of its child of the next; else empty.

    Kin have numbers and names too: nobody further down than a child is meant.
    """
    found: Element | None = element
    for name in names:
        inside: Iterable[Element] = found if found is not None else ()
        found = next((one for one in inside if _local(one) == name), None)
    return ((found.text or "") if found is not None else "").strip()
