"""The codes on the papers, read as a phone reads them: each leads to the page that it promises."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test import Client

from sen.kernel.files import public as files
from sen.systems.public_services.models import Decision, IssuedForm
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("province")]
SCALE = 2
"""144 dots an inch: a screen, or a poor print."""


def codes(file: UUID) -> list[str]:
    """Return what the QR codes say on the pages of a paper as it is seen."""
    paper = pypdfium2.PdfDocument(files.read(file))
    try:
        return [
            code.text
            for page in paper
            for code in zxingcpp.read_barcodes(page.render(scale=SCALE).to_pil())
        ]
    finally:
        paper.close()


def opened(address: str) -> str:
    """Return the page behind a code, as a stranger's phone opens it."""
    assert address.startswith(settings.PUBLIC_URL)
    answer = Client().get(urlsplit(address).path)
    assert answer.status_code == 200
    return text(answer)


def test_the_code_of_the_receipt_leads_to_where_the_dossier_stands(province):  # noqa: F811
    dossier = f.received(province)
    f.settle()
    receipt = IssuedForm.objects.get(dossier=dossier, form="mau_01")
    [address] = codes(receipt.file_id)
    assert address == f"{settings.PUBLIC_URL}/tra-cuu/{dossier.link_secret}/"
    page = opened(address)
    assert dossier.code in page
    assert "Nguyễn Văn Thử" not in page


def test_the_code_of_the_result_leads_to_its_verification(province):  # noqa: F811
    decision = Decision.objects.get(dossier=f.issued(province))
    [address] = codes(decision.sealed_id)
    assert address == f"{settings.PUBLIC_URL}/xac-minh/{decision.result_key}/"
    assert decision.notation in opened(address)
