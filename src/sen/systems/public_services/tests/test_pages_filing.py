"""The pages on which one files: who may open them, what they refuse, what was typed stays."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.identifiers import to_base32
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.tables import drafts as shapes
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.test_bad_input import a_newer_form

pytestmark = pytest.mark.usefixtures("province")
START = f"/thu-tuc/{f.PROCEDURE}/nop/"
CENTRE = "H41.9.11.1"


@pytest.fixture
def father(province) -> Client:
    return browser(province.father)


@pytest.fixture
def motcua(province) -> Client:
    return browser(province.motcua)


def a_draft(actor, **changes) -> forms.Draft:
    """A draft that says everything, its paper handed in."""
    case = f.the_case()
    said = {**forms.clean(forms.form(case.form_version_id), f.answers())[0], **changes}
    start = replace(drafts.start_of(case), answers=said)
    held = forms.start_draft(actor, start=start, at=clock.now())
    papers = {"giay_chung_sinh": [{"file": str(f.file(actor))}]}
    forms.save_papers(actor, draft=held.id, papers=papers, version=held.version, at=clock.now())
    return forms.draft(actor, held.id)


def at(held: forms.Draft, place: str = "") -> str:
    return f"/ban-nhap/{to_base32(held.id)}/{place}"


# -- Who may


@pytest.mark.parametrize(
    "place", [START, "/mot-cua/nhan/", f"/ban-nhap/{'a' * 26}/", f"/ban-nhap/{'a' * 26}/giay-to/",
              f"/ban-nhap/{'a' * 26}/trang/requester/"],
)  # fmt: skip
def test_a_visitor_is_sent_to_sign_in(client, place):
    answer = client.get(place)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/dang-nhap/?next=")


@pytest.mark.parametrize("place", ["", "giay-to/", "trang/requester/"])
def test_a_draft_is_nobody_else_s(province, motcua, place):
    held = a_draft(province.father)
    for other in (browser(province.mother), motcua):
        assert other.get(at(held, place)).status_code == 404
        assert other.post(at(held, place), {"version": held.version}).status_code == 404
    assert browser(province.mother).post(at(held, "xoa/")).status_code == 404
    assert forms.draft(province.father, held.id).version == held.version


def test_the_counter_is_for_those_who_file_there(province, father, motcua):
    assert father.get("/mot-cua/nhan/").status_code == 403
    assert browser(province.vanthu).get("/mot-cua/nhan/").status_code == 403
    a_draft(province.motcua)
    page = text(motcua.get("/mot-cua/nhan/?q=khai sinh"))
    assert START in page
    assert "Đang viết dở" in page
    assert START not in text(motcua.get("/mot-cua/nhan/?q=không có thủ tục này"))


# -- Beginning


def test_filing_begins_on_the_first_page_and_what_was_begun_is_offered(province, father):
    begun = father.get(START)
    [line] = forms.drafts(province.father)
    assert begun["Location"] == f"/ban-nhap/{to_base32(line.id)}/trang/requester/"
    again = father.get(START)
    assert (again.status_code, begun["Location"] in text(again)) == (200, True)
    father.post(START, {"case": f.CASE})
    assert len(forms.drafts(province.father)) == 2


@pytest.mark.parametrize(
    ("place", "posted"), [("/thu-tuc/9.999999/nop/", {}), (START, {"case": "khong_co"})]
)
def test_what_cannot_be_filed_is_not_found(province, father, place, posted):
    assert father.post(place, posted).status_code == 404
    assert forms.drafts(province.father) == []


def test_the_limit_of_drafts_is_said_plainly_and_those_that_are_there_are_offered(province, father):
    case = f.the_case()
    for _turn in range(20):
        forms.start_draft(province.father, start=drafts.start_of(case), at=clock.now())
    refused = father.post(START, {"case": f.CASE})
    page = text(refused)
    assert refused.status_code == 409
    assert "Bạn đã có 20 hồ sơ nháp. Vui lòng nộp hoặc xóa bớt hồ sơ nháp cũ" in page
    assert page.count("/trang/requester/") == 20
    assert "Bắt đầu hồ sơ mới</" not in page
    assert len(forms.drafts(province.father)) == 20


# -- Page by page


def test_a_wrong_page_says_so_beside_the_field_and_keeps_what_was_typed(province, father):
    held = a_draft(province.father)
    typed = {"version": held.version, "requester_phone": "không phải số"}
    refused = father.post(at(held, "trang/requester/"), typed)
    page = text(refused)
    assert refused.status_code == 422
    assert 'value="không phải số"' in page
    assert 'href="#id_requester_phone"' in page
    assert 'value="không phải số"' in text(father.get(at(held, "trang/requester/")))


def test_a_page_that_was_saved_elsewhere_is_a_conflict_and_keeps_what_was_typed(province, father):
    held = a_draft(province.father)
    stale = {"version": "", "requester_phone": "0987000111"}
    refused = father.post(at(held, "trang/requester/"), stale)
    page = text(refused)
    assert refused.status_code == 409
    assert "Bản nháp vừa được lưu ở cửa sổ khác" in page
    assert 'value="0987000111"' in page
    assert "0912345678" in page
    assert forms.draft(province.father, held.id).version == held.version


def test_a_page_can_be_kept_for_later(province, father):
    held = a_draft(province.father)
    later = {"version": held.version, "requester_phone": "0987000111", "later": "1"}
    answer = father.post(at(held, "trang/requester/"), later)
    assert answer["Location"] == "/ho-so/"
    assert "Đã lưu bản nháp" in text(father.get("/ho-so/"))
    assert forms.draft(province.father, held.id).answers["requester_phone"] == "0987000111"


def test_an_unknown_page_of_a_draft_is_not_found(province, father):
    held = a_draft(province.father)
    assert father.get(at(held, "trang/khong-co/")).status_code == 404


def test_the_last_page_leads_to_the_papers(province, father):
    held = a_draft(province.father)
    form = forms.form(held.form_version)
    last = forms.journey(form, held.answers)[-1]
    keys = {question.key for question in form.page(last).questions}
    said = {key: value for key, value in forms_sent(held.answers).items() if key in keys}
    answer = father.post(at(held, f"trang/{last}/"), {"version": held.version, **said})
    assert answer["Location"] == at(held, "giay-to/")


def forms_sent(answers):
    """Answers as a browser sends them."""
    return {
        key: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        for key, value in answers.items()
        if not isinstance(value, dict)
    }


# -- Papers


def test_papers_of_a_page_without_script_are_taken_in(province, father):
    held = a_draft(province.father)
    sent = SimpleUploadedFile("giay.jpg", f.picture(), "image/jpeg")
    answer = father.post(
        at(held, "giay-to/"), {"version": held.version, "paper_giay_chung_sinh_file": sent}
    )
    assert answer["Location"] == at(held)
    kept = forms.draft(province.father, held.id)
    assert [known.name for known in files.files(kept.files).values()] == ["giay.jpg"]
    assert "giay.jpg" in text(father.get(at(held, "giay-to/")))


def test_a_program_named_as_a_paper_is_refused_beside_its_field(province, father):
    held = a_draft(province.father)
    sent = SimpleUploadedFile("giay.pdf", b"MZ" + b"\0" * 500, "application/pdf")
    refused = father.post(
        at(held, "giay-to/"), {"version": held.version, "paper_giay_chung_sinh_file": sent}
    )
    assert refused.status_code == 422
    assert text(refused).count("has-error") == 1
    assert 'href="#id_paper_giay_chung_sinh"' in text(refused)
    assert forms.draft(province.father, held.id).papers == held.papers


def test_papers_that_are_no_papers_are_refused(province, father):
    held = a_draft(province.father)
    posted = {"version": held.version, "paper_giay_chung_sinh": "khong-phai-tep"}
    refused = father.post(at(held, "giay-to/"), posted)
    assert (refused.status_code, "Tệp không hợp lệ." in text(refused)) == (422, True)


def test_papers_that_were_saved_elsewhere_are_a_conflict(province, father):
    held = a_draft(province.father)
    refused = father.post(at(held, "giay-to/"), {"version": held.version - 1})
    assert refused.status_code == 409
    assert "Bản nháp vừa được lưu ở cửa sổ khác" in text(refused)


def test_papers_can_be_kept_for_later(province, father):
    held = a_draft(province.father)
    answer = father.post(at(held, "giay-to/"), {"version": held.version, "later": "1"})
    assert answer["Location"] == "/ho-so/"
    assert forms.draft(province.father, held.id).papers == {}


# -- Review and submission


def test_the_review_shows_everything_and_submits_once(province, father):
    held = a_draft(province.father)
    page = text(father.get(at(held)))
    for said in ("Nguyễn An Thử", "16.000", "giay-chung-sinh.jpg", "Nơi tiếp nhận hồ sơ"):
        assert said in page
    sent = {"receiving_unit": CENTRE, "key": "khoa-mot-lan-0001"}
    places = {father.post(at(held), sent)["Location"] for _turn in range(2)}
    [code] = Dossier.objects.values_list("code", flat=True)
    assert places == {f"/ho-so/{code}/"}
    assert father.get(at(held))["Location"] == f"/ho-so/{code}/"


FREE, UNKNOWN = "Hồ sơ này không phải nộp phí, lệ phí.", "Mức thu chưa có trong hệ thống"


@pytest.mark.parametrize(
    ("folder", "said", "not_said"),
    [("school_transfer", FREE, UNKNOWN), ("building_permit", UNKNOWN, FREE)],
)
def test_a_charge_that_is_not_known_is_not_reviewed_as_nothing(
    province, father, folder, said, not_said
):
    case = procedures.case_of(folder)
    form = forms.form(case.form_version_id)
    answers = {**forms.clean(form, procedures.answers(folder, form), on=f.ON)[0]}
    start = replace(drafts.start_of(case), answers=answers)
    held = forms.start_draft(province.father, start=start, at=clock.now())
    papers = {
        rule.code: [{"file": str(f.file(province.father))}]
        for rule in shapes.asked(province.father, case, held)
        if rule.required and not rule.is_shown
    }
    forms.save_papers(
        province.father, draft=held.id, papers=papers, version=held.version, at=clock.now()
    )
    page = text(father.get(at(held)))
    assert said in page
    assert not_said not in page


@pytest.mark.parametrize("unit", ["", "H41.9.11", "khong-co"])
def test_without_a_place_that_receives_nothing_is_filed(province, father, unit):
    held = a_draft(province.father)
    refused = father.post(at(held), {"receiving_unit": unit})
    assert (refused.status_code, Dossier.objects.count()) == (422, 0)
    assert "Vui lòng chọn nơi tiếp nhận hồ sơ." in text(refused)


def choice(answer) -> tuple[list[str], list[str]]:
    """The codes of the places that are offered, and those that are chosen."""
    [shown] = re.findall(r'<select[^>]*name="receiving_unit".*?</select>', text(answer))
    codes = re.findall(r'value="([^"]+)"', shown)
    return codes, re.findall(r'value="([^"]+)" selected', shown)


def test_few_places_are_not_searched_and_the_own_commune_comes_first(province, father):
    shown = father.get(at(a_draft(province.father)))
    assert choice(shown) == ([CENTRE, "H41.9.1", "H41.9.12.1"], [CENTRE])
    assert "Tìm xã, phường" not in text(shown)


def test_what_is_missing_leads_to_its_page(province, father):
    held = a_draft(province.father, child_full_name="")
    refused = father.post(at(held), {"receiving_unit": CENTRE})
    assert (refused.status_code, Dossier.objects.count()) == (422, 0)
    link = f'href="{at(held, "trang/child/")}#id_child_full_name"'
    assert link in text(refused)


def test_the_counter_files_and_receives_at_once(province, motcua):
    held = a_draft(province.motcua)
    assert "Nộp và tiếp nhận" in text(motcua.get(at(held)))
    answer = motcua.post(at(held), {"receiving_unit": CENTRE, "receive": "1"})
    [dossier] = Dossier.objects.all()
    assert (answer["Location"], dossier.state) == (f"/ho-so/{dossier.code}/", "received")


def test_who_receives_elsewhere_only_files(province):
    desk = browser(province.far_motcua)
    held = a_draft(province.far_motcua)
    desk.post(at(held), {"receiving_unit": CENTRE, "receive": "1"})
    [dossier] = Dossier.objects.all()
    assert (dossier.state, dossier.helped_at_id) == ("submitted", province.far_centre)


def test_a_draft_of_an_older_form_is_carried_over_shown_and_then_filed(province, father):
    held = a_draft(province.father)
    newer = a_newer_form()
    shown = father.post(at(held), {"receiving_unit": CENTRE})
    page = text(shown)
    assert (shown.status_code, Dossier.objects.count()) == (200, 0)
    assert "Biểu mẫu vừa được cập nhật" in page
    assert "Trần Thị Mẫu" in page
    assert forms.draft(province.father, held.id).form_version == newer.id
    father.post(at(held), {"receiving_unit": CENTRE})
    assert Dossier.objects.count() == 1


# -- An area is renamed, or is no more, while a draft is open

HOME = {"code": "16690", "text": "Phường Trường Vinh, Tỉnh Nghệ An"}


def an_area(*, name: str, until: dt.date | None = None) -> None:
    """The area of Trường Vinh gets another name today, or ends yesterday."""
    today = clock.day(clock.now())
    held = organisations.area("16690", today)
    if until is not None:
        organisations.Area.objects.filter(id=held.id).update(valid_to=until)
        legal.forget()
        return
    line = organisations.NewArea(
        code=held.code,
        name={"vi": name, "en": name},
        kind=organisations.AreaKind.COMMUNE,
        parent=held.parent.code,
        valid_from=today,
    )
    organisations.load_areas(COMMAND, areas=[line], source="NQ 9", at=clock.now())


def test_an_area_renamed_while_a_draft_is_open_is_shown_and_filed_under_its_new_name(
    province, father
):
    held = a_draft(province.father, child_home_town=HOME)
    an_area(name="Phường Tân Vinh")

    kept = forms.draft(province.father, held.id)
    assert kept.answers["child_home_town"] == {**HOME, "text": "Phường Tân Vinh, Tỉnh Nghệ An"}
    renamed = {
        key: {**said, "text": "Phường Tân Vinh, Tỉnh Nghệ An"}
        for key, said in held.answers.items()
        if isinstance(said, dict) and said["text"] == HOME["text"]
    }
    assert kept.answers == {**held.answers, **renamed}
    page = text(father.get(at(held)))
    assert ("Phường Tân Vinh, Tỉnh Nghệ An" in page, "Trần Thị Mẫu" in page) == (True, True)
    father.post(at(held), {"receiving_unit": CENTRE})
    [dossier] = Dossier.objects.all()
    with access.acting(COMMAND):
        said = forms.read_answers(dossier.id)["child_home_town"]
    assert said == {**HOME, "text": "Phường Tân Vinh, Tỉnh Nghệ An"}


def test_what_was_typed_beside_an_area_stays_as_it_was_typed(province, father):
    own = {"code": "16690", "text": "Khối Hoa Sen, phường Trường Vinh"}
    held = a_draft(province.father, child_home_town=own)
    an_area(name="Phường Tân Vinh")
    assert forms.draft(province.father, held.id).answers["child_home_town"] == own


def test_an_area_that_is_no_more_is_asked_for_anew_and_the_draft_is_kept(province, father):
    held = a_draft(province.father, child_home_town=HOME)
    an_area(name="", until=clock.day(clock.now()) - dt.timedelta(days=1))

    refused = father.post(at(held), {"receiving_unit": CENTRE})
    assert (refused.status_code, Dossier.objects.count()) == (422, 0)
    assert "không còn trong danh mục" in text(refused)
    kept = forms.draft(province.father, held.id)
    assert kept.answers["child_home_town"] == HOME
    assert HOME["text"] in text(father.get(at(held, "trang/child/")))


# -- Throwing away


def test_a_draft_is_thrown_away_once(province, father):
    held = a_draft(province.father)
    assert father.post(at(held, "xoa/"))["Location"] == "/ho-so/"
    assert "Đã xóa bản nháp." in text(father.get("/ho-so/"))
    assert father.post(at(held, "xoa/")).status_code == 404
    assert father.get(at(held, "xoa/")).status_code == 405


@pytest.mark.parametrize("place", ["", "giay-to/"])
def test_the_last_pages_lead_back_to_what_is_not_answered(province, father, place):
    """What sources know is looked at on its page before it is reviewed."""
    case = f.the_case()
    held = forms.start_draft(province.father, start=drafts.start_of(case), at=clock.now())
    answer = father.get(at(held, place))
    assert (answer.status_code, answer["Location"]) == (303, at(held, "trang/requester/"))
    page = text(father.get(answer["Location"]))
    assert "Còn câu hỏi chưa trả lời" in page


def test_each_id_stands_once_on_the_page_of_a_dossier(province):
    dossier = f.assigned(province)
    page = browser(province.hotich).get(f"/ho-so/{dossier.code}/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert "id_refusal_signer" in ids
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
