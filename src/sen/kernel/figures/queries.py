"""Counting a figure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.kernel.figures import registry
from sen.kernel.figures.data import Period


def count(code: str, *, period: Period, units: Sequence[UUID]) -> dict[UUID, float]:
    """Return a figure of a period for each of the units; nothing to count is 0.

    The caller has chosen units that its actor may see. Raises NotFound for an unknown code.
    """
    figure = registry.figures().get(code)
    if figure is None:
        raise NotFound(_("Không có số liệu với mã %(code)s.") % {"code": code})
    found = figure.compute(period, units)
    return {unit: found.get(unit, 0) for unit in units}
