"""An installation of an older version starts with a newer one: the positions it lacks are there."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.core.management import call_command

from sen.base import clock
from sen.base.actor import ANONYMOUS, COMMAND
from sen.base.errors import NotAllowed
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import FirstAdministrator
from sen.systems.administration.services import first_run, renewing
from sen.systems.administration.services.renewing import Renewed

HEALTH = ("H41.9.11", "health_station_head")


def counts() -> tuple[int, ...]:
    return (
        organisations.Position.objects.count(),
        identity.Account.objects.count(),
        identity.Employment.objects.count(),
        access.Grant.objects.count(),
        access.Role.objects.count(),
    )


def older(*places: tuple[str, str]) -> None:
    """Take positions away with all that hangs on them, as if they had never been laid down."""
    for unit, code in places:
        position = organisations.Position.objects.get(unit__code=unit, code=code)
        access.Grant.objects.filter(position=position).delete()
        identity.Employment.objects.filter(position=position).delete()
        position.delete()


def unknown(account: identity.Account) -> None:
    """Make an account somebody else's, as if its owner were not known yet."""
    somebody = identity.ensure_person(
        COMMAND, national_number="040090000778", full_name="Người Khác", at=clock.now()
    )
    identity.Account.objects.filter(pk=account.pk).update(username="khac", person=somebody)


def say(words: str) -> str:
    out = io.StringIO()
    call_command(words, stdout=out)
    return out.getvalue()


# -- A demo


def test_a_demo_of_an_older_version_gets_its_positions_and_their_people(province):
    before = counts()
    holder = identity.Employment.objects.get(
        position__unit__code=HEALTH[0], position__code=HEALTH[1]
    ).account
    older(HEALTH, ("H41.9.11.2", "civil_status_officer"), ("H41.9.2", "specialist"))
    unknown(holder)

    said = say("seed_demo")

    assert "Vị trí việc làm: thêm 3." in said
    accounts = before[1] + 1  # the holder, who was unknown
    assert counts() == (before[0], accounts, *before[2:])
    account = identity.account_named(holder.username)
    [held] = identity.employments(account.pk, clock.day(clock.now()))
    assert (held.position.code, held.position.valid_from) == (HEALTH[1], dt.date(2025, 7, 1))
    assert set(
        access.Grant.objects.filter(position=held.position).values_list("role__code", flat=True)
    ) == {"public_services.council_member"}
    assert "Đơn vị, vị trí việc làm: đã có." in say("seed_demo")
    assert counts() == (before[0], accounts, *before[2:])


def test_what_was_closed_or_ended_stays_so(province):
    position = organisations.Position.objects.get(unit__code=HEALTH[0], code=HEALTH[1])
    today = clock.day(province.at)
    [post] = identity.Employment.objects.filter(position=position)
    identity.end_employment(
        COMMAND, employment=post.pk, last_day=today - dt.timedelta(days=1), at=province.at
    )
    organisations.close_position(
        COMMAND, position=position.pk, last_day=today - dt.timedelta(days=1), at=province.at
    )
    before = counts()

    say("seed_demo")

    assert counts() == before
    assert organisations.bring_positions(COMMAND, at=province.at) == []


def test_a_new_official_of_a_closed_post_is_left_out(province):
    position = organisations.Position.objects.get(unit__code=HEALTH[0], code=HEALTH[1])
    [post] = identity.Employment.objects.filter(position=position)
    post.delete()
    unknown(post.account)
    organisations.close_position(
        COMMAND, position=position.pk, last_day=dt.date(2026, 1, 1), at=province.at
    )
    before = counts()

    say("seed_demo")

    assert counts() == before


# -- A province of its own


@pytest.fixture
def begun(db) -> Callable[[str], organisations.Position]:
    """A province set up by its first administrator; finds a position of its root by code."""
    at = clock.now()
    administrator = FirstAdministrator(
        full_name="Nông Thị Đầu Tiên",
        national_number="004190000001",
        username="quantri",
        password="hoa sen trang 27",
    )
    first_run.begin(
        secret=first_run.open_door(at=at),
        province=organisations.NewProvince(area="04", code="H14"),
        administrator=administrator,
        at=at,
    )
    return lambda code: organisations.Position.objects.get(unit__code="H14", code=code)


def test_a_start_brings_the_positions_of_this_version_with_their_roles(begun):
    older(("H14", "vice_chair"))
    granted = access.Grant.objects.filter(position=begun("chair"))
    granted.update(revoked_at=clock.now())
    before = access.Grant.objects.count()

    said = say("renew")

    added = begun("vice_chair")
    assert "Bản này thêm 1 vị trí việc làm, chưa ai giữ" in said
    assert (added.title["vi"], added.valid_from) == ("Phó Chủ tịch", clock.day(clock.now()))
    roles = access.Grant.objects.filter(position=added).values_list("role__code", flat=True)
    assert "public_services.leader" in roles
    assert access.Grant.objects.count() == before + len(roles)  # and nothing to anybody else
    subject = audit.Subject("organisations.position", added.pk, added.code)
    assert [line.action for line in audit.trail(subject)] == ["organisations.position.added"]
    assert renewing.renew(at=clock.now()) == Renewed(0, 0)
    assert say("renew") == ""


def test_roles_of_this_version_are_brought_without_being_given(begun):
    access.Grant.objects.filter(role__code="public_services.leader").delete()
    access.Role.objects.filter(code="public_services.leader").delete()

    assert "Bản này thêm hoặc đổi 1 vai trò" in say("renew")
    assert not access.Grant.objects.filter(role__code="public_services.leader").exists()


def test_communes_and_usual_units_get_their_positions_too(begun):
    at, account = clock.now(), identity.account_named("quantri")
    actor = identity.actor_for(account.pk)
    [area] = organisations.communes_to_come(clock.day(at))[:1]
    first_run.add_departments(actor=actor, codes=["H14.9.2"], at=at)
    first_run.add_communes(actor=actor, at=at)
    commune = f"H14.9.{area.code[1:]}"
    before = organisations.Position.objects.count()
    older(("H14.9.2", "clerk"), (commune, "veterans_chair"), (f"{commune}.1", "one_stop_officer"))
    organisations.Unit.objects.filter(code=commune).update(code="H14.30")  # the authority's own

    assert renewing.renew(at=at) == Renewed(0, 3)
    assert organisations.Position.objects.count() == before
    assert organisations.Position.objects.filter(
        unit__code="H14.30", code="veterans_chair"
    ).exists()


def test_without_a_province_there_is_nothing_to_bring(db):
    assert renewing.renew(at=clock.now()).positions == 0
    access.Role.objects.filter(code="public_services.leader").delete()

    assert say("renew") == ""
    assert access.Role.objects.filter(code="public_services.leader").exists()


def test_positions_are_brought_by_who_may(begun):
    with pytest.raises(NotAllowed):
        organisations.bring_positions(ANONYMOUS, at=clock.now())
