"""What the administration contributes, and the seeds of the kernel's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.access import public as access
from sen.kernel.access.public import RoleTemplate, Scope
from sen.kernel.calendar import public as calendar
from sen.kernel.forms.public import PUBLISH as PUBLISH_FORM
from sen.kernel.manifest.public import (
    Audience,
    FirstRunStep,
    HealthCheck,
    LedgerLine,
    Manifest,
    MenuItem,
    Say,
    Seed,
)
from sen.kernel.notifications.public import REPLAY as REPLAY_MESSAGE
from sen.kernel.organisations import public as organisations
from sen.kernel.search.public import MANAGE_WORDINGS
from sen.kernel.signing.public import MANAGE_CERTIFICATES
from sen.kernel.workflow.public import PUBLISH as PUBLISH_FLOW
from sen.systems.administration import permissions
from sen.systems.administration.queries import first_run, vitals, watched
from sen.systems.administration.tables import names

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YEARS = (2026, 2027)


def seed_organisations(say: Say) -> None:
    """Lay down areas, units and positions; an older installation gets the positions it lacks."""
    now = clock.now()
    organisations.seed(now)
    added = organisations.bring_positions(COMMAND, at=now)
    say(f"Vị trí việc làm: thêm {len(added)}." if added else "Đơn vị, vị trí việc làm: đã có.")


def seed_province(say: Say) -> None:
    """Lay down every area of the country and every unit of the province."""
    added = organisations.seed_province(clock.now())
    say(f"Cả tỉnh: thêm {added.areas} đơn vị hành chính, {added.units} đơn vị.")


def seed_calendar(say: Say) -> None:
    """Lay down the working calendar of the years that are known."""
    for year in YEARS:
        calendar.seed_year(COMMAND, year=year, at=clock.now())
    say(f"Lịch làm việc {YEARS[0]}–{YEARS[-1]}: đã có.")


def seed_roles(say: Say) -> None:
    """Bring in the roles of all systems and give them to the positions that they name."""
    access.seed(clock.now())
    say("Vai trò: đã có.")


def _part(name: str, title: StrOrPromise, order: int, permission: str = "") -> MenuItem:
    return MenuItem(
        title=title,
        url_name=f"administration:{name}",
        permission=permission or permissions.WATCH.name,
        audience=Audience.OFFICIAL,
        order=order,
        under="administration:overview",
    )


PARTS = (
    _part("overview", _("Tình trạng"), 10),
    _part("units", _("Đơn vị"), 20),
    _part("roles", _("Vai trò, quyền"), 25),
    _part("accounts", _("Tài khoản"), 30, permissions.ACCOUNTS.name),
    _part("lists", _("Nạp danh sách"), 40, permissions.ACCOUNTS.name),
    _part("documents", _("Biểu mẫu"), 50),
    _part("values", _("Giá trị"), 60),
    _part("calendar", _("Lịch"), 70),
    _part("words", _("Từ ngữ tìm kiếm"), 75),
    _part("work", _("Việc nền"), 80),
    _part("keeping", _("Lưu giữ, sao lưu"), 85),
    _part("trail", _("Nhật ký"), 90, permissions.TRAIL.name),
    _part("systems", _("Hệ thống"), 100),
)

MANIFEST = Manifest(
    code="administration",
    names=names.KERNEL,
    title=_("Quản trị"),
    urls="sen.systems.administration.urls",
    api="sen.systems.administration.api.router",
    menu=(
        MenuItem(
            title=_("Quản trị"),
            url_name="administration:overview",
            permission=permissions.WATCH.name,
            audience=Audience.OFFICIAL,
            icon="settings",
            order=90,
        ),
        *PARTS,
    ),
    permissions=permissions.ALL,
    roles=(
        RoleTemplate(
            code="administration.administrator",
            title={"vi": "Quản trị hệ thống", "en": "System administrator"},
            permissions=(
                *(one.name for one in permissions.ALL),
                access.MANAGE_GRANTS,
                access.MANAGE_ROLES,
                organisations.MANAGE_UNITS,
                organisations.MANAGE_POSITIONS,
                organisations.MERGE_UNITS,
                calendar.MANAGE,
                MANAGE_WORDINGS,
                REPLAY_MESSAGE,
                PUBLISH_FORM,
                PUBLISH_FLOW,
                MANAGE_CERTIFICATES,
            ),
            positions=("administrator",),
            scope=Scope.BELOW,
        ),
    ),
    health=(
        HealthCheck(code="administration.database", title=_("Cơ sở dữ liệu"), look=vitals.database),
        HealthCheck(code="administration.worker", title=_("Tiến trình nền"), look=vitals.worker),
        HealthCheck(code="administration.queue", title=_("Hàng chờ"), look=vitals.queue),
        HealthCheck(code="administration.trail", title=_("Nhật ký kiểm toán"), look=vitals.trail),
        HealthCheck(code="administration.disk", title=_("Chỗ trống trên đĩa"), look=vitals.disk),
        HealthCheck(code="administration.storage", title=_("Kho tệp"), look=vitals.storage),
        HealthCheck(
            code="administration.certificates",
            title=_("Chứng thư số"),
            look=vitals.certificates,
        ),
    ),
    measures=watched.MEASURES,
    alarms=watched.ALARMS,
    personal_data=(
        LedgerLine(
            code="administration.trail",
            people=_("Cán bộ, công dân đã làm việc trên hệ thống"),
            data=_("Ai làm gì, lúc nào, vì sao; không có nội dung hồ sơ"),
            purpose=_("Bảo đảm an toàn thông tin, giải trình"),
            ground=_("Nghị định 331/2026/NĐ-CP; TCVN 14423:2026"),
        ),
    ),
    first_run=(
        FirstRunStep(
            code="administration.province",
            order=10,
            title=_("Tỉnh và quản trị viên"),
            lead=_("Tỉnh nào, mã gì, ai quản trị đầu tiên."),
            without=_("chưa có gì hoạt động."),
            url_name="administration:units",
            is_done=first_run.has_province,
            may_wait=False,
        ),
        FirstRunStep(
            code="administration.communes",
            order=20,
            title=_("Đơn vị cấp xã"),
            lead=_("Lập mọi xã, phường, đặc khu của tỉnh theo danh mục đơn vị hành chính."),
            without=_("không có nơi nào nhận hồ sơ cấp xã."),
            url_name="administration:first-run-communes",
            is_done=first_run.has_communes,
            may_wait=False,
        ),
        FirstRunStep(
            code="administration.departments",
            order=30,
            title=_("Sở, ban, ngành"),
            lead=_("Chọn trong danh sách thường có, hoặc nạp từ Excel."),
            without=_("thủ tục cấp tỉnh không có nơi giải quyết."),
            url_name="administration:first-run-departments",
            is_done=first_run.has_departments,
        ),
        FirstRunStep(
            code="administration.officials",
            order=40,
            title=_("Cán bộ đầu tiên"),
            lead=_("Mở tài khoản và giao vị trí cho người tiếp nhận, thụ lý, ký, văn thư."),
            without=_("không ai tiếp nhận và giải quyết hồ sơ."),
            url_name="administration:first-run-officials",
            is_done=first_run.has_officials,
        ),
        FirstRunStep(
            code="administration.calendar",
            order=50,
            title=_("Lịch làm việc"),
            lead=_("Giờ hành chính và ngày nghỉ, để tính hạn giải quyết."),
            without=_("không tính được ngày hẹn trả, nên không tiếp nhận được hồ sơ."),
            url_name="administration:first-run-calendar",
            is_done=first_run.has_calendar,
            may_wait=False,
        ),
        FirstRunStep(
            code="administration.outside",
            order=90,
            title=_("Kết nối bên ngoài"),
            lead=_("Định danh điện tử, thư, tin nhắn, cơ sở dữ liệu quốc gia: môi trường có gì."),
            without=_("công dân chưa đăng nhập được và không nhận được thư, tin nhắn."),
            url_name="administration:first-run-outside",
            is_done=first_run.has_gateways,
        ),
    ),
    seed=(
        Seed(order=10, title="Đơn vị", run=seed_organisations),
        Seed(order=15, title="Đơn vị của cả tỉnh", run=seed_province, whole_only=True),
        Seed(order=20, title="Lịch làm việc", run=seed_calendar),
        Seed(order=40, title="Vai trò", run=seed_roles),
    ),
)
