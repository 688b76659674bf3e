"""What editors of the dictionary see: trials, names of records, who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sen.kernel.identity import public as identity
from sen.kernel.search import public as search


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a question finds now and with a line that is not written yet, in every search."""

    question: str
    searches: tuple[tuple[search.Trial, search.Ranking, search.Ranking], ...]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a line with the name of whoever made it, empty where that is not known."""

    row: search.SearchWordingChange
    who: str


def try_out(question: str, line: search.Line) -> Tried:
    """Return what a question finds now and would find with a line."""
    searches = tuple(
        (trial, trial.ask(question, ()), trial.ask(question, (line,)))
        for trial in search.trials().values()
    )
    keys = {
        one.key for _trial, now, then in searches for one in (*now.found, *then.found)
    }  # fmt: skip
    return Tried(question=question, searches=searches, titles=titles(sorted(keys)))


def titles(keys: Sequence[str]) -> dict[str, str]:
    """Return the titles of records by their keys, in whichever search they stand."""
    found: dict[str, str] = {}
    for trial in search.trials().values():
        found.update(trial.titles(keys))
    return found


def history(wording: UUID) -> list[Change]:
    """Return the changes of a line, the latest first, with names."""
    rows = search.changes(wording)
    names = identity.display_names({row.account for row in rows if row.account is not None})
    return [Change(row=row, who=names.get(row.account, "") if row.account else "") for row in rows]
