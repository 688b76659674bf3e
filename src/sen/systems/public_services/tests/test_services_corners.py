"""What happens seldom: a repeat, a name that is no name, a paper that came before its refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.kernel.notifications import public as notifications
from sen.systems.public_services.data import PaperInput, PartyInput
from sen.systems.public_services.models import HandOver, IssuedForm, ProcedureVersion
from sen.systems.public_services.services import (
    catalogue,
    delivery,
    issuing,
    seeding,
)
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def test_the_counter_is_not_told_of_what_it_files_itself(province):
    f.submitted(province, actor=province.motcua)
    assert notifications.inbox(province.motcua).rows == ()


def test_a_number_that_is_none_holds_no_result(province):
    owner = PartyInput(role="owner", full_name="Nguyễn Văn Thử", national_number="12")
    given = PaperInput(code="giay_chung_sinh", source="result", result="khong-co")
    made = f.a_filing(province.motcua, parties=[owner], papers=[given])
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=province.motcua, filing=made, at=f.MORNING)
    assert refused.value.fields.keys() == {
        "papers.giay_chung_sinh", "parties.owner.national_number",
    }  # fmt: skip


def test_a_paper_that_was_signed_meanwhile_does_not_wait(province):
    dossier = f.received(province)
    f.settle()
    receipt = IssuedForm.objects.get(dossier=dossier)
    issuing._let_wait(SYSTEM, receipt.id, "no_certificate", f.later(20))
    again = IssuedForm.objects.get(dossier=dossier)
    assert (again.state, again.told_at) == ("signed", receipt.told_at)


@pytest.mark.parametrize("by_token", [True, False])
def test_how_surely_the_taker_is_known_is_the_evidence(province, by_token):
    dossier = f.issued(province)
    taker = replace(province.father, token=new_id()) if by_token else province.father
    delivery.take_result(actor=taker, order=f.order(dossier), at=f.later(80))
    said = HandOver.objects.get(dossier=dossier).evidence
    assert said == (
        "Khóa truy cập của chủ tài khoản" if by_token else "Đăng nhập định danh điện tử mức 2"
    )


def test_a_version_is_published_once(province):
    folder = next(one for one in seeding._folders() if one.name == "birth_registration")
    document = seeding._read(folder, "procedure.json")
    case = f.the_case()
    before = ProcedureVersion.objects.count()
    again = catalogue.publish_version(
        actor=COMMAND, document=document, form_version=case.form_version_id,
        flow_version=case.flow_version_id, at=f.MORNING,
    )  # fmt: skip
    assert (again.id, ProcedureVersion.objects.count()) == (case.version_id, before)


def test_the_seed_laid_down_again_adds_nothing(province):
    found = seeding.seed(at=f.MORNING)
    assert (found.filed, found.described, found.grants) == (0, 0, 0)
