"""What others hand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a statement of several: SQL without a WITH of its own, and its parameters.

    name: by which other parts of the statement take its rows, as `{name}`.
    """

    sql: str
    parameters: Sequence[Any] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What always holds of the data, however it came in: by verbs, by a seed, by bulk.

    Contributed by a kernel package (`register_invariants`) or in a system's manifest, looked at by
    `sen data verify`. code: `package.what`. says: the sentence that holds. find: gives what breaks
    it, by the codes people know records by, at most as many as it is told; asked as the system.
    """

    code: str
    says: StrOrPromise
    find: Callable[[int], Iterable[str]]
