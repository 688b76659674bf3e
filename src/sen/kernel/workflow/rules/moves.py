"""How a run moves: which transition an outcome takes, what opens, when a join is complete."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar

from sen.base.errors import Invalid
from sen.kernel.workflow.data import END, Flow, Move, Step, Token, Transition


class UnknownOutcome(Invalid):
    """The step does not end with this outcome."""

    code: ClassVar[str] = "unknown_outcome"
    default: ClassVar[str] = "Bước này không có kết quả xử lý như vậy."


def choose(step: Step, outcome: str, holds: Callable[[object], bool]) -> Transition:
    """Return the first transition of an outcome whose condition holds. Raises UnknownOutcome.

    holds: tells whether a condition holds for the run's data.
    """
    for transition in step.next:
        if transition.outcome == outcome and (
            transition.condition is None or holds(transition.condition)
        ):
            return transition
    raise UnknownOutcome(fields={"outcome": [UnknownOutcome.default]})


def move(
    flow: Flow, token: Token, transition: Transition, *, others: Callable[[], Collection[str]]
) -> Move:
    """Return what a transition taken at a token does to the run.

    others: gives the branches of the run's other open tasks; asked only when a branch arrives at
    its join, and true only under the run's lock.
    """
    if transition.wait is not None:
        return Move(transition=transition, opened=(token,))
    if transition.to == END:
        return Move(transition=transition, ends=True)
    if transition.fork:
        opened = tuple(
            Token(step, inner(token.branch, place)) for place, step in enumerate(transition.fork)
        )
        return Move(transition=transition, opened=opened)
    target = str(transition.to)
    if not arrives(flow, token, target):
        return Move(transition=transition, opened=(Token(target, token.branch),))
    parent = outer(token.branch)
    if any(is_within(branch, parent) for branch in others()):
        return Move(transition=transition)
    return Move(transition=transition, opened=(Token(target, parent),))


def arrives(flow: Flow, token: Token, target: str) -> bool:
    """Tell whether going from the token's step to the target is a branch's arrival at its join."""
    stack = flow.joins[token.step]
    return bool(stack) and stack[-1] == target


def inner(branch: str, place: int) -> str:
    """Return the branch at a place of a fork inside a branch."""
    return f"{branch}.{place}" if branch else str(place)


def outer(branch: str) -> str:
    """Return the branch in which the fork of a branch lies."""
    return branch.rpartition(".")[0]


def is_within(branch: str, parent: str) -> bool:
    """Tell whether a branch belongs to a fork that lies in `parent`, at whatever depth."""
    return branch.startswith(f"{parent}.") if parent else bool(branch)
