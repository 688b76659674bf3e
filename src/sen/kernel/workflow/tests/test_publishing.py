"""Flows published as versions."""

from __future__ import annotations

import pytest

from sen.base.actor import SYSTEM
from sen.base.errors import Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests.factories import (
    AT,
    document,
    simple,
    step,
)


def test_publish_numbers_versions_and_keeps_equal_ones(world):
    first = workflow.publish_flow(SYSTEM, document=simple(), status="sample", at=AT)
    again = workflow.publish_flow(SYSTEM, document=simple(), status="sample", at=AT)
    other = {**simple(), "source": "QĐ 1/QĐ-UBND"}
    second = workflow.publish_flow(SYSTEM, document=other, status="approved", at=AT)

    assert (first.version, again.id, second.version) == (1, first.id, 2)
    assert workflow.latest_flow("trial.flow") == second
    assert list(workflow.flow_versions("trial.flow")) == [second, first]
    assert workflow.flow(first.id).hours == 12
    with pytest.raises(NotFound):
        workflow.latest_flow("trial.none")
    with pytest.raises(NotFound):
        workflow.flow(new_id())


def test_publish_says_what_is_wrong(world):
    broken = document(step("receive", {"outcome": "accept", "to": "nowhere"}))

    with pytest.raises(Invalid) as refused:
        workflow.publish_flow(SYSTEM, document=broken, status="sample", at=AT)
    with pytest.raises(Invalid) as mistyped:
        workflow.publish_flow(SYSTEM, document={**broken, "start": 1}, status="sample", at=AT)
    with pytest.raises(NotAllowed):
        workflow.publish_flow(world.clerk, document=simple(), status="sample", at=AT)

    assert refused.value.fields == {
        "document": ["Bước “receive” dẫn đến bước không có: “nowhere”."]
    }
    assert mistyped.value.fields == {"document": ["Mục “start” ở bước “” thiếu hoặc sai kiểu."]}


def test_a_published_flow_cannot_be_changed(world):
    from django.db import ProgrammingError, transaction

    version = workflow.publish_flow(SYSTEM, document=simple(), status="sample", at=AT)

    with pytest.raises(ProgrammingError), transaction.atomic():
        workflow.FlowVersion.objects.filter(id=version.id).update(status="approved")
