"""The portal: the home page, following a dossier without sign-in."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sen.base import clock
from sen.base.errors import DomainError
from sen.systems.public_services.queries import catalogue, life_events, records
from sen.systems.public_services.services import looking_up
from sen.systems.public_services.tables import catalogue as shapes
from sen.systems.public_services.tables import life_events as guides
from sen.systems.public_services.tables import metadata
from sen.systems.public_services.tables import searching as searching_shapes
from sen.web import api, http
from sen.web.data import Link
from sen.web.middleware import SenRequest


@require_GET
def home(request: SenRequest) -> HttpResponse:
    """Show what one can do here: file, follow, verify; a question goes to the page of answers."""
    if request.GET.get("q", "").strip():
        return http.redirect(
            request, f"{reverse('public_services:search')}?{request.GET.urlencode()}"
        )
    return http.render(
        request,
        "public_services/home.html",
        {
            "procedures": shapes.procedure_links(catalogue.procedures(with_off=True)),
            "asked_often": searching_shapes.suggestions(),
            "events": guides.event_links(life_events.life_events()),
            "meta": metadata.of_home(),
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
