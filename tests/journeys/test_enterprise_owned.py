"""An enterprise asks for a work permit: its director files on pages, the register says who they are."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sen.base.identifiers import to_base32
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.tables.drafts import asked
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures as filed
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from tests.journeys.registries import filled, standing_in

pytestmark = pytest.mark.journey
DIRECTOR, FIRM, CODE = "040088000104", "Công ty TNHH Giả Định", "2900000006"


@pytest.fixture
def stand_in(settings):
    with standing_in(settings) as serving:
        yield serving


def begun(actor):
    case = filed.case_of("work_permit")
    said = filed.answers("work_permit", filed.form_of(case)) | {
        "employer_code": CODE, "employer_name": FIRM, "employer_address": f.PLACE,
        "requester_phone": "0912345678",
    }  # fmt: skip
    held, _typed = filled(actor, case, said, at=f.MORNING)
    return case, held


def send_papers(visitor: Client, actor, case, held) -> None:
    """Hand in what the page of papers asks for."""
    address = f"/ban-nhap/{to_base32(held.id)}/giay-to/"
    page = visitor.get(address).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    given = {
        f"paper_{rule.code}": str(f.file(actor, "anh.jpg"))
        for rule in asked(actor, case, held)
        if rule.required and not rule.is_shown
    }
    answer = visitor.post(address, {"version": version[1], **given})
    assert answer.status_code == 303, text(answer)


@pytest.mark.usefixtures("stand_in")
def test_the_director_files_in_the_name_of_the_enterprise(province):  # noqa: F811 - the fixture
    director = f.citizen(DIRECTOR)
    case, held = begun(director)
    codes = {rule.code for rule in asked(director, case, held)}
    assert "uy_quyen_to_chuc" not in codes
    assert held.answers["employer_code"] == CODE
    visitor = browser(director)
    send_papers(visitor, director, case, held)
    review = f"/ban-nhap/{to_base32(held.id)}/"
    page = text(visitor.get(review))
    assert "Hồ sơ đứng tên" in page
    assert "tra trong cơ sở dữ liệu đăng ký doanh nghiệp" in page
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    answer = visitor.post(review, {"receiving_unit": "H41.9.11.1", "key": key})
    assert answer.status_code == 303, text(answer)
    dossier = Dossier.objects.get(draft=held.id)
    said = text(visitor.get(f"/ho-so/{dossier.code}/"))
    assert dossier.code in said
    desk = text(browser(province.motcua).get(f"/ho-so/{dossier.code}/"))
    assert FIRM in desk
    assert CODE in desk
    assert "Người đại diện theo pháp luật" in desk


def test_whom_no_register_names_and_nobody_knows_is_asked_for_an_authority(province, settings):  # noqa: F811 - the fixture
    settings.REGISTRIES = {}
    case, held = begun(province.father)
    assert "uy_quyen_to_chuc" in {rule.code for rule in asked(province.father, case, held)}
    page = text(browser(province.father).get(f"/ban-nhap/{to_base32(held.id)}/giay-to/"))
    assert "Văn bản ủy quyền của người đại diện theo pháp luật" in page
    assert drafts.given_papers(held) == []
    assert identity.representations(province.father.person, f.ON) == []
