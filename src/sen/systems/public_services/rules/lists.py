"""Lists of procedures that are brought in: what a row lacks, and what looks wrong in it.

The faults are those found on the national portal: free where the council decides, sums that lost
their thousands, the form's default for a time, cases in the column of channels, notes among papers,
papers that may not be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sen.base.vietnamese import fold
from sen.systems.public_services.choices import AuthorityLevel, Confidence, FeeStatus, KnownBy
from sen.systems.public_services.data import Doubt, NotAsked

_CODE = re.compile(r"(\d\.\d{6})(?:\.[0-9A-Za-z]+)*")
_NEARLY_CODE = re.compile(r"(\d)\.(\d{3})\.(\d{3})")
_UNITS = {"working_day": "working_day", "day": "unnamed_day", "hour": "working_hour"}
"""Units of the list, and what they are here: "day" does not say which days are meant."""

_UNIT_WORDS = {
    "working_day": "ngày làm việc", "unnamed_day": "ngày", "working_hour": "giờ làm việc",
}  # fmt: skip

_MOST_ORIGINALS = 9
_MOST_PAPERS = 40
_SMALL_SUM_VND = 500
"""No charge of the lists is a smaller coin than this; what is not a multiple of it lost digits."""

_PHRASES: Mapping[str, tuple[str, ...]] = {
    KnownBy.ENTERPRISES: (
        "giay chung nhan dang ky doanh nghiep",
        "giay chung nhan dang ky kinh doanh",
        "giay chung nhan dang ky ho kinh doanh",
    ),
    KnownBy.POPULATION: ("can cuoc", "chung minh nhan dan", "ho khau", "noi cu tru"),
    KnownBy.CIVIL_STATUS: ("khai sinh", "ket hon", "tinh trang hon nhan", "khai tu"),
    KnownBy.LAND: (
        "giay chung nhan quyen su dung dat",
        "giay chung nhan quyen so huu nha",
    ),
    KnownBy.VEHICLES: ("dang ky xe", "dang ky phuong tien"),
    KnownBy.DRIVING_LICENCES: ("giay phep lai xe",),
    KnownBy.JUDICIAL_RECORDS: ("ly lich tu phap",),
    KnownBy.PASSPORTS: ("ho chieu",),
}
"""The words with which the name of a paper of each database begins, more or less, in a list."""

_CHARGED = re.compile(
    r"muc thu|thong tu so|luat phi va le phi|le phi (cap|dang ky)[^.]*dong|\d[\d.]*000 ?dong"
)
"""Words by which a note beside "free" tells of a charge all the same."""

_BEGINNING = 60
"""Letters of a paper's name within which these words stand; further on it is about them only."""
_BEFORE = 30
"""Letters that may stand before the whole name of a paper that is longer: "Bản sao chứng thực"."""


def procedure_code(text: str) -> str:
    """Return the national part of a code: 1.004222 of "1.004222.000.00.00.H41". Raises ValueError.

    Provinces append their agency to the code in their decisions.
    """
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return found[1]


def row_faults(row: object) -> list[str]:
    """Return why a row of a list cannot be taken in; none for one that can."""
    if not isinstance(row, Mapping):
        return ["không phải một bản ghi thủ tục."]
    found = [*_code_faults(row.get("code")), *_amount_faults(row)]
    if not str(row.get("name") or "").strip():
        found.append("thiếu tên thủ tục.")
    if not str(row.get("field") or row.get("field_group") or "").strip():
        found.append("thiếu lĩnh vực.")
    levels = row.get("levels")
    if not isinstance(levels, list) or not set(map(str, levels)) <= set(AuthorityLevel.values):
        found.append("cấp thực hiện phải là danh sách gồm commune, province, central, other.")
    if row.get("fee_status") not in FeeStatus.values:
        found.append("tình trạng phí không có trong danh mục.")
    if row.get("confidence") not in Confidence.values:
        found.append("độ tin cậy phải là high, medium hoặc low.")
    source = row.get("source")
    if not isinstance(source, Mapping) or not (source.get("title") or source.get("url")):
        found.append("thiếu nguồn: cần tên văn bản hoặc địa chỉ.")
    papers = row.get("documents")
    if papers is not None and not _are_papers(papers):
        found.append("thành phần hồ sơ phải là danh sách giấy tờ có tên.")
    return found


def _code_faults(code: object) -> list[str]:
    try:
        procedure_code(str(code or ""))
    except ValueError:
        nearly = _NEARLY_CODE.fullmatch(str(code or "").strip())
        hint = f" Có phải {nearly[1]}.{nearly[2]}{nearly[3]}?" if nearly else ""
        return [f"mã “{code or ''}” không đúng dạng 1.004222.{hint}"]
    return []


def _amount_faults(row: Mapping[str, Any]) -> list[str]:
    found = []
    days = row.get("processing_days")
    if days is not None and (not _is_whole(days) or days < 1):
        found.append("thời hạn phải là số nguyên dương.")
    if days is not None and row.get("processing_unit") not in _UNITS:
        found.append("đơn vị thời hạn phải là working_day, day hoặc hour.")
    fee = row.get("fee_vnd")
    if fee is not None and (not _is_whole(fee) or fee < 0):
        found.append("mức thu phải là số đồng nguyên, không âm.")
    return found


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_papers(papers: object) -> bool:
    return isinstance(papers, list) and all(
        isinstance(one, Mapping) and str(one.get("name") or "").strip() for one in papers
    )


def row_doubts(row: Mapping[str, Any], not_asked: Sequence[NotAsked]) -> list[Doubt]:
    """Return what looks wrong in a row that can be taken in: the portal's known faults.

    not_asked: the papers that Nghị quyết 66.7/2025/NQ-CP forbids to ask for in this procedure.
    """
    return [*_fee_doubts(row), *_time_doubts(row), *_paper_doubts(row, not_asked)]


def _fee_doubts(row: Mapping[str, Any]) -> list[Doubt]:
    found = []
    if says_council_decides(row):
        said = "ghi miễn phí nhưng mức thu do Hội đồng nhân dân tỉnh quyết định: không phải miễn."
        found.append(Doubt(code="free_by_council", message=said))
    if says_other_document(row):
        said = "ghi miễn phí nhưng dẫn văn bản thu phí hoặc mức thu khác: mức thu ở văn bản đó."
        found.append(Doubt(code="free_by_document", message=said))
    for amount in sorted(_amounts(row)):
        if is_torn(amount):
            said = f"mức thu {amount} đồng có thể mất hàng nghìn hoặc dính hai cột."
            found.append(Doubt(code="torn_amount", message=said))
    return found


def says_council_decides(row: Mapping[str, Any]) -> bool:
    """Tell whether a row says "free" where the province's council sets the charge."""
    is_free = row.get("fee_vnd") == 0 or row.get("fee_status") == FeeStatus.FREE
    texts = [str(row.get("fee_note") or "")]
    for channel in _channels(row):
        is_free = is_free or fold(str(channel.get("fee_raw") or "")).startswith("mien phi")
        texts.append(str(channel.get("note") or ""))
    return is_free and any("hoi dong nhan dan" in fold(text) for text in set(texts))


def says_other_document(row: Mapping[str, Any]) -> bool:
    """Tell whether a row says "free" and then names the text, or the sum, of a charge."""
    if says_council_decides(row):
        return False
    texts = [
        (row.get("fee_vnd") == 0 or row.get("fee_status") == FeeStatus.FREE, row.get("fee_note"))
    ]
    texts += [
        (fold(str(one.get("fee_raw") or "")).startswith("mien phi"), one.get("note"))
        for one in _channels(row)
    ]
    return any(is_free and _CHARGED.search(fold(str(said or ""))) for is_free, said in texts)


def is_torn(amount: int) -> bool:
    """Tell whether a sum looks as if it lost its thousands or two columns were glued."""
    return amount > 0 and amount % _SMALL_SUM_VND != 0


def _amounts(row: Mapping[str, Any]) -> set[int]:
    found = {int(row["fee_vnd"])} if row.get("fee_vnd") else set()
    for channel in _channels(row):
        told = re.search(r"\d[\d.,]*", str(channel.get("fee_raw") or ""))
        if told and "usd" not in str(channel.get("fee_raw")).lower():
            found.add(int(re.sub(r"\D", "", told[0])))
    return found


def _time_doubts(row: Mapping[str, Any]) -> list[Doubt]:
    told = [(one.get("time_value"), one.get("time_unit")) for one in _channels(row)]
    found = []
    if any(value == 1 and not unit for value, unit in told):
        said = "thời hạn “1” không có đơn vị là giá trị mặc định của biểu mẫu, không phải một ngày."
        found.append(Doubt(code="default_time", message=said))
    if len({value for value, unit in told if value is not None and unit}) > 1:
        said = "thời hạn khác nhau theo kênh nộp: nhiều khả năng là các trường hợp khác nhau."
        found.append(Doubt(code="cases_in_channels", message=said))
    if row.get("processing_days") is not None and row.get("processing_unit") == "day":
        said = "không ghi là ngày làm việc hay ngày lịch."
        found.append(Doubt(code="unnamed_days", message=said))
    return found


def _paper_doubts(row: Mapping[str, Any], not_asked: Sequence[NotAsked]) -> list[Doubt]:
    papers = [one for one in row.get("documents") or () if one.get("kind") != "note"]
    found = []
    for one in papers:
        name = str(one["name"])[:80]
        originals, copies = one.get("originals") or 0, one.get("copies") or 0
        if originals == copies == 0:
            said = f"“{name}” không có bản chính, bản sao nào: có thể là ghi chú."
            found.append(Doubt(code="note_as_paper", message=said))
        if max(originals, copies) > _MOST_ORIGINALS:
            said = f"“{name}”: số bản {max(originals, copies)} có thể là số dính vào nhau."
            found.append(Doubt(code="torn_count", message=said))
        if forbidden(str(one["name"]), not_asked) is not None:
            said = f"“{name}” không được yêu cầu nộp (Nghị quyết 66.7/2025/NQ-CP)."
            found.append(Doubt(code="forbidden_paper", message=said))
    if len(papers) > _MOST_PAPERS:
        said = f"{len(papers)} giấy tờ: có thể là nhiều trường hợp gộp lại."
        found.append(Doubt(code="lists_of_cases", message=said))
    return found


def forbidden(paper: str, not_asked: Sequence[NotAsked]) -> NotAsked | None:
    """Return the rule because of which a paper may not be asked for, None where it may.

    Nguồn: Nghị quyết 66.7/2025/NQ-CP, phụ lục.
    """
    if not not_asked:
        return None
    beginning, whole = fold(paper[:_BEGINNING]), fold(paper)
    for rule in not_asked:
        banned = fold(rule.paper)
        phrases = [phrase for key in rule.known_by for phrase in _PHRASES.get(key, ())]
        is_named = banned in beginning or banned in whole[: _BEFORE + len(banned)]
        if is_named or any(one in beginning and one in banned for one in phrases):
            return rule
    return None


def _channels(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in row.get("channels") or () if isinstance(one, Mapping)]


def national_record(row: Mapping[str, Any], not_asked: Sequence[NotAsked]) -> dict[str, Any]:
    """Return a row as a version keeps it; what is in doubt is left unknown.

    The shape is that of the described procedures of the seed.
    """
    source = {
        key: str(row["source"][key]) for key in ("title", "url", "read") if row["source"].get(key)
    }
    results = row.get("results") or []
    return {
        "official_name": str(row["name"]).strip(),
        "levels": levels_of(row),
        "agency": row.get("agency") or row.get("competent_authority") or "",
        "days": _days(row),
        "fee": _fee(row),
        "papers": _papers(row, not_asked),
        "result": {"vi": str(results[0]["name"])} if results else None,
        "legal_basis": [str(one) for one in row.get("legal_basis") or ()],
        "source": {"title": str(row.get("decision") or row["source"].get("kind") or ""), **source},
        "confidence": row["confidence"],
    }


def differences(record: Mapping[str, Any], former: Mapping[str, Any]) -> list[Doubt]:
    """Return where a row's time is another than that of the version before it.

    One procedure has been published with two times by two provinces: one of them is somebody's own.
    record, former: national records, as `national_record` makes them.
    """
    new, old = record.get("days"), former.get("days")
    if not isinstance(new, Mapping) or not isinstance(old, Mapping):
        return []
    if (new["amount"], new["unit"]) == (old["amount"], old["unit"]):
        return []
    said = (
        f"thời hạn {new['amount']} ({_UNIT_WORDS[new['unit']]}) khác phiên bản trước:"
        f" {old['amount']} ({_UNIT_WORDS[old['unit']]})."
    )
    return [Doubt(code="other_time", message=said)]


def levels_of(row: Mapping[str, Any]) -> list[str]:
    """Return the levels that a row names, the lowest first."""
    return [level.value for level in AuthorityLevel if level in row["levels"]]


def _days(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row.get("processing_days") is None:
        return None
    is_hours = row["processing_unit"] == "hour"
    amount = row.get("processing_value") if is_hours else row["processing_days"]
    days = {"amount": amount or row["processing_days"], "unit": _UNITS[row["processing_unit"]]}
    return days | (
        {"same_day_cutoff": row["same_day_cutoff"]} if row.get("same_day_cutoff") else {}
    )


def _fee(row: Mapping[str, Any]) -> dict[str, Any]:
    if says_council_decides(row):
        return {"status": FeeStatus.LOCAL_COUNCIL.value}
    if says_other_document(row) and row["fee_status"] == FeeStatus.FREE:
        return {"status": FeeStatus.OTHER_DOCUMENT.value}
    amount = row.get("fee_vnd")
    if amount and is_torn(amount):
        return {"status": FeeStatus.UNCONFIRMED.value}
    return {"status": row["fee_status"]} | ({"amount_vnd": amount} if amount else {})


def _papers(row: Mapping[str, Any], not_asked: Sequence[NotAsked]) -> list[dict[str, str]] | None:
    if not row.get("documents"):
        return None
    found = []
    for one in row["documents"]:
        if one.get("kind") == "note":
            continue
        rule = forbidden(str(one["name"]), not_asked)
        paper = {"vi": str(one["name"]).strip()}
        found.append(paper | ({"replaced_by": rule.known_by[0]} if rule else {}))
    return found
