"""What others hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a statement of several: SQL without a WITH of its own, and its parameters.

    name: by which other parts of the statement take its rows, as `{name}`.
    """

    sql: str
    parameters: Sequence[Any] = ()
    name: str = ""
