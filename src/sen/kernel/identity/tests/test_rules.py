"""One-time codes, steps, session limits, claims."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base.actor import Strength
from sen.base.clock import ZONE
from sen.kernel.identity import rules
from sen.kernel.identity.data import Step, VerifiedIdentity

SECRET = base64.b32encode(b"12345678901234567890").decode()
AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
STEP = dt.timedelta(seconds=30)


# Nguồn: RFC 6238, phụ lục B, sáu chữ số cuối của cột SHA1.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_of_the_standard(seconds, code):
    at = dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    assert rules.totp_code(SECRET, rules.totp_counter(at)) == code


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clock_may_differ_by_one_step(steps, is_taken):
    present = rules.totp_counter(AT)
    found = rules.matching_counter(SECRET, rules.totp_code(SECRET, present + steps), AT, used=0)
    assert found == (present + steps if is_taken else None)


def test_code_may_be_typed_with_spaces():
    code = rules.totp_code(SECRET, rules.totp_counter(AT))
    spaced = f" {code[:3]} {code[3:]}"
    assert rules.matching_counter(SECRET, spaced, AT, used=0) == rules.totp_counter(AT)


@given(st.text(max_size=12))
def test_what_is_not_six_digits_is_never_taken(text):
    taken = rules.matching_counter(SECRET, text, AT, used=0)
    present = rules.totp_counter(AT)
    good = {rules.totp_code(SECRET, present + step) for step in (-1, 0, 1)}
    assert (taken is not None) == ("".join(text.split()) in good)


def test_shown_code_is_always_one_that_will_be_taken():
    present = rules.totp_counter(AT)
    fresh = rules.shown_code(SECRET, AT + dt.timedelta(seconds=10), used=0)
    after = rules.shown_code(SECRET, AT + dt.timedelta(seconds=10), used=present)
    spent = rules.shown_code(SECRET, AT, used=present + 1)
    assert (fresh.code, fresh.seconds_left) == (rules.totp_code(SECRET, present), 20)
    assert (after.code, after.seconds_left) == (rules.totp_code(SECRET, present + 1), 50)
    assert (spent.code, spent.is_used, spent.seconds_left) == (
        rules.totp_code(SECRET, present + 1), True, 30,
    )  # fmt: skip
    assert (fresh.is_used, after.is_used) == (False, False)


def test_address_for_authenticators():
    assert rules.totp_address("ABC", account="một cửa", issuer="Sen") == (
        "otpauth://totp/Sen:m%E1%BB%99t%20c%E1%BB%ADa?secret=ABC&issuer=Sen"
    )


@pytest.mark.parametrize(
    ("has", "given", "must", "step"),
    [
        (True, False, False, Step.CODE),
        (True, False, True, Step.CODE),
        (True, True, True, Step.CHANGE_PASSWORD),
        (True, True, False, None),
        (False, False, True, Step.CHANGE_PASSWORD),
        (False, False, False, Step.ENROL),
    ],
)
def test_steps_after_the_password(has, given, must, step):
    assert (
        rules.next_step(has_second_factor=has, second_factor_given=given, must_change_password=must)
        == step
    )


@pytest.mark.parametrize(
    ("is_official", "idle_minutes", "is_over"),
    [(True, 14, False), (True, 15, True), (False, 29, False), (False, 30, True)],
)
def test_idle_sessions_end(is_official, idle_minutes, is_over):
    assert (
        rules.is_session_over(
            is_official=is_official,
            last_seen_at=AT,
            expires_at=AT + rules.ABSOLUTE,
            at=AT + dt.timedelta(minutes=idle_minutes),
        )
        == is_over
    )


CLAIMS = {
    "sub": "x1",
    "SoDinhDanh": "040 195 000 102",
    "HoVaTen": "Trần Thị Mẫu",
    "NgaySinh": "08/03/1995",
    "GioiTinh": "Nữ",
    "SoDienThoai": "0900000102",
    "acr": "LoA2",
}


def read(**changes):
    return rules.read_claims(
        {**CLAIMS, **changes}, issuer="https://i", mapping=rules.NATIONAL_IDENTITY_CLAIMS
    )


def test_claims_become_a_person():
    assert read() == VerifiedIdentity(
        issuer="https://i",
        subject="x1",
        national_number="040195000102",
        full_name="Trần Thị Mẫu",
        birth_date=dt.date(1995, 3, 8),
        sex="female",
        phone="0900000102",
        email="",
        strength=Strength.LEVEL_2,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [("1995-03-08", dt.date(1995, 3, 8)), ("1995", None), ("31/02/1995", None), ("", None)],
)
def test_birth_date_in_either_form(text, day):
    assert read(NgaySinh=text).birth_date == day


def test_names_are_kept_in_one_normal_form():
    assert read(HoVaTen="Trần Thị Mẫu").full_name == "Trần Thị Mẫu"


@pytest.mark.parametrize(
    "changes",
    [
        {"SoDinhDanh": None},
        {"SoDinhDanh": "04019500010"},
        {"NgaySinh": "08/03/1996"},
        {"GioiTinh": "Nam"},
        {"acr": None},
        {"acr": "LoA3"},
        {"sub": ""},
        {"HoVaTen": " "},
    ],
)
def test_claims_that_do_not_hold_are_refused(changes):
    with pytest.raises(rules.ClaimsRefused):
        read(**changes)


def test_sex_that_is_not_said_is_left_open():
    assert read(GioiTinh=None).sex == ""


@pytest.mark.parametrize(
    ("minutes", "is_fresh"), [(0, True), (10, True), (10.01, False), (60, False)]
)
def test_sign_in_is_fresh_for_ten_minutes(minutes, is_fresh):
    assert rules.is_recent(AT, AT + dt.timedelta(minutes=minutes)) is is_fresh


# Nguồn: W3C Web Authentication Level 2, mục 6.1.1.
@pytest.mark.parametrize(
    ("kept", "given_now", "goes_on"),
    [(0, 0, True), (0, 1, True), (5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False)],
)
def test_count_of_a_device_must_go_on(kept, given_now, goes_on):
    assert rules.is_counted_on(kept, given_now) is goes_on


@given(st.text("abcdefghijkmnpqrstuvwxyz23456789", min_size=10, max_size=10))
def test_recovery_code_may_be_typed_in_any_way(letters):
    ways = [
        letters.upper(),
        f"{letters[:5]}-{letters[5:]}",
        f" {letters[:3]} \u2013 {letters[3:]} ",
    ]
    assert {rules.recovery_letters(way) for way in ways} == {letters}
