"""What a flow's standing is, and which tasks a list shows."""

from __future__ import annotations

from enum import StrEnum


class FlowStatus(StrEnum):
    """The standing of a published flow.

    APPROVED: an approved electronic process ("quy trình điện tử đã phê duyệt"), its decision named
    in the document. SAMPLE: written after the law, no decision behind it yet.
    """

    APPROVED = "approved"
    SAMPLE = "sample"


class TaskState(StrEnum):
    """Which open tasks a list shows.

    ALL: everything that waits for the actor: given to nobody yet, or to the actor. LATE, SOON,
    PAUSED: those of ALL that are past their date, due within a working day, or standing still.
    MINE: given to the actor. TEAM: given to somebody else in the actor's units.
    """

    ALL = "all"
    LATE = "late"
    SOON = "soon"
    MINE = "mine"
    PAUSED = "paused"
    TEAM = "team"
