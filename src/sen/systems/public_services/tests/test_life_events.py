"""Guides through life events: the seed, the verbs with right and audit, the pages, the editor's."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from sen.base.actor import COMMAND
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services import permissions
from sen.systems.public_services.models import LifeEvent, LifeEventVersion, Procedure
from sen.systems.public_services.queries import life_events
from sen.systems.public_services.rules import life_events as rules
from sen.systems.public_services.services import life_events as verbs
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.factories import MORNING, ON, official

pytestmark = pytest.mark.django_db

SLUGS = [one["slug"] for one in verbs.read_seed()]
GUIDE: dict[str, Any] = {
    "title": {"vi": "Sự kiện thử", "en": "A trial"},
    "summary": {"vi": "Tóm tắt thử."},
    "words": ["thử"],
    "steps": [
        {
            "title": {"vi": "Bước thử"},
            "text": {"vi": "Làm thử."},
            "procedures": ["1.001193"],
            "deadline": {"vi": "Trong 60 ngày."},
            "source": "Luật thử, Điều 1",
        }
    ],
}


def changed(**step: Any) -> dict[str, Any]:
    told = copy.deepcopy(GUIDE)
    told["steps"][0] |= step
    return told


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """A page in English leaves its language to the thread; the next test speaks Vietnamese."""
    with translation.override("vi"):
        yield


@pytest.fixture
def editor(province):
    """The administrator of the province, who keeps the catalogue and the guides."""
    return official("quantri")


def trail(event: LifeEvent) -> list[str]:
    lines = audit.trail(audit.Subject(kind=verbs.KIND, id=event.id, code=event.slug))
    return [line.action.removeprefix(f"{verbs.KIND}.") for line in reversed(lines)]


def test_the_seed_leads_through_the_events_of_a_life(province):
    assert [one.slug for one in life_events.life_events()] == SLUGS
    assert {"sinh-con", "ket-hon", "nguoi-than-qua-doi", "xay-sua-nha", "mua-ban-dat",
            "mo-cua-hang", "tuyen-nguoi-nuoc-ngoai", "nguoi-cao-tuoi", "nguoi-khuyet-tat",
            "con-di-hoc", "mat-giay-to", "chuyen-cho-o", "di-lam-mat-viec"} <= set(SLUGS)  # fmt: skip
    assert verbs.seed_guides(at=MORNING) == 0


@pytest.mark.parametrize("one", verbs.read_seed(), ids=lambda one: one["slug"])
def test_a_guide_of_the_seed_holds_and_is_there_in_english(one):
    known = set(rules.codes(one))
    assert rules.faults(one, known) == {}
    assert one["words"]
    texts = [one["title"], one["summary"]]
    for step in one["steps"]:
        texts += [step[name] for name in rules.TEXTS if name in step]
    assert [said for said in texts if not (said.get("vi") and said.get("en"))] == []


def test_every_procedure_that_a_guide_names_is_there(province):
    named = {code for one in verbs.read_seed() for code in rules.codes(one)}
    there = set(Procedure.objects.filter(code__in=named).values_list("code", flat=True))
    assert named - there == set()


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        (GUIDE, {}),
        ({**GUIDE, "title": {"vi": " "}}, {"title": ["Vui lòng ghi tên sự kiện."]}),
        ({**GUIDE, "summary": {}}, {"summary": ["Vui lòng ghi một, hai câu tóm tắt."]}),
        ({**GUIDE, "steps": []}, {"steps": ["Hướng dẫn cần ít nhất một bước."]}),
        (changed(title={}), {"steps.0.title": ["Vui lòng ghi việc cần làm."]}),
        (changed(text={}), {"steps.0.text": ["Vui lòng ghi một, hai câu giải thích."]}),
        (
            changed(procedures=["1.001193", "9.999999"]),
            {"steps.0.procedures": ["Không có thủ tục nào mang mã 9.999999."]},
        ),
        (
            changed(source=" "),
            {"steps.0.source": ["Thời hạn theo luật phải ghi nguồn: văn bản, điều, khoản."]},
        ),
    ],
)
def test_what_a_guide_lacks_is_told(told, faults):
    assert rules.faults(told, {"1.001193"}) == faults


def test_search_is_given_the_words_of_each_event(province, django_assert_num_queries):
    life_events.life_events()
    with django_assert_num_queries(1):  # the editions; the guides are remembered
        words = {one.slug: one.words for one in life_events.life_events()}
    assert "đẻ con" in words["sinh-con"]
    assert [one.slug for one in life_events.guides_of("1.001193")] == ["sinh-con"]


def test_a_guide_is_drafted_saved_and_published(editor):
    began = life_events.guide("sinh-con")
    draft = verbs.draft_guide(actor=editor, slug="sinh-con", at=MORNING)
    assert (draft.number, draft.content["title"]["vi"]) == (2, "Sinh con")
    assert verbs.draft_guide(actor=editor, slug="sinh-con", at=MORNING).id == draft.id
    verbs.save_guide(actor=editor, slug="sinh-con", content=GUIDE, edits=0, at=MORNING)
    assert life_events.guide("sinh-con") == began
    verbs.publish_guide(actor=editor, slug="sinh-con", reason="Sửa thử", at=MORNING)
    assert life_events.guide("sinh-con").title["vi"] == "Sự kiện thử"
    event = life_events.event("sinh-con")
    assert [one.number for one in life_events.versions(event)] == [2, 1]
    assert trail(event) == ["publish", "draft", "save", "publish"]


def test_a_new_event_is_not_seen_until_it_is_published(editor):
    verbs.begin_event(actor=editor, slug="thu-nghiem", title="Thử", at=MORNING)
    with pytest.raises(NotFound):
        life_events.guide("thu-nghiem")
    with pytest.raises(Conflict):
        verbs.begin_event(actor=editor, slug="thu-nghiem", title="Thử", at=MORNING)
    verbs.discard_guide(actor=editor, slug="thu-nghiem", at=MORNING)
    assert not LifeEvent.objects.filter(slug="thu-nghiem").exists()


def test_what_cannot_be_begun(editor):
    with pytest.raises(Invalid) as refused:
        verbs.begin_event(actor=editor, slug="Sinh con", title=" ", at=MORNING)
    assert set(refused.value.fields) == {"slug", "title"}


def test_a_hidden_event_is_gone_for_people_and_comes_back(editor, client: Client):
    verbs.show_event(actor=editor, slug="ket-hon", is_shown=False, position=5, at=MORNING)
    assert client.get("/su-kien/ket-hon/").status_code == 404
    verbs.show_event(actor=editor, slug="ket-hon", is_shown=True, position=5, at=MORNING)
    assert next(one.slug for one in life_events.life_events()) == "ket-hon"
    assert trail(life_events.event("ket-hon")) == ["publish", "hide", "show"]
    with pytest.raises(Invalid):
        verbs.show_event(actor=editor, slug="ket-hon", is_shown=True, position=-1, at=MORNING)


def test_two_editors_are_told_apart(editor):
    verbs.draft_guide(actor=editor, slug="ket-hon", at=MORNING)
    verbs.save_guide(actor=editor, slug="ket-hon", content=GUIDE, edits=0, at=MORNING)
    with pytest.raises(VersionConflict):
        verbs.save_guide(actor=editor, slug="ket-hon", content=GUIDE, edits=0, at=MORNING)


def test_an_unfinished_guide_is_kept_but_not_published(editor):
    verbs.draft_guide(actor=editor, slug="ket-hon", at=MORNING)
    verbs.save_guide(actor=editor, slug="ket-hon", content=changed(source=""), edits=0, at=MORNING)
    with pytest.raises(Invalid) as refused:
        verbs.publish_guide(actor=editor, slug="ket-hon", reason="Thử", at=MORNING)
    assert set(refused.value.fields) == {"steps.0.source"}
    with pytest.raises(Invalid):
        verbs.publish_guide(actor=editor, slug="ket-hon", reason=" ", at=MORNING)


def test_what_is_not_there(editor):
    for act in (
        lambda: verbs.draft_guide(actor=editor, slug="khong-co", at=MORNING),
        lambda: verbs.publish_guide(actor=editor, slug="sinh-con", reason="Thử", at=MORNING),
        lambda: life_events.event("khong-co"),
    ):
        with pytest.raises(NotFound):
            act()
    LifeEvent.objects.create(slug="rong")
    with pytest.raises(NotFound):
        verbs.draft_guide(actor=editor, slug="rong", at=MORNING)


def test_only_editors_of_the_whole_province_write(province):
    ward = organisations.unit("H41.9.11", ON).id
    acts = {
        "begin": lambda who: verbs.begin_event(actor=who, slug="a", title="A", at=MORNING),
        "draft": lambda who: verbs.draft_guide(actor=who, slug="sinh-con", at=MORNING),
        "save": lambda who: verbs.save_guide(
            actor=who, slug="sinh-con", content=GUIDE, edits=0, at=MORNING
        ),
        "publish": lambda who: verbs.publish_guide(
            actor=who, slug="sinh-con", reason="Thử", at=MORNING
        ),
        "discard": lambda who: verbs.discard_guide(actor=who, slug="sinh-con", at=MORNING),
        "show": lambda who: verbs.show_event(
            actor=who, slug="sinh-con", is_shown=False, position=1, at=MORNING
        ),
    }
    for act in acts.values():
        with pytest.raises(NotAllowed):
            act(province.chutich)
    access.grant_many(
        COMMAND,
        grants=[
            access.NewGrant(
                position=province.chutich.position,
                role="public_services.catalogue_keeper",
                scope=access.Scope.LIST,
                units=[ward],
                valid_from=ON,
            )
        ],
        at=MORNING,
    )
    assert access.allows(province.chutich, permissions.LIFE_EVENTS.name)
    with pytest.raises(NotAllowed):
        acts["draft"](province.chutich)


def test_a_seed_that_does_not_hold_stops_the_start(province, monkeypatch):
    monkeypatch.setattr(verbs, "read_seed", lambda: [{"slug": "moi", **changed(source="")}])
    with pytest.raises(Invalid):
        verbs.seed_guides(at=MORNING)


# -- Pages


def test_the_page_of_an_event_leads_to_procedures(province, client: Client):
    page = text(client.get("/su-kien/sinh-con/"))
    assert "Trong 60 ngày kể từ ngày sinh" in page
    assert "Luật Hộ tịch 60/2014/QH13, Điều 15 khoản 1" in page
    assert 'href="/thu-tuc/1.001193/"' in page
    assert "chưa đối chiếu bản gốc" not in page
    assert "chưa đối chiếu bản gốc" in text(client.get("/su-kien/ket-hon/"))


def test_the_portal_and_its_list_show_the_events(province, client: Client):
    for place in ("/", "/su-kien/"):
        page = text(client.get(place))
        assert [slug for slug in SLUGS if f'href="/su-kien/{slug}/"' not in page] == []
    assert "/su-kien/" not in text(client.get("/", {"q": "khai sinh"}))
    LifeEvent.objects.update(is_shown=False)
    legal.bump("values")
    assert "Chưa có hướng dẫn nào" in text(client.get("/su-kien/"))


def test_a_page_costs_as_much_for_one_step_as_for_six(province, client: Client):
    counts = []
    for slug in ("sinh-con", "xay-sua-nha"):
        client.get(f"/su-kien/{slug}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/su-kien/{slug}/")
        counts.append(len(asked))
    assert counts == [2, 2]  # the editions; what is filed here


def test_an_english_reader_is_told_which_words_are_vietnamese(province, client: Client):
    page = text(client.get("/su-kien/sinh-con/?ngon-ngu=en"))
    assert "Having a baby" in page
    assert '<span lang="vi">' in page
    assert "Birth registration" in page


def form_of(**changes: str) -> dict[str, str]:
    """What the editor's page sends for a guide of one step."""
    said = {
        "act": "save", "edits": "0", "title_vi": "Sự kiện thử", "summary_vi": "Tóm tắt.",
        "words": "một\n\nhai", "step-TOTAL_FORMS": "3", "step-INITIAL_FORMS": "0",
        "step-0-place": "20", "step-0-title_vi": "Sau", "step-0-text_vi": "Làm sau.",
        "step-1-place": "10", "step-1-title_vi": "Trước", "step-1-text_vi": "Làm trước.",
        "step-1-procedures": "1.001193, 1.000656", "step-1-follows_vi": "Tự có.",
        "step-1-deadline_vi": "15 ngày", "step-1-source": "Luật thử", "step-1-is_checked": "on",
    }  # fmt: skip
    return said | changes


def test_the_editors_pages_write_publish_and_hide(editor):
    page = browser(editor)
    made = page.post("/quan-tri/su-kien/", {"slug": "thu-nghiem", "title": "Thử"})
    assert (made.status_code, made.headers["Location"]) == (303, "/quan-tri/su-kien/thu-nghiem/")
    place = "/quan-tri/su-kien/thu-nghiem/"
    assert page.post(place, form_of()).status_code == 303
    draft = LifeEventVersion.objects.get(event__slug="thu-nghiem")
    assert draft.content["words"] == ["một", "hai"]
    assert [step["title"]["vi"] for step in draft.content["steps"]] == ["Trước", "Sau"]
    assert draft.content["steps"][0] == {
        "title": {"vi": "Trước"},
        "text": {"vi": "Làm trước."},
        "procedures": ["1.001193", "1.000656"],
        "follows": {"vi": "Tự có."},
        "deadline": {"vi": "15 ngày"},
        "source": "Luật thử",
        "is_checked": True,
    }
    refused = page.post(place, {"act": "publish", "reason": ""})
    assert (refused.status_code, "Vui lòng ghi lý do." in text(refused)) == (422, True)
    assert page.post(place, {"act": "publish", "reason": "Mới"}).status_code == 303
    assert "Lịch sử" in text(page.get(place))
    assert page.post(place, {"act": "draft"}).status_code == 303
    assert page.post(place, {"act": "discard"}).status_code == 303
    assert page.post(place, {"act": "show", "position": "1"}).status_code == 303
    assert not life_events.event("thu-nghiem").is_shown
    assert page.post(place, {"act": "show", "position": "-1"}).status_code == 422


def test_the_editors_pages_keep_what_was_typed_wrong(editor):
    page = browser(editor)
    refused = page.post("/quan-tri/su-kien/", {"slug": "Sinh Con", "title": "Thử"})
    assert (refused.status_code, "Sinh Con" in text(refused)) == (422, True)
    taken = page.post("/quan-tri/su-kien/", {"slug": "sinh-con", "title": "Thử"})
    assert (taken.status_code, "Đã có sự kiện" in text(taken)) == (422, True)
    page.post("/quan-tri/su-kien/sinh-con/", {"act": "draft"})
    lacking = page.post("/quan-tri/su-kien/sinh-con/", form_of(title_vi=""))
    assert (lacking.status_code, "Làm trước." in text(lacking)) == (422, True)
    late = page.post("/quan-tri/su-kien/sinh-con/", form_of(edits="7"))
    assert late.status_code == 409


def test_who_may_not_edit_is_told(province):
    assert browser(province.chutich).get("/quan-tri/su-kien/").status_code == 403
    assert Client().get("/quan-tri/su-kien/").status_code in {302, 303}


# -- API


def test_the_api_gives_the_events_and_their_steps(province, client: Client):
    listed = client.get("/api/v1/life-events").json()
    assert [one["slug"] for one in listed] == SLUGS
    assert set(listed[0]) == {"slug", "title", "summary", "words"}
    told = client.get("/api/v1/life-events/sinh-con").json()
    assert (told["number"], told["title"]["en"]) == (1, "Having a baby")
    birth = told["steps"][1]
    assert birth["procedures"][0] == "1.001193"
    assert birth["source"] == "Luật Hộ tịch 60/2014/QH13, Điều 15 khoản 1"
    assert (birth["is_checked"], told["steps"][0]["deadline"]) == (True, None)
    assert client.get("/api/v1/life-events/khong-co").status_code == 404
