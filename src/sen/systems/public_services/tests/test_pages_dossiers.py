"""A dossier's page, the acts offered on it, the lists: who sees what, what a refusal keeps."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.kernel.legal import public as legal
from sen.systems.public_services.models import Dossier, DossierPaper, HandOver, SupplementRequest
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text

pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture
def father(province) -> Client:
    return browser(province.father)


@pytest.fixture
def motcua(province) -> Client:
    return browser(province.motcua)


def act(client: Client, dossier: Dossier, name: str, version: int | None = None, **typed):
    sent = {"version": f.fresh(dossier).version if version is None else version, **typed}
    return client.post(f"/ho-so/{dossier.code}/viec/{name}/", sent)


def stands(dossier: Dossier, state: str) -> bool:
    return f.fresh(dossier).state == state


# -- Who sees it


def test_a_dossier_is_its_parties_and_its_units_to_see(province, father, motcua):
    dossier = f.submitted(province)
    page = f"/ho-so/{dossier.code}/"
    assert Client().get(page)["Location"].startswith("/dang-nhap/?next=")
    assert [client.get(page).status_code for client in (father, motcua)] == [200, 200]
    others = (province.mother, province.stranger, province.far_motcua, province.far_chutich)
    assert [browser(other).get(page).status_code for other in others] == [404] * 4
    assert "Trần Thị Mẫu" in text(motcua.get(page))


def test_acts_are_ordered_by_who_may_know_of_the_dossier(province):
    dossier = f.submitted(province)
    for other, status in ((province.stranger, 404), (province.far_motcua, 404)):
        assert act(browser(other), dossier, "receive").status_code == status
    assert act(browser(province.vanthu), dossier, "receive").status_code == 403
    assert act(Client(), dossier, "receive").status_code == 303
    assert stands(dossier, "submitted")


def test_an_unknown_act_or_dossier_is_not_found(province, motcua):
    dossier = f.submitted(province)
    assert act(motcua, dossier, "khong-co").status_code == 404
    gone = Dossier(code="H41-khong-co")
    assert act(motcua, gone, "receive", version=1).status_code == 404
    assert motcua.get(f"/ho-so/{dossier.code}/viec/receive/").status_code == 405


# -- Refusals keep what was typed


def faults(answer) -> set[str]:
    return set(re.findall(r'href="#id_(\w+)"', text(answer)))


def asked(cast) -> Dossier:
    return f.ask(cast, f.assigned(cast))


REFUSED = [
    (f.submitted, "motcua", "refuse_reception", {"reason": "", "ground": "Điều X"}, {"reason"}),
    (f.submitted, "motcua", "refuse_reception", {"reason": "Y" * 4001, "ground": "Điều X"},
     {"reason"}),
    (f.received, "chanhvanphong", "assign", {"to": ""}, {"to"}),
    (f.received, "chanhvanphong", "assign", {"to": "0" * 32}, {"to"}),
    (f.assigned, "hotich", "request_supplement", {}, {"items"}),
    (f.assigned, "hotich", "request_supplement", {"item_2_what": "Chụp lại", "item_3_code": "x"},
     {"item_2_reason", "item_3_what", "item_3_reason"}),
    (f.assigned, "hotich", "propose", {"kind": "refusal", "ground": "Điều X"}, {"reason"}),
    (f.assigned, "hotich", "propose", {"signer": "khong-ai"}, {"signer"}),
    (f.proposed, "chanhvanphong", "check", {"answer": "return"}, {"comment"}),
    (f.checked, "chutich", "return_for_rework", {"comment": " "}, {"comment"}),
    (f.issued, "motcua", "hand_over", {"method": "counter", "evidence": "Căn cước"}, {"receiver"}),
    (f.issued, "motcua", "hand_over", {"method": "counter", "slip": "khong-phai-tep"}, {"slip"}),
    (f.submitted, "father", "withdraw", {"reason": ""}, {"reason"}),
    (asked, "father", "supplement", {}, {"answer"}),
    (asked, "father", "supplement", {"paper_la": "0" * 32}, {"paper_la"}),
    (asked, "father", "supplement", {"paper_giay_chung_sinh": "x"}, {"paper_giay_chung_sinh"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "who", "name", "typed", "wrong"),
    REFUSED,
    ids=[f"{name}-{'-'.join(sorted(wrong))}" for _made, _who, name, _typed, wrong in REFUSED],
)
def test_what_an_act_does_not_take_stands_beside_its_field(province, made, who, name, typed, wrong):
    dossier = made(province)
    before = f.fresh(dossier)
    refused = act(browser(getattr(province, who)), dossier, name, **typed)
    page = text(refused)
    assert (refused.status_code, faults(refused)) == (422, wrong)
    words = [said for said in typed.values() if " " in said]
    assert [said for said in words if said not in page] == []
    now = f.fresh(dossier)
    assert (now.state, now.version) == (before.state, before.version)


def test_a_stale_act_says_who_did_what_when_and_keeps_what_was_typed(province, motcua):
    dossier = f.received(province)
    typed = {"reason": "Không đúng thẩm quyền của phường", "ground": "Điều X"}
    refused = act(motcua, dossier, "refuse_reception", version=1, **typed)
    assert refused.status_code == 409
    assert "Hoàng Thị Một Cửa đã tiếp nhận hồ sơ lúc 09:10, 20/11/2026." in text(refused)
    assert stands(dossier, "received")


def test_of_two_officials_on_one_task_the_second_is_told(province):
    dossier = f.proposed(province)
    version = f.fresh(dossier).version
    head = browser(province.chanhvanphong)
    typed = {"answer": "return", "comment": "Ghi rõ nơi sinh của trẻ"}
    assert act(head, dossier, "check", version=version, answer="agree").status_code == 303
    refused = act(head, dossier, "check", version=version, **typed)
    assert refused.status_code == 409
    assert "Võ Văn Chánh Phòng đã thẩm tra" in text(refused)


def test_a_version_that_is_none_fits_no_dossier(province, motcua):
    dossier = f.submitted(province)
    answer = motcua.post(f"/ho-so/{dossier.code}/viec/receive/", {"version": "x"})
    assert (answer.status_code, f.fresh(dossier).state) == (409, "submitted")


# -- Acts done


def test_an_act_sent_twice_is_done_once(province, motcua):
    dossier = f.submitted(province)
    answers = [act(motcua, dossier, "receive", version=1, key="khoa-0001") for _turn in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/ho-so/{dossier.code}/"}
    assert f.trail(dossier).count("public_services.dossier.receive") == 1
    assert "Đã tiếp nhận hồ sơ." in text(motcua.get(f"/ho-so/{dossier.code}/"))


def test_what_is_asked_for_keeps_the_place_of_its_row(province):
    dossier = f.assigned(province)
    answer = act(
        browser(province.hotich), dossier, "request_supplement", guide="Bà Hộ Tịch",
        item_1_code="giay_chung_sinh", item_1_what="Chụp lại", item_1_reason="Mờ",
        item_3_what="Ghi rõ quê quán", item_3_reason="Còn thiếu xã",
    )  # fmt: skip
    assert answer.status_code == 303
    asked = SupplementRequest.objects.get(dossier=dossier)
    assert asked.items == [
        {"kind": "paper", "code": "giay_chung_sinh", "what": "Chụp lại", "reason": "Mờ"},
        {"kind": "other", "code": "", "what": "Ghi rõ quê quán", "reason": "Còn thiếu xã"},
    ]


def test_a_supplement_comes_with_a_page_without_script(province, father):
    dossier = asked(province)
    sent = SimpleUploadedFile("ban-2.jpg", f.picture(), "image/jpeg")
    answer = act(
        father, dossier, "supplement", paper_giay_chung_sinh_file=sent, answer="Đã chụp lại"
    )
    assert (answer.status_code, stands(dossier, "processing")) == (303, True)
    assert DossierPaper.objects.filter(dossier=dossier, supplement__isnull=False).count() == 1


def test_a_program_sent_as_a_supplement_is_refused_beside_its_paper(province, father):
    dossier = asked(province)
    sent = SimpleUploadedFile("ban-2.pdf", b"MZ" + b"\0" * 500, "application/pdf")
    refused = act(
        father, dossier, "supplement", paper_giay_chung_sinh_file=sent, answer="Đã chụp lại"
    )
    assert (refused.status_code, faults(refused)) == (422, {"paper_giay_chung_sinh"})
    assert "Đã chụp lại" in text(refused)
    assert text(refused).count("has-error") == 1


def test_a_result_is_handed_over_with_its_slip(province, motcua):
    dossier = f.issued(province)
    slip = SimpleUploadedFile("phieu.jpg", f.picture(), "image/jpeg")
    answer = act(
        motcua, dossier, "hand_over", method="counter", receiver="Nguyễn Văn Thử",
        evidence="Căn cước đã đối chiếu", slip_file=slip,
    )  # fmt: skip
    assert (answer.status_code, stands(dossier, "handed_over")) == (303, True)
    assert HandOver.objects.get(dossier=dossier).file_id is not None


@pytest.mark.parametrize(
    ("made", "who", "name", "typed", "state"),
    [
        (f.submitted, "motcua", "refuse_reception",
         {"reason": "Sai nơi nộp", "ground": "NĐ 118/2025, Điều 17"}, "refused"),
        (f.assigned, "hotich", "propose", {"kind": "result", "signer": ""}, "processing"),
        (f.checked, "chutich", "return_for_rework", {"comment": "Sửa tên"}, "processing"),
        (f.checked, "chutich", "sign", {}, "signed"),
        (f.signed, "vanthu", "issue", {}, "issued"),
        (f.issued, "father", "take_result", {}, "handed_over"),
        (f.submitted, "father", "withdraw", {"reason": "Đổi ý"}, "withdrawn"),
    ],
)  # fmt: skip
def test_every_other_act_is_done_from_the_page(province, made, who, name, typed, state):
    dossier = made(province)
    answer = act(browser(getattr(province, who)), dossier, name, **typed)
    assert (answer.status_code, f.fresh(dossier).state) == (303, state)


def test_a_dossier_is_given_to_whom_the_page_offers(province):
    dossier = f.received(province)
    head = browser(province.chanhvanphong)
    option = f'value="{province.hotich.account}"'
    assert option in text(head.get(f"/ho-so/{dossier.code}/"))
    assert act(head, dossier, "assign", to=str(province.hotich.account)).status_code == 303


# -- Each stage is shown


@pytest.mark.parametrize(
    "stage", ["submitted", "received", "assigned", "proposed", "checked", "signing_ordered",
              "signed", "issued", "handed_over"],
)  # fmt: skip
def test_a_dossier_is_shown_at_each_stage(province, stage):
    dossier = getattr(f, stage)(province)
    for actor in (province.father, province.motcua, province.hotich, province.chutich):
        assert browser(actor).get(f"/ho-so/{dossier.code}/").status_code == 200


def test_a_part_of_the_page_is_given_where_the_desk_asks_for_it(province, father, motcua):
    page, asks = f"/ho-so/{f.issued(province).code}/", {"HX-Request": "true"}
    part = motcua.get(page, headers=asks)
    assert (part.status_code, "<html" in text(part), "HX-Request" in part["Vary"]) == (
        200, False, True,
    )  # fmt: skip
    assert "<html" in text(father.get(page, headers=asks))


# -- Lists


def cost(client: Client, page: str) -> int:
    legal.begin_request()
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    legal.end_request()
    return len(found)


@pytest.mark.parametrize(("who", "page"), [("father", "/ho-so/"), ("motcua", "/mot-cua/ho-so/")])
def test_a_list_costs_the_same_for_one_and_for_three(province, who, page):
    client = browser(getattr(province, who))
    f.submitted(province)
    one = [cost(client, page) for _turn in range(2)]
    f.submitted(province)
    f.submitted(province)
    three = [cost(client, page) for _turn in range(2)]
    assert three[-1] == one[-1]
    assert text(client.get(page)).count("/ho-so/H41.9.11.1-") >= 3


def test_lists_are_for_whom_they_are(province, father, motcua):
    code = f.submitted(province).code
    assert Client().get("/mot-cua/ho-so/").status_code == 303
    assert Client().get("/ho-so/").status_code == 303
    assert father.get("/mot-cua/ho-so/").status_code == 403
    assert code in text(motcua.get("/mot-cua/ho-so/"))
    assert code in text(father.get("/ho-so/"))
    for actor, page in (
        (province.far_motcua, "/mot-cua/ho-so/"), (province.mother, "/ho-so/"),
        (province.motcua, "/ho-so/"),
    ):  # fmt: skip
        assert code not in text(browser(actor).get(page))


def test_a_list_is_narrowed_by_state(province, motcua):
    first, second = f.submitted(province), f.received(province)
    page = text(motcua.get("/mot-cua/ho-so/?state=received"))
    assert (first.code in page, second.code in page) == (False, True)


def test_a_long_list_goes_on_after_its_last_row(province, father, motcua):
    codes = [f.submitted(province).code for _turn in range(21)]
    for client, page in ((motcua, "/mot-cua/ho-so/"), (father, "/ho-so/")):
        first = client.get(page)
        shown = re.findall(r"/ho-so/(H41[\d.-]+)/", text(first))
        assert list(dict.fromkeys(shown)) == codes[:0:-1]
        following = re.search(r'href="(\?[^"]*after=[^"]+)"', text(first))
        rest = text(client.get(page + following[1].replace("&amp;", "&")))
        assert (codes[0] in rest, codes[1] in rest) == (True, False)
    assert motcua.get("/mot-cua/ho-so/?after=khong-phai").status_code == 200


# -- Without sign-in


def test_the_front_page_finds_procedures(client):
    assert f"/thu-tuc/{f.PROCEDURE}/" in text(client.get("/thu-tuc/?q=khai sinh"))
    assert f"/thu-tuc/{f.PROCEDURE}/" not in text(client.get("/thu-tuc/?q=không có thủ tục này"))
    assert "Bạn cần chuẩn bị" in text(client.get(f"/thu-tuc/{f.PROCEDURE}/"))
    assert client.get("/thu-tuc/9.999999/").status_code == 404


def test_a_dossier_is_followed_by_its_code_and_four_digits(province, client):
    dossier = f.submitted(province)
    assert client.get("/tra-cuu/").status_code == 200
    wrong = client.post("/tra-cuu/", {"code": dossier.code, "last_digits": "9999"})
    assert (wrong.status_code, dossier.code in text(wrong)) == (404, True)
    page = text(client.post("/tra-cuu/", {"code": dossier.code, "last_digits": "0101"}))
    assert dossier.code in page
    assert not any(said in page for said in ("Nguyễn Văn Thử", "Trần Thị Mẫu", f.FATHER))


def test_a_link_of_a_paper_shows_state_dates_and_unit_only(province, client):
    dossier = f.received(province)
    answer = client.get(f"/tra-cuu/{dossier.link_secret}/")
    page = text(answer)
    assert dossier.code in page
    assert not any(said in page for said in ("Nguyễn Văn Thử", "Trần Thị Mẫu", f.FATHER))
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert client.get("/tra-cuu/khong-co-duong-nay/").status_code == 404
