"""Bearer tokens: made, used, refused, revoked; the command."""

from __future__ import annotations

import datetime as dt
import io
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from sen.base.actor import COMMAND, Actor, Channel, Strength
from sen.base.errors import Invalid, NotAllowed, NotFound, SignInNeeded
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.identity.models import ApiToken
from sen.kernel.identity.tests.factories import (
    AT,
    AccountFactory,
    EmploymentFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=90)


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())


def make(owner, **changes):
    given = {
        "owner": owner, "name": "Phần mềm một cửa", "scopes": ["dossiers:read"],
        "expires_at": LATER, "at": AT,
    }  # fmt: skip
    return identity.create_token(COMMAND, **{**given, **changes})


def request(secret):
    return RequestFactory().get("/api/v1/tasks", HTTP_AUTHORIZATION=f"Bearer {secret}")


def test_token_acts_as_its_owner_in_the_position():
    employment = EmploymentFactory()
    token, secret = make(employment.account, scopes=["files:write", "dossiers:read"])
    asked = request(secret)

    assert identity.actor(asked) == Actor(
        account=employment.account_id,
        person=employment.account.person_id,
        position=employment.position_id,
        unit=employment.position.unit_id,
        token=token.pk,
        strength=Strength.TOKEN,
        channel=Channel.API,
    )
    assert asked.user == employment.account
    assert [one.action for one in audit.trail(audit.Subject("identity.token", token.pk))] == [
        "identity.token.add"
    ]
    identity.require_scope(asked, "files:write")
    with pytest.raises(NotAllowed, match="dossiers:act"):
        identity.require_scope(asked, "dossiers:act")


def test_browser_has_every_scope():
    identity.require_scope(RequestFactory().get("/"), "dossiers:act")


def test_token_costs_one_select_after_the_first_use_of_the_day():
    _, secret = make(EmploymentFactory().account)
    with CaptureQueriesContext(connection) as first:
        identity.actor(request(secret))
    with CaptureQueriesContext(connection) as second:
        identity.actor(request(secret))
    assert (len(first), len(second)) == (2, 1)
    assert ApiToken.objects.get().last_used_on == dt.date(2026, 11, 21)


def test_secret_is_not_kept():
    token, secret = make(EmploymentFactory().account)
    assert secret.startswith("sen_")
    assert len(secret) == 30
    assert secret.encode() not in bytes(token.digest)


def test_citizen_acts_without_position():
    account = AccountFactory()
    _, secret = make(account)
    assert identity.actor(request(secret)).position is None


@pytest.mark.parametrize("secret", ["", "sen_khong", "x" * 30])
def test_unknown_token(secret):
    with pytest.raises(identity.TokenUnknown):
        identity.actor(request(secret))


def test_expired_token():
    _, secret = make(EmploymentFactory().account, expires_at=AT + dt.timedelta(days=1))
    with pytest.raises(identity.TokenExpired):
        identity.check_token(secret, at=AT + dt.timedelta(days=1))


def test_revoked_token_is_refused_on_the_next_request():
    token, secret = make(EmploymentFactory().account)
    identity.revoke_token(COMMAND, token=token.pk, at=AT)
    identity.revoke_token(COMMAND, token=token.pk, at=LATER)
    with pytest.raises(identity.TokenRevoked):
        identity.actor(request(secret))
    token.refresh_from_db()
    assert token.revoked_at == AT
    with pytest.raises(NotFound):
        identity.revoke_token(COMMAND, token=uuid4(), at=AT)


def test_token_of_a_disabled_account():
    account = EmploymentFactory().account
    _, secret = make(account)
    identity.set_active(COMMAND, account_id=account.pk, is_active=False, reason="nghỉ", at=AT)
    with pytest.raises(identity.TokenRevoked):
        identity.actor(request(secret))


def test_token_of_a_position_that_ended():
    employment = EmploymentFactory()
    _, secret = make(employment.account)
    identity.end_employment(
        COMMAND, employment=employment.pk, last_day=dt.date(2026, 11, 20), at=AT
    )
    with pytest.raises(identity.TokenPositionEnded) as refusal:
        identity.actor(request(secret))
    assert isinstance(refusal.value, SignInNeeded)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes"),
        ({"expires_at": AT}, "expires_at"),
        ({"expires_at": AT + dt.timedelta(days=367)}, "expires_at"),
        ({"position": uuid4()}, "position"),
    ],
)
def test_token_is_refused_with_the_field_at_fault(changes, field):
    with pytest.raises(Invalid) as refusal:
        make(EmploymentFactory().account, **changes)
    assert list(refusal.value.fields) == [field]


def test_position_of_the_token_can_be_chosen():
    account = EmploymentFactory().account
    other = EmploymentFactory(account=account, is_default=False)
    token, _ = make(account, position=other.position_id)
    assert token.position_id == other.position_id
    with pytest.raises(Invalid):
        make(account, position=PositionFactory().pk)


def test_command_makes_lists_and_revokes():
    employment = EmploymentFactory(account__username="hotich", position__code="specialist")
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "token", "create", "--owner", "hotich", "--name", "Thử", "--scope", "dossiers:read",
        "--position", "specialist", stdout=out, stderr=err,
    )  # fmt: skip
    token = ApiToken.objects.get()
    assert identity.check_token(out.getvalue().strip(), at=AT) == token
    assert "19/02/2027" in err.getvalue()
    assert token.position_id == employment.position_id

    listed = io.StringIO()
    call_command("token", "list", "--owner", "hotich", stdout=listed)
    call_command("token", "revoke", str(token.pk), stdout=listed)
    call_command("token", "list", "--owner", "hotich", stdout=listed)
    assert listed.getvalue().splitlines() == [
        f"{token.pk}  Thử  dossiers:read  đến 19/02/2027",
        f"Đã thu hồi khóa {token.pk}.",
        f"{token.pk}  Thử  dossiers:read  đã thu hồi",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "--owner", "ai", "--name", "x", "--scope", "a:b"], "Không có tài khoản ai"),
        (["create", "--owner", "hotich", "--name", "x", "--scope", "ab"], "Phạm vi"),
        (
            ["create", "--owner", "hotich", "--name", "x", "--scope", "a:b", "--position", "chair"],
            "không giữ chức vụ chair; đang giữ: specialist",
        ),
        (["revoke", str(uuid4())], "Không tìm thấy"),
    ],
)
def test_command_says_what_is_wrong(words, said):
    EmploymentFactory(account__username="hotich", position__code="specialist")
    with pytest.raises(CommandError, match=said):
        call_command("token", *words)
