"""Lists of procedures: all rows or none, each fault its own message, drafts that wait."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sen.base.actor import COMMAND
from sen.base.errors import NotAllowed
from sen.kernel.audit.models import AuditEntry
from sen.systems.public_services.models import Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, known
from sen.systems.public_services.services import importing
from sen.systems.public_services.services.catalogue import publish_draft
from sen.systems.public_services.tables import known as shapes
from sen.systems.public_services.tables.catalogue import version_page
from sen.systems.public_services.tests.factories import MORNING
from sen.systems.public_services.tests.test_rules_lists import COUNCIL, row

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 12, 1)
NEW = "9.000001"


def take(*rows: Any, **changes: Any) -> importing.Imported:
    said = {"actor": COMMAND, "rows": rows, "valid_from": FIRST, "at": MORNING, **changes}
    return importing.import_procedures(**said)


def refused(*rows: Any, **changes: Any) -> dict[str, list[str]]:
    before = ProcedureVersion.objects.count(), Procedure.objects.count()
    with pytest.raises(importing.ListRefused) as error:
        take(*rows, **changes)
    assert (ProcedureVersion.objects.count(), Procedure.objects.count()) == before
    return error.value.fields


def test_a_list_becomes_drafts_that_nobody_can_file(province):
    done = take(row(code=NEW), row(code="1.004222"))
    assert (done.drafts, done.doubts) == (2, {})
    drafts = ProcedureVersion.objects.filter(status="draft").order_by("procedure__code")
    assert [(one.procedure.code, one.number, one.valid_from) for one in drafts] == [
        ("1.004222", 2, FIRST),
        (NEW, 1, FIRST),
    ]
    assert NEW not in {one.code for one in catalogue.procedures()}
    assert catalogue.current_version("1.004222", on=FIRST).number == 1
    assert known.listed(NEW) is not None


def test_an_official_approves_a_draft_and_it_can_be_looked_up(province):
    take(row(code=NEW))
    at = MORNING
    publish_draft(actor=COMMAND, code=NEW, number=1, reason="Đã đối chiếu", at=at)
    page = shapes.described_page(catalogue.current_version(NEW, on=FIRST))
    assert page["bring"] == ["Tờ khai"]
    assert page["facts"][0].value == "7 ngày làm việc"


def test_what_is_in_doubt_is_kept_with_the_draft(province):
    doubtful = row(code=NEW, channels=[{"fee_raw": "Miễn phí", "note": COUNCIL}], fee_vnd=0)
    done = take(doubtful)
    draft = ProcedureVersion.objects.get(procedure__code=NEW)
    assert draft.overlay["doubts"] == [one.message for one in done.doubts[NEW]]
    assert draft.national["fee"] == {"status": "local_council"}


def test_each_row_that_does_not_hold_has_its_own_message(province):
    assert refused(row(code=NEW), row(code="1.013.788", name=""), 7) == {
        "2 (1.013.788)": [
            "mã “1.013.788” không đúng dạng 1.004222. Có phải 1.013788?",
            "thiếu tên thủ tục.",
        ],
        "3": ["không phải một bản ghi thủ tục."],
    }


def test_overlapping_versions_are_refused(province):
    take(row(code=NEW))
    assert refused(
        row(code=NEW), row(code="9.000002"), row(code="9.000002.H41"), row(code="1.001193"),
        valid_from=dt.date(2025, 1, 1),
    ) == {
        f"1 ({NEW})": ["thủ tục này đã có một dự thảo; hãy ban hành hoặc bỏ dự thảo đó trước."],
        "2 (9.000002)": ["mã này đứng hai lần trong danh sách."],
        "3 (9.000002.H41)": ["mã này đứng hai lần trong danh sách."],
        "4 (1.001193)": ["đã có phiên bản áp dụng từ ngày đó hoặc muộn hơn."],
    }  # fmt: skip


def test_a_look_writes_nothing(province):
    before = Procedure.objects.count()
    assert take(row(code=NEW), is_dry=True).drafts == 1
    assert Procedure.objects.count() == before
    assert not ProcedureVersion.objects.filter(status="draft").exists()


def test_only_the_keeper_of_the_catalogue_imports(province):
    with pytest.raises(NotAllowed):
        take(row(code=NEW), actor=province.motcua)


def test_an_import_leaves_one_line(province):
    take(row(code=NEW), row(code="9.000002"))
    [line] = AuditEntry.objects.filter(action="public_services.procedure.import")
    assert (line.subject_kind, line.subject_code) == (
        "public_services.procedure_list",
        FIRST.isoformat(),
    )


def test_a_thousand_rows_cost_as_many_statements_as_one(province, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        take(*(row(code=f"8.{number:06d}") for number in range(1000)))


def test_the_forbidden_papers_are_there():
    found = importing.papers_not_asked()
    assert len(found) == 740
    assert [rule.known_by for rule in found["1.013225"]] == [("land",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Tệp không phải JSON mã UTF-8"),
        ("[]", "Tệp không có danh sách thủ tục."),
        ('{"procedures": {}}', "Tệp không có danh sách thủ tục."),
        ('"x"', "Tệp không có danh sách thủ tục."),
    ],
)
def test_a_file_that_is_no_list_is_refused(text, said, tmp_path):
    file = tmp_path / "list.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(importing.ListRefused, match=said):
        importing.read_list(file)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "list.json"
    file.write_bytes("[“”]".encode("utf-16"))
    with pytest.raises(importing.ListRefused):
        importing.read_list(file)


def test_the_command_takes_a_file_in(province, tmp_path):
    file = tmp_path / "list.json"
    told = [row(code=NEW, processing_unit="day"), row(code="9.000002")]
    file.write_text(json.dumps({"procedures": told}), encoding="utf-8")
    out = io.StringIO()
    call_command("import", "procedures", str(file), "--from", "2026-12-01", "--dry-run", stdout=out)
    assert not Procedure.objects.filter(code=NEW).exists()
    call_command("import", "procedures", str(file), "--from", "2026-12-01", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{NEW}: không ghi là ngày làm việc hay ngày lịch.",
        "Xem thử, chưa ghi: 2 dự thảo, 1 thủ tục cần xem lại.",
        f"{NEW}: không ghi là ngày làm việc hay ngày lịch.",
        "Đã nhập, chờ ban hành: 2 dự thảo, 1 thủ tục cần xem lại.",
    ]


def test_the_command_tells_each_row_and_takes_nothing(province, tmp_path):
    file = tmp_path / "list.json"
    file.write_text(json.dumps([row(code=NEW), row(code="x")]), encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("import", "procedures", str(file))
    assert str(error.value).splitlines() == [
        "Danh sách có dòng chưa đúng. Chưa có thủ tục nào được nhập.",
        "2 (x): mã “x” không đúng dạng 1.004222.",
    ]
    with pytest.raises(CommandError, match="no file"):
        call_command("import", "procedures", str(tmp_path / "none.json"))
    assert not Procedure.objects.filter(code=NEW).exists()


def test_the_keeper_sees_the_record_and_what_is_in_doubt(province):
    take(row(code=NEW, processing_unit="day", documents=None))
    draft = ProcedureVersion.objects.select_related("procedure").get(procedure__code=NEW)
    page = version_page(draft, on=MORNING.date())
    assert page["faults"] == []
    assert page["doubts"] == ["không ghi là ngày làm việc hay ngày lịch."]
    assert page["record"]["bring"] is None
    assert [fact.value for fact in page["facts"]][2] == "Quyết định thử"


def test_what_is_filed_here_stays_filed_when_the_national_record_changes(province):
    before = catalogue.current_version("1.001612", on=FIRST)
    take(row(code="1.001612"))
    publish_draft(actor=COMMAND, code="1.001612", number=2, reason="Đã đối chiếu", at=MORNING)
    after = catalogue.current_version("1.001612", on=FIRST)
    assert (after.number, after.national["official_name"]) == (2, "Đăng ký thử")
    assert after.overlay == {**before.overlay, "doubts": []}
    assert [case.code for case in catalogue.filed_cases(after)] == ["thong_thuong"]
    assert catalogue.current_case("1.001612", "thong_thuong", on=FIRST).version_id == after.id
