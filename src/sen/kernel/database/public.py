"""The door of the connection: write with whatever else the transaction writes."""

from __future__ import annotations

from sen.kernel.database.data import Invariant, Part
from sen.kernel.database.queries import Joined, Nested, found
from sen.kernel.database.registry import invariants, register_invariants
from sen.kernel.database.services.bulk import Bulk, Tell, analyze, bulk, bulk_anew, copied, load
from sen.kernel.database.services.writing import (
    insert,
    insert_row,
    remembered,
    run,
    update,
    update_row,
    write,
)

__all__ = [
    "Bulk",
    "Invariant",
    "Joined",
    "Nested",
    "Part",
    "Tell",
    "analyze",
    "bulk",
    "bulk_anew",
    "copied",
    "found",
    "insert",
    "insert_row",
    "invariants",
    "load",
    "register_invariants",
    "remembered",
    "run",
    "update",
    "update_row",
    "write",
]
