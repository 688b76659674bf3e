"""The same submission sent twenty times at once is one dossier: real threads, real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.systems.public_services.data import PaperInput
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import catalogue, drafts
from sen.systems.public_services.services.filing import submission
from tests.journeys import life

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed_db")]


def test_twenty_submissions_of_one_draft_are_one_dossier() -> None:
    life.seed()
    father = life.citizen()
    paper = files.take(father, "giay-chung-sinh.pdf", life.scan())
    case = catalogue.current_case("1.001193", "thong_thuong", on=life.MORNING.date())
    start = replace(drafts.start_of(case), answers=life.answers())
    held = forms.start_draft(father, start=start, at=life.MORNING)
    said = drafts.filing_of(
        father, held, receiving_unit="H41.9.11.1", shown=[],
        at=life.MORNING,
    )  # fmt: skip
    said = replace(said, papers=[PaperInput(code="giay_chung_sinh", files=(paper.id,))])

    def submit(_turn: int) -> str:
        try:
            return submission.submit_dossier(actor=father, filing=said, at=life.MORNING).code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=20) as crowd:
        codes = list(crowd.map(submit, range(20)))

    assert len(set(codes)) == 1
    assert list(Dossier.objects.values_list("code", flat=True)) == codes[:1]
