"""Pages on roles: what is in them, who has them where, giving and taking back kind by kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.base.identifiers import from_base32, to_base32
from sen.kernel.access import public as access
from sen.systems.administration import forms, permissions
from sen.systems.administration.data import KindEnd, KindGrant, RoleDraft
from sen.systems.administration.queries import finding
from sen.systems.administration.queries import roles as reads
from sen.systems.administration.services import roles as verbs
from sen.systems.administration.tables import places, records, rights
from sen.systems.administration.views.frame import desk, render
from sen.web import http, paging
from sen.web.data import Fact
from sen.web.middleware import SenRequest

PAGE = 50
FINDS = 20
"""How many finds a field offers while one types."""


def _today() -> dt.date:
    return clock.day(clock.now())


@require_GET
@desk(permissions.WATCH)
def roles(request: SenRequest) -> HttpResponse:
    """Show every role with how many rights it has and to how many positions it is given."""
    context = {
        "rows": rights.role_rows(reads.roles(_today())),
        "may_make": access.allows(request.actor, access.MANAGE_ROLES),
        "columns": records.columns(_("Vai trò"), _("Số quyền"), _("Vị trí đang có"), _("Nguồn")),
    }
    return render(request, "roles", "roles", context)


@require_GET
@desk(permissions.WATCH)
def role(request: SenRequest, code: str) -> HttpResponse:
    """Show a role: its rights, and the positions that have it, page by page."""
    on, held = _today(), reads.role(code)
    rows = reads.grants_of_role(held.id, on, after=_key(request, "sau"), limit=PAGE + 1)
    last = to_base32(rows[PAGE - 1].id) if len(rows) > PAGE else ""
    actor = request.actor
    context = {
        "crumbs": places.trail_to("roles"),
        "role": held,
        "title": records.text(held.title),
        "facts": rights.rights_facts(held.permissions),
        "rows": rights.grant_lines(rows[:PAGE], on, role=records.text(held.title)),
        "may_change": not held.is_template and access.allows(actor, access.MANAGE_ROLES),
        "may_grant": access.allows(actor, access.MANAGE_GRANTS),
        "columns": records.columns(
            _("Vị trí việc làm"), _("Phạm vi"), _("Thời gian"), _("Người giao")
        ),
        "next_href": paging.href(request, {"sau": last}) if last else "",
        "first_href": paging.href(request, {"sau": ""}) if request.GET.get("sau") else "",
    }
    return render(request, "roles", "role", context)


def _key(request: SenRequest, name: str) -> UUID | None:
    try:
        return from_base32(request.GET.get(name, ""))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def new_role(request: SenRequest) -> HttpResponse:
    """Make a role of one's own out of rights."""
    access.check(request.actor, access.MANAGE_ROLES)
    form = forms.RoleForm(request.POST or None, rights=rights.right_options(), is_new=True)
    return _saved(request, form, _("Tạo vai trò"), "", verbs.add_role)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def change_role(request: SenRequest, code: str) -> HttpResponse:
    """Change a role of one's own."""
    access.check(request.actor, access.MANAGE_ROLES)
    held = reads.role(code)
    form = forms.RoleForm(
        request.POST or None,
        rights=rights.right_options(),
        is_new=False,
        initial={
            "title": held.title["vi"],
            "title_en": held.title.get("en", ""),
            "permissions": held.permissions,
        },
    )
    return _saved(request, form, _("Sửa vai trò"), code, verbs.change_role)


def _saved(
    request: SenRequest,
    form: forms.RoleForm,
    title: str,
    code: str,
    save: Callable[..., access.Role],
) -> HttpResponse:
    status = 422 if form.errors else 200
    if form.is_valid():
        draft = RoleDraft(**{"code": code, **form.cleaned_data})
        try:
            made = save(actor=request.actor, draft=draft, at=clock.now())
        except (Invalid, Conflict) as error:
            form.refused(error)
            status = error.status
        else:
            messages.success(request, _("Đã ghi vai trò. Ai có vai trò này có quyền mới ngay."))
            return http.redirect(request, "administration:role", code=made.code)
    return _form(request, form, title, code=code, go=_("Ghi"), status=status)


def _form(
    request: SenRequest,
    form: django_forms.Form,
    title: str,
    *,
    code: str,
    go: str,
    lead: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "crumbs": places.trail_to("roles"),
        "title": title,
        "lead": lead,
        "code": code,
        "go": go,
        "form": form,
        "checks": places.checks(form),
    }
    return render(request, "roles", "role_form", context, status=status)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def give(request: SenRequest, code: str) -> HttpResponse:
    """Give a role to every position of a code in units of a kind; shown first."""
    access.check(request.actor, access.MANAGE_GRANTS)
    on, held = _today(), reads.role(code)
    form = forms.KindGrantForm(
        request.POST or None,
        positions=reads.position_codes(on),
        initial={"valid_from": forms.today_text(on)},
    )

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a trial
        wanted = KindGrant(role=code, **form.cleaned_data)
        done = verbs.give_by_kind(
            actor=request.actor, wanted=wanted, at=clock.now(), dry_run=dry_run
        )
        return rights.giving_facts(records.text(held.title), wanted, done, on)

    title = _("Giao “%(role)s” theo loại đơn vị") % {"role": records.text(held.title)}
    return _tried(request, form, touch, code=code, title=title, button=_("Giao vai trò"))


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def take_back(request: SenRequest, code: str) -> HttpResponse:
    """Take a role back from every position of a code in units of a kind; shown first."""
    access.check(request.actor, access.MANAGE_GRANTS)
    on, held = _today(), reads.role(code)
    form = forms.KindForm(request.POST or None, positions=reads.position_codes(on))

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a trial
        wanted = KindEnd(role=code, **form.cleaned_data)
        done = verbs.end_by_kind(
            actor=request.actor, wanted=wanted, at=clock.now(), dry_run=dry_run
        )
        return rights.ending_facts(records.text(held.title), done, on)

    title = _("Thu hồi “%(role)s” theo loại đơn vị") % {"role": records.text(held.title)}
    return _tried(request, form, touch, code=code, title=title, button=_("Thu hồi vai trò"))


def _tried(
    request: SenRequest,
    form: forms.Form,
    touch: Callable[[bool], Sequence[Fact]],
    *,
    code: str,
    title: str,
    button: str,
) -> HttpResponse:
    """Show the form; then what the act will touch; confirmed, do it. What was typed is kept."""
    status = 200
    if request.method == "POST" and "change" not in request.POST:
        status = 422
        if form.is_valid():
            is_confirmed = "confirmed" in request.POST
            try:
                facts = touch(not is_confirmed)
            except (Invalid, Conflict) as error:
                form.refused(error)
                status = error.status
            else:
                if is_confirmed:
                    messages.success(request, _("Đã ghi. Quyền mới có hiệu lực ngay."))
                    return http.redirect(request, "administration:role", code=code)
                context: dict[str, Any] = {
                    "crumbs": places.trail_to("roles"),
                    "title": title,
                    "facts": facts,
                    "typed": places.typed(request.POST),
                    "button": button,
                }
                return render(request, "roles", "role_confirm", context)
    go = _("Xem trước việc này chạm tới gì")
    lead = _("Chọn loại đơn vị và vị trí; trước khi ghi sẽ thấy từng nơi được giao hay thu hồi.")
    return _form(request, form, title, code=code, go=go, lead=lead, status=status)


@require_GET
@desk(permissions.WATCH)
def find(request: SenRequest, kind: str) -> JsonResponse:
    """Answer a field that is being typed in: positions, units or rights."""
    on, words = _today(), request.GET.get("q", "")[:100]
    language = get_language() or "vi"
    if kind == "vi-tri":
        found = finding.find_positions(request.actor, words, on=on, limit=FINDS, language=language)
    elif kind == "don-vi":
        found = finding.find_units(words, on=on, limit=FINDS, language=language)
    elif kind == "quyen":
        found = finding.find_rights(words, limit=FINDS)
    else:
        raise Http404
    return JsonResponse([one._asdict() for one in found], safe=False)
