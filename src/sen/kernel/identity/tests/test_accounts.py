"""Accounts, employments, passwords; who is idle; what people are called."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base.actor import COMMAND, Actor, Channel, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.identity import jobs, rules
from sen.kernel.identity import public as identity
from sen.kernel.identity.adapters.allauth import (
    AccountAdapter,
    MfaAdapter,
    SocialAccountAdapter,
)
from sen.kernel.identity.adapters.sessions import SessionStore
from sen.kernel.identity.models import Attempt, Session
from sen.kernel.identity.services.sign_in import check_code
from sen.kernel.identity.tests.factories import (
    AT,
    PASSWORD,
    AccountFactory,
    EmploymentFactory,
    OfficialFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 21)


def actions(account):
    return [one.action for one in audit.trail(audit.Subject("identity.account", account.pk))]


def session(account, **changes):
    given = {
        "digest": uuid4().bytes, "account": account, "data": "", "started_at": AT,
        "last_seen_at": AT, "expires_at": AT + dt.timedelta(hours=12),
    }  # fmt: skip
    return Session.objects.create(**{**given, **changes})


def test_new_official_must_change_the_password():
    account = identity.add_official(
        COMMAND, username="Mot.Cua", person=PersonFactory(), password=PASSWORD, at=AT
    )
    assert (account.username, account.must_change_password, account.is_official) == (
        "mot.cua", True, True,
    )  # fmt: skip
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert actions(account) == ["identity.account.add"]


def test_user_name_and_person_are_taken_once():
    account = OfficialFactory(username="mot.cua")
    with pytest.raises(Conflict):
        identity.add_official(
            COMMAND, username="mot.cua", person=PersonFactory(), password=PASSWORD, at=AT
        )
    with pytest.raises(Conflict):
        identity.add_official(
            COMMAND, username="khac", person=account.person, password=PASSWORD, at=AT
        )


@pytest.mark.parametrize("password", ["ngan", "password", "12345678"])
def test_weak_password_is_refused_beside_its_field(password):
    with pytest.raises(Invalid) as refusal:
        identity.add_official(
            COMMAND, username="moi", person=PersonFactory(), password=password, at=AT
        )
    assert list(refusal.value.fields) == ["password"]


def test_connected_system_has_no_password():
    account = identity.add_service(COMMAND, username="truc.lien.thong", at=AT)
    assert (account.has_usable_password(), account.kind) == (False, "service")
    with pytest.raises(Conflict):
        identity.add_service(COMMAND, username="truc.lien.thong", at=AT)


def test_new_password_ends_other_sessions():
    account = OfficialFactory()
    here, _there = session(account), session(account)
    identity.change_password(
        COMMAND, account_id=account.pk, password="một câu mới dài", at=AT, keep=here.pk
    )
    account.refresh_from_db()
    assert account.check_password("một câu mới dài")
    assert list(Session.objects.all()) == [here]
    assert actions(account) == ["identity.password.change"]


def test_reset_takes_password_factor_and_sessions():
    account = OfficialFactory()
    session(account)
    identity.reset_access(COMMAND, account_id=account.pk, password="tạm thời 2026", at=AT)
    account.refresh_from_db()
    assert (account.must_change_password, Session.objects.count()) == (True, 0)
    assert not Authenticator.objects.exists()
    assert actions(account) == ["identity.access.reset"]


def test_disabling_ends_sessions_and_enabling_counts_as_use():
    account = OfficialFactory()
    session(account)
    identity.set_active(COMMAND, account_id=account.pk, is_active=False, reason="nghỉ", at=AT)
    assert Session.objects.count() == 0
    identity.set_active(COMMAND, account_id=account.pk, is_active=True, reason="về", at=AT)
    account.refresh_from_db()
    assert (account.is_active, account.last_active_at) == (True, AT)
    assert actions(account) == ["identity.account.enable", "identity.account.disable"]


# Nguồn: TCVN 14423:2026, 5.6: vô hiệu hóa tài khoản không dùng quá 45 ngày.
@pytest.mark.parametrize(("days", "is_active"), [(45, True), (46, False)])
def test_officials_idle_for_45_days_are_disabled(days, is_active):
    account = OfficialFactory(last_active_at=AT - dt.timedelta(days=days))
    citizen = AccountFactory(last_active_at=AT - dt.timedelta(days=900))
    identity.disable_idle(COMMAND, at=AT)
    account.refresh_from_db()
    citizen.refresh_from_db()
    assert (account.is_active, citizen.is_active) == (is_active, True)
    assert actions(account) == ([] if is_active else ["identity.account.disable"])


def test_never_used_account_is_idle_from_its_opening():
    account = OfficialFactory(created_at=AT - dt.timedelta(days=46))
    assert identity.disable_idle(COMMAND, at=AT) == 1
    account.refresh_from_db()
    assert not account.is_active


def test_jobs_by_the_clock(monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    account = OfficialFactory(last_active_at=AT - dt.timedelta(days=46))
    session(account, expires_at=AT - dt.timedelta(seconds=1))
    kept = session(AccountFactory())
    Attempt.objects.create(key=b"x", count=1, until=AT - dt.timedelta(seconds=1))
    jobs.purge()
    jobs.disable_idle()
    account.refresh_from_db()
    assert (list(Session.objects.all()), Attempt.objects.count()) == ([kept], 0)
    assert not account.is_active


def test_first_position_is_the_default():
    account, first, second = OfficialFactory(), PositionFactory(), PositionFactory()
    one = identity.employ(COMMAND, account=account, position=first.pk, valid_from=DAY, at=AT)
    two = identity.employ(COMMAND, account=account, position=second.pk, valid_from=DAY, at=AT)
    assert (one.is_default, two.is_default) == (True, False)
    assert [held.position_id for held in identity.employments(account.pk, DAY)] == [
        first.pk, second.pk,
    ]  # fmt: skip
    with pytest.raises(Invalid):
        identity.employ(COMMAND, account=AccountFactory(), position=first.pk, valid_from=DAY, at=AT)


def test_ended_position_is_held_to_its_last_day():
    employment = EmploymentFactory()
    identity.end_employment(COMMAND, employment=employment.pk, last_day=DAY, at=AT)
    held = [
        identity.accounts_of_position(employment.position_id, day)
        for day in (DAY, DAY + dt.timedelta(days=1))
    ]
    assert held == [[employment.account], []]
    assert actions(employment.account) == ["identity.employment.end"]


def test_actor_outside_a_request():
    employment = EmploymentFactory()
    account = employment.account
    assert identity.actor_for(account.pk) == Actor(
        account=account.pk,
        person=account.person_id,
        position=employment.position_id,
        unit=employment.position.unit_id,
        channel=Channel.JOB,
    )
    assert (
        identity.actor_for(
            account.pk, position_id=employment.position_id, strength=Strength.MULTI_FACTOR
        ).strength
        is Strength.MULTI_FACTOR
    )
    assert identity.actor_for(AccountFactory().pk).position is None
    with pytest.raises(NotAllowed):
        identity.actor_for(account.pk, position_id=PositionFactory().pk)
    with pytest.raises(NotFound):
        identity.actor_for(uuid4())


def test_names_cost_one_select():
    one = AccountFactory(person__full_name="Trần Thị Mẫu")
    two = identity.add_service(COMMAND, username="lgsp", at=AT)
    with CaptureQueriesContext(connection) as queries:
        names = identity.display_names([one.pk, two.pk, uuid4()])
    assert (names, len(queries)) == ({one.pk: "Trần Thị Mẫu", two.pk: "lgsp"}, 1)
    assert (identity.display_name(one.pk), identity.display_name(uuid4())) == ("Trần Thị Mẫu", "")


def test_persons_of_accounts_cost_one_select():
    one, service = AccountFactory(), identity.add_service(COMMAND, username="lgsp", at=AT)
    with CaptureQueriesContext(connection) as queries:
        found = identity.persons_of_accounts([one.pk, service.pk, uuid4()])
    assert (found, len(queries)) == ({one.pk: one.person_id}, 1)


def test_nobody_has_no_name_and_costs_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert identity.display_names([]) == {}
    assert len(queries) == 0


def test_language_is_remembered():
    account = AccountFactory()
    identity.set_language(COMMAND, account_id=account.pk, language="en")
    assert identity.account(account.pk).language == "en"


def test_code_is_shown_in_a_demo_only(settings):
    account = OfficialFactory()
    settings.DEMO = True
    shown = identity.current_totp(account, at=AT)
    assert shown is not None
    assert identity.current_totp(AccountFactory(), at=AT) is None
    settings.DEMO = False
    assert identity.current_totp(account, at=AT) is None
    with pytest.raises(NotAllowed):
        identity.give_demo_factor(account_id=account.pk, at=AT)


def test_demo_factor_is_a_real_one(settings):
    settings.DEMO = True
    account = OfficialFactory(secrets=False)
    identity.give_demo_factor(account_id=account.pk, at=AT)
    account.refresh_from_db()
    shown = identity.current_totp(account, at=AT)
    assert shown.seconds_left == 30
    account.is_active = False
    account.save()
    with pytest.raises(identity.AccountDisabled):
        check_code(account_id=account.pk, code=shown.code, at=AT)


def test_session_engine_keeps_djangos_promises(monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    over, kept = session(None, expires_at=AT - dt.timedelta(seconds=1)), SessionStore()
    kept["x"] = 1
    kept.save()
    assert (kept.exists(kept.session_key), kept.exists("khong")) == (True, False)
    SessionStore.clear_expired()
    assert not Session.objects.filter(pk=over.pk).exists()
    gone = SessionStore(kept.session_key)
    gone["x"] = 2
    kept.delete()
    with pytest.raises(UpdateError):
        gone.save()
    SessionStore().delete()


def test_second_factor_is_sealed_and_enrolled_once():
    account = OfficialFactory()
    kept = Authenticator.objects.get().data["secret"]
    assert MfaAdapter().decrypt(kept) not in kept
    secret = identity.new_totp_secret()
    with pytest.raises(NotAllowed):
        identity.enrol_totp(
            account_id=account.pk,
            secret=secret,
            code=rules.totp_code(secret, rules.totp_counter(AT)),
            at=AT,
        )


def test_allauth_opens_no_way_in(rf):
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False
    assert SocialAccountAdapter().is_open_for_signup(rf.get("/"), None) is False
    assert SocialAccountAdapter().list_apps(rf.get("/")) == []
    AccountAdapter().add_message(rf.get("/"), 1, "account/messages/x.txt")
