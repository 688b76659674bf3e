"""A procedure in plain words: which case, what to bring, how long, how much, where, by what law.

What no source says is said to be unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.base.vietnamese import fold, sort_key
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import Confidence, FeeStatus, KnownBy
from sen.systems.public_services.data import FeeRule, PaperRule
from sen.systems.public_services.models import Case, ProcedureVersion
from sen.systems.public_services.queries import catalogue, fees, life_events, paperwork
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import importing
from sen.systems.public_services.tables import known, metadata
from sen.systems.public_services.tables import life_events as guides
from sen.systems.public_services.tables.records import text
from sen.systems.public_services.tables.words import official
from sen.web import wording
from sen.web.data import Fact, FilterGroup, Link, Option

CASE, PLACE = "truong-hop", "noi"
"""Parameters of the page: which case it is, at which centre."""
AT_COUNTER_ONLY = "truc_tiep"
"""The level of online service of what needs the paper itself on the counter."""
MOST_QUESTIONS = 4
_NOTES = ("note", "allowance_note", "fee_note", "levels_note", "note_parties", "flow_note")


def procedure_page(
    version: ProcedureVersion, *, actor: Actor, asked: Mapping[str, str], at: dt.datetime
) -> dict[str, Any]:
    """Return what the page of a procedure that is filed here says.

    asked: what the address says of the case: `truong-hop`, `noi`, and answers of the form.
    """
    procedure, on = version.procedure, clock.day(at)
    every = catalogue.cases_of(version)
    chosen = next((case for case in every if case.code == asked.get(CASE)), None)
    cases = [chosen] if chosen else every
    place = where(version, actor=actor, asked=asked, on=on)
    is_online = version.overlay.get("online") != AT_COUNTER_ONLY
    form = forms.form(every[0].form_version_id)
    return {
        **_head(version, asked),
        "start_href": _start(procedure.code, chosen),
        "is_online": is_online,
        "questions": _questions(every, chosen, form, asked, procedure.code),
        "times": _times(cases, place["calendar_of"], at),
        "groups": _groups(version, cases, form, asked),
        "charges": _charges(cases, on),
        **_fee_said(version, cases),
        "fee_facts": _published_fees(version, cases),
        "passed_on_to": official(version.overlay.get("passes_on", {}).get("agency")),
        "needs_level_2": any(case.min_strength >= 50 for case in cases) and is_online,  # noqa: PLR2004 - Strength.LEVEL_2
        "form_said": official(form.title),
        "place": place,
        "decides": official(version.national.get("agency", "")) or known.unknown(),
        "meta": metadata.of_procedure(
            procedure,
            told=version.national,
            is_online=is_online,
            prices=_prices(cases, on),
        ),
    }


def _head(version: ProcedureVersion, asked: Mapping[str, str]) -> dict[str, Any]:
    procedure, overlay = version.procedure, version.overlay
    return {
        "procedure": procedure,
        "code": procedure.code,
        "title": text(procedure.name),
        "heading": official(procedure.name),
        "summary": text(procedure.summary) if procedure.summary.get("vi") else "",
        "version": version,
        "notes": [official(overlay[key]) for key in _NOTES if overlay.get(key)],
        "asked": asked,
        "guides": guides.event_links(life_events.guides_of(procedure.code)),
        **ground(version),
    }


def ground(version: ProcedureVersion) -> dict[str, Any]:
    """Return by what law, from which source, since when: the foot of every procedure's page."""
    told = version.national
    source = told.get("source")
    decision = source.get("decision", "") if isinstance(source, Mapping) else ""
    title = official(_source_said(version))
    return {
        "basis": [official(one) for one in told.get("legal_basis", ())],
        "source": format_html("{}; {}", title, decision)
        if decision and decision not in str(title)
        else title,
        "source_href": source.get("url", "") if isinstance(source, Mapping) else "",
        "confidence": str(Confidence(told.get("confidence", Confidence.LOW)).label),
        "since": wording.day(version.valid_from),
        "complaint_days": complaint_days(),
    }


def _source_said(version: ProcedureVersion) -> Mapping[str, str] | str:
    source = version.national.get("source")
    if isinstance(source, Mapping) and source.get("en"):
        return {"vi": version.announcement or source["title"], "en": source["en"]}
    return version.announcement


def complaint_days() -> int | None:
    """Return within how many days a decision may be complained of, None where no row says."""
    try:
        return int(legal.value("complaint.first_days", clock.day(clock.now())))
    except NotFound:
        return None


def _start(code: str, chosen: Case | None) -> str:
    href = reverse("public_services:start", args=[code])
    return f"{href}?{urlencode({CASE: chosen.code})}" if chosen else href


# -- Which case am I


def _questions(
    cases: Sequence[Case],
    chosen: Case | None,
    form: forms.Form,
    asked: Mapping[str, str],
    code: str,
) -> list[FilterGroup]:
    """Return up to four questions that lead to one's case and papers, each answer a link."""
    found = []
    if len(cases) > 1:
        options = [(case.code, text(case.title)) for case in cases]
        current = chosen.code if chosen else ""
        links = _answers(CASE, options, current, asked, code)
        found.append(FilterGroup(label=_("Trường hợp của bạn"), links=links))
    for key in _deciding(cases):
        question = form.questions.get(key)
        options = _options(question) if question is not None else []
        if question is not None and options:
            links = _answers(key, options, asked.get(key, ""), asked, code)
            found.append(FilterGroup(label=text(question.label), links=links))
    return found[:MOST_QUESTIONS]


def _deciding(cases: Sequence[Case]) -> list[str]:
    """Return the questions on whose answers papers depend, in the order of the papers."""
    found: dict[str, None] = {}
    for case in cases:
        for rule in catalogue.paper_rules(case):
            found |= dict.fromkeys(forms.rule_reads(rule.when) if rule.when is not None else ())
    return list(found)


def _options(question: forms.Question) -> list[tuple[str, str]]:
    if question.type.value == "yes_no":
        return [("co", _("Có")), ("khong", _("Không"))]
    return [(one.code, text(one.label)) for one in question.options]


def _answers(
    name: str, options: Sequence[tuple[str, str]], current: str, asked: Mapping[str, str], code: str
) -> tuple[Link, ...]:
    here = reverse("public_services:procedure", args=[code])
    found = []
    for value, label in [*options, *([("", _("Bỏ chọn"))] if current else [])]:
        query = {key: told for key, told in {**asked, name: value}.items() if told}
        href = f"{here}?{urlencode(query)}" if query else here
        found.append(Link(label=label, href=href, is_current=value == current))
    return tuple(found)


def _given(form: forms.Form, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers that the address gives, as the form keeps them."""
    found: dict[str, Any] = {}
    for key, value in asked.items():
        question = form.questions.get(key)
        if question is None or value not in {code for code, _label in _options(question)}:
            continue
        found[key] = value == "co" if question.type.value == "yes_no" else value
    return found


# -- What to bring, what not


def _groups(
    version: ProcedureVersion,
    cases: Sequence[Case],
    form: forms.Form,
    asked: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return papers; cases that ask for the same stand together."""
    given = _given(form, asked)
    found: list[dict[str, Any]] = []
    seen: dict[str, dict[str, Any]] = {}
    for case in cases:
        same = repr(case.papers)
        if same in seen:
            seen[same]["titles"].append(text(case.title))
            continue
        papers = _papers(version, catalogue.paper_rules(case), given)
        seen[same] = {"titles": [text(case.title)], **papers}
        found.append(seen[same])
    return found


def _papers(
    version: ProcedureVersion, papers: Sequence[PaperRule], given: Mapping[str, Any]
) -> dict[str, Any]:
    bring, shown, not_asked = [], [], []
    is_online = version.overlay.get("online") != AT_COUNTER_ONLY
    for rule in papers:
        needed = _needed(rule, given)
        if needed is False:
            continue
        fact = Fact(
            label=text(rule.title),
            value=text(rule.hint) if rule.hint else "",
            note=_("tùy trường hợp") if needed is None else "",
        )
        source = _source_of(rule)
        if rule.is_shown and source:
            not_asked.append(Fact(label=fact.label, value=source))
        elif rule.is_shown:
            shown.append(fact)
        else:
            why = _("không cần nếu %(source)s đã có") % {"source": source} if source else ""
            note = ", ".join(part for part in (fact.note, why) if part)
            bring.append(Fact(label=fact.label, value=fact.value, note=note))
    return {
        "bring": bring,
        "shown": shown,
        "not_asked": not_asked + _forbidden(version.procedure.code, papers),
        "is_shown_only": not is_online,
    }


def _needed(rule: PaperRule, given: Mapping[str, Any]) -> bool | None:
    """Tell whether a paper is needed; None while what it depends on is not answered."""
    if rule.when is None:
        return True
    if any(name not in given for name in forms.rule_reads(rule.when)):
        return None
    return forms.condition_holds(rule.when, given)


def _source_of(rule: PaperRule) -> str:
    name = rules.registry(rule) or rule.replaced_by
    source = forms.prefill_sources().get(rules.registry(rule))
    if name in KnownBy.values:
        return str(KnownBy(name).label)
    return text(source.title) if source else ""


def _forbidden(code: str, papers: Sequence[PaperRule]) -> list[Fact]:
    """Return papers of the resolution that the case's own list does not name.

    Nguồn: Nghị quyết 66.7/2025/NQ-CP, phụ lục.
    """
    named = [fold(text(rule.title)) for rule in papers if rule.replaced_by]
    return [
        Fact(
            label=official(one.paper),
            value=", ".join(str(KnownBy(name).label) for name in one.known_by),
        )
        for one in importing.papers_not_asked().get(code, ())
        if not any(fold(one.paper)[:24] in title or title in fold(one.paper) for title in named)
        and not _is_identity(one.paper, papers)
    ]


def _is_identity(paper: str, papers: Sequence[PaperRule]) -> bool:
    """Tell whether an identity card is meant that the case names as an identity paper."""
    is_card = "can cuoc" in fold(paper)
    return is_card and any(rule.replaced_by == KnownBy.POPULATION for rule in papers)


# -- How much


def _fee_said(version: ProcedureVersion, cases: Sequence[Case]) -> dict[str, Any]:
    """Return what is said of charges before the lines of a case: free, or what is not known.

    With the text it rests on, and who is exempt or what else a source says.
    """
    fee, has_lines = version.national.get("fee", {}), any(case.fees for case in cases)
    status = FeeStatus(fee.get("status", FeeStatus.NOT_STATED))
    if status == FeeStatus.FREE:
        said = _("Không thu lệ phí.") if has_lines else _("Không thu phí, lệ phí.")
    else:
        said = "" if has_lines or fee.get("lines") else f"{status.label}."
    return {
        "fee_said": said,
        "fee_source": official(fee.get("source")) if said else "",
        "fee_note": official(fee.get("note")),
    }


def _charges(cases: Sequence[Case], on: dt.date) -> list[dict[str, Any]]:
    """Return the charges of cases; those of which the same is charged stand together."""
    seen: dict[str, dict[str, Any]] = {}
    for case in cases:
        facts = [_fee(rule, on) for rule in catalogue.fee_rules(case)]
        found = seen.setdefault(repr(case.fees), {"titles": [], "fees": facts})
        found["titles"].append(text(case.title))
    return list(seen.values())


def _published_fees(version: ProcedureVersion, cases: Sequence[Case]) -> list[Fact]:
    """Return the published amounts where they are charged elsewhere, so that no case has any."""
    fee = version.national.get("fee", {})
    if any(case.fees for case in cases) or not fee.get("lines"):
        return []
    return known.fee_facts({**fee, "note": None})


def _fee(rule: FeeRule, on: dt.date) -> Fact:
    amount = wording.money(int(legal.value(rule.amount_key, on)))
    piece = text(rule.piece) if rule.piece else pgettext("một bản", "bản")
    each = _("%(amount)s mỗi %(piece)s") % {"amount": amount, "piece": piece}
    value = each if rule.quantity else amount
    if not fees.is_demanded(rule, on):
        value = known.unconfirmed(value)
    return Fact(label=text(rule.title), value=value, note=official(rule.source))


def _prices(cases: Sequence[Case], on: dt.date) -> list[dict[str, Any]]:
    rules_found = {rule.code: rule for case in cases for rule in catalogue.fee_rules(case)}
    return [
        {"name": text(rule.title), "price": int(legal.value(rule.amount_key, on))}
        for rule in rules_found.values()
        if fees.is_demanded(rule, on)
    ]


# -- How long, where


def _times(cases: Sequence[Case], unit: UUID | None, at: dt.datetime) -> list[Fact]:
    """Return how long it takes, case by case where that differs."""
    if all(case.allowance == cases[0].allowance for case in cases):
        return [_time(cases[0], unit, at, is_only=True)]
    return [_time(case, unit, at, is_only=False) for case in cases]


def _time(case: Case, unit: UUID | None, at: dt.datetime, *, is_only: bool) -> Fact:
    allowance = calendar.Allowance.parse(case.allowance)
    said = paperwork.allowance_text(allowance)
    return Fact(
        label=_("Thời gian giải quyết") if is_only else text(case.title),
        value=said[:1].upper() + said[1:],
        note=promise(allowance, unit, at),
    )


def promise(allowance: calendar.Allowance, unit: UUID | None, at: dt.datetime) -> str:
    """Return by which day the result is there if a complete dossier is received now.

    Empty where the calendar of that year is not entered yet.
    """
    try:
        days = calendar.calendar_of(unit, on=clock.day(at))
        start = at if calendar.is_working(at, days) else calendar.next_working_moment(at, days)
        due = calendar.due_at(start, allowance, days)
    except calendar.CalendarTooShort:
        return ""
    said = {"day": wording.day(clock.day(due)), "first": wording.day(clock.day(start))}
    if clock.day(start) == clock.day(at):
        return _("Hồ sơ đủ, tiếp nhận hôm nay: có kết quả chậm nhất %(day)s.") % said
    return _("Hồ sơ đủ, tiếp nhận %(first)s: có kết quả chậm nhất %(day)s.") % said


def where(
    version: ProcedureVersion, *, actor: Actor, asked: Mapping[str, str], on: dt.date
) -> dict[str, Any]:
    """Return where one files: one's own commune, the chosen one, or all to choose from."""
    units = {unit.code: unit for unit in catalogue.receiving_units(on)}
    names = centre_names(on)
    chosen = units.get(asked.get(PLACE, "")) or units.get(_own(actor, on))
    listing = version.procedure.listing
    is_anywhere = bool(version.overlay.get("non_boundary") or listing.get("is_non_boundary"))
    competent = catalogue.decides_by_name(version.overlay.get("competent", ""), on)
    return {
        "options": [
            Option(value=code, label=names[unit.id])
            for code, unit in sorted(units.items(), key=lambda one: sort_key(names[one[1].id]))
        ],
        "chosen": chosen.code if chosen else "",
        "name": names[chosen.id] if chosen else "",
        "hours": hours_said(chosen.id if chosen else None, on),
        "is_anywhere": is_anywhere,
        "calendar_of": competent or (chosen.id if chosen else None),
        "kept": [(name, value) for name, value in asked.items() if name != PLACE],
    }


def _own(actor: Actor, on: dt.date) -> str:
    """Return the centre of the commune in which a signed-in citizen lives, empty for others."""
    if actor.person is None or actor.is_official:
        return ""
    area = identity.person(actor.person).area
    return catalogue.centre_of_area(area.code, on) if area is not None else ""


def centre_names(on: dt.date) -> dict[UUID, str]:
    """Return the name of each service centre: that of its commune where it has one."""
    language = get_language() or "vi"
    units = catalogue.receiving_units(on)
    places = catalogue.centre_places(on)
    return organisations.unit_names([unit.id for unit in units], on, language) | {
        centre: organisations.text_of(name, language) for centre, name in places.items()
    }


def hours_said(unit: UUID | None, on: dt.date) -> str:
    """Return when a centre is open today, in words; empty where no calendar is entered."""
    try:
        spans = calendar.calendar_of(unit, on=on).spans(on)
    except calendar.CalendarTooShort:
        return ""
    if not spans:
        return _("Hôm nay nghỉ")
    times = "; ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)
    return _("Hôm nay mở cửa %(times)s") % {"times": times}
