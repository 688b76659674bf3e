"""People who do not exist: names that nobody bears, numbers that nobody can have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from math import prod
from random import Random

NOWHERE = "999"
"""Stands where a national number has the code of a province; no province has this one."""

_CENTURIES = {19: 0, 20: 2}
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_NO_CHECK_DIGIT = 10


def names(words: Sequence[Sequence[str]], random: Random) -> Iterator[str]:
    """Yield full names, each once as long as there are new ones, in an order of chance.

    words: for each place of a name the words that may stand there. The last place holds words such
    as "Hư Cấu" or "Ví Dụ", by which nobody is called, so that everybody sees what it is.
    """
    order = list(range(prod(len(choices) for choices in words)))
    random.shuffle(order)
    while True:
        for number in order:
            rest, chosen = number, []
            for choices in words:
                rest, index = divmod(rest, len(choices))
                chosen.append(choices[index])
            yield " ".join(chosen)


def national_number(serial: int, *, born: dt.date, is_male: bool) -> str:
    """Return a number that fits sex and birth year and that nobody can have: of no province.

    serial: 0 to 999999, each once for a sex and a year.
    """
    century = _CENTURIES[born.year // 100] + (0 if is_male else 1)
    return f"{NOWHERE}{century}{born.year % 100:02d}{serial % 1_000_000:06d}"


def tax_code(serial: int) -> str:
    """Return a tax code with a check digit that holds, of a range that no tax office hands out."""
    while True:
        nine = f"99{serial % 10_000_000:07d}"
        check = 10 - sum(w * int(d) for w, d in zip(_WEIGHTS, nine, strict=True)) % 11
        if check != _NO_CHECK_DIGIT:
            return f"{nine}{check}"
        serial += 1_000_003


def birthday(random: Random, on: dt.date, ages: tuple[int, int]) -> dt.date:
    """Return a birth date of somebody who is between two ages on a day."""
    years = random.randint(*ages)
    return dt.date(on.year - years - 1, 12, 31) + dt.timedelta(days=random.randint(1, 300))
