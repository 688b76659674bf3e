"""A dossier's page, for its parties and for officials, and the acts offered on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import DomainError, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_secret
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import HandOverMethod
from sen.systems.public_services.queries import catalogue, parts, records, whole
from sen.systems.public_services.queries.whole import Whole
from sen.systems.public_services.schemas.acts import ACTS
from sen.systems.public_services.services import opening, previewing
from sen.systems.public_services.tables import council, desk, drafts, findings, passages, stages
from sen.systems.public_services.tables import records as shapes
from sen.systems.public_services.views import acts
from sen.web import files as web_files
from sen.web import http
from sen.web.data import FilterGroup, Link, Option
from sen.web.middleware import SenRequest

_DESK = "public_services/desk/dossier.html"
_PORTAL = "public_services/dossier.html"


@require_GET
def dossier(request: SenRequest, code: str) -> HttpResponse:
    """Show a dossier: its parties and officials each see what concerns them."""
    if request.actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    try:
        shown = opening.open_dossier(actor=request.actor, code=code, at=clock.now())
    except DomainError as error:
        return http.refuse(request, error)
    return http.render(
        request,
        _template(request.actor),
        _context(request, shown),
        fragment="issued" if request.actor.is_official else None,
    )


@require_POST
def act(request: SenRequest, code: str, act: str) -> HttpResponse:
    """Do what was ordered on the page; a refusal shows the page again with what was typed."""
    actor = request.actor
    if actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    if act not in ACTS:
        return http.refuse(request, NotFound())

    def ordered() -> str:
        typed = acts.with_uploads(actor, request)
        acts.order(act, actor=actor, code=code, typed=typed, at=clock.now())
        messages.success(request, acts.done(act))
        return reverse("public_services:dossier", args=[code])

    try:
        return http.once(request, ordered)
    except DomainError as error:
        try:
            shown = whole.whole(actor, code, now=clock.now())
        except DomainError as hidden:
            return http.refuse(request, hidden)
        return http.refuse(
            request,
            error,
            template=_template(actor),
            context={
                **_context(request, shown, error),
                "open_acts": {act: True},
                "proposes_refusal": act == "propose" and request.POST.get("kind") == "refusal",
            },
        )


@require_GET
def preview(request: SenRequest, code: str) -> HttpResponse:
    """Show the result as it would be put before the leader; nothing is kept."""
    if request.actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    back = reverse("public_services:dossier", args=[code])
    try:
        drawn = previewing.preview_result(actor=request.actor, code=code, at=clock.now())
    except DomainError as error:
        return http.refuse(request, error, back=back)
    return web_files.drawn(drawn, f"du-thao-{code}.pdf")


@require_GET
def unit_dossiers(request: SenRequest) -> HttpResponse:
    """List the dossiers of the official's units, newest first."""
    if request.actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    if not request.actor.is_official:
        return http.refuse(request, NotAllowed(_("Trang này dành cho cán bộ.")))
    state = request.GET.get("state", "")
    rows, after = _page(
        request,
        lambda cursor: records.of_units(request.actor, cursor, state=state),
    )
    states = [("", _("Tất cả")), *shapes.states()]
    return http.render(
        request,
        "public_services/desk/dossiers.html",
        {
            "rows": shapes.listed(rows),
            "next_href": f"?state={state}&after={after}" if after else "",
            "first_href": f"?state={state}" if request.GET.get("after") else "",
            "columns": shapes.columns(),
            "counter_href": reverse("public_services:counter"),
            "groups": (
                FilterGroup(
                    label=_("Tình trạng"),
                    links=tuple(
                        Link(label=str(label), href=f"?state={value}", is_current=value == state)
                        for value, label in states
                    ),
                ),
            ),
        },
    )


@require_GET
def my_dossiers(request: SenRequest) -> HttpResponse:
    """List the dossiers in which whoever is signed in is a party."""
    if request.actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    rows, after = _page(request, lambda cursor: records.mine(request.actor, cursor))
    return http.render(
        request,
        "public_services/my_dossiers.html",
        {
            "rows": shapes.listed(rows),
            "next_href": f"?after={after}" if after else "",
            "columns": shapes.columns(),
            "drafts": drafts.draft_links(request.actor),
        },
    )


def _page(
    request: SenRequest, read: Callable[[records.Cursor], list[Any]], limit: int = 20
) -> tuple[list[Any], str]:
    """Return a page of a list by keyset, and where the next one begins."""
    try:
        after = UUID(request.GET["after"]) if request.GET.get("after") else None
    except ValueError:
        after = None
    rows = read(records.Cursor(after=after, limit=limit + 1))
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else ""


def _template(actor: Actor) -> str:
    return _DESK if actor.is_official else _PORTAL


def _examining(
    request: SenRequest,
    shown: Whole,
    faults: Mapping[str, list[str]],
    names: Mapping[UUID, str],
) -> dict[str, Any]:
    """Return what was established, the small form that asks for it, the council."""
    raw = acts.raw(request.POST) if "findings" in request.POST else None
    code, actor = shown.dossier.code, request.actor
    return {
        "findings": findings.facts(shown) if actor.is_official else [],
        "findings_form": findings.to_propose(
            shown,
            raw=raw,
            errors=faults,
        ),
        "council": council.desk(
            shown,
            names,
            raw=raw,
            errors=faults,
        ),
        "council_seats": council.convening(shown, typed=request.POST, errors=faults),
        "council_place": council.usual_place(shown) if "convene" in shown.acts else "",
        "establish_href": reverse("public_services:act", args=[code, "establish"]),
        "preview_href": reverse("public_services:preview", args=[code])
        if "propose" in shown.acts and shown.findings is not None
        else "",
    }


def _context(request: SenRequest, shown: Whole, error: DomainError | None = None) -> dict[str, Any]:
    actor = request.actor
    faults = error.fields if error else {}
    dossier = shown.dossier
    on = clock.day(clock.now())
    trail = shapes.trail(shown, is_official=actor.is_official)
    names = desk.people(shown, trail)
    return {
        "whole": shown,
        "dossier": dossier,
        "procedure": shapes.text(dossier.case.version.procedure.name),
        "state": shapes.state_label(dossier),
        "tone": shapes.tone(dossier),
        "clock_state": shapes.clock_state(shown.clock),
        "clock_minutes": shapes.clock_minutes(shown.clock),
        "facts": shapes.facts(shown),
        "way": shapes.way(dossier),
        "parties": [
            (party, shapes.role_label(party), shapes.party_facts(party)) for party in shown.parties
        ],
        "papers": shapes.papers(shown),
        "issued": shapes.issued(shown),
        "fees": shapes.fee_facts(shown),
        "is_charge_unknown": shapes.is_charge_unknown(dossier.case),
        "entries": shapes.entries(shown, trail, names, is_official=actor.is_official),
        "draft_href": desk.draft_href(shown),
        "is_signing": desk.is_signing(shown),
        "receipt_href": desk.receipt_href(shown),
        "next_step": "" if actor.is_official else desk.next_step(shown),
        "methods": [
            Option(value=value, label=str(label)) for value, label in HandOverMethod.choices
        ],
        "unit": organisations.unit_name(dossier.received_unit_id, on),
        "open_acts": {},
        "proposes_refusal": False,
        "typed": request.POST,
        "supplement_rows": shapes.supplement_rows(shown, request.POST, faults)
        if "request_supplement" in shown.acts
        else [],
        "answer_papers": shapes.answer_papers(shown, faults) if "supplement" in shown.acts else [],
        "upload_urls": web_files.URLS,
        "key": request.POST.get("key") or new_secret(),
        **_of_agencies(shown),
        **_of_work(request, shown, faults, names),
    }


def _of_agencies(shown: Whole) -> dict[str, Any]:
    """Return what several agencies do to a dossier."""
    return {
        "stages": stages.rows(shown.stages),
        "duty": stages.duty_facts(shown.duty),
        "passage": passages.facts(shown),
        "passage_failure": passages.failure(shown),
        "messages_out": passages.messages(shown),
    }


def _of_work(
    request: SenRequest,
    shown: Whole,
    faults: Mapping[str, list[str]],
    names: Mapping[UUID, str],
) -> dict[str, Any]:
    """Return what those who work on a dossier choose from and what was established."""
    actor, dossier, on = request.actor, shown.dossier, clock.day(clock.now())
    unit = parts.unit_of_task(shown.tasks, "assign") or dossier.competent_unit_id
    return {
        "officials": [
            Option(value=str(account), label=name)
            for account, name in catalogue.processing_officials(unit, on).items()
        ]
        if "assign" in shown.acts
        else [],
        "signers": desk.signers(shown),
        "draft_facts": desk.draft_facts(shown, names) if actor.is_official else [],
        "holdings": desk.holdings(actor, shown, names) if actor.is_official else [],
        **_examining(request, shown, faults, names),
    }
