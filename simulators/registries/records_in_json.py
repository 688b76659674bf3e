"""The registries that answer in JSON; the names of their fields are ours, none is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.registries.records import STRANGER, birth_notes, enterprises, kept, person, plots


def civil_status(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer what a person's marital state is, with the record of the marriage that holds."""
    number = str(asked["soDinhDanh"])
    found = person(number)
    states = {"1": "never_married", "2": "married", "3": "widowed"}
    data = []
    if found is not None:
        record: dict[str, Any] = {
            "soDinhDanh": STRANGER if is_other else number,
            "tinhTrang": states[found["marital"]],
            "soChamDut": found.get("ended"),
            "con": [_child(one) for one in found.get("children", ())],
        }
        if found["marital"] == "2":
            record |= {
                "soDangKy": found["marriage"],
                "banThan": {"danToc": found["ethnicity"], "quocTich": "VN"},
                "voChong": _spouse(found["spouse"]),
            }
        data.append(record)
    return {"code": 200, "response": {"error_code": 0, "message": "", "data": data}}


def _spouse(number: str) -> dict[str, Any]:
    found = person(number) or {}
    return {
        "soDinhDanh": number,
        "hoVaTen": found["full_name"],
        "ngaySinh": _day(found["born"]),
        "danToc": found["ethnicity"],
        "quocTich": "VN",
        "noiCuTru": found["line"],
        "maPhuongXa": found["area"],
    }


def _child(number: str) -> dict[str, Any]:
    found = person(number) or {}
    return {
        "soDinhDanh": number,
        "hoVaTen": found["full_name"],
        "ngaySinh": _day(found["born"]),
    }


def _day(born: str) -> str:
    return f"{born[:4]}-{born[4:6]}-{born[6:]}"


def notes(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer the birth notes on which a parent is named."""
    number = str(asked["soDinhDanhChaMe"])
    return {
        "soDinhDanhChaMe": STRANGER if is_other else number,
        "giayChungSinh": birth_notes(number),
    }


def register(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer which enterprises a person represents."""
    number = str(asked["nguoiDaiDien"])
    return {
        "nguoiDaiDien": STRANGER if is_other else number,
        "GetEntCert": enterprises(number),
    }


def land(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer the plots whose certificates a person holds."""
    number = str(asked["soDinhDanh"])
    return {"soDinhDanh": STRANGER if is_other else number, "thuaDat": plots(number)}


def education(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer the pupils of whom a person is a parent."""
    number = str(asked["soDinhDanhChaMe"])
    children = (person(number) or {}).get("children", ())
    return {
        "soDinhDanhChaMe": STRANGER if is_other else number,
        "hocSinh": [
            _child(one) | school for one in children if (school := kept("pupils", one)) is not None
        ],
    }


def poverty(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer how a person's household is classed; somebody unknown has none."""
    number = str(asked["soDinhDanh"])
    listed = kept("households", number) or {"phanLoai": "0"}
    return {
        "soDinhDanh": STRANGER if is_other else number,
        "hoGiaDinh": None if person(number) is None else listed,
    }


def insurance(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer whether a person is paid every month; somebody unknown takes no part."""
    number = str(asked["soDinhDanh"])
    found = person(number)
    return {
        "soDinhDanh": STRANGER if is_other else number,
        "nguoiThamGia": None if found is None else {"huongHangThang": found.get("pension", False)},
    }


def security(asked: dict[str, Any], *, is_other: bool) -> dict[str, Any]:
    """Answer the account a person named for social security."""
    number = str(asked["soDinhDanh"])
    return {
        "soDinhDanh": STRANGER if is_other else number,
        "taiKhoan": kept("accounts", number),
    }


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    "civil-status": civil_status,
    "birth-notes": notes,
    "enterprises": register,
    "land": land,
    "education": education,
    "poverty": poverty,
    "social-insurance": insurance,
    "social-security": security,
}
