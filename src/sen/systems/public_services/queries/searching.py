"""Procedures found by what people say: the whole catalogue in memory, ranked by the kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.db import connections
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform

from sen.base.pace import Pace
from sen.kernel.legal import public as legal
from sen.kernel.search import public as search
from sen.systems.public_services.choices import AuthorityLevel, ProcedureStatus, Way
from sen.systems.public_services.data import Guide
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import life_events

LIMIT = 100
"""The most procedures of an answer."""
GUIDES = 2
"""The most guides of an answer."""
SUGGESTED = 8
"""The most that is suggested to somebody who types, guides and procedures together."""
SHORTEST = 2
"""Letters from which on something is suggested."""
ENGLISH = "en"

_KEY = ("public_services.search",)
_PACE = Pace(most=200, seconds=10.0)
"""How often one visitor is suggested something: a whole service centre behind one address."""

_SAID = "Cách nói theo từng thủ tục"
"""The heading under which the dictionary shows how people say each procedure."""
_AT_COUNTER_ONLY = "truc_tiep"
"""The level of online service of what needs the paper itself on the counter."""
_NEARER = {
    AuthorityLevel.COMMUNE.value: 0.03,
    AuthorityLevel.PROVINCE.value: 0.02,
    AuthorityLevel.CENTRAL.value: -0.03,
}
"""What speaks for a procedure by who settles it: near ones come first among equals."""
_OFFERED = {Way.ONLINE: 0.04, Way.COUNTER: 0.04, Way.OFF: 0.02, Way.DESCRIBED: 0.015}
_OFTEN = 0.08
"""What speaks for the procedure that is asked for most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A procedure as a list shows it. levels: values of `AuthorityLevel`."""

    code: str
    name: Mapping[str, str]
    field: Mapping[str, str]
    levels: tuple[str, ...]
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A procedure that was found. places: the words of its Vietnamese name that were meant."""

    card: Card
    places: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question found, the best first, how it was read, and guides through what happened."""

    found: tuple[Found, ...]
    ranking: search.Ranking
    guides: tuple[Guide, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What somebody may mean who is still typing. guides: with the words of titles meant.

    language: of the titles that were looked at.
    """

    language: str = "vi"
    guides: tuple[tuple[Guide, frozenset[int]], ...] = ()
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a process keeps of one edition, whose number this is."""

    edition: int

    index: search.Index
    guide_index: search.Index
    guides: Mapping[str, Guide]
    cards: Mapping[str, Card]
    filed: frozenset[str]
    english: search.Titles
    english_guides: search.Titles


def find(
    question: str, *, limit: int = 20, filed_only: bool = False, is_exact: bool = False
) -> Answer:
    """Return the procedures that fit what somebody says, the best first; none where none fits.

    filed_only: only those that are filed here now. is_exact: no slip is mended, no key read as a
    mark. No statement but the one for the editions.
    """
    kept = _kept()
    ranking = kept.index.ask(
        question,
        limit=max(1, min(limit, LIMIT)),
        only=kept.filed if filed_only else None,
        is_exact=is_exact,
    )
    return Answer(
        found=tuple(Found(card=kept.cards[one.key], places=one.places) for one in ranking.found),
        ranking=ranking,
        guides=tuple(kept.guides[one.key] for one in _guides_of(kept, question, ranking).found),
    )


def _guides_of(kept: _Kept, question: str, ranking: search.Ranking) -> search.Ranking:
    """Return the guides that fit; where no procedure does, only those that are surely meant."""
    if ranking.found:
        return kept.guide_index.ask(question, limit=GUIDES, evidence=0.0)
    return kept.guide_index.ask(question, limit=GUIDES)


def suggest(typed: str, *, visitor: str, language: str = "vi") -> Suggested:
    """Return what somebody may mean who is still typing; nothing of it is kept.

    visitor: where the question comes from. language: of the page; in English the English titles
    are looked at, as far as there are any, for the words of the dictionary are Vietnamese.
    No statement but the one for the editions. Raises TooMany past two hundred in ten seconds.
    """
    _PACE.note(visitor)
    if len(typed.strip()) < SHORTEST:
        return Suggested()
    kept = _kept()
    is_english = language == ENGLISH
    guides = (kept.english_guides if is_english else kept.guide_index).suggest(typed, limit=GUIDES)
    procedures = kept.english if is_english else kept.index
    found = procedures.suggest(typed, limit=SUGGESTED - len(guides))
    return Suggested(
        language=language,
        guides=tuple((kept.guides[one.key], one.places) for one in guides),
        found=tuple(Found(card=kept.cards[one.key], places=one.places) for one in found),
    )


def try_out(question: str, tried: Sequence[search.Line]) -> search.Ranking:
    """Return what a question would find with lines that are not written yet. Two statements.

    Makes the whole ranking anew, a few tenths of a second: for an editor's look, not for pages.
    """
    cards = _read()
    return _index(cards, tried).ask(question, limit=10)


def titles(codes: Sequence[str]) -> Mapping[str, str]:
    """Return the Vietnamese names of procedures by their codes, those that are there."""
    cards = _kept().cards
    return {code: cards[code].name["vi"] for code in codes if code in cards}


def edition() -> int:
    """Return the edition that answers are of just now, which may be the one before for moments."""
    return _kept().edition


def _kept() -> _Kept:
    return legal.cached("values", _KEY, _keep)


def warm_up() -> None:
    """Make the ranking of a process that starts, and from then on ahead of questions.

    So nobody waits for it, neither at the first question nor at the first after a change. In a
    thread of its own: its connection goes back.
    """
    try:
        legal.keep_ready("values", _KEY, _keep)
    finally:
        connections.close_all()


def _keep() -> _Kept:
    now = legal.editions().values
    cards = _read()
    guides = life_events.life_events()
    return _Kept(
        edition=now,
        index=_index(cards, ()),
        guide_index=_guides(),
        guides={one.slug: one for one in guides},
        cards=cards,
        english=search.Titles(
            [
                search.Document(
                    key=card.code, title=card.name[ENGLISH], standing=_standing(card, 0.0)
                )
                for card in cards.values()
                if card.name.get(ENGLISH)
            ]
        ),
        english_guides=search.Titles(
            [
                search.Document(key=one.slug, title=one.title[ENGLISH])
                for one in guides
                if one.title.get(ENGLISH)
            ]
        ),
        filed=frozenset(
            code for code, card in cards.items() if card.way in {Way.ONLINE, Way.COUNTER}
        ),
    )


def _index(cards: Mapping[str, Card], tried: Sequence[search.Line]) -> search.Index:
    often = _popular()
    documents = [
        search.Document(
            key=card.code,
            title=card.name["vi"],
            beside=card.field.get("vi", ""),
            standing=_standing(card, often.get(card.code, 0.0)),
        )
        for card in cards.values()
    ]
    return search.ranking(documents, narrowing=_narrowing(), tried=tried)


def _guides() -> search.Index:
    """Return the guides as they can be asked for: by their titles and the words they name.

    Of the dictionary only what tells nothing and what is not kept here: its other lines explain
    titles of procedures.
    """
    guides = life_events.life_events()
    lines = [one for one in search.lines() if not (one.means or one.records)]
    lines += [search.Line(phrases=tuple(_phrases(one)), records=(one.slug,)) for one in guides]
    return search.Index(
        [search.Document(key=one.slug, title=one.title["vi"]) for one in guides],
        [wording for line in lines for wording in line.wordings()],
    )


def _phrases(guide: Guide) -> list[str]:
    return [word.lower() for word in (guide.title["vi"], *guide.words)]


def _standing(card: Card, often: float) -> float:
    nearest = _NEARER.get(card.levels[0], 0.0) if card.levels else 0.0
    return nearest + _OFFERED.get(card.way, 0.0) + _OFTEN * often


def _read() -> dict[str, Card]:
    """Return every procedure that people may look up, by its code. One statement."""
    published = ProcedureVersion.objects.filter(
        procedure=OuterRef("pk"), status=ProcedureStatus.PUBLISHED
    )
    filed = Case.objects.filter(
        version__procedure=OuterRef("pk"), version__status=ProcedureStatus.PUBLISHED
    )
    online = published.annotate(online=KeyTextTransform("online", "overlay")).order_by("-number")
    rows = (
        Procedure.objects.annotate(
            is_described=Exists(published),
            is_filed=Exists(filed),
            online=Subquery(online.values("online")[:1]),
        )
        .order_by("code")
        .values_list(
            "code", "name", "field_name", "level", "listing__levels", "is_active", "is_described",
            "is_filed", "online",
        )
    )  # fmt: skip
    cards = {}
    for code, name, field, level, levels, is_active, is_described, is_filed, online_as in rows:
        if not (is_active or is_filed):
            continue
        way = Way.DESCRIBED if is_described else Way.LISTED
        if is_filed:
            way = Way.COUNTER if online_as == _AT_COUNTER_ONLY else Way.ONLINE
        cards[code] = Card(
            code=code,
            name=name,
            field=field,
            levels=_levels(level, levels),
            way=way if is_active else Way.OFF,
        )
    return cards


def _levels(level: str, listed: Sequence[str] | None) -> tuple[str, ...]:
    """Return who settles a procedure, the nearest first."""
    if listed:
        return tuple(listed)
    return (level,) if level else ()


def _lines(name: str) -> list[str]:
    path = resources.files("sen.systems.public_services") / "seed" / "search" / name
    rows = path.read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row.strip() and not row.startswith("#")]


@cache
def _popular() -> Mapping[str, float]:
    """Return how often procedures are asked for, 0 to 1, as far as that was put down."""
    found = {}
    for row in _lines("popular.tsv"):
        often, codes = row.split("\t")
        found.update(dict.fromkeys(codes.split(), float(often)))
    return found


@cache
def _narrowing() -> tuple[str, ...]:
    """Return the phrases that make a title a narrower matter."""
    return tuple(row.strip() for row in _lines("narrowing.txt"))


def dictionary() -> list[search.Line]:
    """Return the lines about procedures that come with the program."""
    path = resources.files("sen.systems.public_services") / "seed" / "search" / "words.tsv"
    return list(search.read_lines(path.read_text(encoding="utf-8")))


def said() -> list[search.Line]:
    """Return how people say each procedure, as it comes with the program."""
    path = resources.files("sen.systems.public_services") / "seed" / "search" / "said.tsv"
    return list(search.read_said(path.read_text(encoding="utf-8"), topic=_SAID))
