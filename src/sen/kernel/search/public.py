"""The door of the search."""

from __future__ import annotations

from sen.kernel.search.data import Hit, SearchSource
from sen.kernel.search.queries import find
from sen.kernel.search.registry import register_sources, sources
from sen.kernel.search.services import index, remove

__all__ = ["Hit", "SearchSource", "find", "index", "register_sources", "remove", "sources"]
