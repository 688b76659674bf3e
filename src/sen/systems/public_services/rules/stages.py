"""How a stage of a dossier stands to its own date."""

from __future__ import annotations

import datetime as dt


def state(
    *,
    started_at: dt.datetime | None,
    ended_at: dt.datetime | None,
    expected_at: dt.datetime | None,
    now: dt.datetime,
) -> str:
    """Return "todo", "running", "late", "done" or "done_late".

    A stage without a date is never late. Each stage is late by itself: the days an agency outside
    took are not those of the unit that holds the dossier.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17 (thời gian của người dân không tính vào thời hạn).
    """
    if started_at is None:
        return "todo"
    is_late = expected_at is not None and (ended_at or now) > expected_at
    if ended_at is not None:
        return "done_late" if is_late else "done"
    return "late" if is_late else "running"


def adds_up(counted: list[int], allowance: int) -> bool:
    """Tell whether the stages that count make up exactly the time that the law allows."""
    return sum(counted) == allowance
