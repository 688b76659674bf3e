"""Pages of the first run that belong here: procedures to be switched on, certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.public_services import permissions
from sen.systems.public_services.services import first_run as verbs
from sen.web import frame, http
from sen.web.data import Link, Option
from sen.web.middleware import SenRequest

View = Callable[..., HttpResponse]
HERE = "/quan-tri/cai-dat/"


def _step(right: str) -> Callable[[View], View]:
    """Let only holders of a right open a step; a verb's refusal is a page too."""

    def made(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: SenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                access.check(request.actor, right)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return http.refuse(request, error, back=HERE)

        return guarded

    return made


def _render(request: SenRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    over = "administration:overview"
    shown = {
        "tabs": frame.parts(request.actor, under=over, current=over),
        "crumbs": [
            Link(label=_("Quản trị"), href=reverse(over)),
            Link(label=_("Cài đặt lần đầu"), href=HERE),
        ],
        "back": HERE,
        **context,
    }
    return http.render(request, f"public_services/desk/{template}.html", shown)


@require_http_methods(["GET", "POST"])
@_step(permissions.CATALOGUE.name)
def procedures(request: SenRequest) -> HttpResponse:
    """Switch procedures on, chosen from what the seed holds whole."""
    if request.method == "POST":
        done = verbs.switch_on(
            actor=request.actor,
            codes=request.POST.getlist("codes"),
            with_index="with_index" in request.POST,
            at=clock.now(),
        )
        said = _("Đã thêm %(filed)d thủ tục nhận hồ sơ, %(known)d để tra cứu, %(grants)d quyền.")
        known = done.described + done.listed
        messages.success(
            request, said % {"filed": done.filed, "known": known, "grants": done.grants}
        )
        return http.redirect(request, "administration:first-run")
    language = get_language() or "vi"
    offers = [(one, organisations.text_of(one.name, language)) for one in verbs.offers()]
    context = {
        "options": [
            Option(value=one.code, label=f"{one.code} · {name}", hint=one.source)
            for one, name in offers
            if not one.is_there
        ],
        "chosen": [one.code for one, _name in offers if not one.is_there],
        "there": [name for one, name in offers if one.is_there],
    }
    return _render(request, "first_run_procedures", context)


@require_http_methods(["GET", "POST"])
@_step(signing.MANAGE_CERTIFICATES)
def certificates(request: SenRequest) -> HttpResponse:
    """Say what certificates are for; issue those of the trial authority for training."""
    if request.method == "POST":
        issued = verbs.issue_trial_certificates(actor=request.actor, at=clock.now())
        messages.success(request, _("Đã cấp %(n)d chứng thư số thử nghiệm.") % {"n": issued})
        return http.redirect(request, "administration:first-run")
    return _render(request, "first_run_certificates", {"has_some": verbs.has_certificates()})
