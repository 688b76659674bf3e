"""The checked list of prefill sources that systems contribute at start."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.forms.data import PrefillSource

_sources: dict[str, PrefillSource] = {}


def register_prefill(*sources: PrefillSource) -> None:
    """Add sources. Raises ImproperlyConfigured for another type or a key taken by another."""
    for source in sources:
        if not isinstance(source, PrefillSource):
            raise ImproperlyConfigured(f"not a PrefillSource: {source!r}")
        if not source.title.get("vi"):
            raise ImproperlyConfigured(f"the prefill source {source.key} has no Vietnamese title")
        if _sources.get(source.key, source) != source:
            raise ImproperlyConfigured(f"the prefill source {source.key} is registered twice")
        _sources[source.key] = source


def prefill_sources() -> Mapping[str, PrefillSource]:
    """Return every source by its key."""
    return MappingProxyType(_sources)


def source_of(key: str) -> PrefillSource | None:
    """Return the source with the longest key that begins this name, None if there is none."""
    parts = key.split(".")
    for length in range(len(parts) - 1, 0, -1):
        found = _sources.get(".".join(parts[:length]))
        if found is not None:
            return found
    return None
