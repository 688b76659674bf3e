"""Recovery codes, another phone, and a new start when all is lost."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator

from sen.base.actor import ANONYMOUS, Strength
from sen.base.errors import SignInNeeded, TooMany
from sen.kernel.identity import public as identity
from sen.kernel.identity import rules
from sen.kernel.identity.services import sign_in
from sen.kernel.identity.tests.factories import AT, SECRET, EmploymentFactory, OfficialFactory
from sen.kernel.identity.tests.test_door import Browser, signed_in
from sen.kernel.identity.tests.test_passkeys import (
    MINUTE,
    added,
    after_password,
    by_key,
    changes,
    lines,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch, settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())


@pytest.fixture
def account():
    return EmploymentFactory().account


def test_recovery_codes_are_shown_once_and_kept_as_digests(account):
    codes = signed_in(account).do(identity.make_recovery_codes, at=AT)
    row = Authenticator.objects.get(user=account, type="recovery_codes")
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (10, 10, {11})
    assert all(code not in json.dumps(row.data) for code in codes)
    assert identity.second_factors(account.pk).codes_left == 10
    assert lines(account)[0] == ("identity.recovery_codes.make", "")
    assert changes(account) == ["recovery_codes_made"]


def test_recovery_code_signs_in_once(account):
    codes = signed_in(account).do(identity.make_recovery_codes, at=AT)
    typed = f" {codes[3].upper().replace('-', ' ')} "
    browser = after_password(account)
    step = browser.do(identity.give_recovery_code, code=typed, at=AT)
    again = after_password(account)
    with pytest.raises(identity.WrongRecoveryCode):
        again.do(identity.give_recovery_code, code=codes[3], at=AT)

    assert (step, browser.actor().strength) == (None, Strength.MULTI_FACTOR)
    assert (again.actor(), identity.second_factors(account.pk).codes_left) == (ANONYMOUS, 9)
    assert lines(account)[:3] == [
        ("identity.sign_in.refuse", "recovery_code"),
        ("identity.sign_in", "recovery_code"),
        ("identity.recovery_code.use", ""),
    ]
    assert changes(account) == ["recovery_codes_made", "recovery_code_used"]


def test_new_recovery_codes_end_the_old_ones(account):
    browser = signed_in(account)
    old = browser.do(identity.make_recovery_codes, at=AT)
    new = browser.do(identity.make_recovery_codes, at=AT)
    with pytest.raises(identity.WrongRecoveryCode):
        after_password(account).do(identity.give_recovery_code, code=old[0], at=AT)
    assert after_password(account).do(identity.give_recovery_code, code=new[0], at=AT) is None


def test_recovery_code_belongs_to_one_account(account):
    codes = signed_in(account).do(identity.make_recovery_codes, at=AT)
    other = EmploymentFactory().account
    signed_in(other).do(identity.make_recovery_codes, at=AT)
    with pytest.raises(identity.WrongRecoveryCode):
        after_password(other).do(identity.give_recovery_code, code=codes[0], at=AT)


def test_recovery_code_needs_the_password_and_an_open_account(account):
    codes = signed_in(account).do(identity.make_recovery_codes, at=AT)
    with pytest.raises(SignInNeeded):
        Browser().do(identity.give_recovery_code, code=codes[0], at=AT)
    browser = after_password(account)
    identity.Account.objects.update(is_active=False)
    with pytest.raises(identity.AccountDisabled):
        browser.do(identity.give_recovery_code, code=codes[0], at=AT)


def test_guessing_of_recovery_codes_counts_with_that_of_one_time_codes(account):
    codes = signed_in(account).do(identity.make_recovery_codes, at=AT)
    browser = after_password(account)
    for number in range(3):
        with pytest.raises(identity.WrongRecoveryCode):
            browser.do(identity.give_recovery_code, code=f"aaaaa-aaaa{number}", at=AT)
    for _ in range(2):
        with pytest.raises(identity.WrongCode):
            browser.do(identity.give_code, code="000000", at=AT)
    with pytest.raises(TooMany):
        browser.do(identity.give_recovery_code, code=codes[0], at=AT)


def test_account_without_codes_has_none_to_give():
    account = OfficialFactory()
    with pytest.raises(identity.WrongRecoveryCode):
        after_password(account).do(identity.give_recovery_code, code="abcde-fghij", at=AT)


# -- Another phone, and when all is lost


def test_authenticator_moves_to_another_phone(account):
    browser = signed_in(account)
    secret = browser.do(identity.new_enrolment, at=AT).secret
    same = browser.do(identity.new_enrolment, at=AT).secret
    with pytest.raises(identity.WrongCode):
        browser.do(identity.replace_app, code="000000", at=AT)
    old_works = sign_in.totp_secret(account.pk) == SECRET
    browser.do(identity.replace_app, code=rules.totp_code(secret, rules.totp_counter(AT)), at=AT)

    assert (same, old_works, sign_in.totp_secret(account.pk)) == (secret, True, secret)
    assert browser.actor().account == account.pk
    assert lines(account)[0] == ("identity.second_factor.add", "")
    assert changes(account) == ["app_replaced"]


def test_new_start_ends_every_factor_and_tells_the_owner(account):
    device = added(signed_in(account))
    signed_in(account, AT + MINUTE).do(identity.make_recovery_codes, at=AT + MINUTE)
    administrator = signed_in(EmploymentFactory().account).actor()
    identity.reset_access(
        administrator, account_id=account.pk, password="mùa xuân trên sông Lam", at=AT
    )
    kept = identity.second_factors(account.pk)
    assert (kept.app_since, kept.passkeys, kept.codes_left) == (None, (), None)
    assert changes(account)[-1] == "access_reset"
    with pytest.raises(identity.PasskeyRefused):
        by_key(device)
