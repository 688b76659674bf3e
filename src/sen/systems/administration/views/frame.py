"""What every page of the administration shares: the right to open it, its frame, its refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.kernel.access.public import Permission
from sen.web import frame, http
from sen.web.middleware import SenRequest

View = Callable[..., HttpResponse]
HERE = "administration:overview"
"""The page under which the parts of the administration stand, those of other systems too."""


def desk(permission: Permission) -> Callable[[View], View]:
    """Let only holders of a right open a page; a verb's refusal is a page too."""

    def made(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: SenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                access.check(request.actor, permission.name)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return http.refuse(request, error, back="/quan-tri/")

        return guarded

    return made


def render(
    request: SenRequest,
    part: str,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page of the administration with its tabs."""
    links = frame.parts(request.actor, under=HERE, current=f"administration:{part}")
    shown = {"tabs": links, **context}
    return http.render(request, f"administration/{template}.html", shown, status=status)
