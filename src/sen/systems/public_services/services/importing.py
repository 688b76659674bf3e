"""Lists of procedures brought in from outside: each row a draft that an official approves."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.base.vietnamese import fold, nfc
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus, SettledIn
from sen.systems.public_services.data import Doubt, NotAsked
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.rules import lists
from sen.systems.public_services.services.catalogue import KIND, check_right, next_case

_BATCH = 1000


class ListRefused(Invalid):
    """Rows of a list do not hold; `fields` says which and why, and nothing was taken in."""

    code = "list_refused"
    default = "Danh sách có dòng chưa đúng. Chưa có thủ tục nào được nhập."


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a list. doubts: by code, what an official should look at."""

    drafts: int
    doubts: Mapping[str, Sequence[Doubt]]


def read_list(path: Path) -> Sequence[Any]:
    """Return the rows of a file: a list of procedures, or an object with "procedures".

    Raises ListRefused for a file that is no JSON or holds no list.
    """
    try:
        told = json.loads(nfc(path.read_text(encoding="utf-8")))
    except (ValueError, UnicodeDecodeError) as error:
        raise ListRefused(
            _("Tệp không phải JSON mã UTF-8: %(error)s") % {"error": error}
        ) from error
    rows = told.get("procedures") if isinstance(told, Mapping) else told
    if not isinstance(rows, list) or not rows:
        raise ListRefused(_("Tệp không có danh sách thủ tục."))
    return rows


@cache
def papers_not_asked() -> Mapping[str, Sequence[NotAsked]]:
    """Return the papers that may not be asked for, by procedure; read once a process.

    Nguồn: Nghị quyết 66.7/2025/NQ-CP, phụ lục.
    """
    path = resources.files("sen.systems.public_services") / "seed" / "index"
    found: dict[str, list[NotAsked]] = {}
    for line in (path / "papers_not_asked.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, known_by, paper = line.split("\t")
            rule = NotAsked(paper=paper, known_by=tuple(known_by.split()))
            found.setdefault(code, []).append(rule)
    return found


@transaction.atomic
def import_procedures(
    *,
    actor: Actor,
    rows: Sequence[Any],
    valid_from: dt.date,
    at: dt.datetime,
    is_dry: bool = False,
) -> Imported:
    """Take a list of procedures in as drafts, all rows or none; nothing of it may be filed yet.

    rows: in the shape of a national record (code, name, field, levels, processing_days, fee_status,
    documents, source, confidence…). valid_from: the first day of the drafts. is_dry: look only.
    What is in doubt stays unknown and is told with the draft; what is filed here keeps its cases
    and the province's overlay. A few statements, whatever the
    number. Raises NotAllowed, ListRefused with each row that does not hold: also a code that
    stands twice, has a draft already, or is in force from that day or later.
    """
    check_right(actor, at=at)
    faults = {_place(index, row): lists.row_faults(row) for index, row in enumerate(rows, 1)}
    _refuse(faults)
    coded = {lists.procedure_code(str(row["code"])): row for row in rows}
    there = {
        one.code: one
        for one in Procedure.objects.select_for_update().filter(code__in=coded).order_by("code")
    }
    _refuse(_overlaps(rows, valid_from))
    not_asked = papers_not_asked()
    formers = _formers(there)
    doubts = {
        code: found
        for code, row in coded.items()
        if (found := _doubts(code, row, not_asked.get(code, ()), formers))
    }
    if not is_dry:
        _write(actor, coded, there, formers, doubts, valid_from, at)
    return Imported(drafts=len(coded), doubts=doubts)


def _formers(there: Mapping[str, Procedure]) -> dict[str, ProcedureVersion]:
    """Return the latest version of each procedure that is there, by code."""
    versions = ProcedureVersion.objects.filter(procedure__in=there.values()).order_by("number")
    codes = {one.id: code for code, one in there.items()}
    return {codes[one.procedure_id]: one for one in versions}


def _doubts(
    code: str,
    row: Mapping[str, Any],
    not_asked: Sequence[NotAsked],
    formers: Mapping[str, ProcedureVersion],
) -> list[Doubt]:
    found = lists.row_doubts(row, not_asked)
    if code in formers:
        record = lists.national_record(row, not_asked)
        found += lists.differences(record, formers[code].national)
    return found


def _place(index: int, row: Any) -> str:
    code = row.get("code") if isinstance(row, Mapping) else None
    return f"{index} ({code})" if code else str(index)


def _refuse(faults: Mapping[str, Sequence[str]]) -> None:
    told = {place: list(said) for place, said in faults.items() if said}
    if told:
        raise ListRefused(fields=told)


def _overlaps(rows: Sequence[Mapping[str, Any]], valid_from: dt.date) -> dict[str, list[str]]:
    """Return the rows whose days another version covers, or whose code stands twice."""
    codes = [lists.procedure_code(str(row["code"])) for row in rows]
    times = Counter(codes)
    versions = ProcedureVersion.objects.filter(procedure__code__in=times)
    drafted = set(
        versions.filter(status=ProcedureStatus.DRAFT).values_list("procedure__code", flat=True)
    )
    later = set(
        versions.filter(status=ProcedureStatus.PUBLISHED, valid_from__gte=valid_from).values_list(
            "procedure__code", flat=True
        )
    )
    found: dict[str, list[str]] = {}
    for index, (row, code) in enumerate(zip(rows, codes, strict=True), 1):
        said = []
        if times[code] > 1:
            said.append(_("mã này đứng hai lần trong danh sách."))
        if code in drafted:
            said.append(_("thủ tục này đã có một dự thảo; hãy ban hành hoặc bỏ dự thảo đó trước."))
        if code in later:
            said.append(_("đã có phiên bản áp dụng từ ngày đó hoặc muộn hơn."))
        found[_place(index, row)] = said
    return found


def _write(
    actor: Actor,
    coded: Mapping[str, Mapping[str, Any]],
    there: Mapping[str, Procedure],
    formers: Mapping[str, ProcedureVersion],
    doubts: Mapping[str, Sequence[Doubt]],
    valid_from: dt.date,
    at: dt.datetime,
) -> None:
    new = {code: _procedure(code, row) for code, row in coded.items() if code not in there}
    Procedure.objects.bulk_create(new.values(), batch_size=_BATCH)
    known = {**there, **new}
    not_asked = papers_not_asked()
    drafts = {
        code: _draft(
            known[code],
            row,
            formers.get(code),
            [one.message for one in doubts.get(code, ())],
            lists.national_record(row, not_asked.get(code, ())),
            valid_from,
        )
        for code, row in coded.items()
    }
    ProcedureVersion.objects.bulk_create(drafts.values(), batch_size=_BATCH)
    cases = Case.objects.filter(version__in=formers.values()).order_by("version", "position")
    Case.objects.bulk_create(
        next_case(case, drafts[case.version.procedure.code])
        for case in cases.select_related(
            "version__procedure", "form_version", "flow_version", "findings_version"
        )
    )
    legal.bump("values")
    audit.record(
        actor,
        f"{KIND}.import",
        subject=audit.Subject(kind=f"{KIND}_list", id=new_id(), code=valid_from.isoformat()),
        at=at,
        fields={"count": len(coded)},
    )


def _draft(
    procedure: Procedure,
    row: Mapping[str, Any],
    former: ProcedureVersion | None,
    doubts: Sequence[str],
    national: Mapping[str, Any],
    valid_from: dt.date,
) -> ProcedureVersion:
    """Return a draft: the national record is the row's, the province's overlay stays."""
    return ProcedureVersion(
        procedure=procedure,
        number=former.number + 1 if former is not None else 1,
        announcement=_announcement(row),
        valid_from=valid_from,
        national=national,
        overlay={**(former.overlay if former is not None else {}), "doubts": list(doubts)},
    )


def _procedure(code: str, row: Mapping[str, Any]) -> Procedure:
    levels = lists.levels_of(row)
    field = str(row.get("field_group") or row["field"]).strip()
    return Procedure(
        code=code,
        name={"vi": str(row["name"]).strip()},
        summary={"vi": ""},
        field_code=str(row.get("field_key") or "_".join(fold(field).split())),
        field_name={"vi": field},
        level=levels[0] if levels else "",
        settled_in=SettledIn.UNKNOWN,
    )


def _announcement(row: Mapping[str, Any]) -> str:
    """Return the decision that a draft rests on, or where it was read if none is told."""
    source = row["source"]
    return str(row.get("decision") or source.get("title") or source["url"])
