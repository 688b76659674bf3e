"""A leader signs, a clerk fills in and seals; every later change shows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from sen.kernel.signing import rules
from sen.kernel.signing.adapters import appearance, authority, filling, keys, stamps, verification
from sen.kernel.signing.adapters.cms import Envelope
from sen.kernel.signing.adapters.filling import SignatureToMake
from sen.kernel.signing.adapters.objects import dictionary, name, text
from sen.kernel.signing.adapters.preparing import prepare
from sen.kernel.signing.adapters.revision import Revision, fields_of
from sen.kernel.signing.choices import (
    Coverage,
    Finding,
    HolderKind,
    Modification,
    Revocation,
    Trust,
    Verdict,
)
from sen.kernel.signing.data import Holder, NotPrepared, Report
from sen.kernel.signing.tests.factories import AT, typeset

FROM, TO = AT - dt.timedelta(days=365), AT + dt.timedelta(days=3650)
FILL = {"so": "15", "ngay": "21", "thang": "11"}


@dataclasses.dataclass(frozen=True)
class Pen:
    """A key with its envelope."""

    name: str
    key: ec.EllipticCurvePrivateKey
    envelope: Envelope

    def make(self, digest: bytes) -> bytes:
        return self.envelope.assemble(digest, keys.sign(self.key, self.envelope.to_sign(digest)))


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def issuer() -> tuple[bytes, authority.Issuer]:
    root_key, key = new_key(), new_key()
    root = authority.issue_authority("Gốc", root_key, issuer=None, valid_from=FROM, valid_to=TO)
    issuing = authority.issue_authority(
        "Cấp", key, issuer=authority.Issuer(root, root_key), valid_from=FROM, valid_to=TO
    )
    return authority.der(root), authority.Issuer(issuing, key)


@cache
def pen(holder: str, valid_from: dt.datetime = FROM, valid_to: dt.datetime = TO) -> Pen:
    key, (_, by) = new_key(), issuer()
    certificate = authority.issue_to(
        Holder(HolderKind.PERSON, holder, "UBND"),
        key,
        issuer=by,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    chain = [authority.der(by.certificate)]
    return Pen(holder, key, Envelope(authority.der(certificate), chain))


def order(by: Pen, field: str, **changes: object) -> SignatureToMake:
    plain = SignatureToMake(
        field=field,
        fill={},
        lock_fields=(),
        certify=False,
        signer_name=by.name,
        shown=None,
        signed_at=AT,
        most_bytes=by.envelope.most_bytes,
        make=by.make,
    )
    return dataclasses.replace(plain, **changes)


@cache
def prepared() -> bytes:
    return prepare(typeset())


@cache
def by_leader() -> bytes:
    picture = appearance.picture(stamps.handwriting("Nguyễn Văn An"))
    return filling.sign(
        prepared(), order(pen("Nguyễn Văn An"), "NguoiKy", certify=True, shown=picture)
    )


@cache
def sealed() -> bytes:
    picture = appearance.picture(stamps.seal("Ủy ban nhân dân phường Trường Vinh"))
    return filling.sign(by_leader(), order(pen("UBND"), "CoQuan", fill=FILL, shown=picture))


def check(data: bytes, *, at: dt.datetime = AT, roots: tuple[bytes, ...] | None = None) -> Report:
    try:
        facts = verification.examine(data, (issuer()[0],) if roots is None else roots)
    except verification.Unreadable:
        return rules.unreadable(at)
    return rules.judge_file(
        facts, revocations={one.fingerprint: Revocation.GOOD for one in facts}, at=at
    )


def values(data: bytes) -> dict[str, str]:
    form = PdfFileReader(io.BytesIO(data)).root["/AcroForm"]
    found = [one.get_object() for one in form["/Fields"]]
    return {str(one["/T"]): str(one["/V"]) for one in found if one["/FT"] == "/Tx" and "/V" in one}


def test_both_signatures_are_valid_and_each_says_what_it_covers():
    report = check(sealed())
    leader, seal = report.signatures
    assert report.verdict == Verdict.VALID
    assert (leader.field, leader.signer_name, leader.organisation) == (
        "NguoiKy", "Nguyễn Văn An", "UBND",
    )  # fmt: skip
    assert (leader.coverage, leader.modification) == (Coverage.REVISION, Modification.ALLOWED)
    assert (seal.coverage, seal.modification) == (Coverage.WHOLE, Modification.NONE)
    assert (leader.signed_at, leader.trust) == (AT, Trust.TRUSTED)
    assert seal.algorithm == "sha256 sha256_ecdsa"
    assert values(sealed()) == FILL


def test_revisions_are_appended_and_nothing_before_is_touched():
    assert by_leader().startswith(prepared())
    assert sealed().startswith(by_leader())
    assert values(by_leader()) == {}


def test_metadata_stays_as_it_was_rendered():
    assert sealed().count(b"<?xpacket begin") == 1
    assert b"pyHanko" not in sealed()


def test_a_signed_leader_alone_is_valid_and_filled_in_but_unsealed_is_not_yet():
    assert check(by_leader()).verdict == Verdict.VALID
    revision = Revision(by_leader())
    filling._fill(revision, fields_of(revision)["so"], "15")
    report = check(revision.written())
    assert (report.verdict, report.findings) == (Verdict.UNKNOWN, (Finding.UNPROTECTED_TAIL,))


def test_a_digit_changed_after_the_seal_breaks_the_seal():
    revision = Revision(sealed())
    filling._fill(revision, fields_of(revision)["so"], "16")
    report = check(revision.written())
    assert values(revision.written())["so"] == "16"
    assert report.verdict == Verdict.INVALID
    assert Finding.FORBIDDEN_CHANGE in report.signatures[1].findings


def test_a_word_added_after_a_signature_breaks_it():
    revision = Revision(by_leader())
    revision.root[name("Lang")] = text("en")
    revision.update_root()
    assert check(revision.written()).verdict == Verdict.INVALID


def test_a_new_field_after_a_signature_is_not_taken_for_valid():
    revision = Revision(by_leader())
    form = revision.root["/AcroForm"]
    form["/Fields"].append(revision.add_object(dictionary({"FT": name("Sig"), "T": text("Khac")})))
    revision.update_container(form["/Fields"])
    assert check(revision.written()).verdict != Verdict.VALID


def test_an_unknown_root_is_unknown_and_no_root_too():
    other = authority.issue_authority("X", new_key(), issuer=None, valid_from=FROM, valid_to=TO)
    for roots in ((), (authority.der(other),)):
        report = check(sealed(), roots=roots)
        assert report.verdict == Verdict.UNKNOWN
        assert {one.trust for one in report.signatures} == {Trust.UNTRUSTED}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "at", "trust", "verdict"),
    [
        (FROM, AT - dt.timedelta(days=1), AT, Trust.EXPIRED_AT_SIGNING, Verdict.INVALID),
        (AT + dt.timedelta(days=1), TO, TO, Trust.NOT_YET_VALID, Verdict.INVALID),
        (
            FROM,
            AT + dt.timedelta(days=1),
            AT + dt.timedelta(days=2),
            Trust.EXPIRED_SINCE,
            Verdict.UNKNOWN,
        ),
        (FROM, AT + dt.timedelta(days=1), AT, Trust.TRUSTED, Verdict.VALID),
    ],
)
def test_the_time_of_a_certificate_counts(valid_from, valid_to, at, trust, verdict):
    by = pen("Ngắn hạn", valid_from, valid_to)
    report = check(filling.sign(prepared(), order(by, "NguoiKy", certify=True)), at=at)
    assert (report.signatures[0].trust, report.verdict) == (trust, verdict)


def test_a_certificate_that_is_not_for_signing_is_unsuited():
    _, by = issuer()
    by_authority = Pen("Cấp", by.key, Envelope(authority.der(by.certificate), []))
    report = check(filling.sign(prepared(), order(by_authority, "NguoiKy", certify=True)))
    assert report.verdict != Verdict.VALID
    assert report.signatures[0].trust in {Trust.UNSUITED, Trust.UNTRUSTED}


def test_a_signature_by_another_key_is_not_genuine():
    mine, other = pen("Nguyễn Văn An"), pen("UBND")
    forged = Pen(mine.name, other.key, mine.envelope)
    report = check(filling.sign(prepared(), order(forged, "NguoiKy")))
    assert (report.verdict, report.signatures[0].findings[0]) == (
        Verdict.INVALID, Finding.NOT_GENUINE,
    )  # fmt: skip


def test_hidden_bytes_and_other_letters_in_the_container_are_seen():
    data, end = b"", 0
    while data[end - 2 : end] != b"00":  # a signature's length varies by a byte or two
        data = filling.sign(by_leader(), order(pen("UBND"), "CoQuan", fill=FILL))
        last = data.rindex(b"/Contents <")
        end = data.index(b">", last)
    letter = next(i for i in range(last + 11, end) if data[i : i + 1] in b"ABCDEF")
    for place, byte in ((end - 1, b"1"), (letter, data[letter : letter + 1].lower())):
        changed = data[:place] + byte + data[place + 1 :]
        report = check(changed)
        assert report.verdict == Verdict.INVALID
        assert Finding.CONTAINER in report.signatures[1].findings


def test_bytes_after_the_end_are_seen():
    assert check(sealed() + b"\n% more").verdict != Verdict.VALID


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_one_changed_byte_anywhere_is_never_valid(choice):
    data = sealed()
    place = choice.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[place] ^= choice.draw(st.integers(1, 255))
    assert check(bytes(changed)).verdict != Verdict.VALID


def test_one_changed_byte_of_the_content_is_invalid():
    place = sealed().index(b"/Title")
    changed = sealed()[:place] + b"/Litle" + sealed()[place + 6 :]
    assert check(changed).verdict == Verdict.INVALID
    assert not check(changed).signatures[0].intact


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf", b"\x00" * 100])
def test_what_is_no_pdf_is_invalid_and_unreadable(data):
    report = check(data)
    assert (report.verdict, report.findings) == (Verdict.INVALID, (Finding.UNREADABLE,))


def test_a_paper_without_signature_is_unknown():
    assert check(prepared()).findings == (Finding.NO_SIGNATURE,)
    assert check(typeset()).findings == (Finding.NO_SIGNATURE,)


@pytest.mark.parametrize(
    ("data", "field", "changes", "reason"),
    [
        (typeset, "NguoiKy", {}, "no empty signature field NguoiKy"),
        (prepared, "KhongCo", {}, "no empty signature field KhongCo"),
        (prepared, "so", {}, "no empty signature field so"),
        (by_leader, "NguoiKy", {}, "no empty signature field NguoiKy"),
        (by_leader, "CoQuan", {"certify": True}, "comes first"),
        (prepared, "CoQuan", {"fill": {"nam": "1"}}, "no field nam"),
        (prepared, "CoQuan", {"fill": {"NguoiKy": "1"}}, "no field NguoiKy"),
        (prepared, "CoQuan", {"fill": {"so": "15a"}}, "digits only"),
        (prepared, "CoQuan", {"fill": {"so": ""}}, "digits only"),
        (prepared, "CoQuan", {"fill": {"so": "1" * 13}}, "digits only"),
    ],
)
def test_what_cannot_be_signed_is_refused(data, field, changes, reason):
    with pytest.raises(NotPrepared, match=reason):
        filling.sign(data(), order(pen("UBND"), field, **changes))


def test_digits_under_a_seal_are_not_filled_again():
    first = filling.sign(prepared(), order(pen("UBND"), "CoQuan", fill=FILL))
    with pytest.raises(NotPrepared, match="locked"):
        filling.sign(first, order(pen("An"), "NguoiKy", fill={"so": "16"}))


def test_further_fields_can_be_locked_by_the_one_who_signs():
    first = filling.sign(
        prepared(), order(pen("An"), "NguoiKy", fill={"so": "15"}, lock_fields=("so",))
    )
    revision = Revision(first)
    filling._fill(revision, fields_of(revision)["so"], "16")
    assert check(first).verdict == Verdict.VALID
    assert check(revision.written()).verdict == Verdict.INVALID


def test_a_field_that_was_not_prepared_here_is_not_filled():
    revision = Revision(prepared())
    field = fields_of(revision)["so"]
    field.dictionary[name("DA")] = text("/Helv 12 Tf 1 g")
    with pytest.raises(NotPrepared, match="not prepared here"):
        filling._fill(revision, field, "1")


def test_a_time_without_zone_is_read_as_utc_and_none_stays_none():
    assert verification._aware(None) is None
    assert verification._aware(AT.replace(tzinfo=None)) == AT


@pytest.mark.parametrize(
    ("gap", "is_canonical"),
    [
        (b"<040141>", True),
        (b"<04014100>", True),
        (b"<04014101>", False),
        (b"<04 0141>", False),
        (b"<0401aB>", False),
        (b"<04820001AB>", True),
    ],
)
def test_a_container_is_canonical_or_not(gap, is_canonical):
    assert verification._is_canonical(gap, [0, 0, len(gap), 0]) is is_canonical


def test_the_files_looked_at_last_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(verification, "_remembered", {})
    monkeypatch.setattr(verification, "_MOST_REMEMBERED", 1)
    first = verification.examine(sealed(), (issuer()[0],))
    assert verification.examine(sealed(), (issuer()[0],)) is first
    assert verification.examine(by_leader(), (issuer()[0],)) != first
    assert len(verification._remembered) == 1
    assert verification.examine(sealed(), ()) != first
