"""Pages of this system."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.systems.operations import permissions
from sen.web import http
from sen.web.middleware import SenRequest


@require_GET
def home(request: SenRequest) -> HttpResponse:
    """Show the first page to officials who have the right."""
    try:
        access.check(request.actor, permissions.READ.name)
    except DomainError as error:
        return http.refuse(request, error)
    return http.render(request, "operations/home.html")
