"""The door of the connection: write with whatever else the transaction writes."""

from __future__ import annotations

from sen.kernel.database.data import Part
from sen.kernel.database.queries import Joined
from sen.kernel.database.services import (
    insert,
    insert_row,
    remembered,
    run,
    update,
    update_row,
    write,
)

__all__ = [
    "Joined",
    "Part",
    "insert",
    "insert_row",
    "remembered",
    "run",
    "update",
    "update_row",
    "write",
]
