"""The rights of this system, each hung on a position in a unit, and the acts they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission, RoleTemplate, Scope
from sen.kernel.signing.public import USE_SEAL
from sen.kernel.workflow.public import ASSIGN as ASSIGN_TASK
from sen.systems.registries.public import FOR_ANOTHER as LOOK_UP_FOR_ANOTHER

FILE_AT_COUNTER = Permission("public_services.dossier.file_at_counter", _("Nộp hồ sơ hộ tại quầy"))
RECEIVE = Permission("public_services.dossier.receive", _("Tiếp nhận hồ sơ"))
ASSIGN = Permission("public_services.dossier.assign", _("Phân công giải quyết"))
PROCESS = Permission("public_services.dossier.process", _("Thụ lý hồ sơ"))
CHECK = Permission("public_services.dossier.check", _("Thẩm tra dự thảo kết quả"))
SIGN = Permission("public_services.dossier.sign", _("Ký kết quả"))
ISSUE = Permission("public_services.dossier.issue", _("Cấp số, đóng dấu, phát hành"))
HAND_OVER = Permission("public_services.dossier.hand_over", _("Trả kết quả"))
READ = Permission("public_services.dossier.read", _("Xem hồ sơ của đơn vị"))
COUNCIL_CHAIR = Permission("public_services.council.chair", _("Chủ trì Hội đồng"))
COUNCIL_MEMBER = Permission(
    "public_services.council.member", _("Cho ý kiến trong Hội đồng"), opens_unit=False
)
"""In the dossiers that are before one's council; those of the unit stay closed."""
CATALOGUE = Permission("public_services.procedure.manage", _("Quản lý danh mục thủ tục"))
LIFE_EVENTS = Permission("public_services.life_event.manage", _("Biên tập hướng dẫn theo sự kiện"))

ALL = (
    FILE_AT_COUNTER, RECEIVE, ASSIGN, PROCESS, CHECK, SIGN, ISSUE, HAND_OVER, READ, COUNCIL_CHAIR,
    COUNCIL_MEMBER, CATALOGUE, LIFE_EVENTS,
)  # fmt: skip

COUNCIL_POSTS = (
    "social_affairs_officer", "health_station_head", "front_chair", "women_union_chair",
    "youth_union_secretary", "veterans_chair", "disabled_people_chair",
)  # fmt: skip
"""Posts of a commune whose holders sit in its councils (Luật Người khuyết tật, Điều 16)."""

ROLES = (
    RoleTemplate(
        code="public_services.catalogue_keeper",
        title={"vi": "Quản lý danh mục thủ tục", "en": "Keeper of the catalogue"},
        permissions=(CATALOGUE.name, LIFE_EVENTS.name),
        positions=("administrator",),
        scope=Scope.BELOW,
    ),
    RoleTemplate(
        code="public_services.one_stop",
        title={"vi": "Cán bộ một cửa", "en": "One-stop officer"},
        permissions=(
            FILE_AT_COUNTER.name,
            LOOK_UP_FOR_ANOTHER,
            RECEIVE.name,
            HAND_OVER.name,
            READ.name,
        ),
        positions=("one_stop_officer",),
    ),
    RoleTemplate(
        code="public_services.head",
        title={"vi": "Trưởng phòng, chánh văn phòng", "en": "Head of office"},
        permissions=(
            ASSIGN.name,
            ASSIGN_TASK,
            PROCESS.name,
            CHECK.name,
            READ.name,
        ),
    ),
    RoleTemplate(
        code="public_services.specialist",
        title={"vi": "Chuyên viên thụ lý", "en": "Specialist"},
        permissions=(PROCESS.name, READ.name),
    ),
    RoleTemplate(
        code="public_services.leader",
        title={"vi": "Lãnh đạo ký", "en": "Signing leader"},
        permissions=(SIGN.name, READ.name),
        positions=("chair", "vice_chair"),
    ),
    RoleTemplate(
        code="public_services.council_chair",
        title={"vi": "Chủ tịch Hội đồng", "en": "Chair of councils"},
        permissions=(COUNCIL_CHAIR.name, ASSIGN_TASK),
        positions=("chair",),
    ),
    RoleTemplate(
        code="public_services.council_member",
        title={"vi": "Thành viên Hội đồng", "en": "Member of councils"},
        permissions=(COUNCIL_MEMBER.name,),
        positions=COUNCIL_POSTS,
    ),
    RoleTemplate(
        code="public_services.clerk",
        title={"vi": "Văn thư", "en": "Clerk"},
        permissions=(ISSUE.name, USE_SEAL, READ.name),
    ),
)
"""The roles that come with this system, and the posts that hold them from the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAct:
    """Something that people do to a dossier: the page, the API and the manifest take it from here.

    permission: the right it needs, None for what a party does. steps: the open tasks at which an
    official may do it. is_task: whether a task of its name waits for it. at_reception: whether the
    right is asked for in the unit that receives; else in the one that decides. after, after_en:
    what is waited for where the dossier has its answer already (`workflow.Act.after`).
    """

    vi: str
    en: str
    icon: str
    permission: Permission | None = None
    steps: tuple[str, ...] = ()
    is_task: bool = False
    at_reception: bool = False
    after: str = ""
    after_en: str = ""


ACTS: Mapping[str, DossierAct] = {
    "receive": DossierAct(
        vi="Tiếp nhận",
        en="Receive",
        icon="check",
        permission=RECEIVE,
        steps=("receive",),
        is_task=True,
        at_reception=True,
    ),
    "refuse_reception": DossierAct(
        vi="Từ chối tiếp nhận",
        en="Refuse to receive",
        icon="x",
        permission=RECEIVE,
        steps=("receive",),
        at_reception=True,
    ),
    "assign": DossierAct(
        vi="Phân công",
        en="Assign",
        icon="user-check",
        permission=ASSIGN,
        steps=("assign", "propose"),
        is_task=True,
    ),
    "convene": DossierAct(
        vi="Triệu tập Hội đồng",
        en="Convene the council",
        icon="users",
        permission=COUNCIL_CHAIR,
        steps=("convene",),
        is_task=True,
    ),
    "opine": DossierAct(
        vi="Cho ý kiến trong Hội đồng",
        en="Give an opinion in the council",
        icon="message-circle",
        permission=COUNCIL_MEMBER,
        steps=("opine",),
        is_task=True,
    ),
    "excuse": DossierAct(
        vi="Ghi thành viên vắng mặt",
        en="Note an absent member",
        icon="user",
        permission=COUNCIL_CHAIR,
        steps=("opine",),
    ),
    "replace": DossierAct(
        vi="Thay thành viên Hội đồng",
        en="Replace a member",
        icon="switch-horizontal",
        permission=COUNCIL_CHAIR,
        steps=("opine",),
    ),
    "conclude": DossierAct(
        vi="Kết luận của Hội đồng",
        en="Conclude",
        icon="signature",
        permission=COUNCIL_CHAIR,
        steps=("conclude",),
        is_task=True,
    ),
    "sign_minutes": DossierAct(
        vi="Ký lại biên bản",
        en="Sign the minutes again",
        icon="signature",
        permission=COUNCIL_CHAIR,
        steps=("propose",),
    ),
    "establish": DossierAct(
        vi="Ghi kết quả thẩm định",
        en="Enter the findings",
        icon="list-check",
        permission=PROCESS,
        steps=("propose",),
    ),
    "propose": DossierAct(
        vi="Thụ lý",
        en="Examine",
        icon="pencil",
        permission=PROCESS,
        steps=("propose",),
        is_task=True,
    ),
    "send_duty": DossierAct(
        vi="Chuyển cơ quan thuế",
        en="Inform the tax office",
        icon="send",
        permission=PROCESS,
        steps=("propose",),
    ),
    "record_duty": DossierAct(
        vi="Theo dõi thông báo thuế",
        en="Record the tax notice",
        icon="receipt",
        permission=PROCESS,
        steps=("record_duty",),
        is_task=True,
    ),
    "confirm_duty": DossierAct(
        vi="Theo dõi nộp nghĩa vụ tài chính",
        en="Confirm that the duty is paid",
        icon="receipt",
        permission=PROCESS,
        steps=("confirm_duty",),
        is_task=True,
    ),
    "check": DossierAct(
        vi="Thẩm tra",
        en="Check",
        icon="list-check",
        permission=CHECK,
        steps=("check",),
        is_task=True,
    ),
    "sign": DossierAct(
        vi="Ký số", en="Sign", icon="signature", permission=SIGN, steps=("sign",), is_task=True
    ),
    "return_for_rework": DossierAct(
        vi="Trả lại để làm lại",
        en="Return for rework",
        icon="arrow-left",
        permission=SIGN,
        steps=("sign",),
    ),
    "issue": DossierAct(
        vi="Cấp số, đóng dấu",
        en="Number and seal",
        icon="rubber-stamp",
        permission=ISSUE,
        steps=("issue",),
        is_task=True,
    ),
    "follow_up": DossierAct(
        vi="Theo dõi nơi giải quyết",
        en="Follow up where it is settled",
        icon="refresh",
        permission=RECEIVE,
        steps=("follow_up",),
        is_task=True,
        at_reception=True,
    ),
    "hand_over": DossierAct(
        vi="Trả kết quả",
        en="Hand over",
        icon="send",
        permission=HAND_OVER,
        steps=("hand_over",),
        is_task=True,
        at_reception=True,
        after="Chờ người dân nhận",
        after_en="Waiting to be collected",
    ),
    "request_supplement": DossierAct(
        vi="Yêu cầu bổ sung", en="Ask for a supplement", icon="mail", permission=PROCESS
    ),
    "apologise": DossierAct(
        vi="Xin lỗi, hẹn lại", en="Apologise, give a new date", icon="calendar", permission=CHECK
    ),
    "supplement": DossierAct(vi="Bổ sung hồ sơ", en="Supplement", icon="upload"),
    "withdraw": DossierAct(vi="Rút hồ sơ", en="Withdraw", icon="arrow-left"),
    "take_result": DossierAct(
        vi="Nhận kết quả điện tử", en="Take the electronic result", icon="download"
    ),
}
"""Every act on a dossier, in the order of the work.

A supplement is asked for with the right of the step at which it is asked: to receive, to process.
"""
