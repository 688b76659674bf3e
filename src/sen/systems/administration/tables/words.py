"""The dictionary of the search as pages draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sen.kernel.search import public as search
from sen.systems.administration.queries import words as queries
from sen.web import paging, wording
from sen.web.data import Fact, FilterGroup, Link

_MOST_PHRASES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """A line of the dictionary in the list."""

    href: str
    phrases: str
    meaning: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedColumn:
    """What one search finds, now or with the line that is tried."""

    title: str
    rows: tuple[Fact, ...]


def topic_filters(
    request: HttpRequest, topics: Sequence[str], topic: str, *, is_off: bool
) -> list[FilterGroup]:
    """Return the headings by which the list can be narrowed, as links."""
    chosen = "" if is_off else topic
    links = [
        Link(
            label=label,
            href=paging.href(request, {"muc": value, "tu": "", "bo": ""}),
            is_current=not is_off and value == chosen,
        )
        for value, label in [("", _("Mọi mục")), *[(one, one) for one in topics]]
    ]
    links.append(
        Link(
            label=_("Đã thôi dùng"),
            href=paging.href(request, {"muc": "", "tu": "", "bo": "1"}),
            is_current=is_off,
        )
    )
    return [FilterGroup(label=_("Mục"), links=tuple(links))]


def word_rows(rows: Sequence[search.SearchWording]) -> list[WordRow]:
    """Return lines of the dictionary as lines of the list."""
    return [
        WordRow(
            href=reverse("administration:word", args=[row.id]),
            phrases=_short(row.phrases),
            meaning=meaning(row.kind, row.means, row.records),
            topic=row.topic,
        )
        for row in rows
    ]


def _short(phrases: Sequence[str]) -> str:
    more = len(phrases) - _MOST_PHRASES
    said = ", ".join(phrases[:_MOST_PHRASES])
    return _("%(said)s và %(more)d cách nữa") % {"said": said, "more": more} if more > 0 else said


def meaning(kind: str, means: Sequence[str], records: Sequence[str]) -> str:
    """Return in words what phrases mean."""
    if kind != search.WordingKind.MEANS:
        return str(search.WordingKind(kind).label)
    return "; ".join((*means, *records))


def word_initial(row: search.SearchWording) -> dict[str, Any]:
    """Return a line as its form shows it."""
    return {
        "phrases": "\n".join(row.phrases),
        "means": "\n".join(row.means),
        "records": " ".join(row.records),
        "is_outside": row.kind == search.WordingKind.OUTSIDE,
        "topic": row.topic,
        "number": row.number,
    }


def word_page(row: search.SearchWording, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a line says of it."""
    return {
        "title": row.phrase,
        "facts": [
            Fact(label=_("Loại"), value=str(search.WordingKind(row.kind).label)),
            *(Fact(label=code, value=titles.get(code, _("Không còn"))) for code in row.records),
        ],
    }


def change_rows(changes: Sequence[queries.Change]) -> list[dict[str, Any]]:
    """Return changes of a line as lines of its history."""
    return [
        {
            "number": one.row.number,
            "at": wording.moment(one.row.at),
            "who": one.who or _("Hệ thống"),
            "reason": one.row.reason,
            "after": _after(one.row.after),
        }
        for one in changes
    ]


def _after(after: Mapping[str, Any]) -> str:
    said = meaning(after["kind"], after["means"], after["records"])
    phrases = _short(after["phrases"])
    if not after["is_active"]:
        return _("%(phrases)s: thôi dùng") % {"phrases": phrases}
    return f"{phrases}: {said}"


def tried_columns(tried: queries.Tried) -> list[TriedColumn]:
    """Return what each search finds now and with the line, beside each other."""
    found = []
    for trial, now, then in tried.searches:
        for label, ranking in ((_("bây giờ"), now), (_("với từ ngữ này"), then)):
            found.append(
                TriedColumn(
                    title=f"{trial.title}: {label}",
                    rows=tuple(
                        Fact(label=one.key, value=tried.titles.get(one.key, one.key))
                        for one in ranking.found
                    ),
                )
            )
    return found
