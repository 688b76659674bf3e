"""Pages on which units change: add, rename, move, merge; each shows first what it will touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.kernel.organisations import public as organisations
from sen.systems.administration import forms, permissions
from sen.systems.administration.data import Renaming, UnitDraft
from sen.systems.administration.queries import units as reads
from sen.systems.administration.services import units as verbs
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.data import Fact
from sen.web.middleware import SenRequest

Touch = Callable[[bool], Sequence[Fact]]
"""Does the act, or only tries it, and says what it touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """A change as its page words it. go: the form's button; button: of the step that does it."""

    title: str
    lead: str
    button: str
    done: str
    go: str
    warning: str = ""


def _today() -> dt.date:
    return clock.day(clock.now())


def _steps(
    request: SenRequest, code: str, form: forms.Form, act: _Act, touch: Touch
) -> HttpResponse:
    """Show the form; then what the act will touch; confirmed, do it. What was typed is kept."""
    held = organisations.unit(code, _today())
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
                    messages.success(request, act.done)
                    return http.redirect(request, "administration:unit", code=code)
                return _shown(request, held, act, "unit_confirm", form, facts=facts)
    return _shown(request, held, act, "unit_form", form, status=status)


def _shown(
    request: SenRequest,
    held: organisations.Unit,
    act: _Act,
    template: str,
    form: forms.Form,
    *,
    facts: Sequence[Fact] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "crumbs": places.unit_trail(held, _today(), with_self=True),
        "unit": held,
        "act": act,
        "form": form,
        "checks": places.checks(form),
        "facts": facts,
        "typed": places.typed(request.POST),
    }
    return render(request, "units", template, context, status=status)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def add(request: SenRequest, code: str) -> HttpResponse:
    """Add a unit under this one."""
    held = organisations.unit(code, _today())
    organisations.demand(request.actor, organisations.MANAGE_UNITS, unit=held.id)
    form = forms.UnitForm(
        request.POST or None,
        initial={"valid_from": forms.today_text(_today()), "level": held.level, "kind": "office"},
    )

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a Touch
        draft = UnitDraft(parent=code, **form.cleaned_data)
        verbs.add_unit(actor=request.actor, draft=draft, at=clock.now(), dry_run=dry_run)
        return places.adding_facts(draft, held, _today())

    act = _Act(
        title=_("Thêm đơn vị trực thuộc"),
        lead=_("Đơn vị mới chưa có vị trí việc làm nào: thêm vị trí, rồi giao vai trò cho vị trí."),
        button=_("Thêm đơn vị"),
        go=_("Xem trước việc này chạm tới gì"),
        done=_("Đã thêm đơn vị."),
    )
    return _steps(request, code, form, act, touch)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def rename(request: SenRequest, code: str) -> HttpResponse:
    """Give this unit another name from a day on."""
    held = organisations.unit(code, _today())
    organisations.demand(request.actor, organisations.MANAGE_UNITS, unit=held.id)
    form = forms.RenameForm(request.POST or None, initial=places.present_names(held))

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a Touch
        renaming = Renaming(**form.cleaned_data)
        before = organisations.unit_name(held.id, _today())
        reach = verbs.rename_unit(
            actor=request.actor, code=code, renaming=renaming, at=clock.now(), dry_run=dry_run
        )
        return places.renaming_facts(renaming, before, reach)

    act = _Act(
        title=_("Đổi tên đơn vị"),
        lead=_("Giấy tờ trước ngày đổi giữ tên cũ; từ ngày đó mang tên mới."),
        button=_("Đổi tên"),
        go=_("Xem trước việc này chạm tới gì"),
        done=_("Đã đổi tên đơn vị."),
    )
    return _steps(request, code, form, act, touch)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def move(request: SenRequest, code: str) -> HttpResponse:
    """Put this unit, with everything below it, under another."""
    on = _today()
    held = organisations.unit(code, on)
    organisations.demand(request.actor, organisations.MANAGE_UNITS, unit=held.id)
    below = organisations.below(held.id, on)
    form = forms.MoveForm(request.POST or None, today=on, without=below)

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a Touch
        moved = verbs.move_unit(
            actor=request.actor, code=code, **form.cleaned_data, at=clock.now(), dry_run=dry_run
        )
        return places.moving_facts(moved, form.cleaned_data["on"], on)

    act = _Act(
        title=_("Chuyển đơn vị"),
        lead=_("Mọi đơn vị trực thuộc, vị trí và cán bộ đi cùng. Hồ sơ đang giải quyết không đổi."),
        button=_("Chuyển đơn vị"),
        go=_("Xem trước việc này chạm tới gì"),
        done=_("Đã chuyển đơn vị."),
    )
    return _steps(request, code, form, act, touch)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def merge(request: SenRequest, code: str) -> HttpResponse:
    """Let other units end in this one; the plan is shown first."""
    on = _today()
    held = organisations.unit(code, on)
    organisations.demand(request.actor, organisations.MERGE_UNITS, unit=held.id)
    others = places.unit_options(reads.mergeable(held, on), on)
    form = forms.MergeForm(request.POST or None, others=others)

    def touch(dry_run: bool) -> Sequence[Fact]:  # noqa: FBT001 - the shape of a Touch
        plan = verbs.merge_units(
            actor=request.actor, new=code, **form.cleaned_data, at=clock.now(), dry_run=dry_run
        )
        return places.merging_facts(plan, on)

    act = _Act(
        title=_("Sáp nhập vào đơn vị này"),
        lead=_("Việc đang mở của đơn vị kết thúc chuyển sang đơn vị này vào ngày sáp nhập."),
        button=_("Sáp nhập"),
        go=_("Xem trước việc này chạm tới gì"),
        done=_("Đã ghi việc sáp nhập."),
        warning=_("Sáp nhập không hoàn tác được. Hãy đọc kỹ trước khi xác nhận."),
    )
    return _steps(request, code, form, act, touch)


# -- Positions and stand-ins


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def add_position(request: SenRequest, code: str) -> HttpResponse:
    """Add a position to this unit."""
    held = organisations.unit(code, _today())
    organisations.demand(request.actor, organisations.MANAGE_POSITIONS, unit=held.id)
    form = forms.PositionForm(
        request.POST or None, initial={"valid_from": forms.today_text(_today())}
    )
    act = _Act(
        title=_("Thêm vị trí việc làm"),
        lead=_("Vị trí mới chưa có vai trò nào; giao vai trò ở trang của đơn vị."),
        button=_("Thêm vị trí"),
        go=_("Thêm vị trí"),
        done=_("Đã thêm vị trí việc làm."),
    )
    return _at_once(
        request,
        held,
        form,
        act,
        lambda: verbs.add_position(
            actor=request.actor, unit=code, **form.cleaned_data, at=clock.now()
        ),
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def close_position(request: SenRequest, code: str, position: UUID) -> HttpResponse:
    """Let a position of this unit end."""
    held = organisations.unit(code, _today())
    organisations.demand(request.actor, organisations.MANAGE_POSITIONS, unit=held.id)
    form = forms.ClosePositionForm(
        request.POST or None, initial={"last_day": forms.today_text(_today())}
    )
    title = records.text(organisations.position(position).title)
    act = _Act(
        title=_("Kết thúc vị trí: %(title)s") % {"title": title},
        lead=_("Sau ngày cuối, người giữ vị trí không còn làm được gì bằng vị trí này."),
        button=_("Kết thúc vị trí"),
        go=_("Kết thúc vị trí"),
        done=_("Đã ghi ngày kết thúc của vị trí."),
    )
    return _at_once(
        request,
        held,
        form,
        act,
        lambda: verbs.close_position(
            actor=request.actor,
            unit=code,
            position=position,
            **form.cleaned_data,
            at=clock.now(),
        ),
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def add_stand_in(request: SenRequest, code: str) -> HttpResponse:
    """Let whoever holds a position stand in for one of this unit on some days."""
    on = _today()
    held = organisations.unit(code, on)
    organisations.demand(request.actor, organisations.MANAGE_POSITIONS, unit=held.id)
    own = list(organisations.positions(on=on, unit=held.id))
    form = forms.StandInForm(
        request.POST or None,
        positions=[(str(one.id), records.text(one.title)) for one in own],
        actor=request.actor,
        on=on,
        initial={"first": forms.today_text(on)},
    )
    act = _Act(
        title=_("Phân công thay thế"),
        lead=_(
            "Trong những ngày này, người giữ vị trí thay thế làm được việc của vị trí vắng mặt."
        ),
        button=_("Phân công"),
        go=_("Phân công"),
        done=_("Đã phân công thay thế."),
    )

    return _at_once(request, held, form, act, lambda: _appoint(request, code, form))


def _appoint(request: SenRequest, code: str, form: forms.StandInForm) -> organisations.StandIn:
    said = form.cleaned_data
    return verbs.appoint_stand_in(
        actor=request.actor,
        unit=code,
        position=UUID(said["position"]),
        stand_in=UUID(said["stand_in"]),
        first=said["first"],
        last=said["last"],
        decision=said["decision"],
        at=clock.now(),
    )


@require_POST
@desk(permissions.WATCH)
def end_stand_in(request: SenRequest, code: str, stand_in: UUID) -> HttpResponse:
    """End a stand-in at once."""
    verbs.end_stand_in(actor=request.actor, unit=code, stand_in=stand_in, at=clock.now())
    messages.success(request, _("Việc thay thế đã kết thúc."))
    return http.redirect(request, "administration:unit", code=code)


def _at_once(
    request: SenRequest,
    held: organisations.Unit,
    form: forms.Form,
    act: _Act,
    do: Callable[[], Any],
) -> HttpResponse:
    """Show a form and do what it orders, without a step between: it can be taken back."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do()
            except (Invalid, Conflict) as error:
                form.refused(error)
                status = error.status
            else:
                messages.success(request, act.done)
                return http.redirect(request, "administration:unit", code=held.code)
    return _shown(request, held, act, "unit_form", form, status=status)
