"""What the account pages contribute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.kernel.forms.public import PrefillSource
from sen.kernel.manifest.public import LedgerLine, Manifest, Name, Say, Seed
from sen.kernel.notifications.public import Medium, Template
from sen.systems.account import queries
from sen.systems.account.handlers import HANDLERS
from sen.systems.account.services import seed_people


def seed(say: Say) -> None:
    """Lay down the invented people of a demo."""
    added = seed_people(at=clock.now())
    say(f"Người hư cấu: thêm {added} cán bộ." if added else "Người hư cấu: đã có.")


_NOT_YOU = {
    "vi": "Nếu không phải bạn làm, hãy báo ngay quản trị viên của cơ quan.",
    "en": "If it was not you, tell your agency's administrator at once.",
}


def _told(code: str, title: dict[str, str], what: dict[str, str]) -> Template:
    """Return the message about a change of what somebody signs in with; it always goes out."""
    return Template(
        code=f"account.{code}",
        title=title,
        body={one: f"{what[one]} {_NOT_YOU[one]}" for one in ("vi", "en")},
        media=(Medium.EMAIL,),
        is_mandatory=True,
    )


TEMPLATES = (
    _told(
        "passkey_added",
        {"vi": "Đã thêm khóa đăng nhập", "en": "A passkey was added"},
        {
            "vi": "Tài khoản của bạn có thêm một khóa đăng nhập lúc {at}.",
            "en": "A passkey was added to your account at {at}.",
        },
    ),
    _told(
        "passkey_removed",
        {"vi": "Đã gỡ khóa đăng nhập", "en": "A passkey was removed"},
        {
            "vi": "Một khóa đăng nhập của tài khoản đã được gỡ lúc {at}.",
            "en": "A passkey was removed from your account at {at}.",
        },
    ),
    _told(
        "app_replaced",
        {"vi": "Đã chuyển ứng dụng xác thực", "en": "The authenticator app was replaced"},
        {
            "vi": "Mã 6 số của tài khoản chuyển sang ứng dụng khác lúc {at}.",
            "en": "The 6-digit codes of your account moved to another app at {at}.",
        },
    ),
    _told(
        "recovery_codes_made",
        {"vi": "Đã tạo bộ mã dự phòng mới", "en": "New recovery codes were made"},
        {
            "vi": "Bộ mã dự phòng mới của tài khoản được tạo lúc {at}; mã cũ hết giá trị.",
            "en": "New recovery codes were made at {at}; older ones no longer work.",
        },
    ),
    _told(
        "recovery_code_used",
        {"vi": "Một mã dự phòng đã được dùng", "en": "A recovery code was used"},
        {
            "vi": "Có lượt đăng nhập bằng mã dự phòng của bạn lúc {at}.",
            "en": "Somebody signed in with one of your recovery codes at {at}.",
        },
    ),
    _told(
        "access_reset",
        {"vi": "Quyền đăng nhập đã được cấp lại", "en": "Your access was reset"},
        {
            "vi": "Quản trị viên đã cấp lại quyền đăng nhập của bạn lúc {at}; mọi cách xác thực cũ "
            "hết giá trị.",
            "en": "An administrator reset your access at {at}; your earlier second factors no "
            "longer work.",
        },
    ),
)

MANIFEST = Manifest(
    code="account",
    title=_("Tài khoản"),
    urls="sen.systems.account.urls",
    prefill=(
        PrefillSource(
            key="identity.person",
            title={"vi": "định danh điện tử", "en": "the electronic identity"},
            fetch=queries.known_person,
        ),
        PrefillSource(
            key="identity.spouse",
            title={"vi": "quan hệ vợ chồng đã biết", "en": "the known marriage"},
            fetch=queries.known_spouse,
        ),
    ),
    handlers=HANDLERS,
    notification_templates=TEMPLATES,
    personal_data=(
        LedgerLine(
            code="account.identity",
            people=_("Công dân, cán bộ có tài khoản"),
            data=_("Số định danh, họ tên, ngày sinh, giới tính, số điện thoại, thư điện tử"),
            purpose=_("Nhận biết người đăng nhập và chủ hồ sơ"),
            ground=_("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; Nghị định 69/2024/NĐ-CP"),
        ),
        LedgerLine(
            code="account.factors",
            people=_("Cán bộ"),
            data=_("Khóa công khai và tên khóa đăng nhập, bí mật mã 6 số, dấu của mã dự phòng"),
            purpose=_("Xác thực hai lớp khi đăng nhập"),
            ground=_("Nghị định 331/2026/NĐ-CP; TCVN 14423:2026"),
        ),
        LedgerLine(
            code="account.sessions",
            people=_("Người đang đăng nhập"),
            data=_("Địa chỉ mạng, loại trình duyệt, thời điểm"),
            purpose=_("Bảo vệ tài khoản: xem và kết thúc các phiên"),
            ground=_("Nghị định 331/2026/NĐ-CP; TCVN 14423:2026"),
        ),
    ),
    seed=(Seed(order=20, title="Người hư cấu", run=seed),),
    names=(Name(code="account.tell_owner", title=_("Báo chủ tài khoản")),),
)
