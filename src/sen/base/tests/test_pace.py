from __future__ import annotations

import pytest

from sen.base.errors import TooMany
from sen.base.pace import Pace


def test_each_may_ask_so_often_until_the_seconds_are_over():
    now = [100.0]
    pace = Pace(most=2, seconds=10, tick=lambda: now[0])
    pace.note("a")
    pace.note("a")
    pace.note("b")
    with pytest.raises(TooMany):
        pace.note("a")
    now[0] = 109.9
    with pytest.raises(TooMany):
        pace.note("a")
    now[0] = 110.0
    pace.note("a")
