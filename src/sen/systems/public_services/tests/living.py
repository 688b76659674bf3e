"""What tests of the invented year share: laying some of it down, what a dossier's rows are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.db import connection, connections

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.jobs import public as jobs
from sen.kernel.legal import public as legal
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services.living import cast as people
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.tests.factories import MORNING

UNTIL = MORNING.replace(hour=16, minute=30)
COUNT, DAYS = 60, 40


@pytest.fixture(autouse=True, scope="module")
def months_are_there(in_demo) -> None:
    """The months of the year that is laid down have their partitions, whenever this runs."""
    for days in (150, 60):
        jobs.keep_partitions(on=clock.day(UNTIL) - dt.timedelta(days=days))
    connections["owner"].close()


def lay_down(count: int = COUNT, seed: int = 41) -> int:
    """Officials in every post and an invented month, in the two communes of the tests."""
    return lay_down_plan(year.Plan(count=count, until=UNTIL, days=DAYS, seed=seed))


def lay_down_plan(plan: year.Plan) -> int:
    """The same for any plan; what the seeds of a demo do."""
    access.enter(SYSTEM)
    since = clock.moment(plan.first)
    _count, rows = people.appoint(Random(plan.seed), since=since, at=plan.until)
    database.load(rows)
    return year.lay_down(plan)


def broken() -> dict[str, list[str]]:
    """What `sen data verify` would name, by invariant; the months ahead are the clock's own."""
    while audit.seal():
        pass
    legal.forget()
    with access.acting(SYSTEM):
        found = {one.code: list(one.find(9)) for one in database.invariants()}
    found.pop("jobs.partitions_ahead")
    return {code: names for code, names in found.items() if names}


_SMALL = """(
    SELECT id FROM public_services_findings WHERE dossier_id = %s UNION ALL
    SELECT id FROM public_services_council WHERE dossier_id = %s UNION ALL
    SELECT id FROM public_services_councilseat WHERE dossier_id = %s)"""


def rows_of(dossier: Dossier) -> Counter[str]:
    """How many rows of each table a dossier has; signatures apart, which nobody made on samples."""
    queries = {
        "party": "public_services_party WHERE dossier_id = %s",
        "form": "public_services_issuedform WHERE dossier_id = %s",
        "decision": "public_services_decision WHERE dossier_id = %s",
        "handover": "public_services_handover WHERE dossier_id = %s",
        "closed": "workflow_closedtask WHERE run_id = %s",
        "open": "workflow_task WHERE run_id = %s",
        "timer": "workflow_timer WHERE run_id = %s",
        "answers": "forms_answers WHERE record = %s",
        "result": "results_result WHERE source = %s",
        "search": "search_searchentry WHERE record = %s",
        "remark": "workflow_remark WHERE run_id = %s",
        "pause": "workflow_clockinterval WHERE run_id = %s",
        "stage": "public_services_stage WHERE dossier_id = %s",
        "stage done": "public_services_stage WHERE dossier_id = %s AND ended_at IS NOT NULL",
        "findings": "public_services_findings WHERE dossier_id = %s",
        "duty": "public_services_financialduty WHERE dossier_id = %s AND paid_at IS NOT NULL",
        "council": "public_services_council WHERE dossier_id = %s AND concluded_at IS NOT NULL",
        "seat": "public_services_councilseat WHERE dossier_id = %s",
        "present": """public_services_councilseat WHERE dossier_id = %s
            AND attendance = 'present'""",
        "passage": "public_services_passage WHERE dossier_id = %s AND answered_at IS NOT NULL",
        "message": "public_services_syncmessage WHERE dossier_id = %s",
        "established": f"forms_answers WHERE record IN {_SMALL}",
        "open to": f"access_participation WHERE record IN {_SMALL}",
    }
    found: Counter[str] = Counter()
    with access.acting(SYSTEM), connection.cursor() as cursor:
        for name, rest in queries.items():
            cursor.execute(f"SELECT count(*) FROM {rest}", [dossier.id] * rest.count("%s"))
            found[name] = cursor.fetchone()[0]
        cursor.execute(
            "SELECT action FROM audit_entry WHERE subject_id = %s AND action <> ALL(%s)",
            [dossier.id, ["public_services.dossier.read", "signing.request"]],
        )
        found.update(f"audit {row[0]}" for row in cursor.fetchall())
        cursor.execute(
            "SELECT name FROM events_event WHERE record = %s AND name LIKE 'public_services%%'",
            [dossier.id],
        )
        found.update(f"event {row[0]}" for row in cursor.fetchall())
        cursor.execute(
            "SELECT why, unit IS NULL FROM access_participation WHERE record = %s", [dossier.id]
        )
        found.update(f"part {row}" for row in cursor.fetchall())
    return found
