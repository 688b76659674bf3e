"""The first page: who sees it and who does not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sen.base import clock
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.identity.tests.factories import PASSWORD, EmploymentFactory, code_of
from sen.kernel.organisations.tests.factories import PositionFactory
from sen.systems.operations import permissions

pytestmark = pytest.mark.django_db


@pytest.fixture
def employment(client):
    """An official who has signed in."""
    found = EmploymentFactory(position=PositionFactory())
    client.post(
        reverse("account:official"),
        {"username": found.account.username, "password": PASSWORD},
    )
    client.post(reverse("account:code"), {"code": code_of(clock.now())})
    return found


def test_visitor_is_sent_to_sign_in(client):
    answer = client.get(reverse("operations:home"))

    assert (answer.status_code, answer["Location"]) == (303, "/dang-nhap/?next=%2Fdieu-hanh%2F")


def test_official_without_the_right_is_refused(client, employment):
    assert client.get(reverse("operations:home")).status_code == 403


def test_official_with_the_right_sees_the_page(client, employment):
    role = RoleFactory(permissions=[permissions.READ.name])
    GrantFactory(position=employment.position, role=role)

    answer = client.get(reverse("operations:home"))

    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
