"""What records look like: states, clocks, parties, papers, what happened, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sen.web import wording
from sen.web.components.library import block, component, drawn, kept
from sen.web.components.pages import TONE_ICONS
from sen.web.data import Column, Entry, Fact, Paper, Tone
from sen.web.icons import NO_ICON, IconName

_WORKING_DAY = 480


@kept
def status_badge(*, label: str, tone: Tone = "plain", icon: IconName = NO_ICON) -> dict[str, Any]:
    """Draw a state in a word, with an icon; the tone only repeats what the word says."""
    return {"label": label, "tone": tone, "icon": icon or TONE_ICONS[tone]}


@kept
def clock_badge(
    *,
    state: Literal["on_time", "soon", "late", "paused", "done", "done_late"],
    minutes: int | None = None,
    due_at: dt.datetime | None = None,
    day_minutes: int = _WORKING_DAY,
    note: str = "",
) -> dict[str, Any]:
    """Draw how much working time is left, or by how much it is exceeded.

    minutes: remaining working minutes, negative when late, None where only the state is known.
    due_at: the promised moment, shown behind. day_minutes: length of the unit's working day.
    note: why the clock stands still.
    """
    tone, icon = {
        "on_time": ("plain", "clock"),
        "soon": ("soon", "hourglass"),
        "late": ("late", "alert-triangle"),
        "paused": ("calm", "clock-pause"),
        "done": ("done", "circle-check"),
        "done_late": ("plain", "circle-check"),
    }[state]
    return {
        "tone": tone,
        "icon": icon,
        "text": _clock_text(state, minutes, day_minutes),
        "note": note,
        "due_at": due_at,
        "due_text": wording.moment(due_at) if due_at else "",
    }


def _clock_text(state: str, minutes: int | None, day_minutes: int) -> str:
    if state == "paused":
        return _("Tạm dừng")
    if state == "done":
        return _("Đã xong")
    if state == "done_late":
        return _("Đã xong, trễ hạn")
    if minutes is None:
        return {"on_time": _("Trong hạn"), "soon": _("Sắp đến hạn"), "late": _("Trễ hạn")}[state]
    amount = wording.working_time(abs(minutes), day_minutes=day_minutes)
    if minutes < 0:
        return _("Trễ %(amount)s làm việc") % {"amount": amount}
    return _("Còn %(amount)s làm việc") % {"amount": amount}


@component
def party_card(
    *,
    name: str,
    role: str,
    facts: Sequence[Fact] = (),
    kind: Literal["person", "enterprise", "unit"] = "person",
    is_verified: bool = False,
) -> dict[str, Any]:
    """Draw who has a part in a dossier, in which role.

    is_verified: the person was recognised by the national identity, not typed.
    """
    icon = {"person": "user", "enterprise": "building", "unit": "building-bank"}[kind]
    return {**locals(), "icon": icon}


@component
def paper_list(*, papers: Sequence[Paper], label: str) -> dict[str, Any]:
    """Draw the papers of a dossier: title, size, what the signature check said, a way to open.

    label: whose papers, for screen readers.
    """
    sized = [(one, "" if one.size is None else wording.file_size(one.size)) for one in papers]
    return {"papers": sized, "label": label}


@component
def timeline(*, entries: Sequence[Entry], label: str) -> dict[str, Any]:
    """Draw what happened, in the order given. label: to what, for screen readers."""
    return {"entries": [(one, wording.moment(one.at)) for one in entries], "label": label}


@component
def facts(*, facts: Sequence[Fact], is_compact: bool = False) -> dict[str, Any]:
    """Draw pairs of what and how it is; an empty value is said to be empty."""
    return locals()


@block
def table(
    content: SafeString,
    *,
    caption: str,
    columns: Sequence[Column],
    next_href: str = "",
    first_href: str = "",
) -> SafeString:
    """Draw a table whose content is its rows (`<tr>`).

    caption: what the rows are, for screen readers. Each `<td>` carries `data-label` with its
    column's name: on a phone a row becomes a card of labelled lines. next_href, first_href: the
    next page and the first one by keyset; there are no page numbers.
    """
    return drawn(
        "table",
        content,
        caption=caption,
        columns=columns,
        next_href=next_href,
        first_href=first_href,
    )


@component
def qr(*, svg: SafeString, label: str) -> dict[str, Any]:
    """Draw a QR code. svg: markup made by `papers` (segno). label: what scanning it opens."""
    return locals()
