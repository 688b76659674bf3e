"""The dictionary as a file: phrases, what they mean, the records meant; a line for those alike."""

from __future__ import annotations

from collections.abc import Iterator

from sen.base.vietnamese import nfc
from sen.kernel.search.data import Line

_OUTSIDE = "-"
_HEADING = "## "


def clean(text: str) -> str:
    """Return a phrase as it is kept: in normal form and lower case, single spaces."""
    return " ".join(nfc(text).lower().split())


def read(text: str) -> Iterator[Line]:
    """Yield the lines of a file.

    Three columns parted by tabs: phrases parted by |, meanings parted by | (a dash: not kept here;
    nothing: words that tell nothing), keys of records. “## ” begins a heading, “#” a remark.
    """
    topic = ""
    for row in text.splitlines():
        if row.startswith(_HEADING):
            topic = row.removeprefix(_HEADING).strip()
        elif row.strip() and not row.startswith("#"):
            phrases, means, records = (*row.split("\t"), "", "")[:3]
            is_outside = means.strip() == _OUTSIDE
            yield Line(
                phrases=_parts(phrases),
                means=() if is_outside else _parts(means),
                records=tuple(records.split()),
                is_outside=is_outside,
                topic=topic,
            )


def read_said(text: str, *, topic: str) -> Iterator[Line]:
    """Yield the lines of a file of how people say records, those of the same records together.

    Two columns parted by a tab: the key of a record, phrases parted by semicolons. “#” begins a
    remark. A phrase of several records becomes a line that names them all.
    """
    records: dict[str, list[str]] = {}
    for row in text.splitlines():
        if row.strip() and not row.startswith("#"):
            key, _tab, phrases = row.partition("\t")
            for phrase in filter(None, map(clean, phrases.split(";"))):
                records.setdefault(phrase, []).append(key)
    phrases_of: dict[tuple[str, ...], list[str]] = {}
    for phrase, keys in records.items():
        phrases_of.setdefault(tuple(dict.fromkeys(keys)), []).append(phrase)
    for named, together in phrases_of.items():
        yield Line(phrases=tuple(together), records=named, topic=topic)


def _parts(text: str) -> tuple[str, ...]:
    """Return what stands between bars, each once."""
    return tuple(dict.fromkeys(part for part in map(clean, text.split("|")) if part))
