"""The pages: who may open them, what they show, what their forms do."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.identifiers import to_base32
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import public as keeping
from sen.kernel.legal import public as legal
from sen.kernel.manifest import public as manifest
from sen.kernel.workflow import public as workflow
from sen.systems.administration.tables import records
from sen.systems.administration.tests.test_services import FEE, dead_job, failing_job, place

PAGES = [
    "", "viec-nen/", "luu-giu/", "he-thong/", "he-thong/public_services/", "he-thong/inbox/", "don-vi/",
    "don-vi/H41.9.11.2/", "tai-khoan/", "tai-khoan/moi/", "gia-tri/", f"gia-tri/{FEE}/", "lich/",
    "lich/?nam=2027", "lich/?nam=2031", "bieu-mau/", "nhat-ky/", "nhat-ky/?code=khong-co",
    "nhat-ky/?account=khong.co", "nhat-ky/?account=quantri", "vai-tro/",
    "vai-tro/public_services.leader/", "vai-tro/moi/", "vai-tro/public_services.leader/giao/",
    "vai-tro/public_services.leader/thu-hoi/", "quyen/", "don-vi/H41.9.11.2/quyen/",
]  # fmt: skip


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_the_administrator_opens_every_page(administrator, path):
    answer = administrator.get(f"/quan-tri/{path}")
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)


@pytest.mark.parametrize("path", PAGES)
def test_others_open_none(clerk, client, path):
    assert clerk.get(f"/quan-tri/{path}").status_code == 403
    assert client.get(f"/quan-tri/{path}").status_code == 303


@pytest.mark.parametrize(
    "path", ["he-thong/khong-co/", "don-vi/H99/", "gia-tri/khong.co/", f"bieu-mau/{'a' * 26}/",
             f"quy-trinh/{'a' * 26}/", f"tai-khoan/{'a' * 26}/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(administrator, path):
    assert administrator.get(f"/quan-tri/{path}").status_code == 404


def test_forms_and_flows_are_shown_readable(administrator):
    form = forms.FormVersion.objects.get(code="public_services.birth_registration")
    flow = workflow.FlowVersion.objects.get(code="public_services.birth_registration")
    shown = text(administrator.get(f"/quan-tri/bieu-mau/{to_base32(form.id)}/"))
    steps = text(administrator.get(f"/quan-tri/quy-trinh/{to_base32(flow.id)}/"))
    assert "child_full_name" in shown
    assert "giờ làm việc" in steps


def test_rules_runs_and_backups_are_shown(administrator):
    at = clock.now()
    empty = text(administrator.get("/quan-tri/luu-giu/"))
    with CaptureQueriesContext(connection) as without:
        administrator.get("/quan-tri/luu-giu/")
    assert "Chưa có bản sao lưu nào" in empty
    assert "Vĩnh viễn" in empty
    assert "Chưa chạy" in empty

    for number in range(3):
        made = keeping.BackupMade(
            name=f"2026112{number}T021000Z",
            place="/srv/backups",
            size=1,
            rows=2,
            files=77,
            took_s=3,
        )
        keeping.record_backup(COMMAND, made, at=at)
    keeping.record_drill(COMMAND, name="20261122T021000Z", place="/srv/backups", at=at)
    keeping.retain(COMMAND, at=at, only="files.free")
    keeping.retain(COMMAND, at=at, only="identity.session")
    with CaptureQueriesContext(connection) as full:
        page = text(administrator.get("/quan-tri/luu-giu/"))

    assert len(full) == len(without)
    assert page.count("/srv/backups") == 3
    assert page.count("Đã xóa: 0") == 2
    assert "Chưa có bản sao lưu nào" not in page


def test_a_rule_whose_legal_value_is_not_set_says_so():
    def unset(on):
        return legal.value("no.such.value", on)

    rule = keeping.Retention(
        kind="a.kind", title="A kind", days=unset, counted_from="made", source="Test"
    )
    assert records.kept(rule) == "Chưa đặt"


def test_a_dead_job_is_shown_with_a_way_back(administrator):
    job = dead_job()
    page = text(administrator.get("/quan-tri/viec-nen/"))
    answer = administrator.post(f"/quan-tri/viec-nen/{job}/chay-lai/")
    assert f"/quan-tri/viec-nen/{job}/chay-lai/" in page
    assert (answer.status_code, answer["Location"]) == (303, "/quan-tri/viec-nen/")
    assert administrator.post(f"/quan-tri/viec-nen/{job}/chay-lai/").status_code == 404


def test_a_job_that_will_be_tried_again_is_shown_with_its_moment_and_can_run_now(administrator):
    job = failing_job()
    page = text(administrator.get("/quan-tri/viec-nen/"))
    answer = administrator.post(f"/quan-tri/viec-nen/{job}/chay-lai/")
    assert "tự chạy lại lúc 09:00, 01/01/2030" in page
    assert (answer.status_code, jobs.failing()) == (303, [])


def test_a_role_is_given_and_taken_back(administrator):
    position = place("clerk")
    order = {
        "position": str(position.id), "role": "public_services.one_stop", "scope": "own",
        "valid_from": "01/11/2026", "reason": "Kiêm nhiệm",
    }  # fmt: skip
    here = "/quan-tri/don-vi/H41.9.11.2/"

    given = administrator.post(f"{here}giao/", order)
    [made] = access.Grant.objects.filter(position=position, role__code=order["role"])
    unsaid = administrator.post(f"{here}thu-hoi/{made.id}/", {"reason": ""})
    taken = administrator.post(f"{here}thu-hoi/{made.id}/", {"reason": "Hết kiêm nhiệm"})

    made.refresh_from_db()
    assert [given.status_code, unsaid.status_code, taken.status_code] == [303, 422, 303]
    assert made.revoked_at is not None


@pytest.mark.parametrize("change", [{"reason": ""}, {"valid_to": "01/01/2020"}])
def test_a_role_that_does_not_fit_stays_on_the_page(administrator, change):
    order = {
        "position": str(place("clerk").id), "role": "public_services.one_stop", "scope": "own",
        "valid_from": "01/11/2026", "reason": "Kiêm nhiệm", **change,
    }  # fmt: skip
    answer = administrator.post("/quan-tri/don-vi/H41.9.11.2/giao/", order)
    assert (answer.status_code, 'value="01/11/2026"' in text(answer)) == (422, True)


def test_an_account_is_opened_and_its_password_shown_once(administrator):
    order = {
        "full_name": "Nguyễn Thị Mới", "national_number": "040190000777",
        "username": "moi.truongvinh", "position": str(place("clerk").id),
        "valid_from": "01/11/2026", "birth_date": "",
    }  # fmt: skip
    wrong = administrator.post("/quan-tri/tai-khoan/moi/", {**order, "national_number": "1"})
    made = administrator.post("/quan-tri/tai-khoan/moi/", order)
    again = administrator.post("/quan-tri/tai-khoan/moi/", order)

    account = identity.account_named("moi.truongvinh")
    [password] = set(re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", text(made)))
    assert [wrong.status_code, made.status_code, again.status_code] == [422, 200, 422]
    assert account.check_password(password) is True


def test_accounts_are_found_by_name_in_a_fixed_number_of_statements(administrator):
    administrator.get("/quan-tri/tai-khoan/")  # what is remembered of rights is read once
    counts = []
    for query in ("vanthu.truongvinh", "truongvinh"):
        with CaptureQueriesContext(connection) as captured:
            page = text(administrator.get("/quan-tri/tai-khoan/", {"q": query}))
        counts.append(len(captured))
        assert "vanthu.truongvinh" in page
        assert "Văn thư · Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường Trường Vinh" in page
    assert counts[0] == counts[1]


def test_one_account_and_what_is_done_with_it(administrator):
    account = identity.account_named("vanthu.truongvinh")
    here = f"/quan-tri/tai-khoan/{to_base32(account.pk)}/"

    shown = text(administrator.get(here))
    bad = administrator.post(f"{here}khoa/", {"name": "x", "scopes": "bad", "days": "5"})
    token = administrator.post(f"{here}khoa/", {"name": "x", "scopes": "a:b", "days": "5"})
    [made] = identity.tokens(account.pk)
    ended = administrator.post(f"{here}khoa/{made.pk}/thu-hoi/")
    listed = text(administrator.get(here))
    reset = administrator.post(f"{here}cap-lai/")
    unsaid = administrator.post(f"{here}trang-thai/", {"is_active": "0", "reason": ""})
    off = administrator.post(f"{here}trang-thai/", {"is_active": "0", "reason": "Nghỉ việc"})

    assert "Hồ Thị Văn Thư" in shown
    assert "Đã thu hồi" in listed
    answers = [bad, token, ended, reset, unsaid, off]
    assert [one.status_code for one in answers] == [422, 200, 303, 200, 422, 303]
    account.refresh_from_db()
    assert account.is_active is False


def test_ones_own_account_is_left_to_others(administrator):
    account = identity.account_named("quantri")
    here = f"/quan-tri/tai-khoan/{to_base32(account.pk)}/"
    assert "quản trị viên khác" in text(administrator.get(here))
    assert administrator.post(f"{here}cap-lai/").status_code == 403


def test_a_value_is_set_from_a_day_on(administrator):
    order = {"value": "9000", "valid_from": "01/01/2027", "source": "TT thử, Điều 4",
             "status": "published", "note": ""}  # fmt: skip
    here = f"/quan-tri/gia-tri/{FEE}/"
    broken = administrator.post(here, {**order, "value": "{"})
    other = administrator.post(here, {**order, "value": '"x"'})
    done = administrator.post(here, order)
    assert [broken.status_code, other.status_code, done.status_code] == [422, 422, 303]
    assert legal.LegalValue.objects.filter(key=FEE).count() == 2


def used_by(monkeypatch, number: int) -> None:
    """Let so many records be computed with every value."""
    monkeypatch.setattr("sen.kernel.legal.registry._uses", {})
    legal.register_uses(legal.ValueUse(code="tests.used", title="Thử", count=lambda _span: number))


def test_a_value_written_down_wrongly_is_corrected_and_stays_in_sight(administrator, monkeypatch):
    used_by(monkeypatch, 0)
    row = legal.LegalValue.objects.get(key=FEE)
    here = f"/quan-tri/gia-tri/{FEE}/"
    page = f"{here}{row.valid_from.isoformat()}/sua/"
    order = {"value": "9500", "source": "TT thử, Điều 4", "status": "published", "note": "",
             "reason": "Gõ thiếu một số", "uses": "0"}  # fmt: skip
    assert page in text(administrator.get(here))
    assert "TT thử" not in text(administrator.get(page))
    mute = administrator.post(page, {**order, "reason": ""})
    same = administrator.post(page, {**order, "value": str(row.value), "source": row.source})
    other = administrator.post(page, {**order, "value": '"x"'})
    done = administrator.post(page, order)
    assert [one.status_code for one in (mute, same, other, done)] == [422, 422, 422, 303]
    shown = text(administrator.get(here))
    assert "<s>8.000 đồng</s>" in shown
    assert "Ghi nhầm, đã sửa lúc" in shown
    assert "Gõ thiếu một số" in shown
    assert shown.count(page) == 1  # what was corrected offers nothing more
    unknown = (
        f"{here}2001-01-01/sua/",
        f"{here}2026-02-31/sua/",
        "/quan-tri/gia-tri/x/2026-01-01/sua/",
    )
    assert [administrator.get(one).status_code for one in unknown] == [404, 404, 404]


def test_who_corrects_a_value_in_use_says_that_they_know(administrator, monkeypatch):
    used_by(monkeypatch, 12)
    row = legal.LegalValue.objects.get(key=FEE)
    page = f"/quan-tri/gia-tri/{FEE}/{row.valid_from.isoformat()}/sua/"
    order = {"value": "9500", "source": "TT thử, Điều 4", "status": "published", "note": "",
             "reason": "Gõ thiếu một số", "uses": "12"}  # fmt: skip
    assert "12 hồ sơ đã được tính theo giá trị này" in text(administrator.get(page))
    silent = administrator.post(page, order)
    fewer = administrator.post(page, {**order, "uses": "3", "is_confirmed": "on"})
    assert [one.status_code for one in (silent, fewer)] == [422, 422]
    assert "Đã có 12 hồ sơ được tính theo giá trị này" in text(fewer)
    assert 'value="12"' in text(fewer)
    assert administrator.post(page, {**order, "is_confirmed": "on"}).status_code == 303


def test_corrections_are_for_who_may_set_values(clerk):
    row = legal.LegalValue.objects.get(key=FEE)
    page = f"/quan-tri/gia-tri/{FEE}/{row.valid_from.isoformat()}/sua/"
    assert [clerk.get(page).status_code, clerk.post(page, {}).status_code] == [403, 403]


def test_a_day_is_entered_and_taken_back(administrator):
    order = {"on": "14/12/2026", "kind": "holiday", "title": "Ngày thử", "source": "QĐ thử",
             "opens": "", "closes": "", "reason": ""}  # fmt: skip
    half = administrator.post("/quan-tri/lich/", {**order, "kind": "half"})
    entered = administrator.post("/quan-tri/lich/", order)
    unsaid = administrator.post("/quan-tri/lich/bo/", {"on": "14/12/2026", "reason": ""})
    taken = administrator.post("/quan-tri/lich/bo/", {"on": "14/12/2026", "reason": "Nhầm"})
    answers = [half, entered, unsaid, taken]
    assert [one.status_code for one in answers] == [422, 303, 422, 303]
    assert calendar.days(2026).filter(on="2026-12-14").exists() is False


def test_the_trail_is_searched_and_verified(administrator):
    today = f"{clock.day(clock.now()):%d/%m/%Y}"
    found = text(administrator.get(f"/quan-tri/nhat-ky/?account=quantri&first={today}"))
    wrong = administrator.get("/quan-tri/nhat-ky/?first=32/13/2026")
    report = text(administrator.post("/quan-tri/nhat-ky/"))
    assert "identity.sign_in" in found
    assert wrong.status_code == 422
    assert "Nhật ký" in report


def test_the_page_of_a_system_shows_every_slot_that_it_fills():
    for system in manifest.manifests():
        filled = [
            one.name
            for one in dataclasses.fields(system)
            if isinstance(getattr(system, one.name), (tuple, list)) and getattr(system, one.name)
        ]
        assert len(records.slots(system)) == len(filled), (system.code, filled)


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("nhat-ky/", False),
        ("nhat-ky/?code=khong-co", True),
        ("nhat-ky/?first=x", True),
        ("quyen/", True),
        ("quyen/?right=administration.system.watch&unit=H41", False),
    ],
)
def test_a_search_form_folds_on_phones_once_it_has_found_something(administrator, path, is_open):
    shown = text(administrator.get(f"/quan-tri/{path}"))
    [opened] = re.findall(r'<details class="more is-wide-open" ?(open)?>', shown)
    assert bool(opened) is is_open
