"""Advisory locks: each has a number of its own, and all of them stand in the one list."""

from __future__ import annotations

import re
from pathlib import Path

import sen
from sen.base import locks


def test_each_lock_has_its_own_number():
    """Sealing once waited for the preparation of the database: both had the same."""
    numbers = [value for name, value in vars(locks).items() if name.isupper()]
    assert len(set(numbers)) == len(numbers) == 5


def test_no_number_of_a_lock_stands_elsewhere():
    sources = (path for path in Path(sen.__path__[0]).rglob("*.py") if path.name != "locks.py")
    found = [
        path.name for path in sources if re.search(r"7_?236_?911_?\d", path.read_text("utf-8"))
    ]
    assert found == []
