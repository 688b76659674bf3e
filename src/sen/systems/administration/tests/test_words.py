"""The dictionary of the search on pages and by API: seen, tried, written, undone."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base.identifiers import to_base32
from sen.kernel.audit import public as audit
from sen.kernel.search import public as search
from sen.kernel.search.services.wordings import KIND
from sen.systems.administration.queries import words as queries

PAGE = "/quan-tri/tu-ngu/"
TYPED = {
    "phrases": "xoắn xuýt quẩy\nQuẩy xoắn",
    "means": "",
    "records": "1.008128",
    "topic": "Nông nghiệp",
    "reason": "người dân hỏi ở quầy",
}


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def line() -> search.SearchWording:
    [row] = search.listed(query="xoan xuyt")
    return row


def at(row) -> str:
    return f"{PAGE}{to_base32(row.id)}/"


def test_the_dictionary_is_listed_by_heading_page_by_page(administrator):
    shown = text(administrator.get(PAGE))
    assert "Hộ tịch" in shown
    assert "?tu=50" in shown
    assert "sổ đỏ" in text(administrator.get(f"{PAGE}?q=bia do"))
    assert "Không có từ ngữ nào như vậy" in text(administrator.get(f"{PAGE}?q=qqqq"))
    assert "Về đầu" in text(administrator.get(f"{PAGE}?tu=50"))
    assert administrator.get(f"{PAGE}?tu=abc&muc=Hộ tịch").status_code == 200


def test_the_list_costs_as_much_for_one_as_for_many(administrator):
    counts = []
    administrator.get(PAGE)
    for query in ("?q=xin hỏi", ""):
        with CaptureQueriesContext(connection) as told:
            administrator.get(f"{PAGE}{query}")
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_a_line_is_tried_then_written_then_heard(administrator, client):
    tried = text(administrator.post(f"{PAGE}moi/", {**TYPED, "reason": "", "try": "1"}))
    assert "Tìm thủ tục: bây giờ" in tried
    assert "Không tìm thấy gì." in tried
    assert "Cấp Giấy chứng nhận đủ điều kiện chăn nuôi" in tried
    assert search.listed(query="xoan xuyt") == []
    answer = administrator.post(f"{PAGE}moi/", TYPED)
    row = line()
    assert (answer.status_code, answer["Location"]) == (303, at(row))
    assert (row.phrases, row.records) == (["xoắn xuýt quẩy", "quẩy xoắn"], ["1.008128"])
    assert "/thu-tuc/1.008128/" in text(client.get("/thu-tuc/?q=quay xoan"))
    [told] = audit.trail(audit.Subject(KIND, row.id, row.phrase))
    assert (told.action, told.reason) == ("search.add_wording", TYPED["reason"])


def test_a_line_is_changed_with_its_history_undone_and_taken_out_of_use(administrator):
    administrator.post(f"{PAGE}moi/", TYPED)
    row = line()
    administrator.post(at(row), {**TYPED, "records": "1.004756", "number": 1, "reason": "đúng hơn"})
    shown = text(administrator.get(at(row)))
    assert re.search(r'<input type="hidden" name="number" value="2"', shown)
    assert "đúng hơn" in shown
    assert "Cấp chứng chỉ hành nghề thú y" in shown
    administrator.post(f"{at(row)}hoan-tac/", {"number": 2, "reason": "nhầm"})
    assert line().records == ["1.008128"]
    administrator.post(f"{at(row)}bo/", {"number": 3, "reason": "không ai nói"})
    assert search.listed(query="xoan xuyt") == []
    assert "Từ ngữ này đã thôi dùng" in text(administrator.get(at(row)))
    assert "xoắn xuýt quẩy" in text(administrator.get(f"{PAGE}?bo=1"))


def test_what_is_refused_stands_beside_its_field(administrator):
    administrator.post(f"{PAGE}moi/", TYPED)
    row = line()
    twice = administrator.post(f"{PAGE}moi/", TYPED)
    both = administrator.post(f"{PAGE}moi/", {**TYPED, "phrases": "khác", "is_outside": "on"})
    late = administrator.post(at(row), {**TYPED, "number": 9})
    assert [one.status_code for one in (twice, both, late)] == [422, 422, 422]
    assert "đã có trong từ điển" in text(twice)
    assert "không chọn mục này" in text(both)
    assert "vừa được người khác sửa" in text(late)
    assert administrator.post(f"{at(row)}bo/", {"number": 1}).status_code == 422
    assert administrator.get(f"{PAGE}{'a' * 26}/").status_code == 404


def test_others_see_nothing_and_change_nothing(province, clerk, client):
    assert clerk.get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 303
    assert clerk.post(f"{PAGE}moi/", TYPED).status_code == 403


def test_the_api_does_every_act_of_the_pages(administrator, clerk):
    def ask(path, body):
        return administrator.post(f"/api/v1/{path}", body, content_type="application/json")

    said = {"phrases": ["xoắn xuýt quẩy"], "records": ["1.008128"]}
    trial = ask("wording-trials", {**said, "question": "xoan xuyt quay"}).json()
    made = ask("wordings", {**said, "reason": "thử"})
    key = made.json()["id"]
    changed = ask(f"wordings/{key}", {**said, "topic": "Thử", "reason": "sửa", "number": 1})
    undone = ask(f"wordings/{key}/undo", {"number": 2, "reason": "trả lại"})
    gone = ask(f"wordings/{key}/retire", {"number": 3, "reason": "bỏ"})
    late = ask(f"wordings/{key}/retire", {"number": 1, "reason": "bỏ"})
    assert trial == [{"code": "public_services.procedures", "now": [], "then": ["1.008128"]}]
    assert [one.status_code for one in (made, changed, undone, gone, late)] == [
        201, 200, 200, 200, 409,
    ]  # fmt: skip
    assert (made.json()["number"], made.json()["kind"]) == (1, "means")
    assert (changed.json()["topic"], undone.json()["topic"]) == ("Thử", "")
    assert (gone.json()["is_active"], gone.json()["number"]) == (False, 4)
    assert len(administrator.get("/api/v1/wordings?q=so do&limit=2").json()) == 2
    assert clerk.get("/api/v1/wordings").status_code == 403


@pytest.mark.parametrize("keys", [[], ["9.999999"]])
def test_titles_of_what_is_not_there_are_missing(province, keys):
    assert queries.titles(keys) == {}
