"""The checked lists of what can be found, and of searches that read the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.search.data import SearchSource, Trial

_sources: dict[str, SearchSource] = {}
_trials: dict[str, Trial] = {}


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


def register_trials(*trials: Trial) -> None:
    """Register searches to try. Raises ImproperlyConfigured for another type or a code twice."""
    for trial in trials:
        if not isinstance(trial, Trial):
            raise ImproperlyConfigured(f"a trial is a Trial, not {type(trial).__name__}")
        if _trials.setdefault(trial.code, trial) != trial:
            raise ImproperlyConfigured(f"two searches to try are called {trial.code}")


def trials() -> Mapping[str, Trial]:
    """Return every registered search to try by its code."""
    return MappingProxyType(_trials)
