"""The portal: the home page, the page of a procedure, following a dossier without sign-in."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sen.base import clock
from sen.base.errors import DomainError, NotFound
from sen.systems.public_services.queries import catalogue, known, records
from sen.systems.public_services.services import looking_up
from sen.systems.public_services.tables import catalogue as shapes
from sen.systems.public_services.tables import known as known_shapes
from sen.systems.public_services.tables.records import text
from sen.web import api, http
from sen.web.data import Link
from sen.web.middleware import SenRequest


@require_GET
def home(request: SenRequest) -> HttpResponse:
    """Show what one can do here: file, follow, verify; and the procedures by name."""
    query = request.GET.get("q", "").strip()
    return http.render(
        request,
        "public_services/home.html",
        {
            "query": query,
            "procedures": shapes.procedure_links(catalogue.find_procedures(query, with_off=True)),
            "known": shapes.procedure_links(known.find(query)),
            "ways": (
                Link(
                    label=_("Tra cứu hồ sơ"),
                    href="/tra-cuu/",
                    icon="search",
                    hint=_("Bằng mã hồ sơ, không cần đăng nhập"),
                ),
                Link(
                    label=_("Hồ sơ của tôi"),
                    href="/ho-so/",
                    icon="files",
                    hint=_("Hồ sơ đã nộp và bản viết dở")
                    if request.actor.account
                    else _("Đăng nhập để xem hồ sơ đã nộp"),
                ),
                Link(
                    label=_("Xác minh văn bản"),
                    href="/xac-minh/",
                    icon="shield-check",
                    hint=_("Kiểm tra chữ ký và mã QR trên kết quả"),
                ),
            ),
        },
    )


@require_GET
def procedure(request: SenRequest, code: str) -> HttpResponse:
    """Show a procedure in plain words: what you need, what it costs, how long, where."""
    on = clock.day(clock.now())
    try:
        version = catalogue.current_version(code, on=on)
    except catalogue.NotOffered as error:
        return _off(request, code, error)
    except NotFound as error:
        return _listed(request, code, error)
    page = shapes.procedure_page(version, on=on)
    if not page["cases"]:
        return http.render(
            request,
            "public_services/procedure_known.html",
            known_shapes.described_page(version),
        )
    return http.render(request, "public_services/procedure.html", page)


def _listed(request: SenRequest, code: str, error: NotFound) -> HttpResponse:
    """Show a procedure of which the list of all codes is all that is known, or that there is none.

    Search engines pass by: the page says next to nothing.
    """
    found = known.listed(code)
    if found is None:
        return http.refuse(request, error, back="/")
    response = http.render(
        request, "public_services/procedure_known.html", known_shapes.listed_page(found)
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _off(request: SenRequest, code: str, error: catalogue.NotOffered) -> HttpResponse:
    """Show that a procedure is not offered now, since when and why; search engines pass by."""
    procedure = catalogue.switched_off(code)
    context = {
        "code": code,
        "title": text(procedure.name) if procedure else code,
        "said": error.message,
    }
    response = http.render(request, "public_services/procedure_off.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "POST"])
def look_up(request: SenRequest) -> HttpResponse:
    """Follow a dossier by its code and the last four digits of its owner's number."""
    if request.method == "GET":
        return http.render(request, "public_services/look_up.html", {"typed": request.GET})
    code = request.POST.get("code", "")
    try:
        status = looking_up.look_up(
            actor=request.actor,
            code=code,
            last_digits=request.POST.get("last_digits", ""),
            visitor=api.visitor(request),
            at=clock.now(),
        )
    except DomainError as error:
        return http.render(
            request,
            "public_services/look_up.html",
            {"typed": request.POST, "refusal": error.message},
            status=error.status,
        )
    return http.render(request, "public_services/status.html", shapes.status_page(status))


@require_GET
def follow(request: SenRequest, secret: str) -> HttpResponse:
    """Follow a dossier by the link in the QR code on its papers: state, dates and unit only."""
    try:
        dossier = records.by_secret(secret)
    except DomainError as error:
        return http.refuse(request, error, back="/tra-cuu/")
    status = records.public_status(dossier, now=clock.now())
    response = http.render(request, "public_services/status.html", shapes.status_page(status))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
