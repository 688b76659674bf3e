from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.errors import Conflict, NotFound
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import registry
from sen.kernel.files.models import File
from sen.kernel.files.tests.conftest import AT, KIND, PDF, upload
from sen.kernel.files.tests.factories import FileFactory

pytestmark = pytest.mark.django_db


def test_link_gives_files_to_a_record_in_one_statement(actor, django_assert_num_queries):
    first, second = (files.take(actor, "đơn.pdf", PDF) for _ in range(2))
    record = new_id()

    with django_assert_num_queries(1):
        linked = files.link(actor, [second.id, first.id, second.id], KIND, record, AT)

    assert linked == [second, first]
    assert {(file.owner_kind, file.owner_id, file.free_since) for file in linked} == {
        (KIND, record, None)
    }
    assert list(files.files_of(KIND, record)) == [first, second]
    assert files.files([first.id]) == {first.id: first}
    assert files.get(first.id) == first
    assert files.link(actor, [first.id], KIND, record, AT) == [first]
    assert files.link(actor, [], KIND, record, AT) == []


def test_link_refuses_files_of_others_and_of_nobody(actor):
    own, foreign = (
        files.take(actor, "đơn.pdf", PDF),
        files.take(Actor(account=new_id()), "đơn.pdf", PDF),
    )

    for who, ids in [(actor, [own.id, foreign.id]), (actor, [new_id()]), (ANONYMOUS, [own.id])]:
        with pytest.raises(NotFound), transaction.atomic():
            files.link(who, ids, KIND, new_id(), AT)

    assert File.objects.filter(owner_id__isnull=False).count() == 0


def test_link_refuses_unfinished_files_and_files_of_another_record(actor):
    unfinished, taken = upload(actor), files.take(actor, "đơn.pdf", PDF)
    files.link(actor, [taken.id], KIND, new_id(), AT)

    with pytest.raises(Conflict, match="chưa tải lên xong"), transaction.atomic():
        files.link(actor, [unfinished.id], KIND, new_id(), AT)
    with pytest.raises(Conflict, match="đã thuộc hồ sơ khác"), transaction.atomic():
        files.link(actor, [taken.id], KIND, new_id(), AT)


def test_system_links_what_it_finds():
    file = FileFactory(made_by=new_id())

    assert files.link(SYSTEM, [file.id], KIND, new_id(), AT) == [file]
    with pytest.raises(NotFound), transaction.atomic():
        files.link(SYSTEM, [new_id()], KIND, new_id(), AT)


def test_file_moves_from_a_draft_to_its_record(actor):
    file, draft, record = files.take(actor, "đơn.pdf", PDF), new_id(), new_id()
    files.link(actor, [file.id], KIND, draft, AT)

    files.link(actor, [file.id], KIND, record, AT, moved_from=(KIND, draft))

    assert list(files.files_of(KIND, record)) == [file]


def test_unlinked_file_is_free_from_that_moment(actor):
    file, record = files.take(actor, "đơn.pdf", PDF), new_id()
    files.link(actor, [file.id], KIND, record, AT)

    assert files.unlink(actor, [file.id, new_id()], KIND, record, AT) == 1

    file.refresh_from_db()
    assert (file.owner_kind, file.owner_id, file.free_since) == ("", None, AT)


def test_unknown_owner_is_a_fault_of_the_program(actor):
    with pytest.raises(ImproperlyConfigured):
        files.link(actor, [new_id()], "files_test.unknown", new_id(), AT)


def test_owner_is_registered_once_and_of_its_type():
    files.register_owners(registry.owner_of(KIND))

    with pytest.raises(ImproperlyConfigured, match="twice"):
        files.register_owners(files.FileOwner(KIND, lambda *_: True))
    with pytest.raises(ImproperlyConfigured, match="not a FileOwner"):
        files.register_owners("x")
