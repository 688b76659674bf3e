"""A certified copy: at the counter alone, the same day before 15:00, paid by the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pypdfium2
import pytest

from sen.base import clock
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Decision
from sen.systems.public_services.queries import catalogue, fees
from sen.systems.public_services.services import drafting, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.services.filing.checking import AtCounterOnly
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.test_api import PERSON, Program, problem
from sen.systems.results.models import Result

pytestmark = pytest.mark.django_db

THREE = {
    "documents": 3, "pages": 3, "copies": 2, "pages_2": 300, "copies_2": 1, "pages_3": 1,
    "copies_3": 4, "document_2_title": "Học bạ", "document_2_issuer": "Trường Mẫu",
    "document_3_title": "Giấy khen", "document_3_issuer": "Trường Mẫu",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"pages": 1, "copies": 1}, [2_000]),
        ({"pages": 2, "copies": 1}, [4_000]),
        ({"pages": 3, "copies": 1}, [4_000, 1_000]),
        ({"pages": 3, "copies": 2}, [8_000, 2_000]),
        ({"pages": 198, "copies": 1}, [4_000, 196_000]),
        ({"pages": 199, "copies": 1}, [4_000, 196_000]),
        ({"pages": 2000, "copies": 3}, [12_000, 588_000]),
        # three papers in one visit: each has a cap of its own
        (THREE, [8_000 + 4_000 + 8_000, 2_000 + 196_000]),
    ],
)
def test_the_fee_is_counted_by_the_page_up_to_the_most_of_a_copy(province, said, lines):
    """Thông tư 226/2016/TT-BTC, Điều 4: 2.000 đồng/trang, từ trang thứ ba 1.000 đồng/trang, tối đa
    200.000 đồng/bản."""
    case = catalogue.current_case("2.000815", "tai_quay", on=f.ON)
    computed = fees.computed(case, said, on=f.ON)
    assert [line.amount_vnd for line in computed] == lines
    assert sum(lines) <= 200_000 * sum(
        said.get(key, 0) for key in ("copies", "copies_2", "copies_3")
    )


def filed(province, at: dt.datetime = f.MORNING, **said: Any):
    case = procedures.case_of("certified_copy")
    told = procedures.filing_at_the_counter(province, "certified_copy", case)
    answers = {
        key: value
        for key, value in {**told.answers, **said}.items()
        if not key[-1].isdigit() or key in said
    }
    filing = procedures.replace(told, answers=answers)
    return submission.submit_dossier(actor=province.motcua, filing=filing, at=at)


@pytest.mark.parametrize(
    ("hour", "due"),
    [("14:59", "2026-11-20"), ("15:00", "2026-11-20"), ("15:01", "2026-11-23")],
)
def test_it_is_due_the_same_day_when_received_until_three(province, hour, due):
    """Nghị định 23/2015/NĐ-CP, Điều 7."""
    at = dt.datetime.fromisoformat(f"2026-11-20 {hour}").replace(tzinfo=clock.ZONE)
    dossier = filed(province, at)
    received = reception.receive_dossier(actor=province.motcua, order=f.order(dossier), at=at)
    assert received.due_at is not None
    assert clock.day(received.due_at).isoformat() == due


def test_several_papers_of_one_visit_stand_in_one_attestation(province):
    dossier = filed(province, **THREE)
    assert sum(line.amount_vnd for line in dossier.fee_lines.all()) == 218_000
    procedures.carried_to_issue(province, dossier)
    decision = Decision.objects.get(dossier=dossier)
    page = pypdfium2.PdfDocument(files.read(decision.sealed))[0].get_textpage()
    paper = " ".join(page.get_text_range().split())
    for words in ("Học bạ", "Giấy khen", "300", "0123456789 mẫu thử"):
        assert words in paper, words
    kept = Result.objects.get(key=decision.result_key)
    assert kept.number == decision.notation


def test_a_person_begins_and_files_none_online(province):
    """The originals are shown at the counter (Nghị định 23/2015/NĐ-CP, Điều 20)."""
    case = catalogue.current_case("2.000815", "tai_quay", on=f.ON)
    with pytest.raises(AtCounterOnly):
        drafting.begin_draft(actor=province.father, case=case, at=f.MORNING)
    told = procedures.filing_at_the_counter(province, "certified_copy", case)
    filing = procedures.replace(told, channel="public_services.portal")
    with pytest.raises(AtCounterOnly):
        submission.submit_dossier(actor=province.father, filing=filing, at=f.MORNING)
    answer = browser(province.father).post("/thu-tuc/2.000815/nop/")
    assert answer.status_code == 403
    assert "chỉ nộp trực tiếp" in text(answer)
    assert drafting.begin_draft(actor=province.motcua, case=case, at=f.MORNING).id


def test_a_program_of_a_person_is_told_so(province):
    person = identity.find_person(f.FATHER)
    program = Program(
        identity.Account.objects.get(person=person, id=province.father.account), *PERSON
    )
    case = procedures.case_of("certified_copy")
    body = {
        "procedure": "2.000815", "case": "tai_quay", "form_version": 1, "papers": [],
        "answers": procedures.answers("certified_copy", procedures.form_of(case)),
        "receiving_unit": "H41.9.11.1",
    }  # fmt: skip
    said = problem(program.ask("POST", "/dossiers", body), 403)
    assert said["type"].endswith("at_counter_only") or said["code"] == "at_counter_only"
    said = problem(
        program.ask("POST", "/drafts", {"procedure": "2.000815", "case": "tai_quay"}), 403
    )
    assert "chỉ nộp trực tiếp" in said["detail"]
