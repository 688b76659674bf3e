"""Prescribed papers: numbered at once, made and signed later, told of, kept from the purge."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from structlog.testing import capture_logs

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM
from sen.kernel.files import public as files
from sen.kernel.jobs import public as jobs
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.systems.public_services.models import IssuedForm
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import issuing, reception
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def receipt(dossier) -> IssuedForm:
    return IssuedForm.objects.get(dossier=dossier, form="mau_01")


def told(dossier) -> list[tuple[str, dict]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT template, slots::text, link FROM notifications_notification WHERE record = %s"
            " ORDER BY id",
            [dossier.id],
        )
        return cursor.fetchall()


def revoke_seal(province) -> None:
    signing.Certificate.objects.filter(holder=province.centre).update(revoked_at=f.MORNING)


def let_seals_expire(province) -> None:
    signing.Certificate.objects.filter(holder=province.centre).update(
        valid_to=f.MORNING - dt.timedelta(days=1)
    )


def renew_seal(province) -> None:
    signing.ensure_certificate(
        holder_kind="unit", holder_id=province.centre, name="Trung tâm", unit_name="Nghệ An",
        at=f.MORNING,
    )  # fmt: skip


def let_jobs_be_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [issuing.MAKE])


def make(dossier) -> None:
    issuing.make_form(actor=SYSTEM, issued=receipt(dossier).id, at=f.later(15))


def test_a_paper_has_its_number_at_once_and_nobody_sees_it_before_it_is_made(province):
    dossier = f.received(province)
    ordered = receipt(dossier)
    assert (ordered.state, ordered.number, ordered.file_id) == ("draft", 1, None)
    assert whole.whole(province.father, dossier.code, now=f.later(11)).issued_forms == []


def test_a_process_that_dies_while_it_makes_a_paper_is_followed_by_another(province, monkeypatch):
    dossier = f.received(province)
    ordered = receipt(dossier)
    with monkeypatch.context() as patch:
        patch.setattr(files, "lay_down", _die)
        with pytest.raises(KeyboardInterrupt):
            issuing.make_form(actor=SYSTEM, issued=ordered.id, at=f.later(15))
    other = f.received(province)
    f.settle()
    assert (receipt(dossier).state, receipt(dossier).number) == ("signed", 1)
    assert (receipt(other).state, receipt(other).number) == ("signed", 2)


def _die(*_args, **_values):
    raise KeyboardInterrupt


def test_making_again_changes_nothing(province):
    dossier = f.received(province)
    f.settle()
    before = receipt(dossier)
    issuing.make_form(actor=SYSTEM, issued=before.id, at=f.later(15))
    assert receipt(dossier).file_id == before.file_id
    assert len(signing.requests_of(before.id)) == 1


def test_a_slower_second_maker_leaves_nothing(province, monkeypatch):
    dossier = f.received(province)
    ordered = receipt(dossier)
    render = papers.render

    def overtaken(*args, **values):
        monkeypatch.setattr(papers, "render", render)
        issuing.make_form(actor=SYSTEM, issued=ordered.id, at=f.later(15))
        return render(*args, **values)

    monkeypatch.setattr(papers, "render", overtaken)
    issuing.make_form(actor=SYSTEM, issued=ordered.id, at=f.later(15))
    assert len(signing.requests_of(ordered.id)) == 1
    assert files.files_of("public_services.dossier", dossier.id).filter(
        name__startswith="mau_01"
    ).count() == 1  # fmt: skip


def test_a_paper_whose_signature_waits_or_failed_is_not_purged(province):
    dossier = f.received(province)
    with f.key_elsewhere(province.centre):
        make(dossier)
        waiting = receipt(dossier)
    files.purge(at=clock.now() + dt.timedelta(days=3))
    revoke_seal(province)
    f.settle()
    assert (waiting.state, receipt(dossier).state) == ("requested", "failed")
    files.purge(at=clock.now() + dt.timedelta(days=3))
    assert files.get(waiting.file_id).owner_id == dossier.id


def test_a_paper_signed_elsewhere_is_taken_in(province):
    dossier = f.received(province)
    with f.key_elsewhere(province.centre):
        make(dossier)
    f.settle()
    assert (receipt(dossier).state, told(dossier)[-1][0]) == (
        "signed", "public_services.received",
    )  # fmt: skip


def test_a_file_that_a_row_still_names_stays_and_holds_nobody_up(province):
    dossier = f.received(province)
    named, other = (
        files.store(SYSTEM, name=f"{name}.pdf", data=b"%PDF", media_type="application/pdf")
        for name in ("mau", "khac")
    )
    IssuedForm.objects.filter(dossier=dossier).update(file=named)
    with capture_logs() as said:
        files.purge(at=clock.now() + dt.timedelta(days=3))
    assert set(files.files([named.id, other.id])) == {named.id}
    assert [(line["event"], line["file"]) for line in said if "file" in line] == [
        ("files.still_named", str(named.id))
    ]


# -- News


def test_the_owner_is_told_of_reception_with_the_day_in_words(province):
    dossier = f.received(province)
    f.settle()
    template, slots, link = told(dossier)[-1]
    assert (template, link) == ("public_services.received", f"/ho-so/{dossier.code}/")
    assert "17:00 20/11/2026" in slots


def test_the_owner_is_told_even_where_the_paper_could_not_be_signed(province):
    dossier = f.received(province)
    with f.key_elsewhere(province.centre):
        make(dossier)
    revoke_seal(province)
    f.settle()
    assert receipt(dossier).state == "failed"
    assert told(dossier)[-1][0] == "public_services.received_without_paper"


def test_the_owner_is_told_of_a_refusal_and_finds_the_paper_behind_the_link(province):
    dossier = f.submitted(province)
    reception.refuse_reception(
        actor=province.motcua, order=f.order(dossier), reason="Sai nơi nộp",
        ground="Luật Hộ tịch, Điều 13", at=f.later(10),
    )  # fmt: skip
    f.settle()
    template, _slots, link = told(dossier)[-1]
    assert (template, link) == ("public_services.closed", f"/ho-so/{dossier.code}/")
    [paper] = whole.whole(province.father, dossier.code, now=f.later(20)).issued_forms
    assert files.open_file(province.father, paper.file_id)[0].name.startswith("mau_03")


# -- A unit without a certificate


def test_a_unit_without_a_certificate_fails_the_job_with_its_reason_and_the_owner_is_told_once(
    province,
):
    signing.Certificate.objects.filter(holder=province.centre).delete()
    dossier = f.received(province)
    for _try in range(2):
        with pytest.raises(
            issuing.PaperWaits, match=r"^H41\.9\.11\.1: Người ký chưa có chứng thư số"
        ):
            make(dossier)
    waiting = receipt(dossier)
    assert (waiting.state, waiting.number, waiting.file_id) == ("failed", 1, None)
    received = [line for line in told(dossier) if line[0].startswith("public_services.received")]
    assert [(template, "17:00 20/11/2026" in slots) for template, slots, _link in received] == [
        ("public_services.received_without_paper", True)
    ]
    assert f.trail(dossier).count("public_services.issued_form.signing_failed") == 1
    [shown] = whole.whole(province.father, dossier.code, now=f.later(20)).issued_forms
    assert (shown.state, shown.file_id) == ("failed", None)


def test_a_paper_that_waited_is_made_when_the_certificate_is_there(province):
    let_seals_expire(province)
    dossier = f.received(province)
    with pytest.raises(issuing.PaperWaits, match="đã hết hạn ngày 19/11/2026"):
        make(dossier)
    renew_seal(province)
    make(dossier)
    f.settle()
    assert (receipt(dossier).state, receipt(dossier).number) == ("signed", 1)
    assert [template for template, _slots, _link in told(dossier)] == [
        "public_services.submitted",
        "public_services.received_without_paper",
        "public_services.paper_ready",
    ]


def test_a_replay_of_the_dead_job_makes_the_paper(province):
    let_seals_expire(province)
    dossier = f.received(province)
    for _try in range(jobs.DEFAULT_RETRY.tries):
        f.settle()
        let_jobs_be_due()
    [dead] = jobs.dead(name=issuing.MAKE)
    assert dead.reason.startswith("PaperWaits: H41.9.11.1: Chứng thư số của ")
    renew_seal(province)
    jobs.replay(actor=COMMAND, job_id=dead.id)
    f.settle()
    assert (receipt(dossier).state, jobs.dead(name=issuing.MAKE)) == ("signed", [])


def test_a_failure_that_no_job_saw_brings_the_job_again(province):
    """It was asked for of a key elsewhere, and its certificate was withdrawn meanwhile."""
    dossier = f.received(province)
    with f.key_elsewhere(province.centre):
        make(dossier)
    forget_jobs()
    revoke_seal(province)
    f.settle()
    assert (receipt(dossier).state, jobs.pending(issuing.MAKE)) == ("failed", 1)
    renew_seal(province)
    let_jobs_be_due()
    f.settle()
    assert (receipt(dossier).state, told(dossier)[-1][0]) == (
        "signed", "public_services.paper_ready",
    )  # fmt: skip


def test_a_paper_whose_certificate_is_newer_than_the_paper_is_signed(province):
    dossier = f.received(province)
    signing.Certificate.objects.filter(holder=province.centre).update(valid_from=f.later(12))
    make(dossier)
    f.settle()
    assert receipt(dossier).state == "signed"


def test_a_refusal_at_reception_is_told_without_its_paper_too(province):
    let_seals_expire(province)
    dossier = f.submitted(province)
    reception.refuse_reception(
        actor=province.motcua, order=f.order(dossier), reason="Sai nơi nộp",
        ground="Luật Hộ tịch, Điều 13", at=f.later(10),
    )  # fmt: skip
    f.settle()
    ordered = IssuedForm.objects.get(dossier=dossier, form="mau_03")
    with pytest.raises(issuing.PaperWaits):
        issuing.make_form(actor=SYSTEM, issued=ordered.id, at=f.later(15))
    assert told(dossier)[-1][0] == "public_services.closed_without_paper"


def test_a_supplement_request_whose_paper_waits_was_told_already(province):
    dossier = f.assigned(province)
    f.settle()
    let_seals_expire(province)
    f.ask(province, dossier)
    f.settle()
    paper = IssuedForm.objects.get(dossier=dossier, form="mau_02")
    with pytest.raises(issuing.PaperWaits):
        issuing.make_form(actor=SYSTEM, issued=paper.id, at=f.later(35))
    before = [template for template, _slots, _link in told(dossier)]
    renew_seal(province)
    issuing.make_form(actor=SYSTEM, issued=paper.id, at=f.later(40))
    f.settle()
    assert before[-1] == "public_services.supplement_requested"
    assert [template for template, _slots, _link in told(dossier)][len(before) :] == [
        "public_services.paper_ready"
    ]
