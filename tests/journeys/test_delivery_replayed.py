"""A delivery that failed for good is seen in administration and run again by its button."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils.html import escape

from sen.base.actor import SYSTEM, Actor, Channel, Strength
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province
from sen.systems.public_services.tests.test_merging import NEW as OLD
from sen.systems.public_services.tests.test_merging import OLD as NEW
from sen.systems.public_services.tests.test_merging import unit

pytestmark = pytest.mark.journey
__all__ = ["province"]

HANDLER = "workflow.follow_merger"
PAGE = "/quan-tri/viec-nen/"


@pytest.fixture
def administrator(province) -> Actor:
    account = identity.account_named("quantri")
    [held] = identity.employments(account.id, f.ON)
    return identity.actor_for(
        account.id,
        position_id=held.position_id,
        channel=Channel.WEB,
        strength=Strength.MULTI_FACTOR,
    )


def run(sql: str, *parameters: object) -> None:
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def stuck(province) -> Dossier:
    """An assigned dossier whose unit merged, and whose step a hand in the database has spoilt."""
    dossier = f.assigned(province)
    f.settle()
    run("UPDATE workflow_task SET permission = 'nobody.knows' WHERE run_id = %s", dossier.id)
    organisations.merge_units(
        SYSTEM, old=[unit(OLD)], new=unit(NEW), on=f.ON, decision="NQ 9", at=f.later(30)
    )
    events.relay()
    run("UPDATE procrastinate_jobs SET attempts = 7 WHERE status = 'todo'")
    jobs.run_pending()
    return dossier


def place(dossier: Dossier) -> str:
    [task] = workflow.record_tasks(dossier.id)
    return organisations.unit_by_id(task.unit_id).code


def test_a_failed_delivery_is_shown_with_its_reason_and_runs_again_by_its_button(
    stuck, administrator
):
    page = browser(administrator)
    [failed] = events.failed_deliveries()
    assert (failed.handler, failed.event, failed.attempts) == (
        HANDLER, "organisations.units.merged", 8,
    )  # fmt: skip
    shown = text(page.get(PAGE))
    assert all(escape(one) in shown for one in (HANDLER, failed.event, failed.reason))
    button = f"/quan-tri/su-kien/{failed.event_id}/chay-lai/"
    assert button in shown
    assert place(stuck) == OLD

    run(
        "UPDATE workflow_task SET permission = 'public_services.dossier.process' WHERE run_id = %s",
        stuck.id,
    )
    pressed = page.post(button, {"handler": HANDLER})
    assert (pressed.status_code, pressed["Location"]) == (303, PAGE)
    jobs.run_pending()

    assert events.failed_deliveries() == []
    assert place(stuck) == NEW
    assert button not in text(page.get(PAGE))
    replayed = [
        line
        for line in audit.trail(audit.Subject("events.delivery", failed.event_id, HANDLER))
        if line.action == "administration.delivery.replay"
    ]
    assert [line.account for line in replayed] == [administrator.account]


def test_what_is_not_mended_fails_again_and_is_shown_again(stuck, administrator):
    page = browser(administrator)
    [failed] = events.failed_deliveries()
    page.post(f"/quan-tri/su-kien/{failed.event_id}/chay-lai/", {"handler": HANDLER})
    assert events.failed_deliveries() == []
    run("UPDATE procrastinate_jobs SET attempts = 7 WHERE status = 'todo'")
    jobs.run_pending()
    [again] = events.failed_deliveries()
    assert (again.event_id, again.handler, place(stuck)) == (failed.event_id, HANDLER, OLD)


def test_an_official_of_a_commune_runs_nothing_again(stuck, province):
    [failed] = events.failed_deliveries()
    refused = browser(province.far_chutich).post(
        f"/quan-tri/su-kien/{failed.event_id}/chay-lai/", {"handler": HANDLER}
    )
    assert refused.status_code == 403
    assert len(events.failed_deliveries()) == 1
