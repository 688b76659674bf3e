"""`./sen bench pages`: what the pages cost that everybody opens, signed in or not."""

from __future__ import annotations

import sys

from bench import options, visits
from bench.server import CannotMeasure, running

AIM_MS, AIM_SQL = 15.0, 6
PAGES = (
    ("home", "/"),
    ("procedure, in full", "/thu-tuc/1.001193/"),
    ("procedure, case by case", "/thu-tuc/1.013831/"),
    ("search, two words", "/thu-tuc/?q=khai+sinh"),
    ("search, a sentence", "/thu-tuc/?q=con+toi+moi+sinh+can+lam+giay+to+gi"),
    ("search, misspelt", "/thu-tuc/?q=giay+fep+xay+dung+nha"),
    ("life events", "/su-kien/"),
    ("following, the form", "/tra-cuu/"),
)


def main(words: list[str]) -> int:
    """Measure and print; return 1 where a page misses its aim."""
    alike = (options.rounds(100), options.home(), options.PORT, options.JSON)
    told = options.parser("pages", __doc__, *alike).parse_args(words)
    try:
        with running(told.home, port=told.port) as server:
            costs = visits.measured(
                server,
                [visits.Visit(name, path) for name, path in PAGES]
                + [visits.Visit("empty request", "/healthz")],
                rounds=told.rounds,
            )
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(visits.table(costs))
    if told.json:
        print(visits.as_json(costs))
    return 0 if all(one.whole_ms <= AIM_MS and one.sql <= AIM_SQL for one in costs) else 1
