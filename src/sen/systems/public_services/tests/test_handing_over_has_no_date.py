"""What older versions left: a promised day that stood against handing over, and its timers."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.models import Task, Timer
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def test_an_update_takes_the_date_away_and_going_back_restores_it(province):
    answered, at_work = f.issued(province), f.assigned(province)
    due = workflow.run(answered.id).expected_at
    Task.objects.filter(run_id=answered.id).update(record_due_at=due)
    Timer.objects.create(run_id=answered.id, task=None, key="overdue", fire_at=due)
    timers = Timer.objects.filter(run_id=at_work.id).count()
    [operation] = import_module(
        "sen.systems.public_services.migrations.0009_handing_over_has_no_date"
    ).Migration.operations

    run(*operation.sql)

    dates = Task.objects.values_list("run_id", "record_due_at")
    assert dict(dates.all()) == {answered.id: None, at_work.id: at_work.due_at}
    assert not Timer.objects.filter(run_id=answered.id).exists()
    assert Timer.objects.filter(run_id=at_work.id).count() == timers > 0

    run(operation.reverse_sql)

    assert dict(dates.all()) == {answered.id: due, at_work.id: at_work.due_at}
