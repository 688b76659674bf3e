from __future__ import annotations

import pytest

from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.errors import NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files.adapters import storage
from sen.kernel.files.tests.conftest import AT, KIND, PDF, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def test_owner_decides_who_opens_a_file(actor, owners, django_assert_num_queries):
    file = files.take(actor, "đơn.pdf", PDF)
    files.link(actor, [file.id], KIND, new_id(), AT)
    reader = Actor(account=new_id())
    owners.add(reader.account)

    with django_assert_num_queries(1):
        opened, content = files.open_file(reader, file.id)

    assert (opened, content.read()) == (file, PDF)
    with pytest.raises(NotFound):
        files.open_file(actor, file.id)
    with pytest.raises(SignInNeeded):
        files.open_file(ANONYMOUS, file.id)
    assert files.open_file(SYSTEM, file.id)[0] == file


def test_unused_file_is_opened_by_its_maker_only(actor):
    file = files.take(actor, "đơn.pdf", PDF)

    assert files.open_file(actor, file.id)[0] == file
    for stranger, failure in [(Actor(account=new_id()), NotFound), (ANONYMOUS, SignInNeeded)]:
        with pytest.raises(failure):
            files.open_file(stranger, file.id)


def test_unfinished_or_unknown_file_cannot_be_opened(actor):
    for file_id in (upload(actor).id, new_id()):
        with pytest.raises(NotFound):
            files.open_file(actor, file_id)
        with pytest.raises(NotFound):
            files.read(file_id)
    with pytest.raises(NotFound):
        files.get(new_id())


def test_changed_or_missing_bytes_are_never_handed_out(actor):
    file = files.take(actor, "đơn.pdf", PDF)
    kept = storage.current()

    kept.put_quickly(file.place, PDF[:-1] + b"x")
    with pytest.raises(files.Damaged):
        files.read(file.id)
    kept.put_quickly(file.place, PDF[:-1])
    with pytest.raises(files.Damaged):
        files.open_file(actor, file.id)[1].open()
    kept.discard(file.place)
    with pytest.raises(files.Damaged):
        files.read(file)
