"""The checked list of what can be found."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.search.data import SearchSource

_sources: dict[str, SearchSource] = {}


def register_sources(*sources: SearchSource) -> None:
    """Register sources. Raises ImproperlyConfigured for another type or a kind taken twice."""
    for source in sources:
        if not isinstance(source, SearchSource):
            raise ImproperlyConfigured(f"a source is a SearchSource, not {type(source).__name__}")
        if _sources.setdefault(source.kind, source) != source:
            raise ImproperlyConfigured(f"two search sources are called {source.kind}")


def sources() -> Mapping[str, SearchSource]:
    """Return every registered source by kind."""
    return MappingProxyType(_sources)


def source(kind: str) -> SearchSource:
    """Return a registered source. Raises ImproperlyConfigured for an unknown kind."""
    try:
        return _sources[kind]
    except KeyError:
        raise ImproperlyConfigured(f"no search source is called {kind}") from None
