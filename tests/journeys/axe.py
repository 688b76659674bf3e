"""What axe-core finds on a page: put into it once, asked for faults alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = frozenset({"serious", "critical"})


def faults(page: Page, *, only: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return what breaks a rule, or one of these.

    Nothing is told of what keeps it: to name each part of a page takes longer than to look at it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = list(only)
    found: list[dict[str, Any]] = page.evaluate(
        "async (options) => (await axe.run(options)).violations", options
    )
    return found


def grave(page: Page, where: str, *, only: Sequence[str] = ()) -> list[str]:
    """Return the grave faults of a page as lines for people."""
    return [line(one, where) for one in faults(page, only=only) if one["impact"] in GRAVE]


def line(fault: dict[str, Any], where: str) -> str:
    """Return a fault as a line for people."""
    return f"{where}: {fault['id']} {fault['nodes'][0]['html'][:120]}"
