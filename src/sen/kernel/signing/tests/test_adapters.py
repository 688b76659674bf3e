"""Keys, certificates, stamps, CMS messages and prepared files by themselves."""

from __future__ import annotations

import datetime as dt
import io
import stat

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from sen.kernel.signing.adapters import authority, keys, stamps
from sen.kernel.signing.adapters.cms import Envelope, der
from sen.kernel.signing.adapters.preparing import prepare
from sen.kernel.signing.choices import HolderKind
from sen.kernel.signing.data import Holder, NotPrepared
from sen.kernel.signing.tests.factories import AT, typeset

LATER = AT + dt.timedelta(days=3650)


# -- Keys


def test_a_key_is_ours_alone_and_parsed_once(tmp_path):
    home = tmp_path / "keys"
    made = keys.make(home, "person-1")
    assert stat.S_IMODE((home / "person-1.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    loaded = keys.load(home, "person-1")
    assert loaded.private_numbers() == made.private_numbers()
    assert keys.load(home, "person-1") is loaded


def test_a_key_is_never_written_over(tmp_path):
    keys.make(tmp_path, "person-1")
    with pytest.raises(FileExistsError):
        keys.make(tmp_path, "person-1")


def test_an_open_missing_or_strange_key_is_unusable(tmp_path):
    keys.make(tmp_path, "open")
    (tmp_path / "open.pem").chmod(0o640)
    (tmp_path / "broken.pem").write_text("x")
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = other.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "rsa.pem").write_bytes(text)
    for name in ("broken", "rsa"):
        (tmp_path / f"{name}.pem").chmod(0o600)
    for name in ("open", "missing", "broken", "rsa", "../etc/passwd"):
        with pytest.raises(keys.KeyUnusable):
            keys.load(tmp_path, name)


# -- Certificates and messages


@pytest.fixture(scope="module")
def chain():
    root_key, key, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    dates = {"valid_from": AT, "valid_to": LATER}
    root = authority.issue_authority("Gốc", root_key, issuer=None, **dates)
    issuing = authority.issue_authority(
        "Cấp", key, issuer=authority.Issuer(root, root_key), **dates
    )
    holder = Holder(HolderKind.PERSON, "Nguyễn Văn An", "UBND phường Trường Vinh")
    certificate = authority.issue_to(holder, own, issuer=authority.Issuer(issuing, key), **dates)
    return root, issuing, certificate, own


def test_the_chain_is_one_and_each_link_does_only_its_work(chain):
    root, issuing, certificate, _ = chain
    issuing.verify_directly_issued_by(root)
    certificate.verify_directly_issued_by(issuing)
    basic = [
        one.extensions.get_extension_for_class(x509.BasicConstraints).value for one in chain[:3]
    ]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert [(one.ca, one.path_length) for one in basic] == [(True, 1), (True, 0), (False, None)]
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    assert certificate.subject.rfc4514_string() == (
        "CN=Nguyễn Văn An,O=UBND phường Trường Vinh,C=VN"
    )
    assert authority.read(authority.der(certificate)) == certificate


def test_only_an_authority_is_one(chain):
    root, _, certificate, own = chain
    plain = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(certificate.subject)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(AT)
        .not_valid_after(LATER)
        .sign(own, hashes.SHA256())
    )
    given = [authority.der(root), authority.der(certificate), authority.der(plain), b"x"]
    assert [authority.is_authority(one) for one in given] == [True, False, False, False]


def test_the_message_is_what_the_standard_library_of_the_field_reads(chain):
    _, issuing, certificate, own = chain
    envelope = Envelope(authority.der(certificate), [authority.der(issuing)])
    digest = bytes(range(32))
    message = envelope.assemble(digest, keys.sign(own, envelope.to_sign(digest)))
    assert len(message) <= envelope.most_bytes
    content = cms.ContentInfo.load(message, strict=True)
    signed = content["content"]
    (signer,) = signed["signer_infos"]
    assert signer.dump(force=True) in message
    attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    assert set(attributes) == {
        "content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection",
    }  # fmt: skip
    assert attributes["message_digest"].native == digest
    named = attributes["signing_certificate_v2"]["certs"][0]
    assert named["cert_hash"].native == authority.fingerprint(authority.der(certificate))
    assert len(signed["certificates"]) == 2
    certificate.public_key().verify(
        signer["signature"].native,
        signer["signed_attrs"].untag().dump(),
        ec.ECDSA(hashes.SHA256()),
    )


@given(st.binary(max_size=70_000))
def test_der_lengths_are_definite_and_shortest(content):
    made = der(0x04, content)
    assert cms.OctetString.load(made, strict=True).native == content


# -- Stamps


def test_a_seal_is_red_round_and_transparent():
    image = Image.open(
        io.BytesIO(stamps.seal("Ủy ban nhân dân phường Trường Vinh", place="Nghệ An"))
    )
    assert image.mode == "RGBA"
    assert image.size == (425, 425)
    assert image.getpixel((0, 0))[3] == 0
    assert {image.getpixel((x, 212))[:3] for x in range(425)} == {stamps.RED}
    for unit in ("Sở", "Trung tâm Phục vụ hành chính công tỉnh Nghệ An " * 3):
        assert len(stamps.seal(unit)) > 5000


def test_handwriting_is_blue_and_always_the_same_for_a_name():
    first = stamps.handwriting("Nguyễn Văn An")
    assert stamps.handwriting("Nguyễn Văn An") == first
    assert stamps.handwriting("Trần Thị Hồng Hạnh") != first
    image = Image.open(io.BytesIO(first))
    assert image.getpixel((0, 0)) == (*stamps.BLUE, 0)
    assert stamps.handwriting("") != first


# -- Preparing


def fields(data: bytes) -> dict[str, dict[str, object]]:
    form = PdfFileReader(io.BytesIO(data)).root["/AcroForm"]
    assert form["/SigFlags"] == 3
    found = [one.get_object() for one in form["/Fields"]]
    return {str(one["/T"]): one for one in found}


def test_each_marked_place_becomes_a_field():
    found = fields(prepare(typeset()))
    assert {name: str(one["/FT"]) for name, one in found.items()} == {
        "so": "/Tx", "ngay": "/Tx", "thang": "/Tx", "NguoiKy": "/Sig", "CoQuan": "/Sig",
    }  # fmt: skip
    assert [str(one) for one in found["CoQuan"]["/Lock"]["/Fields"]] == ["so", "ngay", "thang"]
    assert "/Lock" not in found["NguoiKy"]
    assert str(found["so"]["/DA"]) == "/SenDigits 13 Tf 0 g"
    assert str(found["ngay"]["/DA"]) == "/SenDigitsItalic 13 Tf 0 g"
    assert [int(found[key]["/Q"]) for key in ("so", "ngay", "thang")] == [2, 1, 0]
    left, bottom, right, top = (float(edge) for edge in found["CoQuan"]["/Rect"])
    assert (round((right - left) / 72 * 25.4), round((top - bottom) / 72 * 25.4)) == (36, 36)


def test_true_links_stay_and_a_file_without_marks_is_left_alone():
    plain = typeset('#link("https://example.vn")[x]')
    assert prepare(plain) is plain
    pages = PdfFileReader(io.BytesIO(prepare(typeset()))).root["/Pages"]
    annotations = [one.get_object() for one in pages["/Kids"][0]["/Annots"]]
    links = [one for one in annotations if one["/Subtype"] == "/Link"]
    assert [str(one["/A"]["/URI"]) for one in links] == ["https://example.vn"]


def test_fields_are_found_on_every_page():
    source = (
        '#pdf.artifact(link("sen-digits:so", box(width: 9mm, height: 5mm))) #pagebreak() '
        '#pdf.artifact(link("sen-signature:CoQuan", box(width: 9mm, height: 5mm)))'
    )
    found = fields(prepare(typeset(source)))
    assert list(found) == ["so", "CoQuan"]
    assert found["so"].raw_get("/P").reference != found["CoQuan"].raw_get("/P").reference


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        (["sen-signature:A", "sen-signature:A"], "twice"),
        (["sen-signature:"], "no name"),
        (["sen-digits:so?size=big"], "no style"),
        (["sen-digits:so?align=middle"], "no style"),
    ],
)
def test_marks_that_make_no_sense_are_refused(addresses, reason):
    marks = " ".join(f'#link("{one}", box(width: 9mm, height: 5mm))' for one in addresses)
    with pytest.raises(NotPrepared, match=reason):
        prepare(typeset(marks))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(NotPrepared, match="not a readable PDF"):
        prepare(data)
