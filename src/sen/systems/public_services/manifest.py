"""What the public services contribute."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.files.public import FileOwner
from sen.kernel.keeping.public import Retention
from sen.kernel.manifest.public import (
    Audience,
    FiledBy,
    FileImport,
    FirstRunStep,
    IntakeChannel,
    LedgerLine,
    Manifest,
    MenuItem,
    Say,
    Seed,
)
from sen.kernel.notifications.public import Medium, Template
from sen.kernel.papers.public import PaperTemplate
from sen.kernel.search.public import SearchSource, Trial
from sen.kernel.workflow.public import Act
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import Intake
from sen.systems.public_services.handlers import HANDLERS
from sen.systems.public_services.queries import searching, used_values
from sen.systems.public_services.queries.figures import FIGURES
from sen.systems.public_services.queries.invariants import INVARIANTS
from sen.systems.public_services.services import first_run, importing, opening, seeding, wording
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living import seeding as living
from sen.systems.public_services.tables import notices
from sen.systems.public_services.tables.names import NAMES

_OUT = (Medium.EMAIL, Medium.SMS)
_PAPERS = "systems/public_services/papers"
_LAW = "Thông tư 03/2025/TT-VPCP, Phụ lục I"
_COUNCIL_LAW = "Luật Người khuyết tật 51/2010/QH12, Điều 16"


_RESULTS = (
    (
        "birth_certificate",
        "Giấy khai sinh",
        "giay_khai_sinh",
        "Luật Hộ tịch 60/2014/QH13; Thông tư 04/2020/TT-BTP",
    ),
    (
        "marital_status_certificate",
        "Giấy xác nhận tình trạng hôn nhân",
        "giay_xac_nhan_tinh_trang_hon_nhan",
        "Nghị định 123/2015/NĐ-CP; Thông tư 04/2020/TT-BTP",
    ),
    (
        "certified_copy",
        "Lời chứng chứng thực bản sao",
        "ban_sao_chung_thuc",
        "Nghị định 23/2015/NĐ-CP",
    ),
    (
        "household_business_certificate",
        "Giấy chứng nhận đăng ký hộ kinh doanh",
        "giay_dang_ky_ho_kinh_doanh",
        "Nghị định 168/2025/NĐ-CP",
    ),
    (
        "land_change_confirmation",
        "Xác nhận đăng ký biến động đất đai",
        "xac_nhan_bien_dong_dat_dai",
        "Nghị định 151/2025/NĐ-CP",
    ),
    ("building_permit", "Giấy phép xây dựng", "giay_phep_xay_dung", "Nghị định 175/2024/NĐ-CP"),
    (
        "social_pension_decision",
        "Quyết định hưởng trợ cấp hưu trí xã hội",
        "quyet_dinh_tro_cap_huu_tri_xa_hoi",
        "Nghị định 176/2025/NĐ-CP",
    ),
    (
        "disability_certificate",
        "Giấy xác nhận khuyết tật",
        "giay_xac_nhan_khuyet_tat",
        "Thông tư 01/2019/TT-BLĐTBXH",
    ),
    ("work_permit", "Giấy phép lao động", "giay_phep_lao_dong", "Nghị định 219/2025/NĐ-CP"),
    (
        "food_safety_certificate",
        "Giấy chứng nhận an toàn thực phẩm",
        "giay_chung_nhan_an_toan_thuc_pham",
        "Luật An toàn thực phẩm 55/2010/QH12",
    ),
    (
        "school_transfer_decision",
        "Quyết định chuyển trường",
        "quyet_dinh_chuyen_truong",
        "Quyết định 51/2002/QĐ-BGDĐT",
    ),
    (
        "game_venue_certificate",
        "Giấy chứng nhận điểm trò chơi điện tử công cộng",
        "giay_chung_nhan_diem_tro_choi",
        "Nghị định 147/2024/NĐ-CP",
    ),
)
"""The papers of results: code, title, source, law; each case of a procedure names its own."""


def seed(say: Say) -> None:
    """Publish the procedures of the demo and give the communes' officials their rights."""
    made = seeding.seed(at=clock.now())
    say(
        f"Thủ tục: thêm {made.filed} nhận hồ sơ, {made.described} để tra cứu, "
        f"{made.listed} trong danh mục; {made.guides} hướng dẫn sự kiện; {made.grants} quyền."
    )


def seed_certificates(say: Say) -> None:
    """Issue demonstration certificates."""
    count = seeding.seed_certificates(at=clock.now())
    say(f"Chứng thư số thử nghiệm: {count}.")


def seed_wordings(say: Say) -> None:
    """Lay down what people say of procedures, for the search."""
    say(f"Từ ngữ tìm kiếm: thêm {wording.seed_wordings(at=clock.now())} dòng.")


def import_procedures(path: Path, first: dt.date, is_dry: bool, say: Say) -> None:  # noqa: FBT001 - the slot's shape
    """Take a list of procedures in as drafts, and tell what an official should look at."""
    done = importing.import_procedures(
        actor=COMMAND,
        rows=importing.read_list(path),
        valid_from=first,
        at=clock.now(),
        is_dry=is_dry,
    )
    for code, doubts in done.doubts.items():
        for one in doubts:
            say(f"{code}: {one.message}")
    said = "Xem thử, chưa ghi" if is_dry else "Đã nhập, chờ ban hành"
    say(f"{said}: {done.drafts} dự thảo, {len(done.doubts)} thủ tục cần xem lại.")


def _act(code: str, one: permissions.DossierAct) -> Act:
    return Act(
        code=f"public_services.{code}",
        title={"vi": one.vi, "en": one.en},
        permission=one.permission.name if one.permission else None,
        url_name="public_services:dossier",
        api_operation=f"dossiers_{code}",
        icon=one.icon,
        is_task=one.is_task,
        after={"vi": one.after, "en": one.after_en} if one.after else None,
    )


def _paper(code: str, title: str, source: str, law: str = _LAW) -> PaperTemplate:
    return PaperTemplate(
        code=f"public_services.{code}",
        title=title,
        source=f"{_PAPERS}/{source}.typ",
        valid_from=dt.date(2025, 7, 1),
        law=law,
    )


MANIFEST = Manifest(
    code="public_services",
    title=_("Dịch vụ công"),
    urls="sen.systems.public_services.urls",
    api="sen.systems.public_services.api.router",
    menu=(
        MenuItem(
            title=_("Thủ tục"),
            url_name="public_services:home",
            audience=Audience.CITIZEN,
            icon="home",
            order=10,
        ),
        MenuItem(
            title=_("Hồ sơ của tôi"),
            url_name="public_services:my-dossiers",
            audience=Audience.CITIZEN,
            icon="files",
            order=20,
        ),
        MenuItem(
            title=_("Tra cứu"),
            url_name="public_services:look-up",
            audience=Audience.CITIZEN,
            icon="search",
            order=30,
        ),
        MenuItem(
            title=_("Hồ sơ của đơn vị"),
            url_name="public_services:unit-dossiers",
            permission=permissions.READ.name,
            audience=Audience.OFFICIAL,
            icon="files",
            order=20,
        ),
        MenuItem(
            title=_("Nhận hồ sơ"),
            url_name="public_services:counter",
            permission=permissions.FILE_AT_COUNTER.name,
            audience=Audience.OFFICIAL,
            icon="plus",
            order=30,
        ),
        MenuItem(
            title=_("Thủ tục"),
            url_name="public_services:catalogue",
            permission=permissions.CATALOGUE.name,
            audience=Audience.OFFICIAL,
            icon="list-check",
            order=45,
            under="administration:overview",
        ),
        MenuItem(
            title=_("Sự kiện trong đời"),
            url_name="public_services:edit-life-events",
            permission=permissions.LIFE_EVENTS.name,
            audience=Audience.OFFICIAL,
            icon="list-check",
            order=47,
            under="administration:overview",
        ),
    ),
    permissions=permissions.ALL,
    roles=permissions.ROLES,
    acts=tuple(_act(code, one) for code, one in permissions.ACTS.items()),
    handlers=HANDLERS,
    figures=FIGURES,
    value_uses=(used_values.USE,),
    search=(
        SearchSource(
            kind=KIND,
            title=_("Hồ sơ"),
            url_name="public_services:dossier",
            permission=permissions.READ.name,
        ),
    ),
    search_trials=(
        Trial(
            code="public_services.procedures",
            title=_("Tìm thủ tục"),
            ask=searching.try_out,
            titles=searching.titles,
        ),
    ),
    file_owners=(FileOwner(kind=KIND, may_read=opening.may_read_file),),
    channels=(
        IntakeChannel(
            code=Intake.PORTAL.value,
            title=Intake.PORTAL.label,
            filed_by=FiledBy.PERSON,
            proves=_("Người nộp đã đăng nhập định danh điện tử ở mức mà thủ tục yêu cầu"),
        ),
        IntakeChannel(
            code=Intake.COUNTER.value,
            title=Intake.COUNTER.label,
            filed_by=FiledBy.OFFICIAL,
            proves=_("Cán bộ một cửa đã đối chiếu giấy tờ tùy thân của người nộp"),
            permission=permissions.FILE_AT_COUNTER.name,
        ),
        IntakeChannel(
            code=Intake.API.value,
            title=Intake.API.label,
            filed_by=FiledBy.PERSON,
            proves=_("Khóa truy cập mà người nộp đã lập khi đăng nhập"),
        ),
    ),
    notification_templates=(
        *notices.OF_AGENCIES,
        Template(
            code="public_services.switched_off",
            title={
                "vi": "Thủ tục “{procedure}” tạm dừng nhận hồ sơ",
                "en": "“{procedure}” is not offered at present",
            },
            body={
                "vi": "Lý do: {reason}. Hồ sơ nháp của bạn được giữ; chúng tôi báo khi nhận lại.",
                "en": "Reason: {reason}. Your draft is kept; you will be told when it reopens.",
            },
        ),
        Template(
            code="public_services.offered_again",
            title={
                "vi": "Thủ tục “{procedure}” đã nhận hồ sơ trở lại",
                "en": "“{procedure}” is offered again",
            },
            body={
                "vi": "Bạn có thể mở hồ sơ nháp và nộp tiếp.",
                "en": "You can open your draft and go on.",
            },
        ),
        Template(
            code="public_services.submitted",
            title={"vi": "Đã nhận hồ sơ {code}", "en": "Dossier {code} was filed"},
            body={
                "vi": "Hồ sơ “{procedure}” đã tới nơi tiếp nhận và đang chờ kiểm tra.",
                "en": "Your dossier “{procedure}” has reached the service centre.",
            },
        ),
        Template(
            code="public_services.received",
            title={"vi": "Hồ sơ {code} đã được tiếp nhận", "en": "Dossier {code} was received"},
            body={
                "vi": "Hẹn trả kết quả: {due}. Giấy tiếp nhận có trong trang hồ sơ.",
                "en": "The result is due {due}. The receipt is on the dossier's page.",
            },
            sms={
                "vi": "Hồ sơ {code} đã được tiếp nhận, hẹn trả kết quả {due}.",
                "en": "Dossier {code} was received; the result is due {due}.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.received_without_paper",
            title={"vi": "Hồ sơ {code} đã được tiếp nhận", "en": "Dossier {code} was received"},
            body={
                "vi": "Hẹn trả kết quả: {due}. Giấy tiếp nhận chưa ký số được; khi ký xong"
                " sẽ có trong trang hồ sơ.",
                "en": "The result is due {due}. The receipt could not be signed yet; it will"
                " follow on the dossier's page.",
            },
            sms={
                "vi": "Hồ sơ {code} đã được tiếp nhận, hẹn trả kết quả {due}.",
                "en": "Dossier {code} was received; the result is due {due}.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.supplement_requested",
            title={"vi": "Hồ sơ {code} cần bổ sung", "en": "Dossier {code} needs a supplement"},
            body={
                "vi": "Thời hạn tạm dừng cho đến khi bạn bổ sung. Mở hồ sơ để xem từng mục.",
                "en": "The clock stands until you answer. The dossier shows each item and why.",
            },
            sms={
                "vi": "Hồ sơ {code} cần bổ sung. Vui lòng mở hồ sơ để xem từng mục.",
                "en": "Dossier {code} needs a supplement. Open it to see each item.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.closed",
            title={"vi": "Hồ sơ {code} đã dừng giải quyết", "en": "Dossier {code} has ended"},
            body={
                "vi": "{how}. Văn bản với lý do và căn cứ có trong trang hồ sơ.",
                "en": "{how}. The paper with reason and ground is on the dossier's page.",
            },
            sms={
                "vi": "Hồ sơ {code}: {how}. Văn bản có trong trang hồ sơ.",
                "en": "Dossier {code}: {how}. The paper is on its page.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.closed_without_paper",
            title={"vi": "Hồ sơ {code} đã dừng giải quyết", "en": "Dossier {code} has ended"},
            body={
                "vi": "{how}. Văn bản với lý do và căn cứ chưa ký số được; khi ký xong sẽ có"
                " trong trang hồ sơ.",
                "en": "{how}. The paper with reason and ground could not be signed yet; it will"
                " follow on the dossier's page.",
            },
            sms={
                "vi": "Hồ sơ {code}: {how}. Văn bản sẽ có trong trang hồ sơ.",
                "en": "Dossier {code}: {how}. The paper will follow on its page.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.paper_ready",
            title={"vi": "Hồ sơ {code} có thêm văn bản", "en": "A paper of {code} has come"},
            body={
                "vi": "“{paper}” đã được ký số và có trong trang hồ sơ.",
                "en": "“{paper}” is signed and on the dossier's page.",
            },
            sms={
                "vi": "Hồ sơ {code}: “{paper}” đã có trong trang hồ sơ.",
                "en": "Dossier {code}: “{paper}” is on its page.",
            },
            media=_OUT,
        ),
        Template(
            code="public_services.issued",
            title={"vi": "Hồ sơ {code} đã có kết quả", "en": "The result of {code} is ready"},
            body={
                "vi": "Bạn tải kết quả điện tử trong trang hồ sơ hoặc nhận tại quầy.",
                "en": "Download it on the dossier's page, or fetch it at the counter.",
            },
            sms={
                "vi": "Hồ sơ {code} đã có kết quả.",
                "en": "The result of dossier {code} is ready.",
            },
            media=_OUT,
        ),
    ),
    paper_templates=(
        _paper("mau_01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "mau_01"),
        _paper("mau_02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "mau_02"),
        _paper("mau_03", "Phiếu từ chối tiếp nhận, giải quyết hồ sơ", "mau_03"),
        _paper("mau_04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", "mau_04"),
        _paper("mau_05", "Thông báo dừng giải quyết hồ sơ", "mau_05"),
        _paper("sample", "Giấy tờ minh họa của bản trình diễn", "demo/sample", "Không có"),
        _paper("council_minutes", "Biên bản họp Hội đồng", "bien_ban_hoi_dong", _COUNCIL_LAW),
        _paper("refusal", "Thông báo từ chối giải quyết", "refusal", "Nghị định 118/2025/NĐ-CP"),
        *(_paper(*result) for result in _RESULTS),
    ),
    personal_data=(
        LedgerLine(
            code="public_services.dossier",
            people=_("Chủ hồ sơ, người nộp, người được nêu trong tờ khai"),
            data=_("Họ tên, số định danh, ngày sinh, nơi cư trú, liên lạc, nội dung khai, giấy tờ"),
            purpose=_("Giải quyết thủ tục hành chính theo yêu cầu"),
            ground=_("Nghị định 118/2025/NĐ-CP; Luật Hộ tịch 60/2014/QH13"),
        ),
    ),
    retention=(
        Retention(
            kind=KIND,
            title=_("Hồ sơ thủ tục hành chính"),
            days=None,
            counted_from=_("ngày kết thúc hồ sơ"),
            source=_("Thông tư 13/2023/TT-BNV: hồ sơ hộ tịch bảo quản vĩnh viễn"),
        ),
    ),
    imports=(
        FileImport(
            code="procedures",
            title=_("Danh sách thủ tục, thành dự thảo chờ ban hành"),
            run=import_procedures,
        ),
    ),
    invariants=INVARIANTS,
    names=NAMES,
    first_run=(
        FirstRunStep(
            code="public_services.certificates",
            order=60,
            title=_("Chứng thư số"),
            lead=_("Chữ ký của lãnh đạo và của cơ quan trên giấy tờ điện tử."),
            without=_("giấy tiếp nhận chờ ký, kết quả chưa ký và chưa đóng dấu được."),
            url_name="public_services:first-run-certificates",
            is_done=first_run.has_certificates,
        ),
        FirstRunStep(
            code="public_services.procedures",
            order=70,
            title=_("Thủ tục nhận hồ sơ"),
            lead=_("Bật các thủ tục tỉnh nhận hồ sơ và danh mục để tra cứu."),
            without=_("người dân không tìm thấy và không nộp được gì."),
            url_name="public_services:first-run-procedures",
            is_done=first_run.has_procedures,
        ),
    ),
    seed=(
        Seed(order=50, title="Danh mục thủ tục", run=seed),
        Seed(order=56, title="Cán bộ hư cấu", run=living.seed_officials, whole_only=True),
        Seed(order=55, title="Từ ngữ tìm kiếm", run=seed_wordings),
        Seed(order=60, title="Chứng thư số thử nghiệm", run=seed_certificates),
        Seed(order=70, title="Hồ sơ hư cấu", run=living.seed_dossiers, whole_only=True),
    ),
)
