"""Pages of the results store: what I hold, and verification open to everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError, SignInNeeded, TooLarge
from sen.kernel.access import public as access
from sen.kernel.papers import public as papers
from sen.systems.results import permissions, queries, services, tables
from sen.web import api, http
from sen.web.middleware import SenRequest


@require_GET
def mine(request: SenRequest) -> HttpResponse:
    """Show the results that whoever is signed in holds."""
    if request.actor.account is None:
        return http.refuse(request, SignInNeeded())
    kept = queries.results(request.actor)
    return http.render(request, "results/mine.html", {"papers": tables.papers(kept)})


@require_GET
def result(request: SenRequest, key: str) -> HttpResponse:
    """Show one result to its holder or to the unit that issued it."""
    try:
        kept = queries.result(request.actor, key)
    except DomainError as error:
        return http.refuse(request, error, back="/giay-to/")
    return http.render(
        request,
        "results/result.html",
        {
            "frame_page": "web/desk.html" if request.actor.is_official else "web/portal.html",
            "kept": kept,
            "facts": tables.facts(kept),
            "qr": papers.qr_svg(f"{settings.PUBLIC_URL}/xac-minh/{kept.key}/"),
            "may_revoke": access.allows(request.actor, permissions.REVOKE.name, unit=kept.unit),
        },
    )


@require_POST
def revoke(request: SenRequest, key: str) -> HttpResponse:
    """Take a result out of force."""
    try:
        services.revoke_result(
            actor=request.actor, key=key, reason=request.POST.get("reason", ""), at=clock.now()
        )
    except DomainError as error:
        return http.refuse(request, error, back=f"/giay-to/{key}/")
    messages.success(request, _("Đã thu hồi kết quả."))
    return http.redirect(request, "results:result", key=key)


@require_http_methods(["GET", "POST"])
def verify(request: SenRequest) -> HttpResponse:
    """Verify a paper that somebody uploads; nothing of it is kept."""
    upload = request.FILES.get("paper")
    if request.method == "GET" or upload is None:
        status = 200 if request.method == "GET" else 422
        missing = "" if status == 200 else _("Vui lòng chọn tệp PDF.")  # noqa: PLR2004 - OK
        return http.render(request, "results/verify.html", {"missing": missing}, status=status)
    if upload.size and upload.size > settings.UPLOAD_PIECE_LIMIT:
        return http.refuse(request, TooLarge(), back="/xac-minh/")
    try:
        found = services.verify_upload(
            actor=request.actor,
            data=upload.read(),
            visitor=api.visitor(request),
            at=clock.now(),
        )
    except DomainError as error:
        return http.refuse(request, error, back="/xac-minh/")
    return http.render(request, "results/verified.html", tables.verification(found))


@require_GET
def verify_key(request: SenRequest, key: str) -> HttpResponse:
    """Verify the paper behind a QR code."""
    try:
        found = services.verify_key(
            actor=request.actor, key=key, visitor=api.visitor(request), at=clock.now()
        )
    except DomainError as error:
        return http.refuse(request, error, back="/xac-minh/")
    return http.render(request, "results/verified.html", tables.verification(found))
