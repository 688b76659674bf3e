"""Why a right is held, who holds it where; ending a grant and giving it again."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.models import Grant
from sen.kernel.access.public import MANAGE_GRANTS, MANAGE_ROLES, NewGrant, Scope
from sen.kernel.access.tests.conftest import AT, DECIDE, FIRST, ON, RECEIVE, official
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.tests.factories import PositionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def administrator(tree):
    return official(tree.province, MANAGE_GRANTS, scope=Scope.BELOW)


def stand_in(tree, position, other) -> None:
    organisations.StandIn.objects.create(
        position=position, stand_in=other, valid_from=ON, valid_to=ON, decision="QĐ 1"
    )


def test_grounds_name_the_grant_the_position_and_the_units(tree):
    holder = official(tree.one)
    role = RoleFactory(permissions=[DECIDE, RECEIVE])
    made = access.grant(
        administrator(tree),
        grant=NewGrant(
            position=holder.position, role=role.code, scope=Scope.BELOW, valid_from=FIRST
        ),
        at=AT,
        reason="QĐ 2",
    )
    over = GrantFactory(position=made.position, valid_to=ON - DAY)
    taken = GrantFactory(position=made.position, revoked_at=AT)

    (ground,) = access.grounds(holder.position, on=ON)

    assert (ground.grant, ground.role, ground.position, ground.for_position) == (
        made.id,
        role.id,
        holder.position,
        holder.position,
    )
    assert ground.permissions == (DECIDE, RECEIVE)
    assert ground.units == frozenset({tree.one.id, tree.one_desk.id})
    assert (ground.scope, ground.made_by, ground.is_standing_in) == (
        Scope.BELOW,
        made.made_by,
        False,
    )
    assert {over.id, taken.id}.isdisjoint({ground.grant})


def test_grounds_in_a_unit_name_holders_and_stand_ins_at_the_same_cost(
    tree, django_assert_num_queries
):
    holder = official(tree.province, DECIDE, scope=Scope.BELOW)
    official(tree.two, DECIDE)
    other = PositionFactory(unit=tree.province)
    stand_in(tree, organisations.position(holder.position), other)
    legal.begin_request()
    access.grounds_in(DECIDE, unit=tree.one_desk.id, on=ON)  # the closure is remembered

    with django_assert_num_queries(2):
        found = access.grounds_in(DECIDE, unit=tree.one_desk.id, on=ON)

    assert [(one.position, one.for_position, one.is_standing_in) for one in found] == [
        (holder.position, holder.position, False),
        (other.id, holder.position, True),
    ]
    assert access.grounds(other.id, on=ON)[0].for_position == holder.position
    for _again in range(2):
        GrantFactory(position=other, role_id=found[0].role)
    with django_assert_num_queries(2):
        assert len(access.grounds_in(DECIDE, unit=tree.province.id, on=ON)) == 4
    legal.end_request()


def test_ending_a_grant_holds_until_its_last_day(tree):
    holder, admin = official(tree.one, RECEIVE), administrator(tree)
    kept = Grant.objects.get(position=holder.position)

    ended = access.end_grant(admin, grant=kept.id, last_day=ON, at=AT, reason="Hết phân công")

    assert ended.valid_to == ON
    assert access.rights(holder, on=ON).allows(RECEIVE)
    assert not access.rights(holder, on=ON + DAY).allows(RECEIVE)
    (line,) = audit.trail(audit.Subject("access.grant", kept.id))
    assert (line.action, line.reason, sorted(line.fields)) == (
        "access.grant.ended",
        "Hết phân công",
        ["position", "valid_to"],
    )
    for last_day in (ON - DAY, ON + DAY):
        with pytest.raises(Invalid):
            access.end_grant(admin, grant=kept.id, last_day=last_day, at=AT)
    with pytest.raises(Conflict):
        access.end_grant(admin, grant=kept.id, last_day=ON + 2 * DAY, at=AT + 2 * DAY)
    with pytest.raises(NotFound):
        access.end_grant(admin, grant=new_id(), last_day=ON, at=AT)
    with pytest.raises(NotAllowed):
        access.end_grant(holder, grant=kept.id, last_day=ON, at=AT)


def test_a_grant_taken_back_is_given_again_as_it_was(tree):
    holder, admin = official(tree.one), administrator(tree)
    kept = GrantFactory(
        position=organisations.position(holder.position),
        role=RoleFactory(permissions=[RECEIVE]),
        scope=Scope.LIST,
        units=[tree.one_desk.id],
        groups=["a"],
        valid_to=ON + DAY,
    )
    with pytest.raises(Conflict):
        access.grant_again(admin, grant=kept.id, at=AT)
    access.revoke(admin, grant=kept.id, at=AT, reason="Nhầm")
    assert not access.allows(holder, RECEIVE)

    again = access.grant_again(admin, grant=kept.id, at=AT, reason="Thu hồi nhầm")

    assert access.allows(holder, RECEIVE, unit=tree.one_desk.id, group="a")
    assert (again.scope, again.units, again.groups, again.valid_from, again.valid_to) == (
        Scope.LIST,
        [tree.one_desk.id],
        ["a"],
        ON,
        ON + DAY,
    )
    kept.refresh_from_db()
    assert (kept.revoked_by, kept.revoked_reason) == (admin.account, "Nhầm")
    assert (again.made_by, again.made_at, again.reason) == (admin.account, AT, "Thu hồi nhầm")


def test_nobody_gives_a_role_again_to_the_own_position(tree):
    admin = administrator(tree)
    own = GrantFactory(position=organisations.position(admin.position), revoked_at=AT)

    with pytest.raises(NotAllowed):
        access.grant_again(admin, grant=own.id, at=AT)


def test_nobody_widens_a_role_of_the_own_position(tree):
    admin = official(tree.province, MANAGE_ROLES)
    role = RoleFactory(permissions=[RECEIVE])
    own = GrantFactory(position=organisations.position(admin.position), role=role)
    title = {"vi": "Vai trò"}

    with pytest.raises(NotAllowed):
        access.save_role(admin, code=role.code, title=title, permissions=[RECEIVE, DECIDE], at=AT)
    access.revoke(administrator(tree), grant=own.id, at=AT)
    changed = access.save_role(
        admin, code=role.code, title=title, permissions=[RECEIVE, DECIDE], at=AT
    )
    assert changed.permissions == [DECIDE, RECEIVE]


def test_what_an_administrator_took_back_is_not_seeded_again(tree):
    from sen.kernel.access import registry

    position = PositionFactory(unit=tree.one, code="clerk")
    registry.register_roles(
        access.RoleTemplate(
            code="access_test.clerk",
            title={"vi": "Văn thư"},
            permissions=[RECEIVE],
            positions=["clerk"],
        )
    )
    access.seed(AT)
    (made,) = Grant.objects.filter(position=position)
    access.revoke(administrator(tree), grant=made.id, at=AT)

    access.seed(AT)

    assert not Grant.objects.filter(position=position, revoked_at=None).exists()
