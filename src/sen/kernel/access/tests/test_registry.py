from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.kernel.access import public as access
from sen.kernel.access.tests.conftest import RECEIVE
from sen.kernel.organisations import public as organisations

ROLE = access.RoleTemplate(code="access_test.clerk", title={"vi": "Văn thư"}, permissions=[RECEIVE])


def test_rights_of_this_package_and_those_below_are_registered():
    assert set(organisations.TITLES) | {access.MANAGE_GRANTS, access.MANAGE_ROLES} <= set(
        access.permissions()
    )


def test_registries_refuse_what_does_not_fit():
    access.register_roles(ROLE)
    access.register_roles(ROLE)
    access.register_permissions(access.permissions()[RECEIVE])

    assert access.roles() == {"access_test.clerk": ROLE}
    for call, words in [
        (lambda: access.register_permissions(access.Permission(RECEIVE, "Khác")), "twice"),
        (lambda: access.register_permissions("x"), "not a Permission"),
        (
            lambda: access.register_roles(
                access.RoleTemplate(code=ROLE.code, title={"vi": "x"}, permissions=[])
            ),
            "twice",
        ),
        (lambda: access.register_roles("x"), "not a RoleTemplate"),
    ]:
        with pytest.raises(ImproperlyConfigured, match=words):
            call()
