"""Requests: who may ask, what follows the commit, what happens when it goes wrong."""

from __future__ import annotations

import datetime as dt
import errno
import os

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.signing import jobs
from sen.kernel.signing import public as signing
from sen.kernel.signing.adapters import authority
from sen.kernel.signing.models import Certificate
from sen.kernel.signing.services import requests
from sen.kernel.signing.tests import factories
from sen.kernel.signing.tests.factories import AT

pytestmark = pytest.mark.django_db
SUBJECT = audit.Subject("tests.paper", new_id(), "H41-1")
FILL = {"so": "15", "ngay": "21", "thang": "11"}


@pytest.fixture(autouse=True)
def same_moment(monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())


@pytest.fixture
def published(monkeypatch):
    """Return the events published, with the record they are about."""
    seen = []
    publish = events.publish

    def remember(event, *, record, at):
        seen.append((event, record, at))
        return publish(event, record=record, at=at)

    monkeypatch.setattr(events, "publish", remember)
    return seen


def ask(actor, signer, *documents, **changes):
    given = {"subject": SUBJECT, "purpose": "tests.sign", "at": AT, **changes}
    return signing.request(actor, documents=documents, signer=signer, **given)


def person(actor):
    return signing.SignerRef("person", actor.person)


def sign(capture, actor, file, **changes):
    with capture(execute=True):
        made = ask(
            actor, person(actor), signing.DocumentToSign(file=file.id), certify=True, **changes
        )
    made.refresh_from_db()
    return made


def seal(capture, actor, unit, file_id, **changes):
    document = signing.DocumentToSign(file=file_id, field="CoQuan", fill=FILL)
    with capture(execute=True):
        made = ask(actor, signing.SignerRef("unit", unit.id), document, **changes)
    made.refresh_from_db()
    return made


# -- The way it should go


def test_leader_and_clerk_sign_one_after_the_other(
    django_capture_on_commit_callbacks, leader, clerk, unit, paper, published
):
    first = sign(django_capture_on_commit_callbacks, leader, paper)
    second = seal(django_capture_on_commit_callbacks, clerk, unit, first.signed[0])
    report = signing.verify(files.read(second.signed[0]), at=AT)
    assert (first.state, second.state) == ("completed", "completed")
    assert report.verdict == "valid"
    assert [one.signer_name for one in report.signatures] == [
        "Nguyễn Văn An",
        "Ủy ban nhân dân phường Trường Vinh",
    ]
    assert [one.revocation for one in report.signatures] == ["good", "good"]
    assert files.files(second.signed)[second.signed[0]].name == "thong-bao.pdf"
    assert published == [
        (
            signing.SigningCompleted(
                request=made.id,
                purpose="tests.sign",
                subject_kind="tests.paper",
                record=SUBJECT.id,
                files=tuple(made.signed),
            ),
            SUBJECT.id,
            AT,
        )
        for made in (first, second)
    ]
    assert all(event.is_signed for event, _, _ in published)


def test_a_request_is_in_the_trail_without_values(leader, paper):
    ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    (entry,) = audit.trail(SUBJECT)
    assert (entry.action, entry.account, entry.at) == ("signing.request", leader.account, AT)
    assert set(entry.fields) == {"certificate", "files"}


def test_three_statements_to_ask_and_four_to_sign(
    django_capture_on_commit_callbacks, leader, paper, clerk, unit
):
    sign(django_capture_on_commit_callbacks, leader, paper)  # the pen is kept from now on
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as after:
        ask(leader, person(leader), signing.DocumentToSign(file=paper.id), certify=True)
    with CaptureQueriesContext(connection) as signed:
        after[0]()
    assert (statements(asked), statements(signed)) == (3, 4)


def statements(captured) -> int:
    return sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE")) for one in captured)


def test_a_batch_is_signed_in_its_order(django_capture_on_commit_callbacks, leader, db):
    data = signing.prepare(factories.typeset())
    papers = [
        files.store(SYSTEM, name=f"{n}.pdf", data=data, media_type="application/pdf")
        for n in range(3)
    ]
    with django_capture_on_commit_callbacks(execute=True):
        made = ask(leader, person(leader), *(signing.DocumentToSign(file=one.id) for one in papers))
    made.refresh_from_db()
    found = files.files(made.signed)
    assert [found[one].name for one in made.signed] == ["0.pdf", "1.pdf", "2.pdf"]


def test_the_system_may_use_a_unit_s_seal_but_nobody_s_hand(
    django_capture_on_commit_callbacks, clerk, unit, leader, paper
):
    assert seal(django_capture_on_commit_callbacks, SYSTEM, unit, paper.id).state == "completed"
    with pytest.raises(NotAllowed, match="Chỉ người giữ"):
        ask(SYSTEM, person(leader), signing.DocumentToSign(file=paper.id))


def test_nothing_is_signed_when_the_act_is_rolled_back(leader, paper, published):
    def act() -> None:
        ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        act()
    assert signing.requests_of(SUBJECT.id) == []
    assert published == []


# -- Refusals


def test_nobody_signs_with_another_s_key(leader, clerk, unit, paper):
    document = signing.DocumentToSign(file=paper.id)
    with pytest.raises(NotAllowed, match="Chỉ người giữ"):
        ask(clerk, person(leader), document)
    with pytest.raises(NotAllowed):
        ask(leader, signing.SignerRef("unit", unit.id), document)
    with pytest.raises(SignInNeeded):
        ask(ANONYMOUS, signing.SignerRef("unit", unit.id), document)


def test_the_seal_of_another_unit_is_not_his(clerk, paper):
    other = factories.unit("H41.9.12")
    with pytest.raises(NotAllowed):
        ask(clerk, signing.SignerRef("unit", other.id), signing.DocumentToSign(file=paper.id))


@pytest.mark.parametrize("count", [0, 51])
def test_a_batch_has_one_to_fifty_papers(leader, count):
    with pytest.raises(Invalid, match="từ 1 đến 50"):
        ask(leader, person(leader), *[signing.DocumentToSign(file=new_id())] * count)


def test_without_a_certificate_nothing_is_asked_for(paper):
    nobody = factories.actor()
    with pytest.raises(signing.NoCertificate, match="chưa có chứng thư số"):
        ask(nobody, person(nobody), signing.DocumentToSign(file=paper.id))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"valid_to": AT - dt.timedelta(days=1)}, "đã hết hạn ngày 20/11/2026"),
        ({"valid_from": AT + dt.timedelta(days=1)}, "có hiệu lực từ ngày 22/11/2026"),
        ({"revoked_at": AT - dt.timedelta(days=1)}, "đã bị thu hồi ngày 20/11/2026"),
    ],
)
def test_a_certificate_out_of_force_is_refused_in_words(leader, paper, change, words):
    Certificate.objects.filter(holder=leader.person).update(**change)
    with pytest.raises(signing.NoCertificate, match=f"Nguyễn Văn An {words}"):
        ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    assert signing.requests_of(SUBJECT.id) == []


# -- What goes wrong after the commit


def failure_of(made) -> str:
    assert (made.state, made.signed) == ("failed", [])
    return made.failure


def test_an_unusable_key_ends_in_a_reason_and_an_event(
    django_capture_on_commit_callbacks, leader, paper, published, settings
):
    key = Certificate.objects.get(holder=leader.person).key
    (settings.SIGNING_HOME / f"{key}.pem").chmod(0o644)
    made = sign(django_capture_on_commit_callbacks, leader, paper)
    assert failure_of(made) == "Không dùng được khóa ký trên máy chủ này."
    ((event, _, _),) = published
    assert (event.files, event.failure, event.is_signed) == ((), made.failure, False)


def test_a_paper_that_is_not_prepared_ends_in_a_reason(
    django_capture_on_commit_callbacks, leader, db
):
    plain = files.store(
        SYSTEM, name="x.pdf", data=factories.typeset("x"), media_type="application/pdf"
    )
    made = sign(django_capture_on_commit_callbacks, leader, plain)
    assert failure_of(made) == "Văn bản không có sẵn ô ký hoặc đã có chữ ký khác."


def test_a_paper_that_is_gone_ends_in_a_reason(django_capture_on_commit_callbacks, leader, paper):
    files.File.objects.filter(id=paper.id).delete()
    made = sign(django_capture_on_commit_callbacks, leader, paper)
    assert failure_of(made) == "Tệp cần ký không còn."


def test_a_certificate_withdrawn_in_between_does_not_sign(leader, paper):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    Certificate.objects.update(revoked_at=AT)
    ended = signing.fulfil(made.id, at=AT)
    assert failure_of(ended) == "Chứng thư số của Nguyễn Văn An đã bị thu hồi ngày 21/11/2026."


def test_fulfilling_again_changes_nothing(leader, paper, published):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    first = signing.fulfil(made.id, at=AT)
    assert signing.fulfil(made.id, at=AT).signed == first.signed
    assert len(published) == 1


def test_the_quicker_of_two_processes_counts(leader, paper, published):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    slow = signing.signature_request(made.id)
    quick = signing.fulfil(made.id, at=AT)
    requests._sign(slow, AT)
    assert signing.signature_request(made.id).signed == quick.signed
    assert len(published) == 1


# -- Whose the signed files are


def owners_of(request) -> set:
    return {(one.owner_kind, one.owner_id) for one in files.files(request.signed).values()}


def test_a_signed_file_outlives_a_long_wait_for_whoever_takes_it_over(leader, clerk, paper):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    [signed] = signing.fulfil(made.id, at=AT).signed
    made.refresh_from_db()

    files.purge(at=clock.now() + dt.timedelta(days=30))

    assert owners_of(made) == {("signing.request", made.id)}
    assert files.open_file(leader, signed)[0].id == signed
    for other in (clerk, ANONYMOUS):
        with pytest.raises((NotFound, SignInNeeded)):
            files.open_file(other, signed)
    files.register_owners(files.FileOwner("tests.paper", lambda *_: True))
    files.link(
        SYSTEM, [signed], "tests.paper", SUBJECT.id, AT, moved_from=(signing.SIGNED_FILES, made.id)
    )
    assert owners_of(made) == {("tests.paper", SUBJECT.id)}


def test_what_the_slower_of_two_processes_signed_goes_after_a_day(leader, paper):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    slow = signing.signature_request(made.id)
    quick = signing.fulfil(made.id, at=AT)
    requests._sign(slow, AT)
    assert [one.id for one in files.files_of(signing.SIGNED_FILES, made.id)] == quick.signed


def test_what_a_process_signed_before_it_died_goes_after_a_day(leader, paper, monkeypatch):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    with monkeypatch.context() as patch:
        patch.setattr(requests, "_end", lambda *_, **__: None)  # dies between the two
        signing.fulfil(made.id, at=AT)
    [lost] = files.files_of(signing.SIGNED_FILES, made.id)
    assert signing.sweep(at=AT + dt.timedelta(seconds=10)) == 1
    made.refresh_from_db()
    [kept] = files.files_of(signing.SIGNED_FILES, made.id)
    assert [kept.id] == made.signed != [lost.id]
    assert files.get(lost.id).owner_id is None


def test_fulfil_knows_only_requests_that_are_there(db):
    with pytest.raises(NotFound):
        signing.fulfil(new_id(), at=AT)


# -- Sweeping


@pytest.mark.parametrize("later", [10, -40 * 3600])  # or once its clock was found to be ahead
def test_a_request_whose_process_died_is_taken_up_after_ten_seconds(
    leader, paper, published, later
):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    assert signing.sweep(at=AT + dt.timedelta(seconds=9)) == 0
    assert signing.sweep(at=AT + dt.timedelta(seconds=later)) == 1
    assert signing.sweep(at=AT + dt.timedelta(hours=1)) == 0
    assert signing.signature_request(made.id).state == "completed"
    assert len(published) == 1


def test_a_full_disk_fails_no_signature_it_comes_when_there_is_room(
    leader, paper, published, monkeypatch
):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        assert signing.fulfil(made.id, at=AT).state == "pending"
    assert published == []
    assert signing.sweep(at=AT + dt.timedelta(seconds=10)) == 1
    made.refresh_from_db()
    [kept] = files.files_of(signing.SIGNED_FILES, made.id)
    assert (made.state, made.signed) == ("completed", [kept.id])


def test_the_loop_asks_the_clock(leader, paper, monkeypatch):
    ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    assert jobs.sweep() == 0
    monkeypatch.setenv("SEN_CLOCK", (AT + dt.timedelta(minutes=1)).isoformat())
    assert jobs.sweep() == 1


def test_a_request_that_breaks_its_process_is_failed_in_the_end(leader, paper, monkeypatch):
    def broken(*_):
        raise MemoryError

    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    monkeypatch.setattr(requests, "_signed_files", broken)
    for turn in range(1, 7):
        assert signing.sweep(at=AT + dt.timedelta(hours=turn)) == 1
    ended = signing.signature_request(made.id)
    assert failure_of(ended) == "Đã thử ký 5 lần nhưng không hoàn thành."


# -- Taking back


def test_a_pending_request_is_taken_back_by_whoever_asked(leader, clerk, paper):
    made = ask(leader, person(leader), signing.DocumentToSign(file=paper.id))
    with pytest.raises(NotAllowed):
        signing.cancel(actor=clerk, request_id=made.id, at=AT)
    assert signing.cancel(actor=leader, request_id=made.id, at=AT).state == "cancelled"
    assert [entry.action for entry in audit.trail(SUBJECT)] == ["signing.cancel", "signing.request"]
    assert signing.fulfil(made.id, at=AT).signed == []
    with pytest.raises(Conflict):
        signing.cancel(actor=SYSTEM, request_id=made.id, at=AT)
    with pytest.raises(NotFound):
        signing.cancel(actor=leader, request_id=new_id(), at=AT)


# -- Certificates


def test_the_authority_is_made_once(settings):
    first = signing.ensure_authority(at=AT)
    assert signing.ensure_authority(at=AT) == first
    assert sorted(path.stat().st_mode & 0o777 for path in settings.SIGNING_HOME.iterdir()) == [
        0o600,
        0o600,
    ]
    subject = audit.Subject("signing.authority", first.id)
    assert [entry.action for entry in audit.trail(subject)] == ["signing.make_authority"]


def test_lost_keys_make_a_new_authority_and_certificate(leader, settings):
    before = Certificate.objects.get(holder=leader.person)
    for path in settings.SIGNING_HOME.iterdir():
        path.unlink()
    given = {"holder_kind": "person", "holder_id": leader.person, "name": "An", "unit_name": "X"}
    made = signing.ensure_certificate(**given, at=AT)
    assert made != before
    assert made.issuer != before.issuer
    assert signing.ensure_certificate(**given, at=AT) == made
    assert {one.id for one in signing.certificates(leader.person)} == {made.id, before.id}


def test_an_image_is_drawn_once_and_kept(
    django_capture_on_commit_callbacks, leader, clerk, unit, paper
):
    assert {bytes(one.image) for one in Certificate.objects.all()} == {b""}
    sign(django_capture_on_commit_callbacks, leader, paper)
    seal(django_capture_on_commit_callbacks, clerk, unit, paper.id)
    kept = {one.holder_kind: bytes(one.image) for one in Certificate.objects.all()}
    assert all(image.startswith(b"\x89PNG") for image in kept.values())
    requests._pen_of.cache_clear()
    seal(django_capture_on_commit_callbacks, clerk, unit, paper.id)
    assert {bytes(one.image) for one in Certificate.objects.all()} == set(kept.values())


def manager():
    return factories.position(factories.unit("H41"), "administrator", signing.MANAGE_CERTIFICATES)


def test_a_withdrawn_certificate_makes_later_signatures_invalid_and_earlier_doubtful(
    django_capture_on_commit_callbacks, leader, paper
):
    made = sign(django_capture_on_commit_callbacks, leader, paper)
    data = files.read(made.signed[0])
    certificate = Certificate.objects.get(holder=leader.person)
    admin = manager()
    signing.revoke_certificate(
        actor=admin,
        certificate=certificate.id,
        reason=" Thôi giữ chức vụ ",
        at=AT + dt.timedelta(1),
    )
    assert signing.verify(data, at=AT + dt.timedelta(2)).verdict == "unknown"
    Certificate.objects.update(revoked_at=AT)
    assert signing.verify(data, at=AT + dt.timedelta(2)).verdict == "invalid"
    (entry,) = audit.trail(audit.Subject("signing.certificate", certificate.id), limit=1)
    assert (entry.action, entry.reason) == ("signing.revoke_certificate", "Thôi giữ chức vụ")


def test_withdrawing_needs_the_right_a_reason_and_a_certificate(leader):
    certificate = Certificate.objects.get(holder=leader.person)
    admin = manager()
    given = {"actor": admin, "certificate": certificate.id, "reason": "x", "at": AT}
    with pytest.raises(NotAllowed):
        signing.revoke_certificate(**{**given, "actor": leader})
    with pytest.raises(Invalid):
        signing.revoke_certificate(**{**given, "reason": " "})
    with pytest.raises(NotFound):
        signing.revoke_certificate(**{**given, "certificate": new_id()})
    signing.revoke_certificate(**given)
    with pytest.raises(Conflict):
        signing.revoke_certificate(**given)


def test_a_root_is_trusted_by_decision_and_its_papers_are_then_unchecked_not_untrusted(
    django_capture_on_commit_callbacks, leader, paper
):
    made = sign(django_capture_on_commit_callbacks, leader, paper)
    data = files.read(made.signed[0])
    root = bytes(signing.TrustRoot.objects.get().certificate)
    signing.SignatureRequest.objects.all().delete()
    for table in (Certificate, signing.Authority, signing.TrustRoot):
        table.objects.all().delete()
    assert signing.verify(data, at=AT).signatures[0].trust == "untrusted"
    admin = manager()
    given = {"actor": admin, "certificate": root, "name": "Gốc", "source": "QĐ 1", "at": AT}
    with pytest.raises(NotAllowed):
        signing.trust_root(**{**given, "actor": leader})
    with pytest.raises(Invalid):
        signing.trust_root(**{**given, "certificate": b"x"})
    made = signing.trust_root(**given)
    with pytest.raises(Conflict):
        signing.trust_root(**given)
    report = signing.verify(data, at=AT)
    assert (report.verdict, report.signatures[0].trust) == ("unknown", "trusted")
    assert report.signatures[0].revocation == "unchecked"
    (entry,) = audit.trail(audit.Subject("signing.trust_root", made.id))
    assert (entry.action, entry.reason) == ("signing.trust_root", "QĐ 1")
    assert signing.verify(data, at=AT - dt.timedelta(1)).signatures[0].trust == "untrusted"
    assert authority.is_authority(root)


def test_verifying_takes_two_statements(
    django_capture_on_commit_callbacks, leader, paper, django_assert_num_queries
):
    data = files.read(sign(django_capture_on_commit_callbacks, leader, paper).signed[0])
    with django_assert_num_queries(2):
        signing.verify(data, at=AT)
    with django_assert_num_queries(1):
        assert signing.verify(b"no pdf", at=AT).verdict == "invalid"
