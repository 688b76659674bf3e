"""Laying down what people say of procedures: the dictionary that comes with the program."""

from __future__ import annotations

import datetime as dt

from sen.base.actor import COMMAND
from sen.kernel.search import public as search
from sen.systems.public_services.queries import searching


def seed_wordings(*, at: dt.datetime) -> int:
    """Lay down the lines of the dictionary that were never there; return how many were."""
    lines = (*search.common_lines(), *searching.dictionary(), *searching.said())
    return search.seed_wordings(lines, actor=COMMAND, at=at)
