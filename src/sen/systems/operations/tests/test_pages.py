"""The pages: what a leader reads, and what others do not."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from sen.systems.operations.tests import factories as f
from sen.systems.operations.tests.conftest import signed_in

WARD, FAR = "H41.9.11", "H41.9.12"
HERE = "/dieu-hanh/"
PLACE = f"/dieu-hanh/don-vi/{WARD}/"


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_leaders_begin_at_the_board_and_others_at_their_work(province):
    names = ("chutich.nghean", "phochutich.truongvinh", "vanthu.truongvinh")

    assert [signed_in(name).landed for name in names] == [HERE, HERE, "/viec/"]


@pytest.mark.parametrize("page", [HERE, PLACE, "/dieu-hanh/ho-so/", "/dieu-hanh/so-lieu.csv",
                                  "/dieu-hanh/ho-so.csv"])  # fmt: skip
def test_pages_are_for_whoever_has_the_right(province, page):
    assert Client().get(page)["Location"].startswith("/dang-nhap/?next=")
    assert signed_in("vanthu.truongvinh").get(page).status_code == 403


def test_the_first_look_says_what_is_late_and_whom_to_ask(chair):
    f.late(WARD, by=3, step="process")
    f.late(FAR, by=1, step="sign")

    page = text(chair.get(HERE))

    assert "2 hồ sơ trễ hạn ở 2 đơn vị, lâu nhất 3 ngày làm việc." in page
    first, second = re.findall(r'<p class="op-ask-head"> <a href="([^"]+)">([^<]+)</a>', page)
    assert (first, second) == (
        (PLACE, "UBND phường Trường Vinh"),
        (f"/dieu-hanh/don-vi/{FAR}/", "UBND xã Đại Đồng"),
    )
    assert "Thụ lý · Công chức tư pháp – hộ tịch, Chánh Văn phòng" in page
    assert "Ký số · Phó Chủ tịch, Chủ tịch" in page


def test_without_anything_late_the_board_says_so(chair):
    page = text(chair.get(HERE))

    assert "Không có hồ sơ nào trễ hạn." in page
    assert "Không đơn vị nào có hồ sơ trễ hạn" in page


def test_a_leader_of_one_unit_begins_at_its_page_without_a_map(commune_chair):
    f.late(WARD)
    f.late(FAR)

    page = text(commune_chair.get(HERE))

    assert "<h1>UBND phường Trường Vinh</h1>" in page
    assert "1 hồ sơ trễ hạn, lâu nhất" in page
    assert ("op-map" in page, "breadcrumbs" in page) == (False, False)
    assert commune_chair.get(f"/dieu-hanh/don-vi/{FAR}/").status_code == 404


def test_a_place_shows_where_its_work_lies_and_its_late_dossiers(chair, commune_chair):
    late, fine = f.late(WARD), f.waits(f.dossier(WARD), "assign")

    page, every = text(chair.get(PLACE)), text(chair.get(PLACE + "?loai=open"))

    assert (late.code in page, fine.code in page, fine.code in every) == (True, False, True)
    assert "Việc đang ở đâu" in page
    link = f'<a href="/ho-so/{late.code}/">'
    assert (link in page, link in text(commune_chair.get(PLACE))) == (False, True)


def test_the_list_of_everything_is_paged_and_a_broken_cursor_is_refused(chair):
    for _turn in range(51):
        f.late(WARD)

    first = text(chair.get("/dieu-hanh/ho-so/"))
    [following] = re.findall(r'href="([^"]*sau=[^"]*)"', first)
    second = text(chair.get(following.replace("&amp;", "&").split("#")[0]))

    assert (first.count("H41.TEST-"), second.count("H41.TEST-")) == (50, 1)
    assert chair.get("/dieu-hanh/ho-so/?sau=abc").status_code == 422


def test_unknown_choices_are_left_out(chair):
    assert chair.get(HERE + "?ky=x&mau=x&ve=x").status_code == 200
    assert "Trễ hạn" in text(chair.get("/dieu-hanh/ho-so/?loai=x"))


def sheet(answer) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_board_goes_into_a_spreadsheet(chair):
    f.late(WARD)
    f.settled(WARD, at=f.days(-1))

    head, first, *rest = sheet(chair.get("/dieu-hanh/so-lieu.csv?ky=month"))

    assert dict(zip(head, first, strict=True)) == {
        "Mã đơn vị": WARD, "Đơn vị": "UBND phường Trường Vinh", "Trễ hạn": "1",
        "Đến hạn hôm nay": "0", "Đến hạn tuần này": "0", "Chờ tiếp nhận": "0", "Tạm dừng": "0",
        "Chưa giải quyết xong": "1", "Từ ngày": "01/11/2026", "Đến ngày": "20/11/2026",
        "Hồ sơ tiếp nhận": "2", "Hồ sơ giải quyết": "1", "Giải quyết trễ hạn": "0",
        "Tỷ lệ giải quyết đúng hạn": "100.0",
    }  # fmt: skip
    assert len(rest) == 4


def test_open_dossiers_go_into_a_spreadsheet_without_anybody_s_name(chair):
    made, _other = f.late(WARD), f.late(FAR)

    head, row = sheet(chair.get(f"/dieu-hanh/ho-so.csv?loai=late&o={WARD}"))

    assert head == ["Mã hồ sơ", "Tên thủ tục", "Cơ quan giải quyết", "Ngày nộp", "Hẹn trả", "Bước",
                    "Nơi giữ", "Người giữ"]  # fmt: skip
    assert (row[0], row[2], row[5]) == (made.code, "UBND phường Trường Vinh", "Thụ lý")
    assert len(sheet(chair.get("/dieu-hanh/ho-so.csv?loai=late"))) == 3
