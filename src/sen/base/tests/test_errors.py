"""Expected failures."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import errors


@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        (errors.DomainError, "error", 400),
        (errors.Invalid, "invalid", 422),
        (errors.NotAllowed, "not_allowed", 403),
        (errors.SignInNeeded, "sign_in_needed", 401),
        (errors.NotFound, "not_found", 404),
        (errors.Conflict, "conflict", 409),
        (errors.KeyReused, "key_reused", 422),
        (errors.TooLarge, "too_large", 413),
        (errors.TooMany, "too_many", 429),
        (errors.Unavailable, "unavailable", 503),
    ],
)
def test_each_failure_has_a_code_a_status_and_words(failure, code, status):
    error = failure()

    assert (error.code, error.status, error.message) == (code, status, failure.default)
    assert str(error) == failure.default
    assert error.fields == {}


def test_message_and_fields_are_kept():
    error = errors.Invalid("Sai ngày.", fields={"birth_date": ("Ngày ở tương lai.",)})

    assert (error.message, error.fields) == ("Sai ngày.", {"birth_date": ["Ngày ở tương lai."]})


def test_a_version_conflict_says_who_did_what_when():
    when = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)

    error = errors.VersionConflict(who="Nguyễn Thị An", what="Tiếp nhận", when=when)

    assert (error.who, error.what, error.when) == ("Nguyễn Thị An", "Tiếp nhận", when)
    assert (error.code, error.status) == ("version_conflict", 409)
    assert error.message == errors.VersionConflict.default


def test_sign_in_needed_is_a_kind_of_not_allowed():
    assert issubclass(errors.SignInNeeded, errors.NotAllowed)
