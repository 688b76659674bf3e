"""What is the folder's alone: full disks, power cuts, memory."""

from __future__ import annotations

import errno
import os
import tracemalloc

import pytest

from sen.base.actor import SYSTEM
from sen.kernel.files import public as files
from sen.kernel.files import rules
from sen.kernel.files.adapters import folder, storage
from sen.kernel.files.models import File
from sen.kernel.files.tests.conftest import PDF, SHA, in_store

pytestmark = pytest.mark.django_db


def test_bytes_lost_in_a_crash_are_asked_for_again(actor):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])
    os.truncate(storage.current().temporary(file.place), 40)

    with pytest.raises(files.WrongOffset) as refused:
        files.append(actor, file.id, 100, PDF[100:])

    assert refused.value.offset == 40
    files.append(actor, file.id, 40, PDF[40:])
    assert files.finish(actor, file.id, SHA).sha256 == SHA


def full_disk(monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", refuse)


def test_full_disk_while_taking_leaves_nothing_and_says_so(actor, root, monkeypatch):
    full_disk(monkeypatch)

    with pytest.raises(files.NoSpace) as refused:
        files.take(actor, "đơn.pdf", PDF)

    assert (refused.value.status, refused.value.code) == (503, "no_space")
    assert (File.objects.count(), in_store()) == (0, [])


def test_full_disk_while_appending_loses_no_piece_before(actor, monkeypatch):
    file = files.begin(actor, "đơn.pdf", len(PDF))
    files.append(actor, file.id, 0, PDF[:100])
    with monkeypatch.context() as filled:
        full_disk(filled)
        with pytest.raises(files.NoSpace):
            files.append(actor, file.id, 100, PDF[100:])

    assert File.objects.get().received == 100
    files.append(actor, file.id, 100, PDF[100:])
    assert files.finish(actor, file.id, SHA).sha256 == SHA


def test_other_disk_failures_are_not_hidden(actor, monkeypatch):
    def refuse(*_arguments):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "pwrite", refuse)

    with pytest.raises(OSError, match="broken"):
        files.take(actor, "đơn.pdf", PDF)


def test_full_disk_while_storing_leaves_nothing(root, monkeypatch):
    def refuse(_self, _place):
        raise files.NoSpace

    monkeypatch.setattr(folder.Folder, "settle", refuse)

    with pytest.raises(files.NoSpace):
        files.store(SYSTEM, "giấy khai sinh.pdf", PDF, rules.PDF)

    assert in_store() == []


def test_full_disk_while_laying_down_leaves_nothing(actor, root, monkeypatch):
    def refuse(_self, _place):
        raise files.NoSpace

    monkeypatch.setattr(folder.Folder, "settle", refuse)

    with pytest.raises(files.NoSpace):
        files.lay_down(actor, "a.pdf", PDF, rules.PDF)

    assert in_store() == []


def test_appending_needs_memory_for_one_piece_only(actor):
    piece = os.urandom(1024 * 1024)
    file = files.begin(actor, "a.pdf", 30 * len(piece))
    tracemalloc.start()
    try:
        for number in range(30):
            files.append(actor, file.id, number * len(piece), piece)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < len(piece)
