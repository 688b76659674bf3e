"""Bytes of files that are laid down many at once."""

from __future__ import annotations

import itertools

from sen.kernel.files import public as files
from sen.kernel.files.adapters import storage
from sen.kernel.files.services import past


def test_copies_have_places_of_their_own_and_bytes_written_seldom(root, monkeypatch):
    monkeypatch.setattr(past, "_NAMES", 2)
    for folder in itertools.product("0123456789abcdef", repeat=2):
        (root / "/".join(folder)).mkdir(parents=True)
    first = storage.new_place()
    storage.current().put_quickly(first, b"bytes")
    copies = files.Copies(first)

    places = [copies.place() for _number in range(7)]

    paths = [root / storage.spread(place) for place in places]
    assert [path.read_bytes() for path in paths] == [b"bytes"] * 7
    assert len({*places, first}) == 8
    assert sorted(path.stat().st_nlink for path in paths) == [1, 3, 3, 3, 3, 3, 3]
    assert (root / storage.spread(first)).stat().st_nlink == 1
