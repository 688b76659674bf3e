"""Filing on pages: begin a draft, page after page, the papers, the review, the submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_secret
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.systems.public_services import permissions
from sen.systems.public_services.models import Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, people, records, searching
from sen.systems.public_services.queries import drafts as held_drafts
from sen.systems.public_services.services import drafting, reception
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import checking, submission
from sen.systems.public_services.tables import catalogue as shapes
from sen.systems.public_services.tables import drafts, explained
from sen.systems.public_services.tables.records import text
from sen.systems.public_services.views import acts
from sen.web import files as web_files
from sen.web import formdraw, http
from sen.web.data import KeptFile, Link, Option
from sen.web.middleware import SenRequest


@require_GET
def counter(request: SenRequest) -> HttpResponse:
    """Show an official the procedures that can be filed at the counter for somebody."""
    if request.actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    if not access.allows(request.actor, permissions.FILE_AT_COUNTER.name):
        return http.refuse(request, NotAllowed())
    query = request.GET.get("q", "").strip()
    return http.render(
        request,
        "public_services/desk/counter.html",
        {
            "query": query,
            "procedures": shapes.procedure_links(_to_file(query), to="start"),
            "drafts": drafts.draft_links(request.actor),
        },
    )


def _to_file(query: str) -> list[Procedure]:
    """Return what can be filed, all of it or what fits the words, the best first."""
    filed = catalogue.procedures()
    if not query:
        return filed
    by_code = {one.code: one for one in filed}
    found = searching.find(query, filed_only=True).found
    return [by_code[one.card.code] for one in found if one.card.code in by_code]


@require_http_methods(["GET", "POST"])
def start(request: SenRequest, code: str) -> HttpResponse:
    """Begin to file: say which case it is, then a draft is there."""
    actor = request.actor
    if actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    on = clock.day(clock.now())
    try:
        version = catalogue.current_version(code, on=on)
        cases = catalogue.filed_cases(version)
        people.check_may_begin(actor, cases)
        begun = drafts.draft_links(actor, subject=code)
        if request.method == "GET" and (begun or len(cases) > 1):
            return _start(request, version, begun)
        wanted = request.POST.get("case", cases[0].code)
        case = catalogue.current_case(code, wanted, on=on)
        draft = drafting.begin_draft(actor=actor, case=case, at=clock.now())
    except forms.TooManyDrafts as error:
        return _start(request, version, drafts.draft_links(actor), refusal=error)
    except DomainError as error:
        return http.refuse(request, error, back=f"/thu-tuc/{code}/")
    return http.redirect(request, "public_services:draft-page", draft=draft.id, page=draft.page)


def _start(
    request: SenRequest,
    version: ProcedureVersion,
    begun: Sequence[Link],
    refusal: DomainError | None = None,
) -> HttpResponse:
    """Show what was begun and which cases there are; with a refusal, nothing new can be begun."""
    cases = catalogue.filed_cases(version)
    return http.render(
        request,
        "public_services/start.html",
        {
            **_frame(request),
            "title": text(version.procedure.name),
            "drafts": begun,
            "options": [Option(value=case.code, label=text(case.title)) for case in cases],
            "chosen": request.GET.get(explained.CASE, ""),
            "refusal": refusal.message if refusal else "",
        },
        status=refusal.status if refusal else 200,
    )


@require_http_methods(["GET", "POST"])
def page(request: SenRequest, draft: UUID, page: str) -> HttpResponse:  # noqa: PLR0911 - each way on
    """Show and save one page of a draft; what was typed is kept, right or wrong."""
    actor = request.actor
    try:
        held = forms.draft(actor, draft)
        if request.method == "GET":
            return _page(request, held, page)
        saved = drafting.save_page(
            actor=actor, held=held, page=page, raw=acts.raw(request.POST),
            version=_version(request), at=clock.now(),
        )  # fmt: skip
    except forms.DraftChanged as error:
        return _page(request, error.draft, page, conflict=error)
    except DomainError as error:
        return http.refuse(request, error, back=_drafts(request))
    if "later" in request.POST:
        messages.success(request, _("Đã lưu bản nháp. Bạn có 30 ngày để viết tiếp."))
        return http.redirect(request, _drafts(request))
    if saved.asked:
        messages.info(request, drafts.told(saved.asked))
    if "look_up" in request.POST or (saved.asked and saved.errors):
        return http.redirect(request, "public_services:draft-page", draft=draft, page=page)
    if saved.errors:
        return _page(request, forms.draft(actor, draft), page, errors=saved.errors)
    if saved.next is not None:
        return http.redirect(request, "public_services:draft-page", draft=draft, page=saved.next)
    return http.redirect(request, "public_services:draft-papers", draft=draft)


@require_http_methods(["GET", "POST"])
def papers(request: SenRequest, draft: UUID) -> HttpResponse:
    """Show which papers these answers ask for, and keep those that were sent."""
    try:
        held = forms.draft(request.actor, draft)
        if request.method == "GET":
            return _unfinished(request, held) or _papers(request, held)
        given = acts.read_papers(acts.with_uploads(request.actor, request))
        forms.save_papers(
            request.actor,
            draft=draft,
            papers=held_drafts.kept_papers(given),
            version=_version(request),
            at=clock.now(),
        )
    except forms.DraftChanged as error:
        return _papers(request, error.draft, status=409, conflict=error)
    except Invalid as error:
        return _papers(request, held, status=422, error=error)
    except DomainError as error:
        return http.refuse(request, error, back=_drafts(request))
    if "later" in request.POST:
        messages.success(request, _("Đã lưu bản nháp. Bạn có 30 ngày để viết tiếp."))
        return http.redirect(request, _drafts(request))
    return http.redirect(request, "public_services:review", draft=draft)


@require_http_methods(["GET", "POST"])
def review(request: SenRequest, draft: UUID) -> HttpResponse:  # noqa: PLR0911 - each way on
    """Show everything once more, with a way to change each part; then submit."""
    actor = request.actor
    try:
        held = forms.draft(actor, draft)
    except NotFound as error:
        return _gone(request, draft, error)
    try:
        if request.method == "GET":
            return _unfinished(request, held) or _review(request, held)
        if "find" in request.POST:
            return _review(request, held)
        return http.once(request, lambda: _submitted(request, held))
    except checking.FormChanged as error:
        return _upgraded(request, held, error)
    except Invalid as error:
        return _review(request, held, error=error)
    except DomainError as error:
        return http.refuse(request, error, back=_drafts(request))


def _unfinished(request: SenRequest, held: forms.Draft) -> HttpResponse | None:
    """Lead whoever comes by the address to the first page on which an answer is missing.

    What sources know is shown there, to be looked at before it is filed.
    """
    form = forms.form(held.form_version)
    first = forms.first_open(form, forms.way(form, held.answers))
    if first is None:
        return None
    messages.info(request, _("Còn câu hỏi chưa trả lời. Bạn khai tiếp từ trang này."))
    return http.redirect(request, "public_services:draft-page", draft=held.id, page=first)


def _gone(request: SenRequest, draft: UUID, error: NotFound) -> HttpResponse:
    """Lead to the dossier that a draft has become; it is looked for when the draft is gone."""
    filed = records.filed_from(request.actor, draft)
    if filed is None:
        return http.refuse(request, error, back=_drafts(request))
    return http.redirect(request, "public_services:dossier", code=filed.code)


@require_POST
def discard(request: SenRequest, draft: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        forms.delete_draft(request.actor, draft=draft, at=clock.now())
    except DomainError as error:
        return http.refuse(request, error, back=_drafts(request))
    messages.success(request, _("Đã xóa bản nháp."))
    return http.redirect(request, _drafts(request))


def _submitted(request: SenRequest, held: forms.Draft) -> str:
    """Submit what the draft says and return where the dossier is."""
    at = clock.now()
    told = held_drafts.filing_of(
        request.actor,
        held,
        receiving_unit=request.POST.get("receiving_unit", ""),
        shown=request.POST.getlist("shown"),
        at=at,
    )
    dossier = submission.submit_dossier(actor=request.actor, filing=told, at=at)
    said = _("Đã nộp hồ sơ. Mã hồ sơ là %(code)s.") % {"code": dossier.code}
    if "receive" in request.POST and access.allows(
        request.actor, permissions.RECEIVE.name, unit=dossier.received_unit_id
    ):
        order = Ordered(code=dossier.code, version=dossier.version)
        reception.receive_dossier(actor=request.actor, order=order, at=at)
        said = _("Đã nộp và tiếp nhận hồ sơ %(code)s. Giấy tiếp nhận đang được ký.") % {
            "code": dossier.code
        }
    messages.success(request, said)
    return reverse("public_services:dossier", args=[dossier.code])


def _drafts(request: SenRequest) -> str:
    """Return the page on which whoever asks finds their drafts."""
    where = "counter" if request.actor.is_official else "my-dossiers"
    return reverse(f"public_services:{where}")


def _frame(request: SenRequest) -> dict[str, Any]:
    return {"frame_page": "web/desk.html" if request.actor.is_official else "web/portal.html"}


def _version(request: SenRequest) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return 0


def _page(
    request: SenRequest,
    held: forms.Draft,
    key: str,
    *,
    errors: dict[str, list[str]] | Any = None,
    conflict: forms.DraftChanged | None = None,
) -> HttpResponse:
    form = forms.form(held.form_version)
    language = get_language() or "vi"
    shown = forms.page(
        form,
        key,
        held.answers,
        errors,
        {**held.prefilled, **held_drafts.known(request.actor, held, key, at=clock.now())},
        typed=held.typed,
        raw=acts.raw(request.POST) if errors or conflict else None,
        language=language,
    )
    kept = {
        str(file.id): KeptFile(id=str(file.id), name=file.name, size=file.size)
        for file in files.files(held.files).values()
    }
    drawn = formdraw.drawn(shown, formdraw.Surroundings(files=kept, upload=web_files.URLS))
    status = 409 if conflict else 422 if errors else 200
    return http.render(
        request,
        "public_services/draft_page.html",
        {
            **_frame(request),
            "draft": held,
            "shown": shown,
            "drawn": drawn,
            "title": text(held_drafts.case_of(held, at=clock.now()).version.procedure.name),
            "steps": drafts.draft_steps(form, held, key),
            "conflict": http.conflict_text(conflict) if conflict else "",
            "saved_facts": drafts.page_facts(form, held, key) if conflict else (),
            "today": clock.day(clock.now()).isoformat(),
            "may_look_up": request.actor.is_official and held_drafts.may_look_up(held, key),
        },
        status=status,
    )


def _papers(
    request: SenRequest,
    held: forms.Draft,
    *,
    status: int = 200,
    error: Invalid | None = None,
    conflict: forms.DraftChanged | None = None,
) -> HttpResponse:
    case = held_drafts.case_of(held, at=clock.now())
    form = forms.form(held.form_version)
    return http.render(
        request,
        "public_services/draft_papers.html",
        {
            **_frame(request),
            "draft": held,
            "title": text(case.version.procedure.name),
            "steps": drafts.draft_steps(form, held, "papers"),
            "last_page": forms.journey(form, held.answers)[-1],
            "papers": drafts.paper_fields(request.actor, case, held, error),
            "unneeded": drafts.papers_not_needed(request.actor, case, held),
            "upload_urls": web_files.URLS,
            "faults": http.faults(error) if error else (),
            "conflict": http.conflict_text(conflict) if conflict else "",
        },
        status=status,
    )


def _review(
    request: SenRequest,
    held: forms.Draft,
    *,
    error: Invalid | None = None,
    changes: tuple[forms.Change, ...] = (),
) -> HttpResponse:
    case = held_drafts.case_of(held, at=clock.now())
    status = 422 if error else 200
    return http.render(
        request,
        "public_services/review.html",
        {
            **_frame(request),
            **drafts.review(case, held, actor=request.actor, typed=request.POST),
            "may_receive": request.actor.is_official
            and access.allows(request.actor, permissions.RECEIVE.name),
            "faults": drafts.review_faults(error, held) if error else (),
            "changes": changes,
            "typed": request.POST,
            "field_errors": error.fields if error else {},
            "key": request.POST.get("key") or new_secret(),
        },
        status=status,
    )


def _upgraded(request: SenRequest, held: forms.Draft, error: checking.FormChanged) -> HttpResponse:
    """Carry the draft over to the newer form and show what changed; equal answers stay."""
    case = held_drafts.case_of(held, at=clock.now())
    carried, changes = forms.upgrade_draft(
        request.actor,
        draft=held.id,
        form_version=case.form_version_id,
        version=held.version,
        at=clock.now(),
    )
    messages.warning(request, error.message)
    return _review(request, carried, changes=changes)
