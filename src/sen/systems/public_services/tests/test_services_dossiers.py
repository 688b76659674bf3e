"""What every act shares: impartiality, the year of an answer, charges, nothing slow for nothing."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from sen.base.actor import COMMAND
from sen.base.errors import NotAllowed, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.papers import public as papers
from sen.systems.public_services.models import Decision, HandOver
from sen.systems.public_services.services import deciding, delivery, processing, reception
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


# -- Impartiality


def received(cast, dossier):
    reception.receive_dossier(actor=cast.motcua, order=f.order(dossier), at=f.later(10))


def refused(cast, dossier):
    reception.refuse_reception(
        actor=cast.motcua, order=f.order(dossier), reason="x", ground="y", at=f.later(10)
    )


def assigned(cast, dossier):
    processing.assign_dossier(
        actor=cast.chanhvanphong, order=f.order(dossier), to=cast.hotich.account, at=f.later(20)
    )


def asked(cast, dossier):
    processing.request_supplement(
        actor=cast.hotich, order=f.order(dossier), items=[f.ITEM], at=f.later(30)
    )


def returned(cast, dossier):
    deciding.return_for_rework(
        actor=cast.chutich, order=f.order(dossier), comment="Xem lại", at=f.later(60)
    )


def sign(cast, dossier):
    deciding.sign_result(actor=cast.chutich, order=f.order(dossier), at=f.later(60))


def issue(cast, dossier):
    deciding.issue_result(actor=cast.vanthu, order=f.order(dossier), at=f.later(70))


ACTS = {
    "receive": ("submitted", "motcua", received),
    "refuse": ("submitted", "motcua", refused),
    "assign": ("received", "chanhvanphong", assigned),
    "ask": ("assigned", "hotich", asked),
    "propose": ("assigned", "hotich", f.propose),
    "check": ("proposed", "chanhvanphong", f.check),
    "return": ("checked", "chutich", returned),
    "sign": ("checked", "chutich", sign),
    "issue": ("signed", "vanthu", issue),
}


def marry(cast, official):
    identity.add_kinship(
        COMMAND,
        person=cast.father.person,
        relative=official.person,
        kind=identity.KinshipKind.SPOUSE,
        at=f.MORNING,
    )


@pytest.mark.parametrize("name", ACTS)
def test_nobody_decides_on_a_dossier_of_their_family(province, name):
    stage, who, act = ACTS[name]
    dossier = getattr(f, stage)(province)
    before = f.fresh(dossier).version
    marry(province, getattr(province, who))
    with pytest.raises(access.ConflictOfInterest):
        act(province, dossier)
    assert f.fresh(dossier).version == before


def test_handing_over_decides_nothing(province):
    dossier = f.issued(province)
    marry(province, province.motcua)
    handed = delivery.hand_over(
        actor=province.motcua,
        order=f.order(dossier),
        method="counter",
        receiver="Nguyễn Văn Thử",
        evidence="Căn cước",
        at=f.later(90),
    )
    assert handed.state == "handed_over"


# -- Number and year


def filled(decision: Decision) -> dict[str, str]:
    """The digits that stand in the places of the sealed paper."""
    root = PdfFileReader(io.BytesIO(files.read(decision.sealed_id))).root
    fields = [one.get_object() for one in root["/AcroForm"]["/Fields"]]
    return {str(one["/T"]): str(one["/V"]) for one in fields if one["/FT"] == "/Tx"}


def issued_on(province, day: dt.date, **changes) -> Decision:
    dossier = f.signed(province, **changes)
    at = dt.datetime.combine(day, dt.time(9), f.MORNING.tzinfo)
    deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=at)
    f.settle()
    return Decision.objects.get(dossier=dossier)


def test_an_answer_issued_after_new_year_has_the_number_and_year_of_its_issue(province):
    decision = issued_on(province, dt.date(2027, 1, 4))
    assert (decision.number, decision.notation) == (1, "01/2027")
    assert decision.decided_on == dt.date(2027, 1, 4)
    assert filled(decision) == {
        "so": "01",
        "namSo": "2027",
        "ngay": "04",
        "thang": "01",
        "nam": "2027",
    }


def test_a_refusal_has_the_day_and_year_of_its_issue_too(province):
    decision = issued_on(province, dt.date(2027, 3, 1), refuse=True)
    assert decision.notation == "01/TB-UBND"
    assert filled(decision) == {"so": "01", "ngay": "01", "thang": "3", "nam": "2027"}


def test_charges_of_a_refused_dossier_are_cancelled(province):
    dossier = f.issued(province, refuse=True)
    assert (f.fresh(dossier).state, f.fresh(dossier).money_state) == ("refused", "cancelled")
    assert set(dossier.fee_lines.values_list("state", flat=True)) == {"cancelled"}


# -- Nothing slow for nothing


def test_who_may_not_propose_has_no_paper_made(province, monkeypatch):
    dossier = f.assigned(province)
    monkeypatch.setattr(papers, "render", _never)
    for actor in (province.motcua, province.father):
        with pytest.raises(NotAllowed):
            propose(actor, f.order(dossier))
    with pytest.raises(VersionConflict):
        propose(province.hotich, Ordered(code=dossier.code, version=1))


def propose(actor, order):
    processing.propose_result(actor=actor, order=order, proposal=Proposal(), at=f.later(40))


def _never(*_args, **_values):
    raise AssertionError("a paper was made")


# -- Who takes the result


def test_whoever_is_signed_in_took_the_result(province):
    acting = replace(province.mother, acting_for=province.father.person)
    dossier = f.issued(province, actor=acting, answers=f.answers(requester_relation="mother"))
    delivery.take_result(actor=acting, order=f.order(dossier), at=f.later(80))
    assert HandOver.objects.get(dossier=dossier).receiver == "Trần Thị Mẫu"
