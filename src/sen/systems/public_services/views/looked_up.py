"""The page on what registries were asked for a dossier."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.services import looked_up as verbs
from sen.web import http
from sen.web.middleware import SenRequest


@never_cache
@require_GET
def lookups(request: SenRequest, code: str) -> HttpResponse:
    """Show which registries were asked for a dossier, when, and what came back: names only."""
    try:
        dossier, found = verbs.lookups(actor=request.actor, code=code, at=clock.now())
    except DomainError as error:
        return http.refuse(request, error, back="/")
    language = get_language() or "vi"
    rows = [
        (one.line, [organisations.text_of(rule.title, language) for rule in one.papers])
        for one in found
    ]
    context = {"dossier": dossier, "rows": rows}
    return http.render(request, "public_services/looked_up.html", context)
