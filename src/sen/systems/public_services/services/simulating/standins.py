"""Words that stand for names and numbers of a pattern, and what comes in their place."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sen.systems.public_services.rules import invented
from sen.systems.public_services.services.living.cast import Names
from sen.systems.public_services.services.living.told import told

_LETTERS = "bcdfghklmnprst"
_SERIALS = 9_000_000
"""Stand-ins of serial numbers have seven digits, from here on."""
_MOST = 1_000_000
WORDS = {"male": 4, "female": 5, "child": 4}
"""How many words the names of each kind have, so that one can take the place of another."""


class StandIns(Names):
    """Gives words that stand nowhere else, so that they are found again in what is written.

    names: the kind and words of each name that was given; serials and numbers likewise.
    """

    def __init__(self) -> None:
        """Begin with the first word."""
        self.names: list[tuple[str, tuple[str, ...]]] = []
        self.serials: list[int] = []
        self.numbers: list[str] = []
        self._words = _words()
        self._serial = 0

    def forget(self) -> None:
        """Begin with the next pattern."""
        self.names, self.serials, self.numbers = [], [], []

    def full(self, *, is_male: bool) -> str:
        """Return what stands for the name of a man or a woman."""
        return self._name("male" if is_male else "female")

    def child(self) -> str:
        """Return what stands for the name of a child."""
        return self._name("child")

    def serial(self) -> int:
        """Return what stands for a serial number of which a tax code is made."""
        self._serial += 1
        while not is_serial(_SERIALS + self._serial % _MOST):
            self._serial += 1
        self.serials.append(_SERIALS + self._serial % _MOST)
        return self.serials[-1]

    def number(self, *, born: dt.date, is_male: bool) -> str:
        """Return what stands for the national number of somebody born on a day."""
        self._serial += 1
        self.numbers.append(invented.national_number(self._serial, born=born, is_male=is_male))
        return self.numbers[-1]

    def _name(self, kind: str) -> str:
        words = tuple(itertools.islice(self._words, WORDS[kind]))
        self.names.append((kind, words))
        return " ".join(words)


def is_serial(serial: int) -> bool:
    """Tell whether a tax code can be made of a serial number as it stands."""
    return invented.tax_code(serial).startswith(f"99{serial:07d}")


def _words() -> Iterator[str]:
    while True:
        for letters in itertools.product(_LETTERS, repeat=5):
            yield f"Zq{''.join(letters)}á"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came in place of the stand-ins of one dossier or family, each kind in its order."""

    names: Sequence[tuple[str, ...]]
    numbers: Sequence[str]
    serials: Sequence[int]


class Supply:
    """Names and numbers that come in place of stand-ins, each number once.

    first: from where on serial numbers are free, those of people there already left out.
    """

    def __init__(self, random: Random, *, first: int) -> None:
        """Put the names in an order of chance."""
        words = told().names
        self._names = {
            "male": _names([words["family"], words["male"], words["given"]], 4, random),
            "female": _names([words["family"], words["female"], words["given"]], 5, random),
            "child": _names([words["family"], words["child"]], 4, random),
        }
        self._serials = (one for one in itertools.count(first) if is_serial(one))
        self._numbers: dict[str, int] = defaultdict(lambda: first)

    def name(self, kind: str) -> tuple[str, ...]:
        """Return the words of the next name."""
        return next(self._names[kind])

    def serial(self) -> int:
        """Return the next serial number of which a tax code can be made."""
        return next(self._serials)

    def number(self, like: str) -> str:
        """Return the next national number of the same sex and birth year."""
        self._numbers[like[:6]] += 1
        return f"{like[:6]}{self._numbers[like[:6]]:06d}"


def _names(words: Sequence[Sequence[str]], count: int, random: Random) -> Iterator[tuple[str, ...]]:
    whole = [tuple(" ".join(parts).split()) for parts in itertools.product(*words)]
    fitting = [one for one in whole if len(one) == count]
    random.shuffle(fitting)
    return itertools.cycle(fitting)
