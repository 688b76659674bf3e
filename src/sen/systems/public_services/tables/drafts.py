"""A draft as pages draw it: its steps, the papers it asks for, the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid, NotFound
from sen.base.vietnamese import sort_key
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.data import PaperRule, PaperStillAsked
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, drafts, fees, firms
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.tables.records import PaperField, is_charge_unknown, text
from sen.systems.results import public as results
from sen.web import wording
from sen.web.data import Fact, FieldFault, KeptFile, Link, Option, Paper, Step


def draft_links(actor: Actor, subject: str = "") -> list[Link]:
    """Return the drafts of whoever is signed in, the last changed first.

    subject: only those of one procedure.
    """
    known = {one.code: one for one in catalogue.procedures(with_off=True)}
    return [
        Link(
            label=text(known[line.subject].name) if line.subject in known else line.subject,
            href=reverse("public_services:draft-page", args=[line.id, line.page]),
            hint=(
                _("Lưu lúc %(at)s, giữ đến %(until)s")
                if line.subject in known and known[line.subject].is_active
                else _("Thủ tục đang tạm dừng nhận hồ sơ. Lưu lúc %(at)s, giữ đến %(until)s")
            )
            % {
                "at": wording.moment(line.updated_at),
                "until": wording.day(clock.day(line.expires_at)),
            },
        )
        for line in forms.drafts(actor, kind=drafts.KIND)
        if not subject or line.subject == subject
    ]


def draft_steps(form: forms.Form, held: forms.Draft, current: str) -> list[Step]:
    """Return the pages of a draft as steps, then papers and review; done ones are links."""
    keys = [*forms.journey(form, held.answers), "papers", "review"]
    place = keys.index(current) if current in keys else 0
    return [
        Step(
            label=_label(form, key),
            state="current" if index == place else ("done" if index < place else "todo"),
            href=_href(held.id, key) if index < place else "",
        )
        for index, key in enumerate(keys)
    ]


def _label(form: forms.Form, key: str) -> str:
    page = form.page(key)
    if page is not None:
        return text(page.title)
    return _("Giấy tờ") if key == "papers" else _("Xem lại và nộp")


def _href(draft: UUID, key: str) -> str:
    if key == "papers":
        return reverse("public_services:draft-papers", args=[draft])
    return reverse("public_services:draft-page", args=[draft, key])


def asked(actor: Actor, case: Case, held: forms.Draft) -> list[PaperRule]:
    """Return the papers that the answers of a draft ask for."""
    return rules.papers_asked(
        catalogue.paper_rules(case),
        answers=held.answers,
        holds=forms.condition_holds,
        given=firms.standing(
            actor, case, held.prefilled, held.answers, clock.day(clock.now())
        ).given,
        looked_up=() if actor.is_official else held.found,
    )


def still_asked(actor: Actor, held: forms.Draft, *, at: dt.datetime) -> list[PaperStillAsked]:
    """Return the papers that a draft asks for; none while its procedure is not offered."""
    try:
        case = drafts.case_of(held, at=at)
    except (NotFound, catalogue.NotOffered):
        return []
    return [
        PaperStillAsked(
            code=rule.code,
            title=text(rule.title),
            is_required=rule.required,
            is_shown=rule.is_shown,
            why=_why(rule, held),
        )
        for rule in asked(actor, case, held)
    ]


def paper_fields(
    actor: Actor, case: Case, held: forms.Draft, error: Invalid | None
) -> list[PaperField]:
    """Return the papers to be handed in as file fields, with what is there already.

    A paper that a result of the person can stand for offers that result first.
    """
    known = files.files(held.files)
    kept = kept_results(actor, case, held)
    faults = error.fields if error else {}
    return [
        PaperField(
            name=f"paper_{rule.code}",
            title=text(rule.title),
            hint=_paper_hint(rule, held),
            accept=",".join(rule.accepted),
            kept=tuple(
                KeptFile(id=str(file.id), name=file.name, size=file.size)
                for item in held.papers.get(rule.code, [])
                if (file := _file(item, known)) is not None
            ),
            results=tuple(
                Option(value=one.key, label=_result_label(one)) for one in kept.get(rule.code, ())
            ),
            result=next(
                (item["result"] for item in held.papers.get(rule.code, []) if "result" in item), ""
            ),
            error=" ".join(faults.get(f"paper_{rule.code}", ())),
            is_required=rule.required,
        )
        for rule in asked(actor, case, held)
        if not rule.is_shown
    ]


def told(asked: Mapping[str, forms.Finding]) -> str:
    """Return in one sentence which registries were asked, and how each answered."""
    sources = forms.prefill_sources()
    lines = [f"{text(sources[key].title)}: {one.outcome.label}" for key, one in asked.items()]
    return _("Đã tra cứu. %(lines)s.") % {"lines": "; ".join(lines)}


def _paper_hint(rule: PaperRule, held: forms.Draft) -> str:
    """Return what helps with a paper, and why it is asked for where a registry could not tell."""
    hint = text(rule.hint) if rule.hint else ""
    return " ".join(part for part in (hint, _why(rule, held)) if part)


def _why(rule: PaperRule, held: forms.Draft) -> str:
    told = held.found.get(rules.registry(rule))
    return drafts.why_asked(rule, told.outcome if told else None)


def kept_results(
    actor: Actor, case: Case, held: forms.Draft
) -> dict[str, list[results.KeptResult]]:
    """Return the results of whoever the draft is for, by the paper they can stand for.

    An official at the counter is offered none: whose they are is known when the dossier is filed.
    """
    kinds = {rule.code: rules.result_type(rule) for rule in asked(actor, case, held)}
    types = sorted({kind for kind in kinds.values() if kind})
    if not types or actor.is_official:
        return {}
    found = results.of_persons(
        actor, persons=access.persons_of(actor), on=clock.day(clock.now()), types=types
    )
    return {
        code: [one for one in found if one.result_type == kind]
        for code, kind in kinds.items()
        if kind
    }


def _result_label(one: results.KeptResult) -> str:
    return _("%(title)s số %(number)s, cấp ngày %(day)s") % {
        "title": one.title,
        "number": one.number,
        "day": wording.day(one.issued_on),
    }


def _file(item: dict[str, Any], known: Any) -> files.File | None:
    """Return the file of a paper kept in a draft, None for a result or a file that is gone."""
    return known.get(UUID(item["file"])) if "file" in item else None


def papers_not_needed(actor: Actor, case: Case, held: forms.Draft) -> list[str]:
    """Return the papers that people often bring and need not: shown ones, and those not asked."""
    wanted = {rule.code for rule in asked(actor, case, held) if not rule.is_shown}
    return [text(rule.title) for rule in catalogue.paper_rules(case) if rule.code not in wanted]


def page_facts(form: forms.Form, held: forms.Draft, key: str) -> list[Fact]:
    """Return what a draft keeps of one page, as another window saved it."""
    return [
        Fact(label=line.label, value=line.text)
        for page in forms.review(form, held.answers)
        if page.key == key
        for line in page.lines
    ]


def review(
    case: Case, held: forms.Draft, *, actor: Actor, typed: Mapping[str, str]
) -> dict[str, Any]:
    """Return everything that is about to be submitted, each part with the way to change it.

    typed: what was sent with the page before.
    """
    form = forms.form(held.form_version)
    at = clock.now()
    on = clock.day(at)
    lines = fees.computed(case, held.answers, on=on)
    rules_asked = asked(actor, case, held)
    return {
        "draft": held,
        "case": case,
        "title": text(case.version.procedure.name),
        "steps": draft_steps(form, held, "review"),
        "pages": [
            {
                "title": page.title,
                "href": _href(held.id, page.key),
                "facts": [Fact(label=line.label, value=line.text) for line in page.lines],
            }
            for page in forms.review(form, held.answers)
        ],
        "papers": _handed_in(rules_asked, held) + _results_named(actor, case, held),
        "owner": _owner(actor, case, held, on),
        "papers_href": _href(held.id, "papers"),
        "shown_papers": [rule for rule in rules_asked if rule.is_shown]
        if actor.is_official
        else [],
        "fees": [
            Fact(
                label=text(line.title),
                value=wording.money(line.amount_vnd),
                note=_("%(quantity)d × %(amount)s")
                % {"quantity": line.quantity, "amount": wording.money(line.unit_amount_vnd)},
            )
            for line in lines
        ],
        "total": wording.money(sum(line.amount_vnd for line in lines)),
        "is_charge_unknown": is_charge_unknown(case),
        **_centres(actor, on, typed),
        "is_official": actor.is_official,
    }


def _handed_in(wanted: Sequence[PaperRule], held: forms.Draft) -> list[Paper]:
    """Return the files of a draft, in the order in which papers are asked for."""
    known = files.files(held.files)
    return [
        Paper(
            title=text(rule.title),
            detail=file.name,
            size=file.size,
            href=reverse("web:file", args=[file.id]),
        )
        for rule in wanted
        for item in held.papers.get(rule.code, [])
        if (file := _file(item, known)) is not None
    ]


def _results_named(actor: Actor, case: Case, held: forms.Draft) -> list[Paper]:
    """Return the kept results that a draft names instead of papers."""
    return [
        Paper(title=_result_label(one), href=reverse("results:result", args=[one.key]))
        for code, found in kept_results(actor, case, held).items()
        for one in found
        if {"result": one.key} in held.papers.get(code, [])
    ]


def _owner(actor: Actor, case: Case, held: forms.Draft, on: dt.date) -> list[Fact]:
    """Return in which enterprise's name it is filed and by what right; nothing for a person's."""
    if not firms.rule_of(case):
        return []
    firm = firms.named(case, held.answers)
    right = firms.standing(actor, case, held.prefilled, held.answers, on).authority
    return [
        Fact(label=_("Tổ chức"), value=firm.full_name),
        Fact(label=_("Mã số thuế"), value=firm.tax_code),
        Fact(label=_("Tư cách của người nộp"), value=right),
    ]


MANY = 7
"""How many places a choice holds before it can be searched."""


def _centres(actor: Actor, on: dt.date, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return where the dossier can be received: the likeliest first, narrowed to what is sought.

    typed: `place`, the words that were sought, and `receiving_unit`, what was chosen.
    """
    every = catalogue.receiving_units(on)
    place = typed.get("place", "").strip()
    found = catalogue.find_receiving_units(place, on) if place else every
    suggested = _suggested(actor, on)
    language = get_language() or "vi"
    places = catalogue.centre_places(on)
    names = organisations.unit_names([unit.id for unit in every], on, language) | {
        centre: organisations.text_of(name, language) for centre, name in places.items()
    }
    shown = sorted(
        found or every, key=lambda unit: (unit.code != suggested, sort_key(names[unit.id]))
    )
    chosen = typed.get("receiving_unit") or suggested
    if place and len(found) == 1:
        chosen = found[0].code
    elif chosen not in {unit.code for unit in shown}:
        chosen = ""
    return {
        "centres": [Option(value=unit.code, label=names[unit.id]) for unit in shown],
        "chosen": chosen,
        "place": place,
        "place_is_unknown": not found,
        "are_many": len(every) > MANY,
    }


def _suggested(actor: Actor, on: dt.date) -> str:
    """Return the code of the centre that the actor most likely files at.

    An official's own centre, or the centre of the commune in which the citizen lives.
    """
    own = next((unit.code for unit in catalogue.receiving_units(on) if unit.id == actor.unit), "")
    area = identity.person(actor.person).area if actor.person and not own else None
    return own or (catalogue.centre_of_area(area.code, on) if area is not None else "")


def review_faults(error: Invalid, held: forms.Draft) -> list[FieldFault]:
    """Return what is wrong, each with where it can be put right."""
    form = forms.form(held.form_version)
    pages = {asked.key: page.key for page in form.pages for asked in page.questions}
    found = []
    for path, said in error.fields.items():
        kind, _dot, rest = path.partition(".")
        field, page = f"id_{path}", ""
        if kind == "answers" and rest in pages:
            field, page = f"id_{rest}", _href(held.id, pages[rest])
        elif kind == "papers":
            field, page = f"id_paper_{rest}", _href(held.id, "papers")
        found += [FieldFault(field=field, message=message, page=page) for message in said]
    return found
