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
    """Return the frame for whoever asks; a visitor costs the editions, where nobody asked before.

    Who is signed in comes with the session; what is new costs two, and where several positions are
    held, those one.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    signed_in = actor.account is not None
    language = get_language() or settings.LANGUAGE_CODE
    return Frame(
        province_name=organisations.province_name(clock.day(clock.now()), language),
        site_name=_("Điều hành") if actor.is_official else _("Dịch vụ công"),
        menu=_menu(actor, request.path),
        account_label=_name(request, actor),
        account_links=_account_links() if signed_in else (),
        unit_label=organisations.unit_name(actor.unit, clock.day(clock.now()), language)
        if actor.unit
        else "",
        positions=_positions(request, actor, language),
        unread=notifications.unread(actor) if signed_in else 0,
        is_demo=settings.DEMO,
        language=language,
        theme=stored_theme(request),
        places=_places(actor),
        footer=_footer(),
    )


def _menu(actor: Actor, path: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            label=entry.title,
            href=(href := reverse(entry.url_name)),
            icon=entry.icon,
            is_current=path == href or (href != "/" and path.startswith(href)),
        )
        for entry in manifest.menu(actor)
    )


def _name(request: HttpRequest, actor: Actor) -> str:
    """Return the name of whoever is signed in, out of the session that was read already."""
    if actor.account is None:
        return ""
    session = identity.current_session(request)
    if session is None or session.account is None:
        return identity.display_name(actor.account)
    person = session.account.person
    return person.full_name if person else session.account.username or ""


def _account_links() -> tuple[Link, ...]:
    return (
        Link(label=_("Tài khoản của tôi"), href=reverse("account:profile"), icon="user"),
        Link(label=_("Thiết bị đang đăng nhập"), href=reverse("account:sessions"), icon="lock"),
    )


def _positions(request: HttpRequest, actor: Actor, language: str) -> tuple[Link, ...]:
    """Return the positions to switch between; nothing for whoever holds only one."""
    if not actor.is_official or actor.account is None:
        return ()
    session = identity.current_session(request)
    if session is None or session.posts < 2:  # noqa: PLR2004 - one leaves nothing to choose
        return ()
    on = clock.day(clock.now())
    held = identity.employments(actor.account, on)
    units = organisations.unit_names([one.position.unit_id for one in held], on, language)
    return tuple(
        Link(
            label=units[one.position.unit_id],
            hint=organisations.text_of(one.position.title, language),
            href=str(one.position_id),
            is_current=one.position_id == actor.position,
        )
        for one in held
    )


def _places(actor: Actor) -> Places:
    signed_in = actor.account is not None
    return Places(
        sign_in=reverse("account:sign-in"),
        sign_out=reverse("account:sign-out") if signed_in else "",
        notifications=reverse("inbox:notifications") if signed_in else "",
        search=reverse("inbox:search") if actor.is_official else "",
        switch_position=reverse("account:switch-position") if actor.is_official else "",
        demo=reverse("account:demo") if settings.DEMO else "",
    )


def _footer() -> tuple[Link, ...]:
    return (
        Link(label=_("Tra cứu hồ sơ"), href=reverse("public_services:look-up")),
        Link(label=_("Xác minh văn bản"), href=reverse("results:verify")),
    )
