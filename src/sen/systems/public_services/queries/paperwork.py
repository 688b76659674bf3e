"""What our papers say: the facts of a dossier in the shape that each template asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.identifiers import new_secret
from sen.base.vietnamese import date_in_words
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import (
    DecisionKind,
    FormCode,
    HandOverMethod,
    Intake,
    PaperSource,
    PartyRole,
)
from sen.systems.public_services.models import Council, Decision, Dossier, Stage
from sen.systems.public_services.queries import stages
from sen.systems.public_services.rules import signing

_NOTATIONS = {
    FormCode.MAU_01: "TNHS",
    FormCode.MAU_02: "HDHS",
    FormCode.MAU_03: "TCHS",
    FormCode.MAU_04: "PXL",
    FormCode.MAU_05: "TBDHS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOrder:
    """A paper to be made: its template, what it says, where its QR code leads, its file's name."""

    template: str
    data: Mapping[str, Any]
    qr: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The leader who is to sign: account, name, title, and the authority they sign under."""

    account: UUID
    name: str
    title: str
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The register that numbers an answer: its kind and series, and the notation it gives."""

    kind: str
    series: str
    notation: str


def form_order(
    dossier: Dossier, form: FormCode, *, record: UUID | None, number: int, at: dt.datetime
) -> PaperOrder:
    """Return a prescribed paper of a dossier (Mẫu 01 to 05) with everything it says."""
    on = clock.day(at)
    data = {
        **head(dossier.received_unit_id, on),
        **_person(dossier),
        "number": number,
        "notation": _NOTATIONS[form],
        "code": dossier.code,
        "procedure": dossier.case.version.procedure.name["vi"],
        **_SAYS[form](dossier, record, at),
    }
    return PaperOrder(
        template=f"public_services.{form.value}",
        data=data,
        qr=follow_address(dossier),
        filename=f"{form.value}-{dossier.code}.pdf",
    )


def decision_order(
    dossier: Dossier,
    *,
    kind: str,
    reason: str,
    ground: str,
    key: str,
    signer: Signer,
    findings: Mapping[str, Any],
    at: dt.datetime,
) -> PaperOrder:
    """Return the paper of the answer, signed by nobody yet; number and date stay empty fields.

    findings: what was established, for a result that says it.
    """
    on = clock.day(at)
    data: dict[str, Any] = {
        **head(dossier.competent_unit_id, on),
        "signer_name": signer.name,
        "signer_title": signer.title,
        "signer_authority": signer.authority,
    }
    if kind == DecisionKind.REFUSAL:
        data |= {
            **_person(dossier),
            "code": dossier.code,
            "notation": _notice(dossier.competent_unit_id, on),
            "procedure": dossier.case.version.procedure.name["vi"],
            "received_at": dossier.received_at or at,
            "reason": reason,
            "ground": ground,
        }
        template = "public_services.refusal"
    else:
        data |= result_facts(dossier, findings)
        data |= {"registered_on": on, "lookup": f"{settings.PUBLIC_URL}/xac-minh"}
        template = dossier.case.result_paper
    return PaperOrder(
        template=template,
        data=data,
        qr=f"{settings.PUBLIC_URL}/xac-minh/{key}/",
        filename=f"{template.rsplit('.', 1)[-1]}-{dossier.code}.pdf",
    )


def result_facts(dossier: Dossier, findings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of the result, each as the case says where it comes from.

    A rule is the key of an answer, {"day": key} for a date, {"words": key} for one in words,
    {"join": keys} for several, {"party": role, "fact": name} for a fact of a party ("typed": the
    answer that has it where the party is nobody known),
    {"unit": "competent"} for the name of a unit, {"finding": key} for what was established,
    {"minutes": "number"} for the council's minutes with number and day, {"each": rows} for a table,
    each row naming its answers; a row whose first one was not asked is left out.
    """
    form = forms.form(dossier.case.form_version_id)
    answers = forms.read_answers(dossier.id)
    said = forms.pdf_data(form, answers)["text"]
    established = _established(dossier, findings)
    facts: dict[str, Any] = {}
    for name, rule in dossier.case.result_data.items():
        match rule:
            case {"finding": key}:
                facts[name] = established.get(key, "")
            case {"minutes": _key}:
                facts[name] = _minutes(dossier)
            case {"each": rows}:
                facts[name] = _rows(rows, said)
            case _:
                facts[name] = _fact(dossier, rule, said, answers)
    return facts


def _rows(rows: Sequence[Mapping[str, str]], said: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of a table that were filled in."""
    told = [{name: said.get(key, "") for name, key in row.items()} for row in rows]
    return [row for row in told if next(iter(row.values()), "")]


def _established(dossier: Dossier, findings: Mapping[str, Any]) -> Mapping[str, str]:
    """Return findings as a paper says them."""
    if dossier.case.findings_version_id is None:
        return {}
    form = forms.form(dossier.case.findings_version_id)
    said: Mapping[str, str] = forms.pdf_data(form, findings)["text"]
    return said


def _fact(
    dossier: Dossier, rule: Any, said: Mapping[str, str], answers: Mapping[str, Any]
) -> str | dt.date:
    if isinstance(rule, str):
        return said.get(rule, "")
    if "day" in rule:
        return dt.date.fromisoformat(str(answers[rule["day"]]))
    if "words" in rule:
        return date_in_words(dt.date.fromisoformat(str(answers[rule["words"]])))
    if "join" in rule:
        return ", ".join(text for key in rule["join"] if (text := said.get(key, "")))
    if "party" in rule:
        party = dossier.party_by_role[rule["party"]]
        typed = said.get(rule.get("typed", ""), "")
        return party.full_name if rule["fact"] == "full_name" else _identity(party.person, typed)
    return organisations.unit_name(dossier.competent_unit_id, clock.day(dossier.submitted_at))


def _minutes(dossier: Dossier) -> str:
    """Return a council's minutes as its result names them."""
    held = Council.objects.get(dossier_id=dossier.id)
    if held.number is None or held.concluded_at is None:
        raise ValueError("a result names the minutes of a council that has concluded")
    return _("Số %(number)02d/%(notation)s ngày %(day)s") % {
        "number": held.number,
        "notation": dossier.case.council["notation"],
        "day": f"{clock.day(held.concluded_at):%d/%m/%Y}",
    }


def _identity(person: identity.Person | None, typed: str = "") -> str:
    number = identity.national_number(person) if person else typed
    return _("Căn cước, số định danh %(number)s") % {"number": number} if number else "–"


def result_key(dossier: Dossier) -> str:
    """Return the key in the QR code of the answer: a draft made again keeps the first one."""
    held: Decision | None = getattr(dossier, "decision", None)
    return held.result_key if held else new_secret()


def signers(unit: UUID, on: dt.date) -> list[Signer]:
    """Return the leaders who may sign for a unit: its head, its deputies, then delegates below.

    Remembered until a grant, a position or an employment changes.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13.
    """
    key = ("public_services.signers", legal.editions().units, unit, on)
    return legal.cached("grants", key, lambda: _signers(unit, on))


def _signers(unit: UUID, on: dt.date) -> list[Signer]:
    accounts = access.holders(permissions.SIGN.name, unit=unit, on=on)
    inside = set(organisations.below(unit, on))
    leaders: dict[UUID, identity.Employment] = {}
    for held in identity.employments_of(accounts, on):
        if held.position.unit_id in inside and (
            held.account_id not in leaders or held.position.unit_id == unit
        ):
            leaders[held.account_id] = held
    posts = organisations.positions(on=on).filter(unit=unit, is_head=True)
    head = next((post.title["vi"] for post in posts), "")
    found = sorted(
        leaders.values(),
        key=lambda one: (
            one.position.unit_id != unit,
            not one.position.is_head,
            _name(one.account),
        ),
    )
    return [_signer(held, unit, head) for held in found]


def _signer(held: identity.Employment, unit: UUID, head: str) -> Signer:
    signs = signing.signature(
        title=held.position.title["vi"],
        head_title=head or held.position.title["vi"],
        is_collective=_is_collective(unit),
        is_head=held.position.is_head,
        is_delegate=held.position.unit_id != unit,
    )
    return Signer(
        account=held.account_id,
        name=_name(held.account),
        title=signs.title,
        authority=signs.authority,
    )


def _is_collective(unit: UUID) -> bool:
    """Tell whether a unit is a People's Committee, which decides as a body."""
    kind = organisations.unit_by_id(unit).kind
    return kind in {organisations.UnitKind.PROVINCE, organisations.UnitKind.COMMUNE}


def _name(account: identity.Account) -> str:
    return account.person.full_name if account.person else account.username


def register_of(dossier: Dossier, kind: DecisionKind, *, on: dt.date) -> Register:
    """Return the register of the competent unit in which an answer of a day takes its number.

    Results of a kind have their own book ("sổ hộ tịch"); refusals are among the unit's notices.
    """
    if kind == DecisionKind.REFUSAL:
        notation = _notice(dossier.competent_unit_id, on)
        return Register(kind="outgoing", series="tb", notation=notation)
    return Register(
        kind="result",
        series=dossier.case.result_type,
        notation=str(on.year),
    )


def _notice(unit: UUID, on: dt.date) -> str:
    """Return the notation of a unit's notices ("thông báo"), such as TB-UBND."""
    name = organisations.unit_name(unit, on, short=True)
    return f"TB-{signing.abbreviation(name, is_collective=_is_collective(unit))}"


def given_by_clerk(decision: Decision) -> dict[str, str]:
    """Return the digits that a numbered answer gets in the places its paper keeps for them.

    All of them come from the day of issue, also the year: a paper may be drawn up in December and
    issued in January. "namSo" is the year within the number of a result.
    """
    if decision.number is None or decision.decided_on is None:
        raise ValueError("a decision is numbered and dated together")
    day = decision.decided_on
    given = {
        "so": f"{decision.number:02d}",
        "ngay": f"{day:%d}",
        "thang": _month(day),
        "nam": f"{day:%Y}",
    }
    return given | ({"namSo": f"{day:%Y}"} if decision.kind == DecisionKind.RESULT else {})


def _month(day: dt.date) -> str:
    """Return the month as the law writes it: 01, 02, 3 (Nghị định 30/2020, Phụ lục I)."""
    return f"{day:%m}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - January, February


def follow_address(dossier: Dossier) -> str:
    """Return the address by which whoever holds a paper follows its dossier."""
    return f"{settings.PUBLIC_URL}/tra-cuu/{dossier.link_secret}/"


# -- What each prescribed paper says beside the head


def _says_receipt(dossier: Dossier, _record: UUID | None, _at: dt.datetime) -> dict[str, Any]:
    allowance = calendar.Allowance.parse(dossier.allowance)
    parties = dossier.party_by_role
    owner, submitter = parties[PartyRole.OWNER], parties.get(PartyRole.SUBMITTER)
    return {
        "papers": [
            {
                "title": paper.title["vi"],
                "form": _form_of(paper.source),
                "copies": max(1, paper.originals + paper.copies),
            }
            for paper in dossier.papers.order_by("added_at", "id")
        ],
        "sets": 1,
        "fees": [
            {"title": line.title["vi"], "amount_vnd": line.amount_vnd}
            for line in dossier.fee_lines.order_by("code")
        ],
        "allowance": allowance_text(allowance),
        "stages": [
            {"title": stage.title["vi"], "due_at": _long_moment(stage.promised_at)}
            for stage in _promised_stages(dossier)
        ],
        "applicant_identity": f"•••• •••• {owner.last_digits}",
        "submitter": submitter.full_name if submitter else "",
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "delivery": str(HandOverMethod(dossier.delivery).label),
        "is_online": dossier.channel != Intake.COUNTER,
    }


def _promised_stages(dossier: Dossier) -> list[Stage]:
    """Return the stages with a date of their own, where a version has more than one such date."""
    if not stages.told_of(dossier.case):
        return []
    return list(dossier.stages.filter(promised_at__isnull=False).order_by("position"))


def _long_moment(at: dt.datetime | None) -> str:
    """Return a moment as a prescribed paper writes it, empty for none."""
    return clock.local(at).strftime("%H giờ %M, ngày %d/%m/%Y") if at is not None else ""


def _says_supplement(dossier: Dossier, record: UUID | None, _at: dt.datetime) -> dict[str, Any]:
    request = dossier.supplements.get(id=str(record))
    titles = {paper["code"]: paper["title"]["vi"] for paper in dossier.case.papers}
    return {
        "items": [
            {
                "title": f"{titles[item['code']]}: {item['what']}"
                if item["code"] in titles
                else item["what"],
                "reason": item["reason"],
            }
            for item in request.items
        ],
        "officer": request.guide or identity.display_name(request.requested_by),
    }


def _says_refusal(dossier: Dossier, _record: UUID | None, _at: dt.datetime) -> dict[str, Any]:
    closing = dossier.closing
    return {
        "reason": closing.reason,
        "ground": closing.ground,
        "competent_agency": closing.competent_agency,
    }


def _says_apology(dossier: Dossier, _record: UUID | None, _at: dt.datetime) -> dict[str, Any]:
    apology = dossier.apology
    return {
        "received_at": dossier.received_at,
        "old_due_at": apology.old_due_at,
        "new_due_at": apology.new_due_at,
        "reason": apology.reason,
        "cause": apology.cause,
    }


def _says_stop(dossier: Dossier, _record: UUID | None, _at: dt.datetime) -> dict[str, Any]:
    closing = dossier.closing
    return {
        "received_at": dossier.received_at or dossier.submitted_at,
        "stopped_on": clock.day(closing.closed_at),
        "reason": _("Theo đề nghị rút hồ sơ của người nộp: %(reason)s")
        % {"reason": closing.reason},
        "ground": "Nghị định 118/2025/NĐ-CP, Điều 21",
    }


_SAYS = {
    FormCode.MAU_01: _says_receipt,
    FormCode.MAU_02: _says_supplement,
    FormCode.MAU_03: _says_refusal,
    FormCode.MAU_04: _says_apology,
    FormCode.MAU_05: _says_stop,
}


def allowance_text(allowance: calendar.Allowance) -> str:
    """Return an allowance in words, with the same-day rule where it holds."""
    unit = str(allowance.unit.label).lower()
    text = f"{allowance.amount} {unit}"
    if allowance.same_day_cutoff is not None and allowance.amount == 1:
        text = _("trong ngày; nhận sau %(hour)d giờ thì trả trong ngày làm việc tiếp theo") % {
            "hour": allowance.same_day_cutoff.hour
        }
    return text


def head(unit: UUID, on: dt.date) -> dict[str, Any]:
    """Return what stands at the top of a unit's papers: its superior, itself, place and day."""
    above = organisations.above(unit, on, include_self=False)
    parent, agency = signing.named_above(
        name=organisations.unit_name(unit, on),
        short_name=organisations.unit_name(unit, on, short=True),
        above=organisations.unit_name(above[0], on) if above else "",
        is_collective=_is_collective(unit),
    )
    return {
        "agency": agency,
        "agency_parent": parent,
        "place": _place(unit, on),
        "issued_on": on,
        "lookup": f"{settings.PUBLIC_URL}/tra-cuu",
    }


def _place(unit: UUID, on: dt.date) -> str:
    """Return the place name of a paper ("địa danh"): the area that its unit, or one above, governs.

    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.4.
    """
    return legal.cached("units", ("public_services.place", unit, on), lambda: _area_name(unit, on))


def _area_name(unit: UUID, on: dt.date) -> str:
    for one in organisations.above(unit, on):
        code = organisations.unit_by_id(one).statistics_code
        if code:
            return str(organisations.area(code, on).name["vi"]).split(" ", 1)[1]
    return ""


def _person(dossier: Dossier) -> dict[str, Any]:
    owner = dossier.party_by_role[PartyRole.OWNER]
    return {
        "applicant": owner.full_name,
        "address": owner.address,
        "phone": owner.phone,
        "email": owner.email,
    }


def _form_of(source: str) -> str:
    return {
        PaperSource.UPLOAD: _("Bản điện tử"),
        PaperSource.SCAN: _("Bản giấy, đã số hóa"),
        PaperSource.SHOWN: _("Xuất trình bản chính"),
        PaperSource.RESULT: _("Từ kho kết quả"),
        PaperSource.DATABASE: _("Từ cơ sở dữ liệu"),
    }[PaperSource(source)]
