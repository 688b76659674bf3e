"""The frame of every page, put together from the kernel: who, where, which menu, what is new."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.web.data import Link
from sen.web.frame import Frame, Places, stored_theme


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for whoever asks; a visitor costs no statement but the province's name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    signed_in = actor.account is not None
    path = request.path
    return Frame(
        province_name=_("Tỉnh Nghệ An"),
        site_name=_("Dịch vụ công"),
        menu=tuple(
            Link(
                label=entry.title,
                href=(href := reverse(entry.url_name)),
                icon=entry.icon,
                is_current=path == href or (href != "/" and path.startswith(href)),
            )
            for entry in manifest.menu(actor)
        ),
        account_label=identity.display_name(actor.account) if actor.account else "",
        account_links=(
            (
                Link(label=_("Tài khoản của tôi"), href=reverse("account:profile")),
                Link(label=_("Thiết bị đang đăng nhập"), href=reverse("account:sessions")),
            )
            if signed_in
            else ()
        ),
        unit_label=organisations.unit_name(actor.unit, clock.day(clock.now()))
        if actor.unit
        else "",
        unread=notifications.unread(actor) if signed_in else 0,
        is_demo=settings.DEMO,
        language=get_language() or settings.LANGUAGE_CODE,
        theme=stored_theme(request),
        places=Places(
            sign_in=reverse("account:sign-in"),
            sign_out=reverse("account:sign-out") if signed_in else "",
            notifications=reverse("inbox:notifications") if signed_in else "",
            demo=reverse("account:demo") if settings.DEMO else "",
        ),
    )
