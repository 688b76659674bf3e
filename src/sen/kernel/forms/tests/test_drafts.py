"""Drafts: never lost, never somebody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from sen.base.actor import ANONYMOUS, SYSTEM
from sen.base.errors import Conflict, Invalid, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.forms.models import SavedDraft
from sen.kernel.forms.tests.factories import (
    AT,
    child_document,
    citizen,
    document,
    page,
    published,
    question,
    vi,
)
from sen.kernel.keeping import public as keeping

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(minutes=5)
PERSON = {"full_name": "Vừ Bá Giống", "born": "31/01/2000", "married": "yes"}


def start(actor, version=None, **more):
    return forms.start_draft(
        actor,
        start=forms.DraftStart(
            kind="tests.record", subject="1.001193", case="thong_thuong",
            form_version=(version or published()).pk, **more,
        ),
        at=AT,
    )  # fmt: skip


def save(actor, draft, key="person", raw=PERSON, version=1, at=LATER):
    return forms.save_page(actor, draft=draft.id, page=key, raw=raw, version=version, at=at)


def test_a_draft_is_kept_as_it_was_begun():
    actor = citizen()
    begun = start(actor)
    assert forms.draft(actor, begun.id) == begun
    assert begun.expires_at == AT + dt.timedelta(days=30)
    assert forms.drafts(actor) == [
        forms.DraftLine(
            begun.id, "tests.record", "1.001193", "thong_thuong", begun.form_version, "person", 1,
            AT, AT, begun.expires_at,
        )
    ]  # fmt: skip
    assert forms.drafts(actor, kind="tests.other") == []


def test_a_page_is_saved_and_leads_on():
    actor = citizen()
    draft = start(actor)
    saved = save(actor, draft)
    assert saved == forms.DraftSaved(2, {}, "spouse")
    kept = forms.draft(actor, draft.id)
    assert kept.answers == {"full_name": "Vừ Bá Giống", "born": "2000-01-31", "married": True}
    assert (kept.page, kept.version, kept.updated_at) == ("spouse", 2, LATER)
    assert kept.expires_at == LATER + dt.timedelta(days=30)


def test_what_does_not_hold_is_kept_as_typed():
    actor = citizen()
    draft = start(actor)
    saved = save(actor, draft, raw={**PERSON, "born": "31/02/2027", "married": ""})
    assert saved.errors == {
        "born": [
            "Ngày sinh: 31/02/2027 là ngày không có trong lịch. Vui lòng kiểm tra lại ngày và tháng."
        ],
        "married": ["Vui lòng chọn đã kết hôn."],
    }
    kept = forms.draft(actor, draft.id)
    assert kept.answers == {"full_name": "Vừ Bá Giống"}
    assert kept.page == "person"
    shown = forms.page(
        forms.form(draft.form_version), "person", kept.answers, saved.errors, typed=kept.typed
    )
    assert [field.text for field in shown.fields] == ["Vừ Bá Giống", "31/02/2027", ""]
    save(actor, draft, version=2)
    assert forms.draft(actor, draft.id).typed == {}


def test_answers_of_a_hidden_page_come_back():
    actor = citizen()
    draft = start(actor)
    save(actor, draft)
    save(actor, draft, "spouse", {"spouse_name": "Lô Thị Mai", "note": ""}, version=2)
    saved = save(actor, draft, raw={**PERSON, "married": "no"}, version=3)
    assert saved.next == "end"
    form, kept = forms.form(draft.form_version), forms.draft(actor, draft.id)
    assert "spouse_name" not in forms.way(form, kept.answers).answers
    save(actor, draft, version=4)
    kept = forms.draft(actor, draft.id)
    assert forms.way(form, kept.answers).answers["spouse_name"] == "Lô Thị Mai"


def test_another_window_is_shown_and_nothing_is_lost():
    actor = citizen()
    draft = start(actor)
    save(actor, draft)
    with pytest.raises(forms.DraftChanged) as failure:
        save(actor, draft, raw={**PERSON, "full_name": "Tên Khác"})
    assert failure.value.draft == forms.draft(actor, draft.id)
    assert failure.value.when == LATER
    assert failure.value.status == 409


def test_a_save_takes_two_statements_beside_entering(django_assert_num_queries):
    actor = citizen()
    draft = start(actor)
    with transaction.atomic():
        access.enter(actor)
        with django_assert_num_queries(4):  # two, within their savepoint
            save(actor, draft)


def test_beginning_takes_one_statement_beside_entering(django_assert_num_queries):
    actor = citizen()
    version = published()
    forms.form(version.pk)
    with transaction.atomic():
        access.enter(actor)
        with django_assert_num_queries(3):  # one, within its savepoint
            start(actor, version)


def test_a_list_takes_one_statement_whatever_its_length(django_assert_num_queries):
    actor = citizen()
    with transaction.atomic():
        access.enter(actor)
        for count in (1, 3):
            while len(forms.drafts(actor)) < count:
                start(actor)
            with django_assert_num_queries(3):
                assert len(forms.drafts(actor)) == count


def test_a_draft_is_its_owners_alone():
    actor, other = citizen(), citizen()
    draft = start(actor)
    same_person = citizen(person=actor.person)
    for stranger in (other, same_person):
        with pytest.raises(NotFound):
            forms.draft(stranger, draft.id)
        with pytest.raises(NotFound):
            save(stranger, draft)
        with pytest.raises(NotFound):
            forms.delete_draft(stranger, draft=draft.id, at=AT)
        assert forms.drafts(stranger) == []
        forms.finish_draft(stranger, draft=draft.id)
    assert forms.draft(actor, draft.id) == draft
    with access.acting(other):
        assert not SavedDraft.objects.exists()


def test_the_system_knows_who_has_drafts_on_a_subject():
    actor, other = citizen(), citizen()
    start(actor)
    start(actor)
    start(other)

    owners = forms.draft_owners(kind="tests.record", subject="1.001193")

    assert sorted(owners) == sorted([actor.account, other.account])
    assert forms.draft_owners(kind="tests.record", subject="0.0") == []


def test_a_visitor_has_no_drafts():
    version = published()
    for refused in (
        lambda: start(ANONYMOUS, version),
        lambda: start(citizen(person=None), version),
        lambda: forms.drafts(ANONYMOUS),
    ):
        with pytest.raises(SignInNeeded):
            refused()


def test_a_draft_lies_sealed():
    actor = citizen()
    save(actor, start(actor))
    with access.acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM forms_saveddraft")
        assert "Giống".encode() not in bytes(cursor.fetchone()[0])


def test_nobody_has_more_than_twenty_drafts():
    actor, version = citizen(), published()
    drafts = [start(actor, version) for _ in range(20)]
    with pytest.raises(forms.TooManyDrafts):
        start(actor, version)
    start(citizen(), version)
    forms.delete_draft(actor, draft=drafts[7].id, at=AT)
    start(actor, version)
    assert len(forms.drafts(actor)) == 20


def test_expired_drafts_go_by_the_rule_of_retention():
    actor = citizen()
    old = start(actor)
    kept = start(actor)
    save(actor, kept, at=AT + dt.timedelta(days=1))
    later = AT + dt.timedelta(days=30)
    assert [one.erased for one in keeping.due(later, only="forms.draft")] == [1]
    assert [one.erased for one in keeping.retain(SYSTEM, at=later, only="forms.draft")] == [1]
    assert [line.id for line in forms.drafts(actor)] == [kept.id]
    with pytest.raises(NotFound):
        forms.draft(actor, old.id)


def test_a_finished_draft_is_gone():
    actor = citizen()
    draft = start(actor)
    with transaction.atomic():
        access.enter(actor)
        forms.lock_draft(draft.id)
        forms.finish_draft(actor, draft=draft.id)
        forms.lock_draft(draft.id)
    assert forms.drafts(actor) == []


# -- Prefilled and locked answers


def test_a_locked_answer_stays_whatever_is_sent():
    actor = citizen()
    found = forms.Prefill()
    found["full_name"] = forms.Prefilled("Lô Văn Nam", "test", "Nguồn thử", AT, is_locked=True)
    draft = start(actor, prefilled=found)
    save(actor, draft)
    kept = forms.draft(actor, draft.id)
    assert kept.answers["full_name"] == "Lô Văn Nam"
    assert kept.prefilled == found


def test_what_sources_know_while_saving_is_kept_and_locks():
    actor = citizen()
    draft = start(actor)
    found = forms.Prefill()
    found["full_name"] = forms.Prefilled("Lô Văn Nam", "test", "Nguồn thử", AT, is_locked=True)
    forms.save_page(
        actor, draft=draft.id, page="person", raw=PERSON, version=1, at=LATER, prefill=found
    )
    save(actor, draft, version=2)
    kept = forms.draft(actor, draft.id)
    assert (kept.answers["full_name"], kept.prefilled) == ("Lô Văn Nam", found)


# -- Files and papers

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def storage(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def taken(actor, name="giay.pdf"):
    return files.store(actor, name=name, data=PNG, media_type="image/png")


def file_form():
    return published(
        document(page("p", question("scan", "file", label=vi("Bản quét"), max_files=2)))
    )


def test_files_of_answers_belong_to_the_draft(storage):
    actor = citizen()
    draft = start(actor, file_form())
    one, two = taken(actor), taken(actor)
    save(actor, draft, "p", {"scan": [str(one.id), str(two.id)]})
    assert forms.draft(actor, draft.id).files == (one.id, two.id)
    one.refresh_from_db()
    assert (one.owner_kind, one.owner_id) == (forms.DRAFT_FILES, draft.id)
    assert forms.may_read_file(actor, draft.id, one.id)
    assert not forms.may_read_file(citizen(), draft.id, one.id)
    save(actor, draft, "p", {"scan": [str(two.id)]}, version=2)
    one.refresh_from_db()
    assert one.owner_id is None


def test_somebody_elses_file_is_refused(storage):
    actor = citizen()
    draft = start(actor, file_form())
    with pytest.raises(NotFound):
        save(actor, draft, "p", {"scan": [str(taken(citizen()).id)]})
    assert forms.draft(actor, draft.id).version == 1


def test_papers_are_kept_beside_the_answers(storage):
    actor = citizen()
    draft = start(actor)
    scan = taken(actor)
    papers = {"giay_chung_sinh": [{"file": str(scan.id)}], "khac": []}
    saved = forms.save_papers(actor, draft=draft.id, papers=papers, version=1, at=LATER)
    kept = forms.draft(actor, draft.id)
    assert kept.papers == {"giay_chung_sinh": [{"file": str(scan.id)}]}
    assert (kept.files, kept.version, saved.version) == ((scan.id,), 2, 2)


def test_a_draft_keeps_at_most_a_hundred_papers():
    actor = citizen()
    draft = start(actor)
    with pytest.raises(Invalid):
        forms.save_papers(
            actor, draft=draft.id, papers={"x": [{"note": "n"}] * 101}, version=1, at=LATER
        )


def test_deleting_or_finishing_sets_unused_files_free(storage):
    actor = citizen()
    for end in (
        lambda draft: forms.delete_draft(actor, draft=draft.id, at=LATER),
        lambda draft: forms.finish_draft(actor, draft=draft.id),
    ):
        draft, scan = start(actor, file_form()), taken(actor)
        save(actor, draft, "p", {"scan": str(scan.id)})
        end(draft)
        scan.refresh_from_db()
        assert scan.owner_id is None


# -- A newer form


def newer():
    doc = child_document()
    doc["pages"][0]["questions"][0]["label"] = vi("Họ, chữ đệm và tên")
    doc["pages"][0]["questions"][2] = question(
        "married", "choice", required=True, label=vi("Hôn nhân"),
        options=[{"code": "yes", "label": vi("Đã kết hôn")}, {"code": "no", "label": vi("Chưa")}],
    )  # fmt: skip
    doc["pages"][1]["show_if"] = {"==": [{"var": "married"}, "yes"]}
    doc["pages"][2]["questions"].append(question("phone", "phone", label=vi("Số điện thoại")))
    return doc


def test_a_draft_meets_a_newer_form_with_equal_answers_kept():
    actor = citizen()
    draft = start(actor)
    save(actor, draft)
    version = published(newer())
    carried, changes = forms.upgrade_draft(
        actor, draft=draft.id, form_version=version.pk, version=2, at=LATER
    )
    assert carried.answers == {"full_name": "Vừ Bá Giống", "born": "2000-01-31"}
    assert [(change.key, change.kind) for change in changes] == [
        ("full_name", forms.ChangeKind.CHANGED),
        ("married", forms.ChangeKind.ASK_AGAIN),
        ("phone", forms.ChangeKind.ADDED),
    ]
    assert carried == forms.draft(actor, draft.id)
    assert (carried.form_version, carried.version) == (version.pk, 3)


def test_the_same_form_changes_nothing():
    actor = citizen()
    draft = start(actor)
    carried, changes = forms.upgrade_draft(
        actor, draft=draft.id, form_version=draft.form_version, version=1, at=LATER
    )
    assert (carried, changes) == (draft, ())


def test_a_draft_is_not_carried_into_another_form():
    actor = citizen()
    draft = start(actor)
    other = published(child_document(code="tests.other"))
    with pytest.raises(Conflict):
        forms.upgrade_draft(actor, draft=draft.id, form_version=other.pk, version=1, at=LATER)


def test_an_unknown_page_is_refused():
    actor = citizen()
    draft = start(actor)
    with pytest.raises(NotFound):
        save(actor, draft, "nowhere", {})
    with pytest.raises(NotFound):
        forms.draft(actor, new_id())
