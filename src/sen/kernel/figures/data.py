"""Values of the figures: a period, a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included, as the law's zone counts them."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("a period does not end before it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something that can be counted: a slot of the manifest.

    code: "public_services.dossiers_received"; what it counts never changes. unit_of_measure:
    "hồ sơ", "%", "đồng". compute: gives the figure of a period for each of the units; a unit
    without any may be left out. counted: what exactly is counted, in words for people. source: the
    law or the decision that wants it counted so.
    """

    code: str
    title: StrOrPromise
    unit_of_measure: StrOrPromise
    compute: Callable[[Period, Sequence[UUID]], Mapping[UUID, float]]
    counted: StrOrPromise = ""
    source: StrOrPromise = ""
