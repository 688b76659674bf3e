"""The door of the search."""

from __future__ import annotations

from sen.kernel.search.choices import WordingKind
from sen.kernel.search.data import (
    Document,
    Hit,
    Line,
    Ranked,
    Ranking,
    SearchSource,
    Trial,
    Wording,
)
from sen.kernel.search.models import SearchEntry, SearchWording, SearchWordingChange
from sen.kernel.search.permissions import MANAGE as MANAGE_WORDINGS
from sen.kernel.search.queries.entries import find
from sen.kernel.search.queries.wordings import (
    changes,
    common_lines,
    line_of,
    lines,
    listed,
    ranking,
    topics,
    wording,
)
from sen.kernel.search.registry import register_sources, register_trials, sources, trials
from sen.kernel.search.rules.dictionary import read as read_lines
from sen.kernel.search.rules.dictionary import read_said
from sen.kernel.search.rules.ranking import Index
from sen.kernel.search.rules.syllables import pieces as title_pieces
from sen.kernel.search.rules.titles import Titles
from sen.kernel.search.rules.words import lexemes, placed
from sen.kernel.search.services.entries import index, past, remove
from sen.kernel.search.services.wordings import (
    retire_wording,
    save_wording,
    seed_wordings,
    undo_wording,
)

__all__ = [
    "MANAGE_WORDINGS", "Document", "Hit", "Index", "Line", "Ranked", "Ranking", "SearchEntry",
    "SearchSource", "SearchWording", "SearchWordingChange", "Titles", "Trial", "Wording",
    "WordingKind", "changes", "common_lines", "find", "index", "lexemes", "line_of", "lines",
    "listed", "past", "placed", "ranking", "read_lines", "read_said", "register_sources",
    "register_trials", "remove", "retire_wording", "save_wording", "seed_wordings", "sources",
    "title_pieces", "topics", "trials", "undo_wording", "wording",
]  # fmt: skip
