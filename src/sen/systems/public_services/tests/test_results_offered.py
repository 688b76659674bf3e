"""What the person holds already stands for a paper and fills the form in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import Invalid
from sen.base.identifiers import new_id, new_secret
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.systems.public_services.data import PaperInput
from sen.systems.public_services.models import DossierPaper
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tables import drafts as shapes
from sen.systems.public_services.tests import factories as f
from sen.systems.results import public as results

pytestmark = pytest.mark.usefixtures("province")

MARRIAGE = "KQ.TEST.MARRIAGE"


@pytest.fixture
def case(province):
    """Birth registration, asking for the marriage certificate or what is kept of it."""
    made = f.the_case()
    made.papers[0] |= {"replaced_by": f"results:{MARRIAGE}"}
    made.save()
    legal.forget()
    return made


def keep(province, *, holder=None, kind=MARRIAGE, **changes) -> str:
    """Keep a result and return its key."""
    key = new_secret()
    paper = files.store(SYSTEM, name="kq.pdf", data=b"%PDF-", media_type="application/pdf")
    kept = results.NewResult(
        key=key, result_type=kind, title="Giấy chứng nhận kết hôn", number="12/2024",
        issued_on=dt.date(2024, 5, 20), unit=province.ward, source_kind="test", source=new_id(),
        source_code="T-1", file=paper.id, sha256=paper.sha256,
        holders=(holder or province.father.person,),
        data={"number": "12/2024", "is_married": "yes"},
    )  # fmt: skip
    results.keep_result(actor=SYSTEM, result=replace(kept, **changes), at=f.MORNING)
    return key


def submit(actor, key, **changes):
    paper = PaperInput(code="giay_chung_sinh", source="result", result=key)
    return submission.submit_dossier(
        actor=actor, filing=f.a_filing(actor, papers=[paper], **changes), at=f.MORNING
    )


def test_a_kept_result_stands_for_the_paper_it_replaces(province, case):
    key = keep(province)
    dossier = submit(province.father, key)
    [paper] = DossierPaper.objects.filter(dossier=dossier)
    assert (paper.source, paper.result, paper.file_id) == ("result", key, None)


def test_the_counter_uses_the_owner_s_result_too(province, case):
    key = keep(province)
    assert submit(province.motcua, key).state == "submitted"


@pytest.mark.parametrize("what", ["other_kind", "other_person", "past", "unknown"])
def test_a_result_that_does_not_fit_is_refused(province, case, what):
    key = {
        "other_kind": lambda: keep(province, kind="KQ.TEST.OTHER"),
        "other_person": lambda: keep(province, holder=province.mother.person),
        "past": lambda: keep(province, valid_to=dt.date(2025, 1, 1)),
        "unknown": lambda: "khong-co",
    }[what]()
    with pytest.raises(Invalid) as refused:
        submit(province.father, key)
    assert refused.value.fields.keys() == {"papers.giay_chung_sinh"}


def test_a_revoked_result_is_refused(province, case):
    key = keep(province)
    from sen.systems.results.services import revoke_result

    revoke_result(actor=province.chutich, key=key, reason="Cấp sai", at=f.later(1))
    with pytest.raises(Invalid):
        submit(province.father, key)


def test_a_paper_without_such_a_rule_takes_no_result(province):
    with pytest.raises(Invalid):
        submit(province.father, keep(province))


def test_a_draft_offers_what_the_person_holds_and_hands_it_in(province, case):
    key = keep(province)
    keep(province, holder=province.mother.person)
    start = replace(drafts.start_of(case), answers=f.answers())
    held = forms.start_draft(province.father, start=start, at=f.MORNING)
    [field] = shapes.paper_fields(province.father, case, held, None)
    assert (field.result_name, [one.value for one in field.results]) == (
        "result_giay_chung_sinh", [key],
    )  # fmt: skip

    given = [PaperInput(code="giay_chung_sinh", source="result", result=key)]
    forms.save_papers(
        province.father, draft=held.id, papers=drafts.kept_papers(given), version=held.version,
        at=f.MORNING,
    )  # fmt: skip
    held = forms.draft(province.father, held.id)
    [field] = shapes.paper_fields(province.father, case, held, None)
    assert (field.result, drafts.given_papers(held)) == (key, given)


def test_the_form_is_filled_in_from_kept_results(province):
    """`results.<kind>.<fact>`: the legal value `results.kinds` names the kind."""
    keep(province)
    legal.LegalValue.objects.filter(key="results.kinds").delete()
    legal.set_value(
        actor=COMMAND, key="results.kinds", value={"marriage_certificate": MARRIAGE},
        valid_from=f.ON, source="test", status="published", at=f.MORNING,
    )  # fmt: skip
    legal.forget()
    form = forms.form(f.the_case().form_version_id)
    context = forms.PrefillContext(subject=f.PROCEDURE, at=f.MORNING)
    known = forms.prefill(province.father, form, context)
    assert known["marriage_certificate_number"].value == "12/2024"
    assert known["parents_married"].value is True
    assert "marriage_certificate_number" not in forms.prefill(province.stranger, form, context)
