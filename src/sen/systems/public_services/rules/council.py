"""How a council comes to a conclusion: who has to be there, what the majority says.

Nguồn: Luật Người khuyết tật 51/2010/QH12, Điều 16 khoản 3: họp có giá trị khi có ít nhất hai phần
ba số thành viên; biểu quyết theo đa số, số phiếu ngang nhau thì theo ý kiến của Chủ tịch Hội đồng.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Tally(NamedTuple):
    """What a council said to one question. value: the conclusion, None where the chair must choose.

    votes: how many spoke for each value, most first. is_by_chair: the votes were even, and the
    chair's own decided.
    """

    value: Any
    votes: Mapping[str, int]
    is_by_chair: bool


def needed(members: int, *, numerator: int, denominator: int) -> int:
    """Return how many of so many members have to be there: two thirds, rounded up."""
    return -(-members * numerator // denominator)


def one_of(opinions: Sequence[str], *, chair: str) -> Tally:
    """Return which value most named; opinions: of all who were there, the chair's among them.

    Where votes are even the chair's own value holds, if it is among them; else nothing is concluded
    until the chair joins one of them.
    """
    votes = Counter(opinions)
    ordered = dict(sorted(votes.items(), key=lambda one: (-one[1], one[0])))
    most = max(votes.values())
    leading = [value for value, count in ordered.items() if count == most]
    if len(leading) == 1:
        return Tally(leading[0], ordered, is_by_chair=False)
    return Tally(chair if chair in leading else None, ordered, is_by_chair=chair in leading)


def several_of(opinions: Sequence[Sequence[str]], *, chair: Sequence[str]) -> Tally:
    """Return which values more than half named; a value named by just half holds with the chair's.

    For a question to which several answers may be given at once, such as kinds of disability.
    """
    votes = Counter(value for opinion in opinions for value in set(opinion))
    ordered = dict(sorted(votes.items(), key=lambda one: (-one[1], one[0])))
    half = len(opinions)
    even = {value for value, count in votes.items() if 2 * count == half}
    chosen = [
        value
        for value, count in ordered.items()
        if 2 * count > half or (value in even and value in chair)
    ]
    return Tally(chosen, ordered, is_by_chair=bool(even & set(chosen)))
