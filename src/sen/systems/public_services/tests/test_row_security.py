"""The second wall: papers, requests, decisions and endings are seen by who takes part."""

from __future__ import annotations

import pytest
from django.db import connection

from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.systems.public_services.models import (
    Closing,
    Decision,
    DossierPaper,
    HandOver,
    Party,
    SupplementRequest,
)
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.tests import factories as f

WALLED = (Party, DossierPaper, SupplementRequest, Decision, Closing, HandOver)


def seen(actor: Actor) -> list[int]:
    """Return how many rows of each table an actor sees."""
    with access.acting(actor):
        return [model.objects.count() for model in WALLED]


@pytest.fixture
def ended(province):
    """One dossier waits for more, one was handed over, one was withdrawn."""
    f.ask(province, f.submitted(province), minutes=5)
    f.handed_over(province)
    second = f.submitted(province)
    withdrawal.withdraw_dossier(
        actor=province.father, order=f.order(second), reason="Nộp nhầm", at=f.later(90)
    )
    return province


def test_who_takes_part_sees_and_nobody_else(ended):
    everything = [3, 3, 1, 1, 1, 1]

    assert seen(SYSTEM) == everything
    assert seen(ended.father) == everything
    assert seen(ended.motcua) == seen(ended.hotich) == everything
    for other in (ended.stranger, ended.far_motcua, ended.far_hotich, ANONYMOUS, Actor()):
        assert seen(other) == [0] * len(WALLED)


def test_without_an_actor_there_is_no_row(ended):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sen.persons', '', true), set_config('sen.units', '', true),"
            " set_config('sen.account', '', true), set_config('sen.system', '', true)"
        )

    assert [model.objects.count() for model in WALLED] == [0] * len(WALLED)


@pytest.mark.parametrize("model", WALLED)
def test_the_parts_of_a_dossier_are_found_by_index_behind_the_wall(ended, model):
    with access.acting(ended.father), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables of a test are tiny
        cursor.execute(
            f"EXPLAIN SELECT * FROM {model._meta.db_table} WHERE dossier_id = %s", [new_id()]
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Cond: (dossier_id = " in plan
    assert "hashed" not in plan
