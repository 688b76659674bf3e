"""Passkeys: added, used, refused, taken away."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from sen.base.actor import ANONYMOUS, Actor, Strength
from sen.base.errors import Invalid, NotAllowed, NotFound, SignInNeeded, TooMany
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.events.models import StoredEvent
from sen.kernel.identity import public as identity
from sen.kernel.identity import rules
from sen.kernel.identity.adapters import passkeys as protocol
from sen.kernel.identity.services import passkeys, recovery_codes
from sen.kernel.identity.tests.authenticator import UP, Device
from sen.kernel.identity.tests.factories import (
    AT,
    PASSWORD,
    AccountFactory,
    EmploymentFactory,
    OfficialFactory,
)
from sen.kernel.identity.tests.test_door import Browser, signed_in

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
SITE = protocol.site("http://localhost:8000", name="Sen")


@pytest.fixture(autouse=True)
def frozen(monkeypatch, settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    return monkeypatch


def added(browser, device=None, name="Điện thoại", at=AT):
    """Add a passkey in a signed-in browser; return the device that holds it."""
    device = device or Device()
    options = browser.do(identity.ask_new_passkey, at=at)
    browser.do(identity.add_passkey, name=name, answer=device.create(options), at=at)
    return device


def by_key(device, browser=None, at=AT, **said):
    """Sign in with the key alone; return the browser."""
    browser = browser or Browser()
    options = browser.do(identity.ask_passkey, is_second=False, at=at)
    browser.do(identity.give_passkey, answer=device.get(options, **said), at=at)
    return browser


def after_password(account, at=AT):
    browser = Browser()
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=at)
    return browser


def lines(account):
    trail = audit.trail(audit.Subject("identity.account", account.pk))
    return [(one.action, one.reason) for one in trail]


def changes(account):
    told = StoredEvent.objects.filter(name="identity.second_factor.changed", record=account.pk)
    return [one.payload["change"] for one in told.order_by("id")]


@pytest.fixture
def account():
    return EmploymentFactory().account


@pytest.fixture
def device(account):
    return added(signed_in(account))


# -- Adding, naming, removing


def test_key_is_added_audited_and_told(account, device):
    kept = identity.second_factors(account.pk)
    assert [(one.name, one.created_at, one.last_used_at) for one in kept.passkeys] == [
        ("Điện thoại", AT, None)
    ]
    assert (kept.app_since is not None, kept.codes_left) == (True, None)
    assert lines(account)[0] == ("identity.passkey.add", "")
    assert changes(account) == ["passkey_added"]


def test_browser_is_asked_for_a_key_that_its_owner_unlocks(account, device):
    browser = signed_in(account, AT + MINUTE)
    asked = browser.do(identity.ask_new_passkey, at=AT + MINUTE)["publicKey"]
    selection = asked["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert (asked["rp"], asked["user"]["name"]) == (
        {"id": "localhost", "name": "Sen"}, account.username,
    )  # fmt: skip
    assert len(asked["excludeCredentials"]) == 1
    assert len({one["alg"] for one in asked["pubKeyCredParams"]}) >= 2


def test_what_one_has_costs_one_select(account, device):
    with CaptureQueriesContext(connection) as one:
        identity.second_factors(account.pk)
    browser = signed_in(account, AT + MINUTE)
    added(browser, name="Máy tính", at=AT + MINUTE)
    added(browser, name="Khóa USB", at=AT + MINUTE)
    with CaptureQueriesContext(connection) as three:
        identity.second_factors(account.pk)
    assert (len(one), len(three)) == (1, 1)


def test_old_sign_in_changes_nothing(account, frozen):
    browser = signed_in(account)
    later = AT + rules.RECENT + dt.timedelta(seconds=1)
    acts = [
        (identity.ask_new_passkey, {}),
        (identity.add_passkey, {"name": "x", "answer": "{}"}),
        (identity.rename_passkey, {"passkey": 1, "name": "x"}),
        (identity.remove_passkey, {"passkey": 1}),
        (identity.make_recovery_codes, {}),
        (identity.new_enrolment, {}),
        (identity.replace_app, {"code": "000000"}),
    ]
    for act, values in acts:
        with pytest.raises(identity.RecentSignInNeeded):
            browser.do(act, at=later, **values)
        with pytest.raises(NotAllowed):
            Browser().do(act, at=AT, **values)
    assert changes(account) == []


def test_citizens_come_by_the_national_identity_only():
    citizen = AccountFactory()
    browser = Browser()
    request = browser.request()
    from sen.kernel.identity.services import door

    door.complete(request, citizen, strength=Strength.LEVEL_2, at=AT)
    browser.keep(request)
    with pytest.raises(NotAllowed):
        browser.do(identity.ask_new_passkey, at=AT)
    with pytest.raises(NotAllowed):
        browser.do(identity.make_recovery_codes, at=AT)


def test_verbs_ask_themselves_whose_account_it_is():
    for actor in (ANONYMOUS, Actor(account=AccountFactory().pk)):
        with pytest.raises(NotAllowed):
            passkeys.asked_to_add(actor, at=AT)
        with pytest.raises(NotAllowed):
            recovery_codes.make_recovery_codes(actor, at=AT)
    with pytest.raises(NotFound):
        passkeys.remove_passkey(ANONYMOUS, passkey=1, at=AT)


def test_challenge_for_a_key_belongs_to_the_account_that_asked(account):
    browser = signed_in(account)
    answer = Device().create(browser.do(identity.ask_new_passkey, at=AT))
    request = browser.request()
    request.session["sen_passkey"] = {**request.session["sen_passkey"], "account": str(new_id())}
    browser.keep(request)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.add_passkey, name="x", answer=answer, at=AT)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_key_needs_a_name(account, name):
    browser = signed_in(account)
    options = browser.do(identity.ask_new_passkey, at=AT)
    with pytest.raises(Invalid):
        browser.do(identity.add_passkey, name=name, answer=Device().create(options), at=AT)
    assert identity.second_factors(account.pk).passkeys == ()


def test_answer_is_good_once_and_five_minutes(account):
    browser = signed_in(account)
    device = Device()
    answer = device.create(browser.do(identity.ask_new_passkey, at=AT))
    late = AT + rules.CHALLENGE + dt.timedelta(seconds=1)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.add_passkey, name="x", answer=answer, at=late)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.add_passkey, name="x", answer=answer, at=AT)


def test_key_of_another_place_is_refused(account):
    for origin in ["https://sen.example", "http://localhost:8001", "http://localhost.example:8000"]:
        browser = signed_in(account)
        identity.Account.objects.update(totp_counter=0)
        options = browser.do(identity.ask_new_passkey, at=AT)
        with pytest.raises(identity.PasskeyRefused):
            browser.do(identity.add_passkey, name="x", answer=Device(origin).create(options), at=AT)


def test_key_that_nobody_unlocked_is_refused(account):
    browser, device = signed_in(account), Device()
    device.flags = UP
    options = browser.do(identity.ask_new_passkey, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.add_passkey, name="x", answer=device.create(options), at=AT)


def test_challenge_for_signing_in_adds_no_key(account):
    browser = signed_in(account)
    options = browser.do(identity.ask_passkey, is_second=False, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.add_passkey, name="x", answer=json.dumps({"id": str(options)}), at=AT)


def test_account_has_ten_keys_at_most(account):
    browser = signed_in(account)
    for number in range(rules.MOST_PASSKEYS - 1):
        added(browser, name=f"Khóa {number}")
    options = browser.do(identity.ask_new_passkey, at=AT)
    Authenticator.objects.create(
        user=account, type="webauthn", data=Authenticator.objects.filter(type="webauthn")[0].data
    )
    with pytest.raises(identity.TooManyPasskeys):
        browser.do(identity.add_passkey, name="x", answer=Device().create(options), at=AT)
    with pytest.raises(identity.TooManyPasskeys):
        browser.do(identity.ask_new_passkey, at=AT)


def test_asking_for_keys_is_limited(account):
    browser = signed_in(account)
    for _ in range(20):
        browser.do(identity.ask_new_passkey, at=AT)
    with pytest.raises(TooMany):
        browser.do(identity.ask_new_passkey, at=AT)


def test_key_is_renamed_and_removed_by_its_owner_only(account, device):
    key = identity.second_factors(account.pk).passkeys[0].id
    stranger = signed_in(EmploymentFactory().account)
    with pytest.raises(NotFound):
        stranger.do(identity.rename_passkey, passkey=key, name="Của tôi", at=AT)
    with pytest.raises(NotFound):
        stranger.do(identity.remove_passkey, passkey=key, at=AT)
    browser = signed_in(account, AT + MINUTE)
    browser.do(identity.rename_passkey, passkey=key, name=" Máy  tính ", at=AT)
    named = identity.second_factors(account.pk).passkeys[0].name
    with pytest.raises(Invalid):
        browser.do(identity.rename_passkey, passkey=key, name="", at=AT)
    browser.do(identity.remove_passkey, passkey=key, at=AT)

    assert " ".join(named.split()) == "Máy tính"
    assert identity.second_factors(account.pk).passkeys == ()
    assert [one for one, _ in lines(account)][:2] == [
        "identity.passkey.remove", "identity.passkey.rename",
    ]  # fmt: skip
    assert changes(account) == ["passkey_added", "passkey_removed"]
    with pytest.raises(identity.PasskeyRefused):
        by_key(device)


# -- Signing in by a key


def test_key_alone_signs_in(account, device):
    browser = by_key(device)
    assert browser.actor().account == account.pk
    assert browser.actor().strength is Strength.MULTI_FACTOR
    assert lines(account)[0] == ("identity.sign_in", "passkey")
    assert identity.second_factors(account.pk).passkeys[0].last_used_at == AT


def test_key_is_the_second_factor_after_the_password(account, device):
    browser = after_password(account)
    options = browser.do(identity.ask_passkey, is_second=True, at=AT)
    nobody = browser.actor()
    step = browser.do(identity.give_passkey, answer=device.get(options), at=AT)
    assert [one["id"] for one in options["publicKey"]["allowCredentials"]] == [
        json.loads(device.get(options))["id"]
    ]
    assert (nobody, step, browser.actor().account) == (ANONYMOUS, None, account.pk)


def test_key_alone_still_asks_for_a_new_password(account, device):
    account.must_change_password = True
    account.save()
    browser = Browser()
    options = browser.do(identity.ask_passkey, is_second=False, at=AT)
    step = browser.do(identity.give_passkey, answer=device.get(options), at=AT)
    assert (step, browser.actor()) == (identity.Step.CHANGE_PASSWORD, ANONYMOUS)


def test_second_factor_needs_the_password_before_it(account, device):
    with pytest.raises(SignInNeeded):
        Browser().do(identity.ask_passkey, is_second=True, at=AT)
    browser = after_password(account)
    options = browser.do(identity.ask_passkey, is_second=True, at=AT)
    late = AT + rules.CHALLENGE
    browser.do(identity.ask_passkey, is_second=True, at=AT + dt.timedelta(minutes=7))
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.give_passkey, answer=device.get(options), at=late)
    browser.do(identity.ask_passkey, is_second=True, at=AT + dt.timedelta(minutes=9))
    over = AT + rules.PENDING + dt.timedelta(seconds=1)
    with pytest.raises(SignInNeeded):
        browser.do(identity.give_passkey, answer=device.get(options), at=over)


def test_challenge_belongs_to_the_account_whose_password_was_given(account, device):
    other = OfficialFactory()
    browser = after_password(account)
    options = browser.do(identity.ask_passkey, is_second=True, at=AT)
    request = browser.request()
    request.session["sen_pending"] = {**request.session["sen_pending"], "account": str(other.pk)}
    browser.keep(request)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.give_passkey, answer=device.get(options), at=AT)


def test_key_of_another_account_is_no_second_factor(account, device):
    browser = after_password(OfficialFactory())
    options = browser.do(identity.ask_passkey, is_second=True, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.give_passkey, answer=device.get(options), at=AT)
    assert browser.actor() == ANONYMOUS


def test_answer_signs_in_once(account, device):
    browser = Browser()
    answer = device.get(browser.do(identity.ask_passkey, is_second=False, at=AT))
    browser.do(identity.give_passkey, answer=answer, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.give_passkey, answer=answer, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        Browser().do(identity.give_passkey, answer=answer, at=AT)


def test_copied_key_is_known_by_its_count(account, device):
    device.counter = 5
    by_key(device)
    with pytest.raises(identity.PasskeyRefused):
        by_key(device)
    device.counter = 6
    assert by_key(device).actor().account == account.pk
    assert ("identity.sign_in.refuse", "passkey") in lines(account)


@pytest.mark.parametrize(
    "handle", ["", "AAAA", "_", "6f5e3e87" * 8, "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA"]
)
def test_key_that_names_nobody_is_refused(device, handle):
    with pytest.raises(identity.PasskeyRefused):
        by_key(device, handle=handle)


def test_key_of_a_citizen_is_refused(account, device):
    account.kind = "citizen"
    account.save()
    with pytest.raises(identity.PasskeyRefused):
        by_key(device)


def test_disabled_account_does_not_open_by_its_key(account, device):
    account.is_active = False
    account.save()
    with pytest.raises(identity.AccountDisabled):
        by_key(device)
    assert lines(account)[0] == ("identity.sign_in.refuse", "disabled")


def test_tries_with_keys_are_limited(account, device):
    browser = after_password(account)
    for _ in range(5):
        options = browser.do(identity.ask_passkey, is_second=True, at=AT)
        with pytest.raises(identity.PasskeyRefused):
            browser.do(identity.give_passkey, answer=Device().get(options), at=AT)
    options = browser.do(identity.ask_passkey, is_second=True, at=AT)
    with pytest.raises(TooMany):
        browser.do(identity.give_passkey, answer=device.get(options), at=AT)


def test_asking_without_a_password_is_limited_by_address():
    browser = Browser()
    for _ in range(200):
        browser.do(identity.ask_passkey, is_second=False, at=AT)
    with pytest.raises(TooMany):
        browser.do(identity.ask_passkey, is_second=False, at=AT)


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "null", "{", "{}", '{"response": 1}', '{"response": {"userHandle": 1}}', "[" * 9999,
     "x" * 20_000],
)  # fmt: skip
def test_answers_that_no_browser_gives_are_refused(answer):
    browser = Browser()
    browser.do(identity.ask_passkey, is_second=False, at=AT)
    with pytest.raises(identity.PasskeyRefused):
        browser.do(identity.give_passkey, answer=answer, at=AT)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "attestationObject",
                         "authenticatorData", "signature", "userHandle"]), inner, max_size=6),
    max_leaves=12,
))  # fmt: skip
def test_protocol_refuses_whatever_else_is_sent(said):
    answer = said if isinstance(said, dict) else {"response": said}
    for finish, more in ((protocol.finish_adding, {}), (protocol.finish_giving, {"kept": []})):
        with pytest.raises(protocol.PasskeyRefused):
            finish(SITE, challenge="AAAA", answer=answer, **more)


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("https://sen.example/", "sen.example", "https://sen.example"),
        ("https://sen.example:443/x", "sen.example", "https://sen.example"),
        ("https://sen.example:8443", "sen.example", "https://sen.example:8443"),
    ],
)
def test_site_is_that_of_the_public_address(url, host, origin):
    found = protocol.site(url, name="Sen")
    assert (found.host, found.origin) == (host, origin)
