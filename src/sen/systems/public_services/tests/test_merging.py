"""Two communes merge while a dossier of one of them is open."""

from __future__ import annotations

import contextlib

import pypdfium2

from sen.base.actor import SYSTEM
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Decision, Dossier, IssuedForm
from sen.systems.public_services.services import deciding, delivery, merging, processing, reception
from sen.systems.public_services.tests import factories as f

OLD, NEW = "H41.9.12", "H41.9.11"
TODAY = f.ON
STATEMENTS = 8


def unit(code):
    return organisations.Unit.objects.get(code=code).id


def merge(*, dry_run=False):
    return organisations.merge_units(
        SYSTEM,
        old=[unit(OLD)],
        new=unit(NEW),
        on=TODAY,
        decision="NQ 9/NQ-UBTVQH16",
        at=f.later(15),
        dry_run=dry_run,
    )


def far_submitted(province):
    """Filed in Đại Đồng, where it waits to be received."""
    return f.submitted(province, receiving_unit=province.far_centre)


def words(file):
    with contextlib.closing(pypdfium2.PdfDocument(files.read(files.get(file)))) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split()).upper()


def test_the_dry_run_counts_the_open_dossier_and_changes_nothing(province):
    dossier = far_submitted(province)

    plan = merge(dry_run=True)

    assert {work.code: work.count for work in plan.open_work} == {"workflow.open_tasks": 1}
    assert (unit(OLD), unit(NEW)) in plan.closed
    assert all(new is not None for _old, new in plan.positions)
    assert f.fresh(dossier).received_unit_id == province.far_centre
    assert organisations.unit(OLD, TODAY).valid_to is None


def test_an_open_dossier_goes_on_in_the_new_unit_to_its_end(province):
    dossier = reception.receive_dossier(
        actor=province.far_motcua, order=f.order(far_submitted(province)), at=f.later(5)
    )
    f.settle()
    merge()
    f.settle()

    moved = f.fresh(dossier)
    assert (moved.received_unit_id, moved.competent_unit_id) == (province.centre, province.ward)
    assert "public_services.dossier.follow_merger" in f.trail(dossier)
    [line] = [
        one
        for one in audit.trail(audit.Subject("public_services.dossier", dossier.id, dossier.code))
        if one.action.endswith("follow_merger")
    ]
    assert line.reason == "NQ 9/NQ-UBTVQH16"

    processing.assign_dossier(
        actor=province.chanhvanphong,
        order=f.order(dossier),
        to=province.hotich.account,
        at=f.later(30),
    )
    f.check(province, f.propose(province, dossier))
    deciding.sign_result(actor=province.chutich, order=f.order(dossier), at=f.later(60))
    f.settle()
    deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))
    f.settle()
    delivery.take_result(actor=province.father, order=f.order(dossier), at=f.later(80))
    assert f.fresh(dossier).state == "handed_over"

    receipt = IssuedForm.objects.filter(dossier=dossier).order_by("id").first()
    result = Decision.objects.get(dossier=dossier)
    assert "ĐẠI ĐỒNG" in words(receipt.file_id)
    assert "TRƯỜNG VINH" in words(result.sealed_id)
    assert "ĐẠI ĐỒNG" not in words(result.sealed_id)


def test_a_dossier_that_ended_stays_with_the_unit_that_settled_it(province):
    ended = f.handed_over(province)
    organisations.merge_units(
        SYSTEM, old=[unit(NEW)], new=unit(OLD), on=TODAY, decision="NQ 9", at=f.later(90)
    )
    f.settle()

    assert f.fresh(ended).competent_unit_id == province.ward
    assert f.trail(ended).count("public_services.dossier.follow_merger") == 0


def test_what_was_told_twice_is_done_once_at_the_same_cost_for_one_and_three(
    province, assert_statements
):
    pairs = {province.far_centre: province.centre, unit(OLD): unit(NEW)}
    for count in (1, 3):
        held = [far_submitted(province) for _one in range(count)]
        with assert_statements(STATEMENTS):
            moved = merging.follow_merger(pairs, decision="NQ 9", at=f.later(20))
        assert moved == count
        assert merging.follow_merger(pairs, decision="NQ 9", at=f.later(21)) == 0
        assert [f.trail(one).count("public_services.dossier.follow_merger") for one in held] == [
            1
        ] * count


def test_a_result_that_waits_to_be_handed_over_is_handed_over_by_the_new_unit(province):
    issued = f.issued(province)
    organisations.merge_units(
        SYSTEM, old=[unit(NEW)], new=unit(OLD), on=TODAY, decision="NQ 9", at=f.later(75)
    )
    f.settle()

    assert Dossier.objects.get(id=issued.id).received_unit_id == province.far_centre
