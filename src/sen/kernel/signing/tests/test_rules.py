"""A verdict is valid only when everything is sure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.signing import rules
from sen.kernel.signing.choices import (
    Coverage,
    Finding,
    Modification,
    Revocation,
    TimeSource,
    Trust,
    Verdict,
)
from sen.kernel.signing.data import SignatureFacts

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
BEFORE = AT - dt.timedelta(days=1)
GOOD = SignatureFacts(
    field="NguoiKy",
    signer_name="Nguyễn Văn An",
    organisation="UBND",
    fingerprint=b"1",
    signed_at=BEFORE,
    valid_from=AT - dt.timedelta(days=100),
    valid_to=AT + dt.timedelta(days=100),
    is_intact=True,
    is_genuine=True,
    is_canonical=True,
    trust=Trust.TRUSTED,
    coverage=Coverage.WHOLE,
    modification=Modification.NONE,
)


def judge(facts: SignatureFacts, revocation: Revocation = Revocation.GOOD):
    return rules.judge_signature(facts, revocation=revocation, at=AT)


def test_a_sound_signature_is_valid_and_says_that_its_time_is_claimed():
    report = judge(GOOD)
    assert (report.verdict, report.findings) == (Verdict.VALID, (Finding.CLAIMED_TIME,))
    assert report.time_source == TimeSource.CLAIMED
    assert report.covers_whole
    assert report.messages == ("Thời điểm ký do người ký khai, không có dấu thời gian.",)


@pytest.mark.parametrize(
    ("change", "revocation", "verdict", "finding"),
    [
        ({"is_intact": False}, "good", "invalid", "broken"),
        ({"is_intact": False, "is_genuine": False}, "good", "invalid", "broken"),
        ({"is_genuine": False}, "good", "invalid", "not_genuine"),
        ({"is_canonical": False}, "good", "invalid", "container"),
        ({"coverage": Coverage.PARTIAL}, "good", "unknown", "partial"),
        ({"modification": Modification.FORBIDDEN}, "good", "invalid", "forbidden_change"),
        ({"trust": Trust.UNTRUSTED}, "good", "unknown", "untrusted"),
        ({"valid_from": AT}, "good", "invalid", "not_yet_valid"),
        ({"valid_to": BEFORE - dt.timedelta(days=1)}, "good", "invalid", "expired_at_signing"),
        ({"valid_to": BEFORE}, "good", "unknown", "expired_since"),
        ({"trust": Trust.UNSUITED}, "good", "invalid", "unsuited"),
        ({}, "revoked", "invalid", "revoked"),
        ({}, "revoked_since", "unknown", "revoked_since"),
        ({}, "unchecked", "unknown", "revocation_unchecked"),
        ({"signed_at": None}, "good", "unknown", "no_time"),
        ({"signed_at": AT + dt.timedelta(minutes=6)}, "good", "unknown", "future"),
    ],
)
def test_each_doubt_and_each_breach_is_named(change, revocation, verdict, finding):
    report = judge(replace(GOOD, **change), Revocation(revocation))
    assert report.verdict == verdict
    assert Finding(finding) in report.findings


def test_a_clock_a_little_ahead_is_no_doubt():
    report = judge(replace(GOOD, signed_at=AT + dt.timedelta(minutes=5)))
    assert report.verdict == Verdict.VALID


def test_a_signature_without_time_has_no_source_of_time():
    assert judge(replace(GOOD, signed_at=None)).time_source == TimeSource.MISSING


@pytest.mark.parametrize(
    ("revoked_at", "signed_at", "is_known", "revocation"),
    [
        (None, BEFORE, True, Revocation.GOOD),
        (None, BEFORE, False, Revocation.UNCHECKED),
        (BEFORE, BEFORE, True, Revocation.REVOKED),
        (BEFORE, AT, True, Revocation.REVOKED),
        (BEFORE, None, True, Revocation.REVOKED),
        (AT, BEFORE, True, Revocation.REVOKED_SINCE),
    ],
)
def test_revocation_depends_on_when_it_was_signed(revoked_at, signed_at, is_known, revocation):
    assert rules.revocation_of(revoked_at, signed_at, is_known=is_known) == revocation


def file_report(*facts: SignatureFacts):
    return rules.judge_file(facts, revocations={b"1": Revocation.GOOD}, at=AT)


def test_a_file_is_as_good_as_its_worst_signature():
    first = replace(GOOD, coverage=Coverage.REVISION, modification=Modification.ALLOWED)
    assert file_report(first, GOOD).verdict == Verdict.VALID
    assert file_report(replace(first, is_intact=False), GOOD).verdict == Verdict.INVALID
    assert file_report(replace(first, trust=Trust.UNTRUSTED), GOOD).verdict == Verdict.UNKNOWN


def test_a_certificate_that_nobody_answers_for_is_unchecked():
    report = file_report(replace(GOOD, fingerprint=b"2"))
    assert report.verdict == Verdict.UNKNOWN
    assert report.signatures[0].revocation == Revocation.UNCHECKED


def test_a_file_without_signature_or_with_an_unprotected_end_is_unknown():
    assert file_report().findings == (Finding.NO_SIGNATURE,)
    assert file_report().verdict == Verdict.UNKNOWN
    filled = file_report(replace(GOOD, coverage=Coverage.REVISION))
    assert (filled.verdict, filled.findings) == (Verdict.UNKNOWN, (Finding.UNPROTECTED_TAIL,))
    assert filled.messages == (
        "Có nội dung được điền sau chữ ký cuối cùng, chưa được chữ ký nào bảo vệ.",
    )


def test_an_unreadable_file_is_invalid():
    report = rules.unreadable(AT)
    assert (report.verdict, report.findings) == (Verdict.INVALID, (Finding.UNREADABLE,))


facts = st.builds(
    SignatureFacts,
    field=st.just("NguoiKy"),
    signer_name=st.just(""),
    organisation=st.just(""),
    fingerprint=st.sampled_from([b"1", b"2"]),
    signed_at=st.sampled_from([None, BEFORE, AT + dt.timedelta(days=1)]),
    valid_from=st.sampled_from([GOOD.valid_from, AT]),
    valid_to=st.sampled_from([GOOD.valid_to, BEFORE]),
    is_intact=st.booleans(),
    is_genuine=st.booleans(),
    is_canonical=st.booleans(),
    trust=st.sampled_from([Trust.TRUSTED, Trust.UNTRUSTED, Trust.UNSUITED]),
    coverage=st.sampled_from(Coverage),
    modification=st.sampled_from(Modification),
)


@given(st.lists(facts, max_size=3))
def test_valid_means_that_nothing_at_all_is_in_doubt(several):
    report = file_report(*several)
    sure = (
        bool(several)
        and several[-1].coverage == Coverage.WHOLE
        and all(
            one.is_intact
            and one.is_genuine
            and one.is_canonical
            and one.trust == Trust.TRUSTED
            and one.coverage != Coverage.PARTIAL
            and one.modification != Modification.FORBIDDEN
            and one.signed_at == BEFORE
            and one.valid_from == GOOD.valid_from
            and one.valid_to == GOOD.valid_to
            and one.fingerprint == b"1"
            for one in several
        )
    )
    assert (report.verdict == Verdict.VALID) == sure
