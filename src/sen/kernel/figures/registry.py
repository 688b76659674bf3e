"""The checked list of figures that systems contribute."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.figures.data import Figure

_figures: dict[str, Figure] = {}


def register_figures(*figures: Figure) -> None:
    """Register figures. Raises ImproperlyConfigured for another type or a code taken twice."""
    for figure in figures:
        if not isinstance(figure, Figure):
            raise ImproperlyConfigured(f"a figure is a Figure, not {type(figure).__name__}")
        if _figures.setdefault(figure.code, figure) != figure:
            raise ImproperlyConfigured(f"two figures are called {figure.code}")


def figures() -> Mapping[str, Figure]:
    """Return every registered figure by code."""
    return MappingProxyType(_figures)
