"""What surrounds every page: the province's name, the menu, the account, the unit, the bell.

One provider, registered at start by whoever knows accounts and menus, answers for a request. It is
asked at most once a request and only when a page draws its frame; fragments never pay for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.kernel.manifest import public as manifest
from sen.web.data import Link

THEME_COOKIE = "sen_theme"
Theme = Literal["", "light", "dark"]

MenuItem = Link
"""A line of the menu: label, href, icon, count of what waits, whether it is where one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Addresses the frame links to; an empty one is not shown."""

    sign_in: str = ""
    sign_out: str = ""
    notifications: str = ""
    search: str = ""
    switch_position: str = ""
    demo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything a page frame shows beside the page itself.

    account_label: the name of whoever is signed in, empty for a visitor. unit_label: where an
    official acts. positions: all positions held, `href` being the position's id. unread: count of
    unread notifications. contact: one line, in the language of the page.
    """

    province_name: str
    site_name: str
    menu: tuple[MenuItem, ...] = ()
    account_label: str = ""
    account_links: tuple[Link, ...] = ()
    unit_label: str = ""
    positions: tuple[Link, ...] = ()
    unread: int = 0
    is_demo: bool = False
    language: str = "vi"
    theme: Theme = ""
    places: Places = field(default_factory=Places)
    footer: tuple[Link, ...] = ()
    contact: str = ""

    @property
    def is_signed_in(self) -> bool:
        return bool(self.account_label)

    @property
    def page(self) -> str:
        """The template around pages that everybody has: an official's stand at the desk."""
        return "web/desk.html" if self.unit_label else "web/portal.html"

    @property
    def account_initial(self) -> str:
        """The first letter of the given name, the last word of a Vietnamese name."""
        return self.account_label.split()[-1][:1].upper() if self.account_label else ""


Provider = Callable[[HttpRequest], Frame]
_providers: list[Provider] = []


def register_provider(provider: Provider) -> None:
    """Let `provider` answer for every frame from now on; the last one registered does."""
    _providers.append(provider)


def visitor_frame(request: HttpRequest) -> Frame:
    """Return the frame of somebody unknown: no menu, no account."""
    return Frame(
        province_name=_("Tỉnh Nghệ An"),
        site_name=_("Dịch vụ công"),
        is_demo=bool(getattr(settings, "DEMO", False)),
        language=get_language() or settings.LANGUAGE_CODE,
        theme=stored_theme(request),
    )


def stored_theme(request: HttpRequest) -> Theme:
    """Return the theme the person chose, empty for the device's own."""
    value = request.COOKIES.get(THEME_COOKIE, "")
    return cast("Theme", value) if value in {"light", "dark"} else ""


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame of this request, asked once."""
    kept: Frame | None = getattr(request, "sen_frame", None)
    if kept is None:
        kept = (_providers[-1] if _providers else visitor_frame)(request)
        request.sen_frame = kept  # type: ignore[attr-defined]  # kept with what it belongs to
    return kept


def parts(actor: Actor, *, under: str, current: str) -> list[Link]:
    """Return the parts of a page that an actor may open, whichever systems contribute them.

    under: the named address of the page ("administration:overview"). current: that of the part one
    is on.
    """
    return [
        Link(
            label=entry.title,
            href=reverse(entry.url_name),
            is_current=entry.url_name == current,
        )
        for entry in manifest.menu(actor, under=under)
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates `frame`, built when first looked at (context processor)."""
    return {"frame": SimpleLazyObject(lambda: frame_for(request))}
