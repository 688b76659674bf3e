"""An invented year in which councils, the tax office and another system have a part."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from sen.base import clock
from sen.base.actor import SYSTEM, Channel, Strength
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import CouncilSeat, Dossier, Findings, Passage
from sen.systems.public_services.services import council, deciding, delivery, duties
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.services.living import seeding
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import councils, factories
from sen.systems.public_services.tests.factories import MORNING, later, order
from sen.systems.public_services.tests.living import (
    UNTIL,
    broken,
    lay_down_plan,
    months_are_there,
    rows_of,
)

pytestmark = pytest.mark.django_db
__all__ = ["months_are_there"]

LAND, DISABILITY, RESIDENCE = "1.013831", "1.001699", "1.004222"
DAYS = 120


@pytest.fixture(scope="module")
def in_demo(in_province) -> None:
    """The demo of other modules, and every unit of the province with its people."""


def lay_down(*codes: str, count: int, busy: tuple[UUID, ...] = ()) -> list[Dossier]:
    """So many dossiers of these procedures, filed in the last months, as they stand then."""
    plan = year.Plan(
        count=count,
        until=UNTIL,
        days=DAYS,
        procedures=frozenset(codes),
        busy=frozenset(busy),
    )
    lay_down_plan(plan)
    access.enter(SYSTEM)
    found = Dossier.objects.filter(case__version__procedure__code__in=codes)
    return list(found.filter(submitted_at__lt=UNTIL).order_by("id"))


def alike(lived: Dossier, invented: list[Dossier]) -> list[Dossier]:
    """Those that came as far by the same acts."""
    return [
        one
        for one in invented
        if (one.state, one.channel, one.version) == (lived.state, lived.channel, lived.version)
        and one.id != lived.id
    ]


def check_rows(lived: Dossier, invented: list[Dossier]) -> None:
    """Among those that went the same way one has the very rows of the lived one."""
    near = alike(lived, invented)
    assert near, [(one.state, one.channel, one.version) for one in invented]
    assert any(rows_of(one) == rows_of(lived) for one in near), [
        (rows_of(lived) - rows_of(one), rows_of(one) - rows_of(lived)) for one in near
    ]
    assert broken() == {}


def at_counter(cast, dossier: Dossier) -> Dossier:
    return delivery.hand_over(
        actor=cast.motcua, order=order(dossier), method="counter", receiver="Người nhận",
        evidence="Phiếu nhận", at=later(60 * 24 * 14),
    )  # fmt: skip


def test_land_goes_through_two_levels_and_the_tax_office(province):
    """Nghị định 151/2025/NĐ-CP: hai cấp, hai lần hẹn."""
    cast = a.land_cast(province)
    lived = a.duty_sent(cast, a.at(23))
    a.duty_stated(cast, lived, a.at(26))
    a.duty_confirmed(cast, lived, a.at(30))
    a.land_decided(cast, lived)
    lived = at_counter(province, factories.fresh(lived))
    invented = lay_down(LAND, count=60, busy=(province.centre,))
    check_rows(lived, invented)
    assert {one.competent_unit_id for one in invented} == {cast.land_office}
    assert len({one.received_unit_id for one in invented}) > 5


def test_the_land_office_numbers_in_the_order_of_time_and_its_open_duties_go_on(province):
    cast = a.land_cast(province)
    invented = lay_down(LAND, count=60)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(c.number ORDER BY d.issued_at) FROM public_services_decision c"
            " JOIN public_services_dossier d ON d.id = c.dossier_id WHERE c.kind = 'result'"
            " AND c.number IS NOT NULL"
        )
        [numbers] = cursor.fetchone()
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
    waiting = [one for one in invented if one.state == "duty"]
    unstated = [one for one in waiting if one.duty.noticed_at is None]
    assert unstated
    assert len(unstated) < len(waiting)
    for dossier in unstated:
        duties.record_duty(
            actor=cast.land_chuyenvien, order=order(dossier), notice=a.NOTICE,
            noticed_on=clock.day(UNTIL), amount_vnd=1, at=later(60 * 8),
        )  # fmt: skip
    assert broken() == {}


def test_a_council_is_convened_heard_and_concludes_in_minutes(province):
    """Luật Người khuyết tật 51/2010/QH12, Điều 16."""
    members = councils.members_of(province)
    lived = councils.ready(members)
    councils.convene(members, lived)
    councils.heard(members, councils.SEVERE, dossier=lived)
    councils.conclude(members, lived, councils.SEVERE)
    factories.propose(province, lived)
    factories.check(province, lived)
    deciding.sign_result(actor=province.chutich, order=order(lived), at=later(60 * 24))
    deciding.issue_result(actor=province.vanthu, order=order(lived), at=later(60 * 24 + 5))
    factories.settle()
    lived = at_counter(province, factories.fresh(lived))
    invented = lay_down(DISABILITY, count=60, busy=(province.centre,))
    check_rows(lived, invented)


def test_members_who_wait_speak_by_the_verbs(province):
    invented = lay_down(DISABILITY, count=80)
    seats = CouncilSeat.objects.filter(
        dossier__in=invented, attendance="awaited", dossier__ended_at=None
    )
    assert seats
    for seat in seats.select_related("dossier"):
        [held] = identity.employments(seat.account, factories.ON)
        member = identity.actor_for(
            seat.account,
            position_id=held.position_id,
            channel=Channel.WEB,
            strength=Strength.MULTI_FACTOR,
        )
        council.give_opinion(
            actor=member, order=order(seat.dossier), findings=councils.LIGHT, at=later(60 * 24)
        )
    assert broken() == {}


def test_what_was_established_stands_sealed_beside_the_declaration(province):
    found = lay_down("2.001827", "1.014027", count=24)
    decided = [one for one in found if one.state in {"issued", "handed_over"}]
    assert decided
    assert {one.id for one in decided} <= set(Findings.objects.values_list("dossier_id", flat=True))


def test_what_another_system_settles_is_passed_on_watched_and_answered(province):
    invented = lay_down(RESIDENCE, count=60)
    assert broken() == {}
    states = {one.state for one in invented}
    assert {"passed_on", "handed_over"} <= states
    passages = Passage.objects.filter(dossier__in=invented)
    watched = passages.filter(answered_at=None, sent_at__isnull=False)
    assert watched.count() == sum(one.state == "passed_on" for one in invented)
    assert all(one.next_look_at for one in watched)
    assert all(one.foreign_code.startswith(told().elsewhere["code"]) for one in watched)


def test_whoever_can_be_signed_in_as_finds_something_at_each_step(province):
    """Officials of two communes, of the land office and of a department; no one's list is empty."""
    cast = councils.members_of(a.land_cast(province))
    shown = seeding.units_shown(factories.ON)
    plan = year.Plan(
        count=900,
        until=UNTIL,
        days=DAYS,
        busy=shown & {province.centre, province.far_centre},
        shown=shown,
    )
    lay_down_plan(plan)
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, array_agg(DISTINCT replace(act, 'public_services.', ''))"
            " FROM workflow_task WHERE unit_id = ANY(%s) GROUP BY 1",
            [[*shown]],
        )
        waits = {unit: set(acts) for unit, acts in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT assignee FROM workflow_task WHERE NOT is_paused")
        given = {row[0] for row in cursor.fetchall()}
    settled = {"assign", "propose", "check", "sign", "issue"}
    council_acts = {"convene", "opine", "conclude"}
    assert waits[province.ward] == settled | council_acts
    assert waits[province.centre] == {"receive", "follow_up", "hand_over"}
    assert waits[cast.land_office] == settled | {"record_duty", "confirm_duty"}
    assert waits[organisations.unit("H41.9.32", factories.ON).id] == settled
    members = {getattr(cast, name).account for name in councils.POSTS.values()}
    own = {cast.hotich, cast.chutich, cast.phochutich, cast.land_chuyenvien, cast.land_giamdoc}
    assert {one.account for one in own} <= given
    assert len(members & given) >= 3


def test_officials_act_in_working_hours_and_people_by_day(province):
    """No leader signs at night, nobody fetches a result at three in the morning."""
    lay_down(LAND, DISABILITY, RESIDENCE, count=60)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT extract(hour FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh')::int,"
            " position IS NULL FROM audit_entry"
            " WHERE subject_kind = 'public_services.dossier' AND account IS NOT NULL"
            " AND at < %s",
            [MORNING.replace(hour=0)],
        )
        hours = cursor.fetchall()
    assert {hour for hour, is_citizen in hours if not is_citizen} <= set(range(7, 18))
    assert {hour for hour, is_citizen in hours if is_citizen} <= set(range(6, 23))
