"""Reading the dictionary, and making a ranking of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.base.vietnamese import fold, sort_key
from sen.kernel.search.choices import WordingKind
from sen.kernel.search.data import Document, Line, Wording
from sen.kernel.search.models import SearchWording, SearchWordingChange
from sen.kernel.search.rules import dictionary
from sen.kernel.search.rules.ranking import Index


def lines() -> list[Line]:
    """Return every line of the dictionary that is used, in the order of writing. One statement."""
    rows = SearchWording.objects.filter(is_active=True).order_by("id")
    return [line_of(row) for row in rows]


def line_of(row: SearchWording) -> Line:
    """Return a line as the search reads it."""
    return Line(
        phrases=tuple(row.phrases),
        means=tuple(row.means),
        records=tuple(row.records),
        is_outside=row.kind == WordingKind.OUTSIDE,
        topic=row.topic,
    )


def ranking(
    documents: Sequence[Document],
    *,
    narrowing: Iterable[str] = (),
    tried: Iterable[Line] = (),
) -> Index:
    """Return records as they can be asked for, with the dictionary as it is now. One statement.

    Keep it under the edition of values, which every change of the dictionary counts up.
    A line that names records, and not how titles say it, is further text of these records.
    tried: lines whose phrases are read as they say, for an editor to see first.
    """
    read: dict[str, Wording] = {}
    for line in (*lines(), *tried):
        read.update((one.phrase, one) for one in line.wordings())
    said = [one for one in read.values() if one.records and not one.means]
    explained = [one for one in read.values() if one.means or not one.records]
    return Index(documents, explained, said=said, narrowing=narrowing)


def listed(
    *, query: str = "", topic: str = "", is_active: bool = True, skip: int = 0, limit: int = 50
) -> list[SearchWording]:
    """Return lines by heading and first phrase, those that hold the words. One statement.

    query: words of a phrase, a meaning or a key, with or without marks. is_active: those in use,
    or those out of use. skip: how many stand on the pages before.
    """
    rows = SearchWording.objects.filter(is_active=is_active)
    if topic:
        rows = rows.filter(topic=topic)
    words = fold(query).split()
    found = [row for row in rows if all(word in _haystack(row) for word in words)]
    found.sort(key=lambda row: (sort_key(row.topic), sort_key(row.phrase), row.id))
    return found[skip : skip + limit]


def _haystack(row: SearchWording) -> str:
    return fold(" ".join((*row.phrases, *row.means, *row.records)))


def topics() -> list[str]:
    """Return the headings of the dictionary, in order. One statement."""
    found = SearchWording.objects.filter(is_active=True).exclude(topic="")
    return sorted(found.values_list("topic", flat=True).distinct(), key=sort_key)


def wording(key: UUID) -> SearchWording:
    """Return one line of the dictionary. Raises NotFound."""
    found = SearchWording.objects.filter(id=key).first()
    if found is None:
        raise NotFound(_("Không tìm thấy từ ngữ này."))
    return found


def changes(key: UUID) -> list[SearchWordingChange]:
    """Return the changes of a line, the latest first. One statement."""
    return list(SearchWordingChange.objects.filter(wording_id=key).order_by("-number"))


def common_lines() -> Iterator[Line]:
    """Yield the lines that come with this package: fillers, dialect, abbreviations, acts."""
    path = resources.files("sen.kernel.search") / "seed" / "common.tsv"
    yield from dictionary.read(path.read_text(encoding="utf-8"))
