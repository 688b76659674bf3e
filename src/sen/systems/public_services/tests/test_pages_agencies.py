"""Pages where several agencies share a dossier: stages, the duty, what is settled elsewhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.systems.public_services.models import Dossier, Passage
from sen.systems.public_services.queries import whole
from sen.systems.public_services.schemas import answers
from sen.systems.public_services.services import reception
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text

OWNER = "040050000101"


@pytest.fixture(scope="module")
def in_demo(in_province) -> None:
    """The demo of other modules, and every unit of the province with its people."""


@pytest.fixture
def cast(province):
    return a.land_cast(province)


def page(dossier: Dossier) -> str:
    return f"/ho-so/{dossier.code}/"


def order(dossier: Dossier, **typed: str) -> dict[str, str]:
    version = str(f.fresh(dossier).version)
    return {"version": version, "key": f"khoa-mot-lan-{version:>08}", **typed}


def test_the_examiner_sends_states_and_confirms_on_the_page(cast):
    dossier, examiner = a.land_assigned(cast), browser(cast.land_chuyenvien)
    shown = text(examiner.get(page(dossier)))
    assert "Số phiếu chuyển thông tin" in shown
    assert "Các giai đoạn và ngày hẹn" in shown
    examiner.post(f"{page(dossier)}viec/send_duty/", order(dossier, sheet=a.SHEET))
    assert f.fresh(dossier).state == "duty"
    day = f"{clock.day(clock.now()):%d/%m/%Y}"
    refused = examiner.post(
        f"{page(dossier)}viec/record_duty/",
        order(dossier, notice="LTB-1", noticed_on="31/02/2026", amount_vnd="mười"),
    )
    said = text(refused)
    assert refused.status_code == 422
    assert "Vui lòng ghi ngày, ví dụ 21/11/2026." in said
    assert "Vui lòng ghi số tiền bằng chữ số" in said
    examiner.post(
        f"{page(dossier)}viec/record_duty/",
        order(dossier, notice="LTB-1", noticed_on=day, amount_vnd="12.500.000"),
    )
    owner = browser(f.citizen(OWNER))
    assert "12.500.000" in text(owner.get(page(dossier)))
    examiner.post(
        f"{page(dossier)}viec/confirm_duty/",
        order(dossier, evidence="Giấy nộp tiền 1", paid_on=day),
    )
    assert f.fresh(dossier).state == "processing"
    assert "Giấy nộp tiền 1" in text(examiner.get(page(dossier)))


def test_the_list_says_which_stage_runs_and_costs_the_same_for_one_and_three(cast):
    a.land_assigned(cast)
    owner, counts = browser(f.citizen(OWNER)), []
    for number in (1, 3):
        while Dossier.objects.filter(case__version__procedure__code="1.013831").count() < number:
            a.land_assigned(cast)
        owner.get("/ho-so/")
        with CaptureQueriesContext(connection) as asked:
            shown = text(owner.get("/ho-so/"))
        counts.append(len(asked))
    assert "Thẩm tra hồ sơ, chuyển thông tin cho cơ quan thuế: " in shown
    assert counts[0] == counts[1]


def test_without_sign_in_the_stages_stand_with_their_dates(cast, client):
    dossier = a.land_assigned(cast)
    shown = text(client.get(f"/tra-cuu/{f.fresh(dossier).link_secret}/"))
    assert "Cơ quan thuế nơi có đất" in shown
    assert "Văn phòng Đăng ký đất đai tỉnh Nghệ An" in shown
    assert "AA 123456" not in shown


def test_what_is_passed_on_says_where_it_is_and_what_failed_to_officials_only(cast):
    made = a.filed(cast, "permanent_residence", "1.004222")
    reception.receive_dossier(actor=cast.motcua, order=f.order(made), at=f.later(10))
    Passage.objects.filter(dossier=made).update(failure="Không trả lời")
    at_counter, owner = browser(cast.motcua), browser(f.citizen(OWNER))
    shown = text(at_counter.get(page(made)))
    assert "Gửi lại hồ sơ" in shown
    assert "Không trả lời" in shown
    theirs = text(owner.get(page(made)))
    assert "Công an cấp xã" in theirs
    assert "Chờ đồng bộ" in theirs
    assert "Không trả lời" not in theirs
    assert "Mức thu chưa có trong hệ thống" in theirs
    done = at_counter.post(f"{page(made)}viec/follow_up/", order(made), follow=True)
    assert "Đã gửi yêu cầu." in text(done)


def test_a_letter_of_apology_is_ordered_on_the_page(cast):
    dossier = a.land_assigned(cast)
    head = browser(cast.land_truongphong)
    assert "Xin lỗi, hẹn lại ngày trả" in text(head.get(page(dossier)))
    said = head.post(
        f"{page(dossier)}viec/apologise/",
        order(dossier, reason="Chờ xác minh", cause="Phòng Đăng ký", new_due_on="11/12/2026"),
        follow=True,
    )
    assert "Đã hẹn lại." in text(said)
    assert f"{f.fresh(dossier).due_at:%d/%m/%Y}" == "11/12/2026"
    assert "Xin lỗi, hẹn lại ngày trả" not in text(head.get(page(dossier)))


def test_the_api_tells_stages_and_where_it_went(cast):
    land = a.duty_sent(cast, a.at(25))
    told = answers.dossier_detail(whole.whole(cast.land_chuyenvien, land.code, now=a.at(26)))
    assert [(one.key, one.state, one.unit) for one in told.stages] == [
        ("examine", "done", a.OFFICE), ("duty", "running", a.OFFICE),
        ("payment", "todo", a.OFFICE), ("register", "todo", a.OFFICE),
    ]  # fmt: skip
    made = a.filed(cast, "permanent_residence", "1.004222")
    reception.receive_dossier(actor=cast.motcua, order=f.order(made), at=f.later(10))
    passed = answers.dossier_detail(whole.whole(cast.motcua, made.code, now=f.later(11)))
    assert passed.passage is not None
    assert (passed.passage.partner, passed.passage.foreign_code) == ("residence", "")
