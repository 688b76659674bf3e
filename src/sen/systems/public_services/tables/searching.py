"""Procedures that were found, as pages draw them: what was meant, who settles it, how to file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
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
class Piece:
    """A piece of a title. is_meant: whether it is what was asked for."""

    text: str
    is_meant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A procedure in the list of what was found."""

    code: str
    href: str
    pieces: tuple[Piece, ...]
    field: str
    level: str
    way: str
    tone: Tone


def rows(found: Sequence[searching.Found], *, to: str = "procedure") -> list[Row]:
    """Return what was found as lines, each a link to its page or straight to filing."""
    return [_row(one, to) for one in found]


def _row(one: searching.Found, to: str) -> Row:
    card = one.card
    return Row(
        code=card.code,
        href=reverse(f"public_services:{to}", args=[card.code]),
        pieces=pieces(
            text(card.name), one.places, is_found_text=text(card.name) == card.name["vi"]
        ),
        field=text(card.field),
        level=", ".join(str(AuthorityLevel(level).label) for level in card.levels),
        way=str(card.way.label),
        tone=_TONES[card.way],
    )


def pieces(title: str, places: frozenset[int], *, is_found_text: bool) -> tuple[Piece, ...]:
    """Return a title in pieces, those that were meant told apart.

    is_found_text: whether the title is the text in which the places were found; in another
    language nothing is told apart.
    """
    if not is_found_text:
        return (Piece(text=title, is_meant=False),)
    words = search.title_words(title)
    found: list[Piece] = []
    for at, (said, place) in enumerate(words):
        is_meant = place in places or (
            place < 0 and _is_inside(words, at, places) and not said.strip()
        )
        if found and found[-1].is_meant == is_meant:
            found[-1] = Piece(text=found[-1].text + said, is_meant=is_meant)
        else:
            found.append(Piece(text=said, is_meant=is_meant))
    return tuple(found)


def _is_inside(words: Sequence[tuple[str, int]], at: int, places: frozenset[int]) -> bool:
    """Whether both neighbours of what stands between words were meant."""
    return 0 < at < len(words) - 1 and {words[at - 1][1], words[at + 1][1]} <= places


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
            "href": reverse("public_services:procedure", args=[one.card.code]),
            "pieces": _plain(one.card.name, one.places, found.language),
            "hint": f"{text(one.card.field)} · {one.card.code}",
        }
        for one in found.found
    ]


def _plain(
    name: Mapping[str, str], places: frozenset[int], language: str
) -> list[tuple[str, bool]]:
    cut = pieces(text(name), places, is_found_text=text(name) == name.get(language))
    return [(one.text, one.is_meant) for one in cut]


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
