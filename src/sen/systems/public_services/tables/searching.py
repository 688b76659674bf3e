"""Procedures that were found, as pages draw them: what was meant, who settles it, how to file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.kernel.search import public as search
from sen.systems.public_services.choices import AuthorityLevel, Way
from sen.systems.public_services.queries import searching
from sen.systems.public_services.tables.records import text
from sen.web.data import FilterGroup, Link, Tone

_TONES: dict[Way, Tone] = {
    Way.ONLINE: "done",
    Way.COUNTER: "action",
    Way.OFF: "soon",
    Way.DESCRIBED: "calm",
    Way.LISTED: "plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A procedure in the list of what was found. title: with the words told apart that were meant.

    level: who settles it, the nearest first.
    """

    code: str
    href: str
    title: SafeString
    field: str
    level: str
    way: str
    tone: Tone


def rows(found: Sequence[searching.Found]) -> list[Row]:
    """Return what was found as lines, each a link to its page."""
    language = get_language() or "vi"
    return [_row(one, language) for one in found]


def _row(one: searching.Found, language: str) -> Row:
    card = one.card
    title = card.name.get(language) or card.name["vi"]
    return Row(
        code=card.code,
        href=_page_of(card.code),
        title=_marked(pieces(title, one.places, is_found_text=title == card.name["vi"])),
        field=card.field.get(language) or card.field["vi"],
        level=", ".join(str(AuthorityLevel(level).label) for level in card.levels),
        way=str(card.way.label),
        tone=_TONES[card.way],
    )


@lru_cache(maxsize=5000)  # as many as there are procedures: each is asked for again and again
def _page_of(code: str) -> str:
    return reverse("public_services:procedure", args=[code])


def pieces(title: str, places: frozenset[int], *, is_found_text: bool) -> list[tuple[str, bool]]:
    """Return a title in pieces, those told apart that were meant.

    is_found_text: whether the title is the text in which the places were found; in another
    language nothing is told apart.
    """
    return search.title_pieces(title, places if is_found_text else frozenset())


def _marked(title: Sequence[tuple[str, bool]]) -> SafeString:
    """Return a title as pages show it, drawn here since a list has dozens of pieces."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", said) if meant else said,) for said, meant in title),
    )


def suggested(found: searching.Suggested) -> list[dict[str, Any]]:
    """Return what is suggested as the script of the search box draws it, guides first."""
    rows = [
        {
            "href": reverse("public_services:life-event", args=[guide.slug]),
            "pieces": _plain(guide.title, places, found.language),
            "hint": _("Hướng dẫn từng bước"),
        }
        for guide, places in found.guides
    ]
    return rows + [
        {
            "href": _page_of(one.card.code),
            "pieces": _plain(one.card.name, one.places, found.language),
            "hint": f"{text(one.card.field)} · {one.card.code}",
        }
        for one in found.found
    ]


def _plain(
    name: Mapping[str, str], places: frozenset[int], language: str
) -> list[tuple[str, bool]]:
    return pieces(text(name), places, is_found_text=text(name) == name.get(language))


def filters(asked: QueryDict, *, filed_only: bool) -> list[FilterGroup]:
    """Return how the list of what was found can be narrowed."""
    everything, filed = asked.copy(), asked.copy()
    everything.pop("nop", None)
    filed["nop"] = "1"
    return [
        FilterGroup(
            label=_("Xem"),
            links=(
                Link(
                    label=_("Mọi thủ tục"),
                    href=f"?{everything.urlencode()}",
                    is_current=not filed_only,
                ),
                Link(
                    label=_("Nhận hồ sơ tại đây"),
                    href=f"?{filed.urlencode()}",
                    is_current=filed_only,
                ),
            ),
        )
    ]


def exactly(query: str) -> str:
    """Return the way to what a question finds just as it was typed."""
    return f"{reverse('public_services:search')}?{urlencode({'q': query, 'dung': '1'})}"


def suggestions() -> list[Link]:
    """Return what is asked for often, for whoever found nothing or has not begun."""
    asked = (
        _("mới sinh con"), _("làm căn cước cho con"), _("sang tên sổ đỏ"), _("xây nhà"),
        _("mở quán ăn"), _("người thân qua đời"),
    )  # fmt: skip
    page = reverse("public_services:search")
    return [Link(label=one, href=f"{page}?q={one}") for one in asked]
