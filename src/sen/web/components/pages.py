"""What holds a page together: its head, ways on, sections, messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.safestring import SafeString

from sen.web import icons
from sen.web.components.library import (
    around,
    block,
    component,
    drawn,
    inline,
    kept,
    kept_while_empty,
)
from sen.web.data import FilterGroup, Link, Step, Tone
from sen.web.icons import NO_ICON, IconName

TONE_ICONS: dict[str, str] = {
    "plain": "info-circle",
    "calm": "info-circle",
    "action": "info-circle",
    "done": "circle-check",
    "soon": "clock",
    "late": "alert-triangle",
}


@inline
def icon(*, name: IconName, label: str = "") -> SafeString:
    """Draw one icon of the sprite; with a label it is spoken, without it is decoration."""
    return icons.draw(name, label=label) if name else SafeString("")


@kept
def lotus(*, label: str = "") -> dict[str, Any]:
    """Draw the lotus, as large as its place; with a label it is spoken."""
    return locals()


@block
def page_head(
    content: SafeString, *, title: str, lead: str = "", over: str = "", is_large: bool = False
) -> SafeString:
    """Draw the heading of a page; the content (badges, buttons) stands beside it.

    over: a short line above (a code, a kind of thing). lead: one or two sentences below.
    """
    return drawn("page_head", content, title=title, lead=lead, over=over, is_large=is_large)


@component
def breadcrumbs(*, links: Sequence[Link]) -> dict[str, Any]:
    """Draw the way back up; the page itself is not in it. On a phone only the last link shows."""
    return locals()


@component
def tabs(*, links: Sequence[Link], label: str) -> dict[str, Any]:
    """Draw the parts of a thing as links. label: what they are parts of, for screen readers."""
    return locals()


@component
def filters(*, groups: Sequence[FilterGroup]) -> dict[str, Any]:
    """Draw the questions a list can be narrowed by; each answer is a link with its count."""
    return locals()


@kept
def stepper(*, steps: Sequence[Step], label: str, is_level: bool = False) -> dict[str, Any]:
    """Draw the steps of a way and where one is on it. label: what way, for screen readers.

    On a phone: "Bước 2 trên 5", the step's name and a bar. is_level: side by side on a wide screen.
    """
    states = [step.state for step in steps]
    number = states.index("current") + 1 if "current" in states else len(steps)
    return {
        "steps": steps,
        "label": label,
        "is_level": is_level,
        "number": number,
        "current": steps[number - 1] if steps else None,
        "done": states.count("done"),
    }


@block
def panel(
    content: SafeString,
    *,
    title: str = "",
    level: Literal["h2", "h3"] = "h2",
    id: str = "",  # noqa: A002 - the HTML attribute's name
    icon: IconName = NO_ICON,
    is_flush: bool = False,
) -> SafeString:
    """Draw a section of a page on its own ground. is_flush: the content reaches the edges."""
    return around("panel", content, title=title, level=level, id=id, icon=icon, is_flush=is_flush)


@block
def disclosure(
    content: SafeString,
    *,
    title: str,
    is_open: bool = False,
    is_wide_open: bool = False,
    icon: IconName = NO_ICON,
) -> SafeString:
    """Draw something that few people need, shown when they ask for it; works without scripts.

    is_open: shown at once, such as a form that failed inside. is_wide_open: where there is room it
    stands open by itself, and only phones fold it, such as a search form above what it found.
    """
    look = {"is_open": is_open, "is_wide_open": is_wide_open, "icon": icon}
    return around("disclosure", content, title=title, **look)


@block
def message(
    content: SafeString, *, tone: Tone = "calm", title: str = "", is_live: bool = False
) -> SafeString:
    """Draw something people should know. is_live: read out when it appears."""
    return around(
        "message", content, tone=tone, title=title, is_live=is_live, icon=TONE_ICONS[tone]
    )


@block
def empty_state(
    content: SafeString, *, title: str, text: str = "", icon: IconName = NO_ICON
) -> SafeString:
    """Draw a kind word where a list has nothing; the content offers what to do next."""
    return drawn("empty_state", content, title=title, text=text, icon=icon)


@component
def link_cards(*, links: Sequence[Link], label: str) -> dict[str, Any]:
    """Draw a few large ways on, each with its icon and a line of what waits there."""
    return locals()


@kept_while_empty
def search_box(
    *,
    action: str,
    label: str,
    value: str = "",
    name: str = "q",
    placeholder: str = "",
    is_large: bool = False,
    suggest: str = "",
) -> dict[str, Any]:
    """Draw a search form. label: what is searched, also the placeholder if there is no other.

    suggest: where what somebody types is completed, as rows with href, pieces and hint.
    """
    return locals()


@kept
def bell(*, href: str, unread: int) -> dict[str, Any]:
    """Draw the way to one's notifications with the count of unread ones, in words for readers."""
    return {**locals(), "shown": "99+" if unread > 99 else str(unread)}  # noqa: PLR2004 - two digits fit


@component
def language_switch(*, current: str, path: str) -> dict[str, Any]:
    """Draw the other language as a button, named in itself. path: where to come back to."""
    return locals()


@component
def theme_switch(*, current: Literal["", "light", "dark"], path: str) -> dict[str, Any]:
    """Draw the choice of light, dark or as the device; works without scripts by a form."""
    return locals()


@kept
def demo_banner(*, href: str = "") -> dict[str, Any]:
    """Draw the strip that says: everything here is invented. href: the page of accounts."""
    return locals()


@kept
def skip_link() -> dict[str, Any]:
    """Draw the first thing the keyboard meets: the way past the menu."""
    return {}
