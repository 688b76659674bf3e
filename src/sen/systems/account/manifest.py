"""What the account pages contribute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.kernel.forms.public import PrefillSource
from sen.kernel.manifest.public import LedgerLine, Manifest, Retention, Say, Seed
from sen.systems.account import queries
from sen.systems.account.services import seed_people


def seed(say: Say) -> None:
    """Lay down the invented people of a demo."""
    added = seed_people(at=clock.now())
    say(f"Người hư cấu: thêm {added} cán bộ." if added else "Người hư cấu: đã có.")


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
    personal_data=(
        LedgerLine(
            code="account.identity",
            people=_("Công dân, cán bộ có tài khoản"),
            data=_("Số định danh, họ tên, ngày sinh, giới tính, số điện thoại, thư điện tử"),
            purpose=_("Nhận biết người đăng nhập và chủ hồ sơ"),
            ground=_("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; Nghị định 69/2024/NĐ-CP"),
        ),
        LedgerLine(
            code="account.sessions",
            people=_("Người đang đăng nhập"),
            data=_("Địa chỉ mạng, loại trình duyệt, thời điểm"),
            purpose=_("Bảo vệ tài khoản: xem và kết thúc các phiên"),
            ground=_("Nghị định 331/2026/NĐ-CP; TCVN 14423:2026"),
        ),
    ),
    retention=(
        Retention(
            kind="account.session",
            years=0,
            counted_from=_("khi phiên kết thúc, không quá 12 giờ"),
            source=_("TCVN 14423:2026"),
        ),
    ),
    seed=(Seed(order=20, title="Người hư cấu", run=seed),),
)
