"""The steps of a sign-in in a browser, and who a request then comes from."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from sen.base.actor import ANONYMOUS, Actor, Channel, Strength
from sen.base.errors import Invalid, NotAllowed, NotFound, SignInNeeded, TooMany
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.identity import rules
from sen.kernel.identity.models import Attempt, Representation, Session
from sen.kernel.identity.tests.factories import (
    AT,
    PASSWORD,
    SECRET,
    AccountFactory,
    EmploymentFactory,
    OfficialFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db
STEP = dt.timedelta(seconds=30)


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    return monkeypatch


class Browser:
    """One browser: keeps the session's key between requests, as a cookie would."""

    def __init__(self):
        self.key = None

    def request(self, path="/", **headers):
        made = RequestFactory().get(path, REMOTE_ADDR="192.0.2.7", **headers)
        made.session = import_module(settings.SESSION_ENGINE).SessionStore(self.key)
        made.user = AnonymousUser()
        return made

    def keep(self, request):
        if request.session.modified:
            request.session.save()
        self.key = request.session.session_key

    def do(self, act, **values):
        request = self.request()
        try:
            return act(request, **values)
        finally:
            self.keep(request)

    def actor(self, path="/"):
        return identity.actor(self.request(path))


def code(at=AT):
    return rules.totp_code(SECRET, rules.totp_counter(at))


def signed_in(account, at=AT):
    browser = Browser()
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=at)
    browser.do(identity.give_code, code=code(at), at=at)
    return browser


def actions(account):
    return [one.action for one in audit.trail(audit.Subject("identity.account", account.pk))]


def test_official_is_nobody_until_the_code_is_given():
    employment = EmploymentFactory()
    account = employment.account
    browser = Browser()

    step = browser.do(
        identity.give_password, username=account.username.upper(), password=PASSWORD, at=AT
    )
    between = browser.actor()
    last = browser.do(identity.give_code, code=code(), at=AT)

    assert (step, between, last) == (identity.Step.CODE, ANONYMOUS, None)
    assert browser.actor() == Actor(
        account=account.pk,
        person=account.person_id,
        position=employment.position_id,
        unit=employment.position.unit_id,
        strength=Strength.MULTI_FACTOR,
        channel=Channel.WEB,
    )
    assert actions(account) == ["identity.sign_in"]
    account.refresh_from_db()
    assert account.last_active_at == AT


def test_key_changes_at_sign_in_and_the_old_one_opens_nothing():
    account = EmploymentFactory().account
    browser = Browser()
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    before = browser.key

    browser.do(identity.give_code, code=code(), at=AT)

    stolen = Browser()
    stolen.key = before
    assert browser.key != before
    assert stolen.actor() == ANONYMOUS


def test_actor_costs_one_select_and_none_without_cookie():
    browser = signed_in(EmploymentFactory().account)
    with CaptureQueriesContext(connection) as known:
        browser.actor()
    with CaptureQueriesContext(connection) as unknown:
        Browser().actor()
    assert (len(known), len(unknown)) == (1, 0)


def test_request_user_is_the_account():
    account = EmploymentFactory().account
    request = signed_in(account).request()

    identity.actor(request)

    assert request.user == account


def test_wrong_password_is_refused_and_audited():
    account = OfficialFactory()

    with pytest.raises(identity.WrongPassword):
        Browser().do(identity.give_password, username=account.username, password="sai", at=AT)

    assert actions(account) == ["identity.sign_in.refuse"]


@pytest.mark.parametrize("username", ["khong.co.ai", "cong.dan"])
def test_who_has_no_password_is_refused_the_same_way(username):
    AccountFactory(username="cong.dan")
    with pytest.raises(identity.WrongPassword):
        Browser().do(identity.give_password, username=username, password=PASSWORD, at=AT)


def test_guessing_is_stopped_before_hashing(monkeypatch):
    account = OfficialFactory()
    hashed = []
    real = type(account).check_password
    monkeypatch.setattr(
        type(account), "check_password", lambda self, raw: hashed.append(raw) or real(self, raw)
    )
    for _ in range(10):
        with pytest.raises(identity.WrongPassword):
            Browser().do(identity.give_password, username=account.username, password="x", at=AT)
    hashed.clear()

    with pytest.raises(TooMany):
        Browser().do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    later = AT + dt.timedelta(minutes=15)
    step = Browser().do(
        identity.give_password, username=account.username, password=PASSWORD, at=later
    )

    assert (hashed, step) == ([PASSWORD], identity.Step.CODE)


def test_attempts_keep_no_names():
    account = OfficialFactory()
    with pytest.raises(identity.WrongPassword):
        Browser().do(identity.give_password, username=account.username, password="x", at=AT)
    assert [len(bytes(one.key)) for one in Attempt.objects.all()] == [32, 32]


def test_right_password_forgets_the_wrong_ones():
    account = OfficialFactory()
    for _ in range(9):
        with pytest.raises(identity.WrongPassword):
            Browser().do(identity.give_password, username=account.username, password="x", at=AT)
    for _ in range(3):
        Browser().do(identity.give_password, username=account.username, password=PASSWORD, at=AT)


def test_disabled_account_learns_so_only_with_its_password():
    account = OfficialFactory(is_active=False)
    with pytest.raises(identity.WrongPassword):
        Browser().do(identity.give_password, username=account.username, password="x", at=AT)
    with pytest.raises(identity.AccountDisabled):
        Browser().do(identity.give_password, username=account.username, password=PASSWORD, at=AT)


def test_code_without_password_is_refused():
    with pytest.raises(SignInNeeded):
        Browser().do(identity.give_code, code="000000", at=AT)


def test_password_waits_ten_minutes_for_the_code():
    account = OfficialFactory()
    browser = Browser()
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    with pytest.raises(SignInNeeded):
        browser.do(identity.give_code, code=code(), at=AT + dt.timedelta(minutes=10, seconds=1))


def test_wrong_codes_are_refused_and_then_stopped():
    account = OfficialFactory()
    browser = Browser()
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    for typed in ["", "12345", "abcdef", "0000000", "000000"]:
        with pytest.raises(identity.WrongCode):
            browser.do(identity.give_code, code=typed, at=AT)
    with pytest.raises(TooMany):
        browser.do(identity.give_code, code=code(), at=AT)
    assert actions(account) == ["identity.sign_in.refuse"] * 5


def test_code_is_good_once():
    account = EmploymentFactory().account
    signed_in(account)
    again = Browser()
    again.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    with pytest.raises(identity.CodeUsed):
        again.do(identity.give_code, code=code(), at=AT)
    assert again.do(identity.give_code, code=code(AT + STEP), at=AT + STEP) is None


def test_new_official_changes_password_and_enrols_before_anything_else():
    account = OfficialFactory(secrets=False, must_change_password=True)
    browser = Browser()

    first = browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    with pytest.raises(SignInNeeded):
        browser.do(identity.enrolment, at=AT)
    with pytest.raises(Invalid):
        browser.do(identity.give_new_password, password=PASSWORD, at=AT)
    second = browser.do(identity.give_new_password, password="mùa xuân trên sông Lam", at=AT)
    secret = browser.do(identity.enrolment, at=AT).secret
    same = browser.do(identity.enrolment, at=AT).secret
    with pytest.raises(identity.WrongCode):
        browser.do(identity.enrol, code="000000", at=AT)
    nobody = browser.actor()
    done = browser.do(identity.enrol, code=rules.totp_code(secret, rules.totp_counter(AT)), at=AT)

    assert (first, second, done) == (identity.Step.CHANGE_PASSWORD, identity.Step.ENROL, None)
    assert (secret == same, nobody) == (True, ANONYMOUS)
    assert browser.actor().strength is Strength.MULTI_FACTOR
    assert actions(account) == [
        "identity.sign_in", "identity.second_factor.add", "identity.password.change",
    ]  # fmt: skip


def test_second_factor_is_asked_before_a_forced_change_of_password():
    account = OfficialFactory(must_change_password=True)
    browser = Browser()
    steps = [
        browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT),
        browser.do(identity.give_code, code=code(), at=AT),
        browser.do(identity.give_new_password, password="mùa xuân trên sông Lam", at=AT),
    ]
    assert steps == [identity.Step.CODE, identity.Step.CHANGE_PASSWORD, None]


@pytest.mark.parametrize(("minutes", "known"), [(14, True), (15, False)])
def test_official_session_ends_when_idle(frozen, minutes, known):
    browser = signed_in(EmploymentFactory().account)
    frozen.setenv("SEN_CLOCK", (AT + dt.timedelta(minutes=minutes)).isoformat())
    assert (browser.actor().account is not None) == known


def test_session_in_use_lives_twelve_hours_and_no_longer(frozen):
    browser = signed_in(EmploymentFactory().account)
    seen = []
    for minutes in range(10, 12 * 60 + 11, 10):
        frozen.setenv("SEN_CLOCK", (AT + dt.timedelta(minutes=minutes)).isoformat())
        seen.append(browser.actor().account is not None)
    assert seen == [True] * 71 + [False] * 2


def test_last_sight_is_written_once_a_minute(frozen):
    browser = signed_in(EmploymentFactory().account)
    frozen.setenv("SEN_CLOCK", (AT + dt.timedelta(seconds=59)).isoformat())
    with CaptureQueriesContext(connection) as within:
        browser.actor()
    frozen.setenv("SEN_CLOCK", (AT + dt.timedelta(seconds=61)).isoformat())
    with CaptureQueriesContext(connection) as after:
        browser.actor()
    assert (len(within), len(after)) == (1, 2)


def test_position_that_ended_is_no_longer_acted_in(frozen):
    employment = EmploymentFactory()
    browser = signed_in(employment.account)
    employment.valid_to = AT.date() - dt.timedelta(days=1)
    employment.save()
    assert (browser.actor().position, browser.actor().unit) == (None, None)


def test_switch_of_position_is_visible_and_audited():
    employment = EmploymentFactory()
    account = employment.account
    other = EmploymentFactory(account=account, is_default=False)
    browser = signed_in(account)

    browser.do(identity.switch_position, position=other.position_id, at=AT)

    assert browser.actor().position == other.position_id
    assert actions(account)[0] == "identity.position.switch"


def test_position_of_another_cannot_be_taken():
    browser = signed_in(EmploymentFactory().account)
    with pytest.raises(NotAllowed):
        browser.do(identity.switch_position, position=PositionFactory().pk, at=AT)
    with pytest.raises(NotAllowed):
        Browser().do(identity.switch_position, position=PositionFactory().pk, at=AT)


def test_acting_for_a_child_until_the_last_day(frozen):
    employment = EmploymentFactory()
    child = PersonFactory()
    by = Representation.objects.create(
        representative=employment.account.person,
        person=child,
        kind="parent",
        evidence="Giấy khai sinh thử nghiệm",
        valid_from=AT.date(),
        valid_to=AT.date(),
    )
    browser = signed_in(employment.account)

    browser.do(identity.switch_representation, representation=by.pk, at=AT)
    acting = browser.actor().acting_for
    Representation.objects.update(valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 11, 20))
    after = browser.actor().acting_for
    with pytest.raises(NotAllowed):
        browser.do(identity.switch_representation, representation=by.pk, at=AT)
    browser.do(identity.switch_representation, representation=None, at=AT)

    assert (acting, after, browser.actor().acting_for) == (child.pk, None, None)


def test_sessions_are_listed_and_ended_elsewhere():
    account = EmploymentFactory().account
    here = signed_in(account)
    there = signed_in(account, AT + STEP)
    listed = identity.sessions(account.pk, AT)
    kept = identity.current_session(here.request())

    ended = identity.end_other_sessions(here.actor(), keep=kept.pk, at=AT)

    assert (len(listed), ended) == (2, 1)
    assert there.actor() == ANONYMOUS
    assert [one.address for one in identity.sessions(account.pk, AT)] == ["192.0.2.7"]


def test_session_of_another_cannot_be_ended():
    mine = signed_in(EmploymentFactory().account)
    theirs = signed_in(EmploymentFactory().account)
    row = identity.current_session(theirs.request())
    with pytest.raises(NotFound):
        identity.end_session(mine.actor(), session=row.pk, at=AT)
    identity.end_session(theirs.actor(), session=row.pk, at=AT)
    assert theirs.actor() == ANONYMOUS


def test_sign_out_ends_the_session():
    account = EmploymentFactory().account
    browser = signed_in(account)
    old = browser.key
    browser.do(identity.sign_out, at=AT)
    browser.key = old
    assert browser.actor() == ANONYMOUS
    assert actions(account)[0] == "identity.sign_out"


def test_disabled_account_is_out_on_the_next_request():
    account = EmploymentFactory().account
    browser = signed_in(account)
    account.is_active = False
    account.save()
    assert browser.actor() == ANONYMOUS


def test_channel_of_the_api_is_told_apart():
    assert Browser().actor("/api/v1/tasks") == Actor(channel=Channel.API)


def test_address_is_the_one_that_the_entry_found():
    """What a proxy says is judged once, before Django: `sen.config.proxies`."""
    request = Browser().request(HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4")
    assert identity.origin(request).address == "192.0.2.7"


def test_session_key_is_not_in_the_database():
    browser = signed_in(EmploymentFactory().account)
    row = Session.objects.get()
    assert browser.key.encode() not in bytes(row.digest)
    assert browser.key not in row.data
