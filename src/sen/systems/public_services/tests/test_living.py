"""An invented year: as the verbs would have left it, and the invariants that say so."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import records
from sen.systems.public_services.rules import invented, seasons
from sen.systems.public_services.services import deciding
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.services.living import cast as people
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.services.living import seeding
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.tests import factories
from sen.systems.public_services.tests.factories import MORNING, later, order
from sen.systems.public_services.tests.living import (
    COUNT,
    DAYS,
    UNTIL,
    broken,
    lay_down,
    lay_down_plan,
    months_are_there,
    rows_of,
)

pytestmark = pytest.mark.django_db
__all__ = ["months_are_there"]


def change(sql: str, *parameters: object) -> None:
    """Alter rows by hand, as somebody with a hand in the database would."""
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_an_invented_month_holds_every_invariant(province):
    rows = lay_down()

    assert rows > COUNT * 20
    assert broken() == {}
    access.enter(SYSTEM)
    assert Dossier.objects.count() == COUNT


def test_nobody_in_a_post_was_idle(province):
    """An account that was not used for 45 days is disabled: no list of officials is a red wall."""
    lay_down()
    assert identity.disable_idle(COMMAND, at=UNTIL) == 0


def test_the_same_seed_gives_the_same_dossiers(province):
    def told_of() -> list[tuple[object, ...]]:
        access.enter(SYSTEM)
        return list(
            Dossier.objects.order_by("id").values_list("id", "code", "state", "due_at", "version")
        )

    found = []
    for _turn in range(2):
        with transaction.atomic():
            lay_down()
            found.append(told_of())
            transaction.set_rollback(True)
        legal.forget()
    first, second = found
    assert [one[1:] for one in first] == [one[1:] for one in second]
    assert len(first) == COUNT


def test_numbers_follow_time_within_a_register(province):
    lay_down()
    access.enter(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT received_unit_id, form, array_agg(f.number ORDER BY f.issued_at)"
            " FROM public_services_issuedform f JOIN public_services_dossier d"
            " ON d.id = f.dossier_id GROUP BY 1, 2"
        )
        for _unit, _form, numbers in cursor.fetchall():
            assert numbers == list(range(1, len(numbers) + 1))


def test_nobody_is_told_of_what_was_laid_down(province):
    lay_down()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM events_pending e JOIN events_event v ON v.id = e.id"
            " WHERE v.name LIKE 'public_services.dossier.%'),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'public_services.%')"
        )
        assert cursor.fetchone() == (0, 0)


def test_an_open_invented_dossier_goes_on_by_the_verbs(province):
    """What was laid down is as good as what was lived: the desk receives it."""
    lay_down()
    waiting = Dossier.objects.filter(state="submitted", received_unit=province.centre)
    access.enter(SYSTEM)
    for dossier in waiting:
        factories.reception.receive_dossier(
            actor=province.motcua, order=order(dossier), at=UNTIL + dt.timedelta(minutes=5)
        )
    assert broken().keys() <= {"public_services.papers"}


def test_what_waits_for_a_signature_or_a_seal_is_signed_and_sealed(province):
    """The sample that stands for the draft takes signature, number and seal like any draft."""
    plan = year.Plan(
        count=90, until=UNTIL, days=DAYS, busy=frozenset({province.centre}),
        shown=frozenset({province.ward}), procedures=frozenset({factories.PROCEDURE}),
    )  # fmt: skip
    lay_down_plan(plan)
    access.enter(SYSTEM)
    ours = Dossier.objects.filter(competent_unit=province.ward)
    for dossier in ours.filter(state="signing", decision__signer=province.chutich.account):
        deciding.sign_result(actor=province.chutich, order=order(dossier), at=later(60 * 24 * 3))
    access.enter(SYSTEM)
    signed = list(ours.filter(state="signed"))
    assert len(signed) > 1
    for dossier in signed:
        deciding.issue_result(actor=province.vanthu, order=order(dossier), at=later(60 * 24 * 4))
    factories.settle()
    assert {factories.fresh(one).state for one in signed} <= {"issued", "refused"}


def test_an_invented_life_leaves_the_rows_of_a_lived_one(province):
    """A straight life of a birth registration online, by the verbs and by the generator."""
    lived = factories.handed_over(province)
    lay_down(140)
    access.enter(SYSTEM)
    alike = Dossier.objects.filter(
        state="handed_over", channel="public_services.portal", version=lived.version,
        case__version__procedure__code=factories.PROCEDURE, supplements=None,
    )  # fmt: skip
    same = [one for one in alike.exclude(id=lived.id) if rows_of(one) == rows_of(lived)]
    assert same, [rows_of(lived) - rows_of(one) for one in alike.exclude(id=lived.id)]


def test_whoever_was_there_files_with_the_account_of_a_first_sign_in(province):
    plan = year.Plan(count=80, until=UNTIL, days=DAYS, busy=frozenset({province.centre}))
    access.enter(SYSTEM)
    database.load(people.appoint(Random(1), since=clock.moment(plan.first), at=UNTIL)[1])
    year.lay_down(plan)
    access.enter(SYSTEM)
    father = records.mine(province.father, records.Cursor(limit=50))
    assert all(one.channel == "public_services.portal" for one in father)


def test_lived_dossiers_hold_every_invariant(province):
    factories.handed_over(province)
    refused = factories.proposed(province, refuse=True)
    factories.check(province, refused)
    asked = factories.ask(province, factories.assigned(province))
    factories.submitted(province)
    withdrawn = factories.received(province)
    withdrawal.withdraw_dossier(
        actor=province.father, order=order(withdrawn), reason="Không còn nhu cầu", at=later(90)
    )
    factories.settle()
    assert asked.state == "supplement"
    assert broken() == {}


BREAKS = {
    "public_services.national_state": "UPDATE public_services_dossier SET national_state = 1 WHERE id = %s",
    "public_services.run_as_state": "UPDATE workflow_run SET code = code || 'x' WHERE id = %s",
    "public_services.step_as_state": "DELETE FROM workflow_task WHERE run_id = %s",
    "public_services.promise": "UPDATE workflow_run SET promised_at = promised_at - interval '1 hour' WHERE id = %s",
    "public_services.due_date": "UPDATE public_services_dossier SET due_at = due_at + interval '1 day' WHERE id = %s",
    "public_services.trail": "UPDATE public_services_dossier SET last_at = last_at + interval '1 s' WHERE id = %s",
    "public_services.events": "UPDATE public_services_dossier SET received_at = NULL WHERE id = %s",
    "public_services.participation": "DELETE FROM access_participation WHERE record = %s AND person IS NOT NULL",
    "public_services.owner": "DELETE FROM public_services_party WHERE dossier_id = %s",
    "public_services.codes": "UPDATE papers_codecount SET last_number = last_number + 1 WHERE %s IS NOT NULL",
    "public_services.numbers": "UPDATE public_services_issuedform SET number = number + 1 WHERE dossier_id = %s",
    "public_services.charges": "UPDATE public_services_dossier SET money_state = 'cancelled' WHERE id = %s",
    "public_services.papers": "UPDATE public_services_issuedform SET file_id = NULL WHERE dossier_id = %s",
    "public_services.results": "DELETE FROM results_result WHERE source = %s",
    "public_services.search": "DELETE FROM search_searchentry WHERE record = %s",
    "workflow.open_steps": "DELETE FROM workflow_task WHERE run_id = %s",
    "workflow.nothing_open_at_end": "UPDATE workflow_run SET ended_at = now(), outcome = 'x' WHERE id = %s",
    "workflow.standing_still": "UPDATE workflow_run SET paused_at = now() WHERE id = %s",
    "workflow.dates_of_tasks": "UPDATE workflow_task SET record_due_at = now() WHERE run_id = %s",
    "forms.answers_open": "UPDATE forms_answers SET record_key = decode('00', 'hex') WHERE record = %s",
    "forms.answers_sealed": """UPDATE forms_answers SET public_values = '{"requester_number": "1"}' WHERE record = %s""",
    "access.participation_in_order": "UPDATE access_participation SET until = since - interval '1 s' WHERE record = %s",
    "results.paper": "UPDATE results_result SET sha256 = '' WHERE source = %s",
    "files.bytes_are_there": "UPDATE files_file SET size = 1, received = 1 WHERE owner_id = %s",
}  # fmt: skip


@pytest.mark.parametrize("code", BREAKS)
def test_what_is_broken_by_hand_is_named(province, code):
    dossier = factories.issued(province)
    change(BREAKS[code], dossier.id)
    assert code in broken()


def test_a_pause_that_was_moved_is_named(province):
    dossier = factories.ask(province, factories.assigned(province))
    factories.processing.answer_supplement(
        actor=province.father, order=order(dossier), given=[], answer="Đã sửa", at=later(100)
    )
    assert broken() == {}
    change(
        "UPDATE workflow_clockinterval SET ended_at = ended_at + interval '30 minutes'"
        " WHERE run_id = %s",
        dossier.id,
    )
    assert "workflow.clock_adds_up" in broken()
    change(
        "INSERT INTO workflow_clockinterval (id, run_id, started_at, ended_at, reason, ground)"
        " SELECT gen_random_uuid(), run_id, started_at, ended_at, reason, ground"
        " FROM workflow_clockinterval WHERE run_id = %s",
        dossier.id,
    )
    assert "workflow.intervals_apart" in broken()


def test_a_line_added_to_the_trail_is_named(province):
    dossier = factories.submitted(province)
    assert broken() == {}
    change(
        "INSERT INTO audit_entry SELECT gen_random_uuid(), at, action, subject_kind, subject_id,"
        " subject_code, account, person, position, unit, acting_for, token, strength, channel,"
        " reason, fields FROM audit_entry WHERE subject_id = %s AND false",
        dossier.id,
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_pending")
    audit.record(SYSTEM, "a.b", subject=audit.Subject("x", dossier.id), at=MORNING)
    connection.run_gathered()
    change("DELETE FROM audit_pending")
    assert "audit.trail_whole" in broken()


def test_an_event_that_waits_and_is_not_kept_is_named(province):
    change(
        "INSERT INTO events_pending (id, name, record) VALUES (gen_random_uuid(), 'a.b',"
        " gen_random_uuid())"
    )
    assert "events.waiting_are_kept" in broken()


def test_the_command_prints_a_line_an_invariant_and_the_codes_that_break_it(province):
    dossier = factories.submitted(province)
    change("UPDATE public_services_dossier SET national_state = 9 WHERE id = %s", dossier.id)
    said = StringIO()
    with pytest.raises(CommandError, match="1 điều kiện"):
        call_command("data", "verify", only="public_services.", stdout=said)
    lines = said.getvalue().splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("FAIL"))
    assert "public_services.national_state" in lines[place]
    assert lines[place + 1].strip() == dossier.code
    assert sum(line.startswith("ok  ") for line in lines) == 20


def test_more_than_are_shown_is_said(province):
    for _number in range(2):
        factories.submitted(province)
    change("UPDATE public_services_dossier SET national_state = 9")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("data", "verify", only="public_services.national", shown=1, stdout=said)
    assert said.getvalue().splitlines()[-1].strip() == "còn nữa"


def test_names_are_each_new_and_say_that_they_are_invented():
    words = told().names
    made = invented.names([words["family"], words["male"], words["given"]], Random(1))
    first = [next(made) for _number in range(2000)]
    assert len(set(first)) == 2000
    assert all(any(name.endswith(word) for word in words["given"]) for name in first)


def test_numbers_belong_to_no_province_and_fit_sex_and_year():
    number = invented.national_number(7, born=dt.date(1990, 5, 2), is_male=False)
    assert number == "999190000007"


def test_a_long_rest_is_followed_by_a_rush():
    days = [dt.date(2026, 2, 1) + dt.timedelta(days=number) for number in range(28)]
    worked = {day: not 14 <= day.day <= 22 for day in days}
    shares = seasons.weights(
        days[0], days[-1], months=[1.0] * 12, worked=worked,
        after_rest={
            "days_of_rest": 6, "working_days": 2, "times": 2.0, "before": 1, "before_times": 0.5,
        },
        recent={"days": 1, "times": 3.0},
    )  # fmt: skip
    assert [shares[dt.date(2026, 2, day)] for day in (12, 13, 14, 23, 24, 25, 28)] == [
        1.0, 0.5, 0.25, 2.0, 2.0, 1.0, 3.0,
    ]  # fmt: skip


def test_without_invented_dossiers_the_seeds_lay_nothing_down(province, settings):
    settings.DEMO_DOSSIERS = 0
    said: list[str] = []
    seeding.seed_officials(said.append)
    seeding.seed_dossiers(said.append)
    assert said == [
        "Không dựng hồ sơ hư cấu nên không thêm cán bộ hư cấu.", "Hồ sơ hư cấu: không dựng.",
    ]  # fmt: skip
