"""Signing at once, where the key is on this machine, and writing it down with the act."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from sen.base.actor import SYSTEM
from sen.base.errors import Conflict, NotAllowed
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.kernel.signing.models import Certificate, SignatureRequest
from sen.kernel.signing.tests import factories
from sen.kernel.signing.tests.factories import AT

pytestmark = pytest.mark.django_db
SUBJECT = audit.Subject("tests.paper", new_id(), "H41-1")
FILL = {"so": "15", "ngay": "21", "thang": "11"}


def person(actor):
    return signing.SignerRef("person", actor.person)


@pytest.fixture
def data(db) -> bytes:
    """Return a prepared paper."""
    return signing.prepare(factories.typeset())


def sign(actor, data, signer=None, **changes):
    options = {"at": AT, "certify": True, **changes}
    document = options.pop("document", signing.DocumentToSign(file=new_id()))
    key = signing.key_at_hand(actor, signer or person(actor), at=options["at"])
    return signing.sign_now(key, data=data, document=document, **options)


def seal(actor, unit, data, file):
    document = signing.DocumentToSign(file=file, field=signing.SEAL_FIELD, fill=FILL)
    signer = signing.SignerRef("unit", unit.id)
    return sign(actor, data, signer, document=document, certify=False)


# -- Signing


def test_what_is_signed_at_once_is_valid(leader, clerk, unit, data):
    first = sign(leader, data)
    second = seal(clerk, unit, first.data, new_id())

    report = signing.verify(second.data, at=AT)
    assert (report.verdict, [one.signer_name for one in report.signatures]) == (
        "valid",
        ["Nguyễn Văn An", "Ủy ban nhân dân phường Trường Vinh"],
    )
    assert [one.signed_at for one in report.signatures] == [AT, AT]
    assert signing.verify(first.data, at=AT).verdict == "valid"


def test_what_is_signed_says_by_which_certificate_and_how(leader, clerk, unit, data):
    document = signing.DocumentToSign(file=new_id())
    first = sign(leader, data, document=document)
    second = seal(clerk, unit, first.data, document.file)

    assert (first.certificate, first.document, first.is_certifying) == (
        Certificate.objects.get(holder=leader.person), document, True,
    )  # fmt: skip
    assert (second.certificate, second.document.fill, second.is_certifying) == (
        Certificate.objects.get(holder=unit.id), FILL, False,
    )  # fmt: skip


def test_signing_is_one_select_and_writes_nothing(leader, data, django_assert_num_queries):
    sign(leader, data)  # the pen is kept from now on

    with django_assert_num_queries(1) as asked:
        key = signing.key_at_hand(leader, person(leader), at=AT)
    with django_assert_num_queries(0):
        document = signing.DocumentToSign(file=new_id())
        made = signing.sign_now(key, data=data, document=document, at=AT, certify=True)

    [query] = asked.captured_queries
    assert query["sql"].split()[0] == "SELECT"
    assert signing.verify(made.data, at=AT).verdict == "valid"
    assert (SignatureRequest.objects.count(), files.File.objects.count()) == (0, 0)
    assert audit.trail(SUBJECT) == []


def test_nobody_signs_at_once_with_anothers_key(leader, clerk, unit, data):
    other = factories.unit("H41.9.12")
    for actor, signer in (
        (clerk, person(leader)),
        (SYSTEM, person(leader)),
        (leader, signing.SignerRef("unit", unit.id)),
        (clerk, signing.SignerRef("unit", other.id)),
    ):
        with pytest.raises(NotAllowed):
            sign(actor, data, signer)


def test_the_system_may_use_a_units_seal_at_once(clerk, unit, data):
    made = seal(SYSTEM, unit, data, new_id())

    assert signing.verify(made.data, at=AT).verdict == "valid"


def test_without_a_certificate_nothing_is_signed(data):
    with pytest.raises(signing.NoCertificate, match="chưa có chứng thư số"):
        sign(factories.actor(), data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"valid_to": AT}, "đã hết hạn ngày 21/11/2026"),
        ({"valid_from": AT + dt.timedelta(days=1)}, "có hiệu lực từ ngày 22/11/2026"),
        ({"revoked_at": AT}, "đã bị thu hồi ngày 21/11/2026"),
    ],
)
def test_a_certificate_out_of_force_signs_nothing(leader, data, change, words):
    sign(leader, data)  # nor by the pen that is kept
    Certificate.objects.filter(holder=leader.person).update(**change)

    with pytest.raises(signing.NoCertificate, match=f"Nguyễn Văn An {words}"):
        sign(leader, data)


def test_a_key_that_is_elsewhere_leaves_it_to_a_request(leader):
    Certificate.objects.filter(holder=leader.person).update(key="")

    assert signing.key_at_hand(leader, person(leader), at=AT) is None
    with pytest.raises(NotAllowed):
        signing.key_at_hand(factories.actor(), person(leader), at=AT)


def test_an_unusable_key_is_refused_in_words(leader, data, settings):
    key = Certificate.objects.get(holder=leader.person).key
    (settings.SIGNING_HOME / f"{key}.pem").chmod(0o644)

    with pytest.raises(signing.CannotSign) as refused:
        sign(leader, data)

    assert isinstance(refused.value, Conflict)
    assert (refused.value.code, refused.value.message) == (
        "cannot_sign",
        "Không dùng được khóa ký trên máy chủ này.",
    )


def test_a_paper_that_is_not_prepared_or_is_signed_already_is_refused_in_words(leader, data):
    for unfit in (factories.typeset("x"), b"no pdf", sign(leader, data).data):
        with pytest.raises(signing.CannotSign) as refused:
            sign(leader, unfit)
        assert refused.value.message == "Văn bản không có sẵn ô ký hoặc đã có chữ ký khác."


# -- Writing it down


def write_down(actor, made, file, **changes):
    given = {"subject": SUBJECT, "purpose": "tests.sign", "at": AT, **changes}
    signing.record_made(actor, made, file=file, **given)


def test_a_signature_is_written_down_as_a_completed_request(clerk, unit, data):
    source, signed = new_id(), new_id()
    made = seal(clerk, unit, data, source)

    write_down(clerk, made, signed)

    [found] = signing.requests_of(SUBJECT.id)
    assert (found.state, found.purpose, found.certificate_id, found.is_certifying) == (
        "completed", "tests.sign", made.certificate.id, False,
    )  # fmt: skip
    assert (found.subject_kind, found.subject, found.requested_by) == (
        SUBJECT.kind, SUBJECT.id, clerk.account,
    )  # fmt: skip
    assert found.documents == [
        {"file": str(source), "field": signing.SEAL_FIELD, "fill": FILL, "lock_fields": []}
    ]
    assert (found.signed, found.failure, found.tries) == ([signed], "", 0)
    assert found.requested_at == found.ended_at == found.next_try_at == AT


def test_a_signature_by_the_system_was_asked_for_by_nobody(clerk, unit, data):
    made = seal(SYSTEM, unit, data, new_id())

    write_down(SYSTEM, made, new_id())

    assert [one.requested_by for one in signing.requests_of(SUBJECT.id)] == [None]


def test_a_signature_is_in_the_trail_without_values(leader, data):
    made = sign(leader, data)

    write_down(leader, made, new_id())

    (entry,) = audit.trail(SUBJECT)
    assert (entry.action, entry.account, entry.at) == ("signing.request", leader.account, AT)
    assert {name: len(digest) for name, digest in entry.fields.items()} == {
        "certificate": 64,
        "files": 64,
    }


def test_writing_it_down_is_one_statement_with_the_rest_of_the_act(leader, data, assert_statements):
    made = sign(leader, data)

    with assert_statements(1), transaction.atomic(savepoint=False):
        write_down(leader, made, new_id())
        audit.record(leader, "tests.act", subject=SUBJECT, at=AT)

    assert {entry.action for entry in audit.trail(SUBJECT)} == {"signing.request", "tests.act"}
    assert len(signing.requests_of(SUBJECT.id)) == 1


def test_what_is_written_down_goes_with_the_act(leader, data):
    made = sign(leader, data)
    with transaction.atomic():
        write_down(leader, made, new_id())
        transaction.set_rollback(True)

    assert (signing.requests_of(SUBJECT.id), audit.trail(SUBJECT)) == ([], [])


def test_what_is_written_down_is_not_signed_again(leader, data):
    made = sign(leader, data)
    file = new_id()
    write_down(leader, made, file)
    [found] = signing.requests_of(SUBJECT.id)

    assert signing.sweep(at=AT + dt.timedelta(days=1)) == 0
    assert signing.fulfil(found.id, at=AT).signed == [file]
