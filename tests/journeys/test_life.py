"""The whole life of a birth registration through the verbs: the skeleton of everything else."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.systems.public_services.data import Filing, PaperInput, SupplementItem
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import catalogue, people, whole
from sen.systems.public_services.services import (
    deciding,
    delivery,
    processing,
    reception,
)
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.services.processing import Proposal
from sen.systems.results import public as results
from tests.journeys import life

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed_db")]


def later(minutes: int) -> dt.datetime:
    return life.MORNING + dt.timedelta(minutes=minutes)


def order(dossier: Dossier) -> Ordered:
    fresh = Dossier.objects.get(id=dossier.id)
    return Ordered(code=fresh.code, version=fresh.version)


def test_a_birth_is_registered_from_the_filing_to_the_verified_result() -> None:
    life.seed()
    father = life.citizen()
    one_stop = life.official("motcua.truongvinh")
    head = life.official("chanhvanphong.truongvinh")
    specialist = life.official("hotich.truongvinh")
    chair = life.official("chutich.truongvinh")
    clerk = life.official("vanthu.truongvinh")
    paper = files.take(father, "giay-chung-sinh.pdf", life.scan())
    centre = life.unit("H41.9.11.1")
    on = life.MORNING.date()
    case = catalogue.current_case("1.001193", "thong_thuong", on=on)

    dossier = submission.submit_dossier(
        actor=father,
        filing=Filing(
            procedure="1.001193",
            case="thong_thuong",
            form_version=1,
            answers=life.answers(),
            parties=people.parties(father, case, life.answers()),
            papers=[PaperInput(code="giay_chung_sinh", files=(paper.id,))],
            receiving_unit=centre,
            competent_unit=catalogue.competent_unit(centre, on),
            channel="public_services.api",
        ),
        at=later(0),
    )
    reception.receive_dossier(actor=one_stop, order=order(dossier), at=later(10))
    events.run_all()
    processing.assign_dossier(actor=head, order=order(dossier), to=specialist.account, at=later(20))
    processing.request_supplement(
        actor=specialist,
        order=order(dossier),
        items=[
            SupplementItem(
                kind="paper", code="giay_chung_sinh", what="Chụp lại rõ hơn", reason="Ảnh bị mờ"
            )
        ],
        at=later(30),
    )
    events.run_all()
    again = files.take(father, "giay-chung-sinh-2.pdf", life.scan("Lần hai"))
    processing.answer_supplement(
        actor=father,
        order=order(dossier),
        given=[PaperInput(code="giay_chung_sinh", files=(again.id,))],
        at=later(60),
    )
    processing.propose_result(
        actor=specialist, order=order(dossier), proposal=Proposal(), at=later(70)
    )
    processing.check_proposal(actor=head, order=order(dossier), is_agreed=True, at=later(80))
    deciding.return_for_rework(
        actor=chair, order=order(dossier), comment="Kiểm tra lại nơi sinh", at=later(90)
    )
    processing.propose_result(
        actor=specialist, order=order(dossier), proposal=Proposal(), at=later(100)
    )
    processing.check_proposal(actor=head, order=order(dossier), is_agreed=True, at=later(110))
    deciding.sign_result(actor=chair, order=order(dossier), at=later(120))
    events.run_all()
    deciding.issue_result(actor=clerk, order=order(dossier), at=later(130))
    events.run_all()
    delivery.take_result(actor=father, order=order(dossier), at=later(140))
    events.run_all()

    seen = whole.whole(father, dossier.code, now=later(150))
    assert seen.dossier.state == "handed_over"
    assert seen.dossier.national_state == 10
    assert [form.form for form in seen.issued_forms] == ["mau_01", "mau_02"]
    assert {form.state for form in seen.issued_forms} == {"signed"}
    assert seen.decision is not None
    assert seen.decision.round == 2
    sealed = files.read(seen.decision.sealed_id)
    report = signing.verify(sealed, at=later(150))
    assert report.verdict == "valid"
    assert [one.field for one in report.signatures] == ["NguoiKy", "CoQuan"]
    [kept] = results.results(father)
    looked = results.verify_key(actor=father, key=kept.key, visitor="phone", at=later(150))
    assert looked.verdict == "authentic"
    altered = sealed.replace(b"/Author", b"/Authos", 1)
    broken = results.verify_upload(actor=father, data=altered, visitor="phone", at=later(150))
    assert broken.verdict != "authentic"
