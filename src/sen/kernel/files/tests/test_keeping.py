from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from sen.base import clock
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files.adapters import storage
from sen.kernel.files.models import File
from sen.kernel.files.services import keeping
from sen.kernel.files.tests.conftest import AT, KIND, PDF, in_store, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def test_purge_deletes_what_belonged_to_nothing_for_a_day(actor, root, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    linked, fresh = (files.take(actor, "đơn.pdf", PDF) for _ in range(2))
    files.link(actor, [linked.id], KIND, new_id(), AT)
    old = [files.take(actor, "đơn.pdf", PDF) for _ in range(3)] + [upload(actor)]
    now = clock.now()
    File.objects.filter(id__in=[file.id for file in old]).update(
        free_since=now - dt.timedelta(hours=24, seconds=1)
    )

    assert files.purge(at=now) == 4

    assert set(File.objects.all()) == {linked, fresh}
    assert in_store() == sorted([linked.place, fresh.place])


def test_purge_comes_by_the_clock():
    from sen.kernel.jobs import registry as job_registry

    assert job_registry.job("files.purge").every == "41 * * * *"
    job_registry.job("files.purge").run()


def test_verify_names_what_is_missing_damaged_or_left_over(actor, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    whole, damaged, missing = (files.take(actor, "đơn.pdf", PDF) for _ in range(3))
    storage.current().put_quickly(damaged.place, PDF[:-1] + b"x")
    storage.current().discard(missing.place)
    late = clock.now() + dt.timedelta(hours=25)
    left_over = [storage.new_place() for _ in range(2)]
    for place in left_over:
        storage.current().write_at(place, 0, b"x")

    report = files.verify(at=late)

    assert report == files.StorageReport(
        checked=3, missing=(missing.id,), damaged=(damaged.id,), orphans=tuple(sorted(left_over))
    )
    assert not report.ok
    assert files.verify(at=clock.now()).orphans == ()
    assert files.remove_orphans(at=late) == 2
    assert in_store() == sorted([whole.place, damaged.place])


def test_command_reports_and_fails_where_something_is_wrong(actor, capsys):
    file = files.take(actor, "đơn.pdf", PDF)
    call_command("files", "verify", "--remove-orphans")
    assert capsys.readouterr().out == (
        "1 tệp · files, 0 thiếu · missing, 0 hỏng · damaged, 0 thừa · orphans (0 đã xóa · removed)\n"
    )
    storage.current().discard(file.place)

    with pytest.raises(SystemExit) as ended:
        call_command("files", "verify")

    assert ended.value.code == 1
    assert capsys.readouterr().out.startswith(f"thiếu · missing: {file.id}\n1 tệp")
