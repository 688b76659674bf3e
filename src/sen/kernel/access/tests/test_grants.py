from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import SYSTEM
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.models import Grant, Role
from sen.kernel.access.public import MANAGE_GRANTS, MANAGE_ROLES, NewGrant, Scope
from sen.kernel.access.tests.conftest import AT, DECIDE, FIRST, ON, RECEIVE, official, told
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.tests.factories import PositionFactory

pytestmark = pytest.mark.django_db


def wanted(position, role, **more) -> NewGrant:
    return NewGrant(position=position.id, role=role.code, valid_from=FIRST, **more)


def line(kind, one, action) -> audit.Entry:
    return next(
        entry for entry in audit.trail(audit.Subject(kind, one.id)) if entry.action == action
    )


def test_grant_works_at_once_and_leaves_its_line_and_event(tree):
    role, holder = RoleFactory(permissions=[RECEIVE]), official(tree.one)
    admin = official(tree.province, MANAGE_GRANTS, scope=Scope.BELOW)
    position = organisations.position(holder.position)
    assert not access.allows(holder, RECEIVE)
    before = len(told())

    made = access.grant(
        admin,
        grant=wanted(position, role, scope=Scope.BELOW, groups=["b", "a", "a"]),
        at=AT,
        reason="QĐ 5",
    )

    assert access.allows(holder, RECEIVE, unit=tree.one_desk.id, group="a")
    assert (made.groups, made.units) == (["a", "b"], [])
    entry = line("access.grant", made, "access.grant.made")
    assert (entry.account, entry.reason, sorted(entry.fields)) == (
        admin.account,
        "QĐ 5",
        ["position", "role", "scope"],
    )
    assert told()[before:] == [
        access.GrantMade(grant=made.id, position=position.id, role=role.code)
    ]


def test_revoked_right_is_gone_with_the_next_request(tree):
    holder = official(tree.one, RECEIVE)
    admin = official(tree.province, MANAGE_GRANTS, scope=Scope.BELOW)
    kept = Grant.objects.get(position=holder.position)
    before = len(told())
    legal.begin_request()
    assert access.allows(holder, RECEIVE)

    access.revoke(admin, grant=kept.id, at=AT, reason="Chuyển công tác")

    legal.begin_request()
    assert not access.allows(holder, RECEIVE)
    legal.end_request()
    kept.refresh_from_db()
    assert kept.revoked_at == AT
    assert line("access.grant", kept, "access.grant.revoked").reason == "Chuyển công tác"
    assert told()[before:] == [
        access.GrantRevoked(grant=kept.id, position=holder.position, role=kept.role.code)
    ]
    with pytest.raises(Conflict):
        access.revoke(admin, grant=kept.id, at=AT)
    with pytest.raises(NotFound):
        access.revoke(admin, grant=new_id(), at=AT)


def test_nobody_grants_or_revokes_beyond_the_own_units(tree):
    admin = official(tree.one, MANAGE_GRANTS, scope=Scope.BELOW)
    role, here, there = (
        RoleFactory(),
        PositionFactory(unit=tree.one),
        PositionFactory(unit=tree.two),
    )

    access.grant(admin, grant=wanted(here, role, scope=Scope.LIST, units=[tree.one_desk.id]), at=AT)
    for refused in (
        wanted(there, role),
        wanted(here, role, scope=Scope.LIST, units=[tree.two.id]),
        wanted(organisations.position(admin.position), role),
    ):
        with pytest.raises(NotAllowed):
            access.grant(admin, grant=refused, at=AT)
    with pytest.raises(NotAllowed):
        access.revoke(admin, grant=GrantFactory(position=there).id, at=AT)


def test_whoever_grants_in_one_unit_cannot_grant_below_it(tree):
    admin = official(tree.one, MANAGE_GRANTS)

    with pytest.raises(NotAllowed):
        access.grant(
            admin,
            grant=wanted(PositionFactory(unit=tree.one), RoleFactory(), scope=Scope.BELOW),
            at=AT,
        )


@pytest.mark.parametrize(
    ("more", "failure"),
    [
        ({"scope": Scope.LIST}, Invalid),
        ({"units": [new_id()]}, Invalid),
        ({"groups": []}, Invalid),
        ({"valid_to": dt.date(2025, 6, 30)}, Invalid),
        ({"scope": Scope.LIST, "units": [new_id()]}, NotFound),
    ],
)
def test_grant_that_makes_no_sense_is_refused(tree, more, failure):
    with pytest.raises(failure):
        access.grant(
            SYSTEM, grant=wanted(PositionFactory(unit=tree.one), RoleFactory(), **more), at=AT
        )


def test_grant_of_an_unknown_role_or_position_is_refused(tree):
    for position, role in (
        (PositionFactory(unit=tree.one), RoleFactory.build()),
        (PositionFactory.build(), RoleFactory()),
    ):
        with pytest.raises(NotFound):
            access.grant(SYSTEM, grant=wanted(position, role), at=AT)


# -- roles


def test_many_grants_are_what_each_would_be(tree):
    role, admin = RoleFactory(permissions=[RECEIVE]), official(tree.province, MANAGE_GRANTS)
    Grant.objects.filter(position=admin.position).update(scope=Scope.BELOW)
    legal.forget()
    position = PositionFactory(unit=tree.one)
    before = len(told())

    listed = wanted(position, role, scope=Scope.LIST, units=[tree.one_desk.id])
    assert access.grant_many(admin, grants=[listed], at=AT, reason="QĐ 5") == 1

    made = Grant.objects.get(position=position)
    assert (made.scope, made.units, made.valid_from) == (Scope.LIST, [tree.one_desk.id], FIRST)
    assert line("access.grant", made, "access.grant.made").reason == "QĐ 5"
    assert told()[before:] == [
        access.GrantMade(grant=made.id, position=position.id, role=role.code)
    ]


def test_many_grants_are_made_together_or_not_at_all(tree):
    role, position = RoleFactory(permissions=[RECEIVE]), PositionFactory(unit=tree.one)
    good = wanted(position, role)
    stranger = official(tree.two, MANAGE_GRANTS)
    for actor, bad, failure in (
        (SYSTEM, wanted(position, role, scope=Scope.LIST), Invalid),
        (SYSTEM, wanted(position, role, scope=Scope.LIST, units=[new_id()]), NotFound),
        (SYSTEM, NewGrant(position=new_id(), role=role.code, valid_from=FIRST), NotFound),
        (SYSTEM, NewGrant(position=position.id, role="none", valid_from=FIRST), NotFound),
        (stranger, good, NotAllowed),
    ):
        with pytest.raises(failure):
            access.grant_many(actor, grants=[good, bad], at=AT)
    assert not Grant.objects.filter(position=position).exists()


def test_many_grants_cost_the_system_the_same_for_one_and_three(tree, assert_statements):
    role = RoleFactory(permissions=[RECEIVE])
    for count in (1, 3):
        grants = [
            wanted(PositionFactory(unit=tree.one), role, scope=Scope.LIST, units=[tree.one.id])
            for _one in range(count)
        ]
        access.check(SYSTEM, MANAGE_GRANTS, unit=tree.one.id)
        with assert_statements(8):
            access.grant_many(SYSTEM, grants=grants, at=AT)


def test_own_role_is_made_and_changed(tree):
    admin = official(tree.province, MANAGE_ROLES)
    holder = official(tree.one)

    role = access.save_role(
        admin, code="to_truong", title={"vi": "Tổ trưởng"}, permissions=[RECEIVE], at=AT
    )
    GrantFactory(position=organisations.position(holder.position), role=role)
    again = access.save_role(
        admin, code="to_truong", title={"vi": "Tổ trưởng"}, permissions=[DECIDE, DECIDE], at=AT
    )

    assert (again.id, again.permissions, again.is_template) == (role.id, [DECIDE], False)
    assert access.rights(holder, on=ON).permissions == {DECIDE}
    assert line("access.role", role, "access.role.saved").account == admin.account


@pytest.mark.parametrize(
    ("code", "title", "permissions", "failure"),
    [
        ("x", {"vi": "X"}, ["access_test.typo"], Invalid),
        ("x", {"en": "X"}, [], Invalid),
        ("template", {"vi": "X"}, [], Conflict),
        ("registered", {"vi": "X"}, [], Conflict),
    ],
)
def test_wrong_role_is_refused(code, title, permissions, failure):
    RoleFactory(code="template", is_template=True)
    access.register_roles(access.RoleTemplate(code="registered", title={"vi": "X"}, permissions=[]))

    with pytest.raises(failure):
        access.save_role(SYSTEM, code=code, title=title, permissions=permissions, at=AT)


def test_roles_are_kept_by_who_may(tree):
    nobody = official(tree.one, MANAGE_GRANTS)

    for call in (
        lambda: access.save_role(nobody, code="x", title={"vi": "X"}, permissions=[], at=AT),
        lambda: access.sync_roles(nobody, at=AT),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_seed_brings_roles_and_gives_them_to_named_positions_once(tree):
    clerk, other = (
        PositionFactory(unit=tree.one, code="clerk"),
        PositionFactory(unit=tree.one, code="chair"),
    )
    access.register_roles(
        access.RoleTemplate(
            code="documents.clerk",
            title={"vi": "Văn thư"},
            permissions=[RECEIVE],
            positions=["clerk"],
            scope=Scope.BELOW,
        )
    )
    access.seed(AT)
    access.seed(AT)

    granted = Grant.objects.get()
    assert (granted.position, granted.role.code, granted.scope) == (
        clerk,
        "documents.clerk",
        Scope.BELOW,
    )
    assert not Grant.objects.filter(position=other).exists()
    assert Role.objects.get().is_template
    assert access.sync_roles(SYSTEM, at=AT) == 0
