"""Signatures that cannot come at once: the worker is down, the unit's certificate has ended."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import clock
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.systems.public_services.models import Decision
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import deciding, dossiers
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")

DAYS = dt.timedelta(days=3)


def issue(province, dossier):
    return deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))


def of_the_ward(province):
    return signing.Certificate.objects.filter(holder=province.ward)


def test_a_draft_that_waits_for_its_signature_for_days_is_signed_in_the_end(province):
    """Web and worker die between the order and the signature; nobody works for three days."""
    dossier = f.signing_ordered(province)
    draft = Decision.objects.get(dossier=dossier).draft_id

    files.purge(at=clock.now() + DAYS)
    with pytest.raises(dossiers.SigningUnderWay):
        deciding.sign_result(actor=province.chutich, order=f.order(dossier), at=f.later(90))
    assert files.read(files.get(draft)).startswith(b"%PDF")

    assert signing.sweep(at=clock.now()) == 1
    events.run_all()
    assert f.fresh(dossier).state == "signed"


def test_a_signed_paper_that_nobody_takes_in_for_days_is_not_purged(province):
    """The signature is made, then the worker is down for three days."""
    dossier = f.signing_ordered(province)
    [request] = signing.requests_of(dossier.id)
    [signed] = signing.fulfil(request.id, at=f.later(61)).signed

    files.purge(at=clock.now() + DAYS)
    events.run_all()

    assert Decision.objects.get(dossier=dossier).signed_id == signed
    assert signing.verify(files.read(files.get(signed)), at=f.later(80)).verdict == "valid"


def test_a_seal_that_waits_for_days_is_set_in_the_end(province):
    dossier = f.sealing_ordered(province)

    files.purge(at=clock.now() + DAYS)

    assert signing.sweep(at=clock.now()) == 1
    events.run_all()
    assert f.fresh(dossier).state == "issued"


def test_a_clerk_whose_organisation_has_no_certificate_in_force_is_told_plainly(province):
    dossier = f.signed(province)
    of_the_ward(province).update(valid_to=f.later(65))
    before, trail = f.order(dossier), f.trail(dossier)

    with pytest.raises(signing.NoCertificate) as refused:
        issue(province, dossier)

    assert (refused.value.status, refused.value.message) == (
        409,
        "Chứng thư số của Ủy ban nhân dân phường Trường Vinh đã hết hạn ngày 20/11/2026.",
    )
    decision = Decision.objects.get(dossier=dossier)
    assert (decision.state, decision.number) == ("signed", None)
    assert (f.order(dossier), f.trail(dossier)) == (before, trail)
    assert "issue" in whole.whole(province.vanthu, dossier.code, now=f.later(71)).acts


def test_a_result_is_sealed_once_the_certificate_is_renewed_and_no_number_is_lost(province):
    dossier = f.signed(province)
    of_the_ward(province).update(valid_to=f.later(65))
    with pytest.raises(signing.NoCertificate):
        issue(province, dossier)
    signing.ensure_certificate(
        holder_kind="unit", holder_id=province.ward, name="Ủy ban nhân dân phường Trường Vinh",
        unit_name="Tỉnh Nghệ An", at=f.later(69),
    )  # fmt: skip

    issue(province, dossier)
    f.settle()

    decision = Decision.objects.get(dossier=dossier)
    assert (f.fresh(dossier).state, decision.number) == ("issued", 1)


def test_a_certificate_that_ends_before_the_seal_is_set_is_said_and_the_number_kept(province):
    """It was in force when the clerk asked for the seal, and no more when the key was to sign."""
    dossier = f.sealing_ordered(province)
    of_the_ward(province).update(revoked_at=f.later(60))
    f.settle()

    decision = Decision.objects.get(dossier=dossier)
    assert (decision.state, decision.number) == ("signed", 1)
    assert "đã bị thu hồi ngày 20/11/2026" in decision.failure
    assert f.fresh(dossier).state == "signed"

    signing.ensure_certificate(
        holder_kind="unit", holder_id=province.ward, name="Ủy ban nhân dân phường Trường Vinh",
        unit_name="Tỉnh Nghệ An", at=f.later(69),
    )  # fmt: skip
    issue(province, dossier)
    f.settle()
    decision.refresh_from_db()
    assert (f.fresh(dossier).state, decision.number) == ("issued", 1)
