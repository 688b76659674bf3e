"""Who sits in a council sees what is before it, and no other dossier of the commune."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.search import public as search
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import CouncilSeat, DossierPaper, Party
from sen.systems.public_services.queries import council as councils
from sen.systems.public_services.queries import records, whole
from sen.systems.public_services.services import council, opening
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.councils import (
    SEVERE,
    conclude,
    convene,
    convened,
    excuse,
    heard,
    members_of,
    opine,
    ready,
)
from sen.systems.public_services.tests.test_api import of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(province) -> SimpleNamespace:
    return members_of(province)


@pytest.fixture
def two(cast) -> SimpleNamespace:
    """A dossier that is before the council, and one of the same commune that is not."""
    return SimpleNamespace(**vars(cast), before=convened(cast), other=f.assigned(cast))


def sees(actor: Actor, code: str) -> bool:
    try:
        whole.whole(actor, code, now=f.later(700))
    except NotFound:
        return False
    return True


def well() -> bool:
    [one] = [one for one in database.invariants() if one.code.endswith(".council_members")]
    with access.acting(SYSTEM):
        return one.find(10) == []


def test_a_member_reads_what_is_before_the_council_and_nothing_else(two):
    assert (sees(two.tramyte, two.before.code), sees(two.tramyte, two.other.code)) == (True, False)
    assert [one.code for one in records.visible_to(two.tramyte)] == [two.before.code]
    assert records.of_units(two.tramyte, records.Cursor()) == []
    assert access.rights(two.tramyte).every_unit == ()
    assert well()


def test_on_pages_the_other_dossier_is_not_there(two):
    member = browser(two.tramyte)
    assert member.get(f"/ho-so/{two.before.code}/").status_code == 200
    assert member.get(f"/ho-so/{two.other.code}/").status_code == 404
    units = member.get("/ho-so/don-vi/")
    assert two.other.code not in text(units)
    assert member.get("/viec/").status_code == 200
    found = text(member.get(f"/tim/?q={two.other.code}"))
    assert f"/ho-so/{two.other.code}/" not in found
    mine = text(member.get("/viec/?tinh-trang=mine"))
    assert (two.before.code in mine, two.other.code in mine) == (True, False)


def test_by_api_the_other_dossier_is_not_there(two):
    member = of("tramyte")
    assert member.ask("GET", f"/dossiers/{two.before.code}").status_code == 200
    assert member.ask("GET", f"/dossiers/{two.other.code}").status_code == 404
    listed = member.ask("GET", "/dossiers")
    assert two.other.code not in listed.content.decode()


def test_search_finds_neither_by_code_nor_by_name(two):
    with access.acting(SYSTEM):
        name = Party.objects.filter(dossier=two.other, role="owner").get().full_name
    assert [hit.code for hit in search.find(two.tramyte, two.other.code, limit=9)] == []
    assert [hit.code for hit in search.find(two.tramyte, name, limit=9)] == []
    assert two.other.code in {hit.code for hit in search.find(two.hotich, name, limit=9)}


def test_files_are_read_with_their_dossier(two):
    with access.acting(SYSTEM):
        papers = {
            one.dossier_id: one.file_id
            for one in DossierPaper.objects.filter(dossier__in=[two.before, two.other])
        }
    assert set(papers) >= {two.other.id}
    assert not opening.may_read_file(two.tramyte, two.other.id, papers[two.other.id])
    assert records.of_file(two.hotich, two.other.id, papers[two.other.id]) is not None
    if two.before.id in papers:
        assert opening.may_read_file(two.tramyte, two.before.id, papers[two.before.id])


def test_the_database_shows_a_member_no_row_of_another_dossier(two):
    with access.acting(two.tramyte):
        assert set(Party.objects.values_list("dossier", flat=True)) == {two.before.id}
        assert not DossierPaper.objects.filter(dossier=two.other).exists()
        assert set(CouncilSeat.objects.values_list("dossier", flat=True)) == {two.before.id}
        with connection.cursor() as cursor:
            cursor.execute("SELECT record FROM forms_answers")
            assert {record for (record,) in cursor.fetchall()} == {two.before.id}
            cursor.execute("SELECT DISTINCT run_id FROM workflow_remark")
            assert {record for (record,) in cursor.fetchall()} == {two.before.id}


def test_work_of_other_members_is_not_listed(two):
    lists = {
        state: [
            (task.code, task.assignee)
            for task in workflow.open_tasks(two.tramyte, state=state, at=f.later(40)).rows
        ]
        for state in ("all", "mine", "team")
    }
    own = [(two.before.code, two.tramyte.account)]
    assert lists == {"all": own, "mine": own, "team": []}
    counters = workflow.counters(two.tramyte, at=f.later(40))
    assert counters.by_act["public_services.opine"] == 1


def test_a_member_of_another_council_sees_only_the_own_one(cast):
    """Two dossiers before two councils: the seat of the second is held by somebody else."""
    first = convened(cast)
    second = convene(cast, ready(cast), seat_health=None)
    assert (sees(cast.tramyte, first.code), sees(cast.tramyte, second.code)) == (True, False)
    assert (sees(cast.phunu, first.code), sees(cast.phunu, second.code)) == (True, True)
    with pytest.raises(council.NotYourSeat):
        opine(cast, second, "tramyte", SEVERE)


def test_as_a_citizen_a_member_has_no_part_in_it(two):
    person = two.tramyte.person
    citizen = Actor(account=person, person=person, strength=f.citizen().strength)
    assert not sees(citizen, two.before.code)
    assert records.mine(citizen, records.Cursor()) == []
    assert records.mine(two.tramyte, records.Cursor()) == []


def test_who_is_excused_or_replaced_sees_it_no_more_and_the_new_one_does(cast):
    dossier = convene(cast, ready(cast), seat_youth=None)
    assert not sees(cast.doanthanhnien, dossier.code)
    excuse(cast, dossier, "seat_women")
    council.replace_member(
        actor=cast.chutich,
        order=f.order(dossier),
        seat="seat_veterans",
        to=cast.doanthanhnien.account,
        at=f.later(606),
    )
    assert [
        sees(one, dossier.code)
        for one in (cast.phunu, cast.cuuchienbinh, cast.doanthanhnien, cast.tramyte)
    ] == [False, False, True, True]
    assert well()


def test_with_the_conclusion_the_members_part_is_over(cast):
    dossier = heard(cast, SEVERE)
    assert sees(cast.tramyte, dossier.code)
    conclude(cast, dossier, SEVERE)
    assert not sees(cast.tramyte, dossier.code)
    assert sees(cast.chutich, dossier.code)
    assert well()


def test_with_a_withdrawal_it_is_over_too(cast):
    dossier = convened(cast)
    owner = f.citizen(procedures.OLD["requester_number"])
    withdrawal.withdraw_dossier(
        actor=owner, order=f.order(dossier), reason="Chuyển nơi ở", at=f.later(606)
    )
    assert not sees(cast.tramyte, dossier.code)
    assert well()


def test_a_member_who_lost_the_right_sees_it_no_more(two):
    [held] = identity.employments(two.tramyte.account, f.ON)
    access.Grant.objects.filter(position=held.position).update(revoked_at=clock.now())
    legal.bump("grants")
    assert not sees(two.tramyte, two.before.code)
    with pytest.raises(NotAllowed):
        opine(two, two.before, "tramyte", SEVERE)


def test_a_member_reads_the_own_opinion_and_not_the_others(cast):
    dossier = convened(cast)
    for name in ("tramyte", "phunu"):
        opine(cast, dossier, name, SEVERE)
    with access.acting(cast.tramyte):
        own = {seat.account: seat.id for seat in CouncilSeat.objects.filter(dossier=dossier)}
        held = councils.sitting(records.dossier(cast.tramyte, dossier.code))
    assert set(held.opinions) == {own[cast.tramyte.account]}


def test_councils_of_older_versions_get_their_members_part(two):
    access.Participation.objects.filter(why=councils.WHY).delete()
    assert (sees(two.tramyte, two.before.code), well()) == (False, False)
    [operation] = import_module(
        "sen.systems.public_services.migrations.0012_councils_by_participation"
    ).Migration.operations
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(operation.sql[1])
    assert (sees(two.tramyte, two.before.code), well()) == (True, True)
    with connection.cursor() as cursor:
        cursor.execute(operation.reverse_sql)
    assert not access.Participation.objects.filter(why=councils.WHY).exists()
