"""The door of the figures."""

from __future__ import annotations

from sen.kernel.figures.data import Figure, Period
from sen.kernel.figures.queries import count
from sen.kernel.figures.registry import figures, register_figures

__all__ = ["Figure", "Period", "count", "figures", "register_figures"]
