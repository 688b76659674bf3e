from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.kernel.workflow import public as workflow
from sen.kernel.workflow import registry
from sen.kernel.workflow.tests import factories
from sen.kernel.workflow.tests.factories import AT


def test_acts_are_checked():
    factories.register()
    known = workflow.acts()["trial.receive"]

    assert registry.act("trial.receive") is known
    for wrong, said in (
        ("trial.receive", "not str"),
        (workflow.Act(code="trial.x", title={}, permission="", url_name=""), "Vietnamese"),
        (
            workflow.Act(code="trial.receive", title={"vi": "x"}, permission="", url_name=""),
            "two acts",
        ),
    ):
        with pytest.raises(ImproperlyConfigured, match=said):
            workflow.register_acts(wrong)
    with pytest.raises(ImproperlyConfigured, match="no act"):
        registry.act("trial.none")


def test_a_closed_task_knows_whether_it_was_late():
    closed = workflow.ClosedTask(due_at=AT, closed_at=AT + dt.timedelta(minutes=1))

    assert closed.is_late
    assert not workflow.ClosedTask(due_at=None, closed_at=AT).is_late
