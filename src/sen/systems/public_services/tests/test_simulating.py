"""Dossiers laid down by the hundred thousand: as lived ones, all of them or none, never by mistake."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from dataclasses import replace
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from sen.base import clock, sealing
from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.papers import public as papers
from sen.systems.public_services.models import Dossier, Party
from sen.systems.public_services.services.living import cast as people
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.simulating import planning, simulation, writing
from sen.systems.public_services.services.simulating.standins import StandIns, Supply, is_serial
from sen.systems.public_services.tests.living import UNTIL, broken, months_are_there

pytestmark = pytest.mark.django_db
__all__ = ["months_are_there"]

COUNT, DAYS = 200, 40


@pytest.fixture
def few_patterns(monkeypatch) -> None:
    """So few patterns that each is written several times."""
    monkeypatch.setattr(simulation, "_PATTERNS", 30)


def a_plan(count: int = COUNT, seed: int = 41) -> year.Plan:
    return year.Plan(count=count, until=UNTIL, days=DAYS, seed=seed)


def simulated(plan: year.Plan) -> simulation.Simulation:
    """Officials in every post, patterns, dossiers: what the command does."""
    access.enter(SYSTEM)
    since = clock.moment(plan.first)
    database.load(people.appoint(Random(plan.seed), since=since, at=plan.until)[1])
    many = simulation.Simulation(plan)
    many.play(lambda _done: None)
    many.lay_down(lambda _done: None)
    return many


def test_simulated_dossiers_hold_every_invariant(province, few_patterns):
    many = simulated(a_plan())

    assert sum(len(batch.lives) for batch in many.batches) < COUNT / 3
    assert broken() == {}
    access.enter(SYSTEM)
    assert Dossier.objects.count() == COUNT
    assert many.rows > COUNT * 20


def test_written_by_processes_beside_they_are_the_same(province, few_patterns, monkeypatch):
    monkeypatch.setattr(writing, "written_here", writing.written_beside)
    many = simulated(a_plan())

    assert broken() == {}
    access.enter(SYSTEM)
    beside = set(Dossier.objects.values_list("code", "submitted_at"))
    assert len(beside) == COUNT
    assert many.rows > COUNT * 20
    plan = planning.Planning(Supply(Random(41), first=10_000), papers.Numbering([]), 41)
    assert beside == {
        (one.code, one.life.at + one.off) for batch in many.batches for one in plan.copies(batch)
    }


def test_a_writer_that_dies_leaves_nothing(province, few_patterns, monkeypatch):
    monkeypatch.setattr(writing, "written_here", writing.written_beside)
    monkeypatch.setattr(writing, "written", lambda _plan: os._exit(3))
    with pytest.raises(writing.WriterDied), transaction.atomic():
        simulated(a_plan(60))
    access.enter(SYSTEM)
    assert not Dossier.objects.exists()
    assert multiprocessing.active_children() == []


def test_they_are_sealed_with_their_rows(province, few_patterns):
    while audit.seal():
        pass
    simulated(a_plan(60))
    waiting = {entry.action for entry in _waiting()}
    assert not any(action.startswith("public_services.dossier") for action in waiting)


def _waiting() -> list[audit.Entry]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_pending")
        ids = [row[0] for row in cursor.fetchall()]
    from sen.kernel.audit.queries import entries

    return entries(ids)


def test_nothing_of_the_stand_ins_is_left(province, few_patterns):
    simulated(a_plan())
    access.enter(SYSTEM)
    with connection.cursor() as cursor:
        for table, column in (
            ("identity_person", "full_name"), ("public_services_party", "full_name"),
            ("search_searchentry", "title"), ("search_searchentry", "folded::text"),
            ("search_searchentry", "exact::text"), ("workflow_remark", "text"),
            ("identity_enterprise", "name"), ("public_services_decision", "notation"),
        ):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} ~* 'zq[a-z]{{5}}|7100'")
            assert cursor.fetchone()[0] == 0, (table, column)


def test_answers_open_and_say_who_filed(province, few_patterns):
    simulated(a_plan())
    access.enter(SYSTEM)
    owners = dict(Party.objects.values_list("dossier_id", "person_id"))
    said = 0
    for dossier in Dossier.objects.order_by("id"):
        answers = forms.read_answers(dossier.id)
        person = identity.person(owners[dossier.id])
        assert "Zq" not in str(answers)
        said += str(answers).count(identity.national_number(person))
    assert said > COUNT / 2


def test_some_let_others_file_for_them_each_somebody_of_their_own(
    province, few_patterns, monkeypatch
):
    for procedure in told().procedures.values():
        monkeypatch.setitem(procedure, "for_another", 0.4)
    simulated(a_plan())
    assert broken() == {}
    access.enter(SYSTEM)
    persons = Party.objects.exclude(person=None)
    owners = dict(persons.filter(role="owner").values_list("dossier", "person"))
    submitters = dict(persons.filter(role="submitter").values_list("dossier", "person"))
    both = owners.keys() & submitters.keys()
    helped = {(submitters[one], owners[one]) for one in both}
    authorised = identity.Representation.objects.filter(kind="authorised")

    assert 0.2 < len(both) / len(owners) < 0.6
    assert set(authorised.values_list("representative", "person")) == helped
    assert len({helper for helper, _owner in helped}) == len(helped)
    assert len(set(authorised.values_list("evidence", flat=True))) == len(helped)


def test_ids_codes_and_people_are_each_once_and_of_their_time(province, few_patterns):
    simulated(a_plan())
    access.enter(SYSTEM)
    rows = list(Dossier.objects.values_list("id", "code", "submitted_at", "link_secret"))
    assert [len({row[place] for row in rows}) for place in (0, 1, 3)] == [COUNT] * 3
    assert all(abs((row[0].int >> 80) - row[2].timestamp() * 1000) <= 1 for row in rows)
    assert all(UNTIL - dt.timedelta(days=DAYS) <= row[2] <= UNTIL for row in rows)


def test_a_second_run_adds_others(province, few_patterns):
    simulated(a_plan(60))
    simulated(a_plan(60, seed=7))
    assert broken() == {}
    access.enter(SYSTEM)
    assert Dossier.objects.count() == 120


def test_posts_that_come_later_get_officials_of_their_own(province):
    """A newer version names more posts: whoever holds one already is not numbered again."""
    access.enter(SYSTEM)
    plan, words = a_plan(), told().posts
    few = dict(list(words.items())[:3])
    since = clock.moment(plan.first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "told", lambda: replace(told(), posts=few))
        first, rows = people.appoint(Random(1), since=since, at=plan.until)
        database.load(rows)
    second, rows = people.appoint(Random(2), since=since, at=plan.until)
    database.load(rows)
    assert (first > 0, second > 0) == (True, True)


class StopsError(Exception):
    """Somebody pulls the plug."""


def test_interrupted_it_leaves_nothing(province, few_patterns):
    many = simulation.Simulation(a_plan())
    many.play(lambda _done: None)
    access.enter(SYSTEM)

    def counts() -> list[int]:
        tables = [
            "public_services_dossier", "workflow_run", "audit_entry", "audit_seal", "events_event",
            "files_file", "identity_person", "papers_register", "papers_codecount",
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
            )
            return list(cursor.fetchone())

    def stops(_done: int) -> None:
        raise StopsError

    before = counts()
    with pytest.raises(StopsError), transaction.atomic():
        many.lay_down(stops)
    access.enter(SYSTEM)
    assert counts() == before


def test_it_is_refused_among_real_people(province, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="--among-real-people"):
        call_command("simulate", dossiers=5, stdout=StringIO())
    access.enter(SYSTEM)
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize(("dossiers", "days"), [(0, 30), (5, 0), (5, 100_000)])
def test_a_plan_that_does_not_fit_is_refused(province, settings, dossiers, days):
    settings.DEMO = True
    with pytest.raises(CommandError):
        call_command("simulate", dossiers=dossiers, days=days, stdout=StringIO())


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_command_says_how_many_and_how_fast(province, few_patterns, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("sen.base.clock.now", lambda: UNTIL)
    monkeypatch.setattr(simulation, "prepare", lambda _plan: None)
    said = StringIO()
    call_command("simulate", dossiers=12, days=DAYS, stdout=said)
    assert said.getvalue().splitlines()[-1].startswith("12 hồ sơ, ")


def test_stand_ins_stand_nowhere_else():
    names = StandIns()
    given = [names.full(is_male=True), names.full(is_male=False), names.child()]
    words = " ".join(given).split()
    assert [len(one.split()) for one in given] == [4, 5, 4]
    assert len(set(words)) == len(words)
    assert all(is_serial(names.serial()) for _one in range(50))


def test_supplied_numbers_keep_sex_and_year_and_come_once():
    supply = Supply(Random(1), first=10)
    numbers = [supply.number("999190000007") for _one in range(3)]
    assert numbers == ["999190000011", "999190000012", "999190000013"]
    assert supply.number("999090000007") == "999090000011"
    assert len(supply.name("male")), len(supply.name("female")) == (4, 5)


def test_what_is_watched_can_be_made_again():
    sealer = sealing.Sealer("k" * 40)
    with sealing.watched() as made:
        digest = sealer.digest("text", "table", "column")
        key, wrapped = sealer.new_record_key("record")
        sealed = key.seal(b"plain", "record", "name")
        whole = sealer.seal(b"plain", "place")
    assert [(one.kind, one.out, one.plain, one.context, one.key) for one in made] == [
        ("digest", digest, b"text", ("table", "column"), b""),
        ("key", wrapped, b"", ("record",), b""),
        ("record", sealed, b"plain", ("record", "name"), wrapped),
        ("seal", whole, b"plain", ("place",), b""),
    ]
    framed = b"".join(map(sealing.framed, ("table", "column", "text")))
    assert sealer.digest_framed(framed) == digest
    again = sealer.seal_framed(b"plain", sealing.framed("place"))
    assert sealer.open(again, "place") == b"plain"
    sealer.digest("other", "not watched")
    assert len(made) == 4
