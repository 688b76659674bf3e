from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.base.actor import ANONYMOUS, COMMAND, SYSTEM, Actor, Strength
from sen.base.errors import NotAllowed, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.data import Held
from sen.kernel.access.public import Scope
from sen.kernel.access.tests.conftest import AT, DECIDE, FIRST, ON, RECEIVE, citizen, official
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.tests.factories import PositionFactory

pytestmark = pytest.mark.django_db


def test_rights_reach_as_far_as_their_scope(tree):
    own = official(tree.one, RECEIVE)
    below = official(tree.one, RECEIVE, scope=Scope.BELOW)
    listed = official(tree.one, RECEIVE, scope=Scope.LIST, units=[tree.two.id, tree.two_desk.id])

    reached = [set(access.rights(actor, on=ON).units(RECEIVE)) for actor in (own, below, listed)]

    assert reached == [
        {tree.one.id},
        {tree.one.id, tree.one_desk.id},
        {tree.two.id, tree.two_desk.id},
    ]


def test_rights_of_several_grants_add_up(tree):
    actor = official(tree.one, RECEIVE, DECIDE, groups=["hộ tịch"])
    GrantFactory(
        position=organisations.position(actor.position),
        role=RoleFactory(permissions=[RECEIVE]),
        scope=Scope.BELOW,
    )

    rights = access.rights(actor, on=ON)

    assert rights.permissions == {RECEIVE, DECIDE}
    assert rights.scopes(RECEIVE) == (
        Held(frozenset({tree.one.id}), frozenset({"hộ tịch"})),
        Held(frozenset({tree.one.id, tree.one_desk.id}), None),
    )
    assert rights.every_unit == tuple(sorted([tree.one.id, tree.one_desk.id]))
    assert rights.allows(DECIDE, tree.one.id, "hộ tịch")
    assert not rights.allows(DECIDE, tree.one.id, "đất đai")
    assert rights.allows(RECEIVE, tree.one.id, "đất đai")
    assert rights.allows(DECIDE)
    assert not rights.allows(DECIDE, tree.one_desk.id)
    assert (rights.units("x"), rights.scopes("x")) == ((), ())


@pytest.mark.parametrize("change", ["not_yet", "over", "revoked", "position_closed"])
def test_grant_that_is_not_in_force_gives_nothing(tree, change):
    dates = {
        "not_yet": {"valid_from": dt.date(2026, 11, 22)},
        "over": {"valid_to": dt.date(2026, 11, 20)},
        "revoked": {"revoked_at": AT},
        "position_closed": {},
    }[change]
    position = PositionFactory(
        unit=tree.one, valid_to=dt.date(2026, 11, 20) if change == "position_closed" else None
    )

    actor = official(tree.one, RECEIVE, position=position, **dates)

    assert access.rights(actor, on=ON) == access.Rights(positions=(actor.position,))


def test_grant_holds_on_its_first_and_last_day(tree):
    actor = official(tree.one, RECEIVE, valid_from=ON, valid_to=ON)

    assert [
        bool(access.rights(actor, on=ON + dt.timedelta(days=step)).held) for step in (-1, 0, 1)
    ] == [False, True, False]


def test_whoever_stands_in_has_the_rights_of_the_absent(tree):
    leader, deputy = official(tree.one, DECIDE), official(tree.one_desk, RECEIVE)
    organisations.appoint_stand_in(
        SYSTEM, position=leader.position, stand_in=deputy.position, days=(ON, ON), at=AT
    )

    today, tomorrow = (access.rights(deputy, on=day) for day in (ON, ON + dt.timedelta(days=1)))

    assert today.positions == (deputy.position, leader.position)
    assert (today.units(DECIDE), today.units(RECEIVE)) == ((tree.one.id,), (tree.one_desk.id,))
    assert tomorrow.permissions == {RECEIVE}


def test_rights_cost_nothing_while_nothing_changes(tree, django_assert_num_queries):
    actor = official(tree.one, RECEIVE, scope=Scope.BELOW)
    legal.begin_request()
    access.check(actor, RECEIVE)

    with django_assert_num_queries(0):
        access.check(actor, RECEIVE, unit=tree.one_desk.id)
    legal.begin_request()
    with django_assert_num_queries(1):  # the editions, once a request
        access.check(actor, RECEIVE, unit=tree.one_desk.id)
        access.check(actor, RECEIVE)

    legal.end_request()


@pytest.mark.parametrize("actor", [SYSTEM, COMMAND])
def test_system_may_everything_everywhere(tree, actor):
    access.check(actor, RECEIVE, unit=new_id(), group="x")
    access.require_strength(actor, Strength.LEVEL_2)

    rights = access.rights(actor, on=ON)
    assert rights.is_system
    assert rights.allows(RECEIVE, new_id())
    assert len(rights.units(RECEIVE)) == 5


def test_missing_right_is_named_by_who_asks(tree):
    holder = official(tree.one, RECEIVE)

    access.check(holder, RECEIVE, unit=tree.one.id)
    assert access.allows(holder, RECEIVE)
    for actor, unit, failure in [
        (holder, tree.two.id, NotAllowed),
        (official(tree.one), tree.one.id, NotAllowed),
        (citizen(), None, NotAllowed),
        (ANONYMOUS, None, SignInNeeded),
    ]:
        with pytest.raises(failure) as refused:
            access.check(actor, RECEIVE, unit=unit)
        assert type(refused.value) is failure


def test_right_that_nobody_registered_is_a_fault_of_the_program(tree):
    with pytest.raises(ImproperlyConfigured, match="typo is not registered"):
        access.check(official(tree.one), "access_test.typo")


@pytest.mark.parametrize(
    ("strength", "needed", "passes"),
    [
        (Strength.LEVEL_1, Strength.LEVEL_1, True),
        (Strength.LEVEL_2, Strength.LEVEL_1, True),
        (Strength.PASSWORD, Strength.MULTI_FACTOR, False),
        (Strength.LEVEL_1, Strength.LEVEL_2, False),
    ],
)
def test_strength_is_reached_or_asked_for(strength, needed, passes):
    actor = Actor(account=new_id(), strength=strength)

    if passes:
        access.require_strength(actor, needed)
    else:
        with pytest.raises(SignInNeeded, match="mức cao hơn"):
            access.require_strength(actor, needed)


def test_visitor_has_to_sign_in_first():
    with pytest.raises(SignInNeeded, match="Vui lòng đăng nhập để tiếp tục"):
        access.require_strength(ANONYMOUS, Strength.LEVEL_1)


# -- holders


def employ(actor, *, is_active=True, first=FIRST, last=None):
    person = identity.Person.objects.create(full_name="Nguyễn Văn An", name_key="an")
    account = identity.Account.objects.create(
        id=actor.account,
        username=str(actor.account),
        kind="official",
        person=person,
        is_active=is_active,
        created_at=AT,
    )
    identity.Employment.objects.create(
        account=account, position_id=actor.position, valid_from=first, valid_to=last
    )
    return account.id


def test_holders_are_found_in_one_statement_and_remembered(tree, django_assert_num_queries):
    own = employ(official(tree.one, RECEIVE))
    above = employ(official(tree.province, RECEIVE, scope=Scope.BELOW))
    listed = employ(official(tree.two, RECEIVE, scope=Scope.LIST, units=[tree.one.id]))
    absent, deputy = official(tree.one, RECEIVE), official(tree.two)
    stand_in = [employ(absent), employ(deputy)]
    organisations.appoint_stand_in(
        SYSTEM, position=absent.position, stand_in=deputy.position, days=(ON, ON), at=AT
    )
    employ(official(tree.one, RECEIVE), is_active=False)
    employ(official(tree.one, RECEIVE), last=dt.date(2026, 11, 20))
    employ(official(tree.one, RECEIVE, revoked_at=AT))
    employ(official(tree.one, DECIDE))
    employ(official(tree.two, RECEIVE))

    legal.begin_request()
    legal.editions()
    with django_assert_num_queries(1):
        found = access.holders(RECEIVE, unit=tree.one.id, on=ON)
    with django_assert_num_queries(0):
        again = access.holders(RECEIVE, unit=tree.one.id, on=ON)
    legal.end_request()

    assert found == again == tuple(sorted([own, above, listed, *stand_in]))


def test_holders_are_those_of_the_right_the_unit_and_the_day_that_are_asked(tree):
    one, two = employ(official(tree.one, RECEIVE)), employ(official(tree.two, RECEIVE))
    decides = employ(official(tree.one, DECIDE))
    left = employ(official(tree.one, RECEIVE), last=ON)

    asked = [
        access.holders(RECEIVE, unit=tree.one.id, on=ON),
        access.holders(RECEIVE, unit=tree.two.id, on=ON),
        access.holders(DECIDE, unit=tree.one.id, on=ON),
        access.holders(RECEIVE, unit=tree.one.id, on=ON + dt.timedelta(days=1)),
    ]

    assert asked == [tuple(sorted([one, left])), (two,), (decides,), (one,)]


def test_holders_are_found_anew_when_an_account_is_closed_or_somebody_stands_in(tree):
    holder, deputy = official(tree.one, RECEIVE), official(tree.two)
    account, other = employ(holder), employ(deputy)
    found = [access.holders(RECEIVE, unit=tree.one.id, on=ON)]

    organisations.appoint_stand_in(
        SYSTEM, position=holder.position, stand_in=deputy.position, days=(ON, ON), at=AT
    )
    found.append(access.holders(RECEIVE, unit=tree.one.id, on=ON))
    identity.set_active(SYSTEM, account_id=account, is_active=False, reason="Nghỉ hưu", at=AT)
    found.append(access.holders(RECEIVE, unit=tree.one.id, on=ON))
    for grant in access.Grant.objects.filter(position=holder.position):
        access.revoke(SYSTEM, grant=grant.id, at=AT)
    found.append(access.holders(RECEIVE, unit=tree.one.id, on=ON))

    assert found == [(account,), tuple(sorted([account, other])), (other,), ()]


# -- impartiality


def test_nobody_decides_on_the_own_or_the_familys_matter(tree, django_assert_num_queries):
    actor = official(tree.one, DECIDE)
    own, child = (
        identity.Person.objects.create(id=one, full_name="Trần Thị Bình", name_key="b")
        for one in (actor.person, new_id())
    )
    identity.Kinship.objects.create(person=own, relative=child, kind="child")

    with django_assert_num_queries(1):
        access.check_impartial(actor, [new_id()])
    for parties in ([own.id], [new_id(), child.id]):
        with pytest.raises(access.ConflictOfInterest) as refused:
            access.check_impartial(actor, parties)
    assert (refused.value.code, refused.value.status) == ("conflict_of_interest", 403)


def test_impartiality_needs_a_person_and_parties(django_assert_num_queries):
    with django_assert_num_queries(0):
        access.check_impartial(SYSTEM, [new_id()])
        access.check_impartial(citizen(), [])
