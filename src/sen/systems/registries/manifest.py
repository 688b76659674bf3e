"""What the registries contribute: sources that are asked once for each draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.base.actor import SYSTEM
from sen.kernel.access.public import RoleTemplate, Scope
from sen.kernel.forms.public import PrefillSource
from sen.kernel.keeping.public import PRESET, Retention
from sen.kernel.manifest.public import Audience, LedgerLine, Manifest, MenuItem, Name
from sen.systems.registries import queries, services
from sen.systems.registries.choices import Registry
from sen.systems.registries.permissions import FOR_ANOTHER, SEARCH

TITLES = {
    Registry.POPULATION: ("CSDL quốc gia về dân cư", "the national population database"),
    Registry.CIVIL_STATUS: ("CSDL hộ tịch điện tử", "the civil status database"),
    Registry.BIRTH_NOTES: ("giấy chứng sinh điện tử", "the electronic birth note"),
    Registry.ENTERPRISES: ("CSDL đăng ký doanh nghiệp", "the enterprise register"),
    Registry.LAND: ("CSDL quốc gia về đất đai", "the land database"),
    Registry.EDUCATION: ("CSDL quốc gia về giáo dục", "the national education database"),
    Registry.POVERTY: ("CSDL hộ nghèo, hộ cận nghèo", "the register of poor households"),
    Registry.SOCIAL_INSURANCE: ("CSDL quốc gia về bảo hiểm", "the social insurance database"),
    Registry.SOCIAL_SECURITY: ("tài khoản an sinh xã hội", "the social security account"),
}

MANIFEST = Manifest(
    code="registries",
    title=_("Tra cứu cơ sở dữ liệu"),
    prefill=tuple(
        PrefillSource(
            key=registry.value,
            title={"vi": vietnamese, "en": english},
            fetch=queries.told(registry),
            gather=services.look_up,
        )
        for registry, (vietnamese, english) in TITLES.items()
    ),
    urls="sen.systems.registries.urls",
    menu=(
        MenuItem(
            title=_("Ai đã tra cứu gì về bạn"),
            url_name="registries:mine",
            audience=Audience.CITIZEN,
            icon="search",
            order=50,
            under="account:profile",
        ),
        MenuItem(
            title=_("Tra cứu dữ liệu"),
            url_name="registries:search",
            permission=SEARCH.name,
            audience=Audience.OFFICIAL,
            order=95,
            under="administration:overview",
        ),
    ),
    permissions=(SEARCH, FOR_ANOTHER),
    roles=(
        RoleTemplate(
            code="registries.auditor",
            title={"vi": "Xem lượt tra cứu dữ liệu", "en": "Reader of lookups"},
            permissions=(SEARCH.name,),
            positions=("administrator",),
            scope=Scope.BELOW,
        ),
    ),
    retention=(
        Retention(
            kind="registries.lookup",
            title=_("Lượt tra cứu"),
            days=services.kept_days,
            counted_from=_("lúc tra cứu; số ngày đặt ở trang Giá trị"),
            source=PRESET,
            count=lambda at: services.count_old(at=at),
            erase=lambda at: services.erase_old(SYSTEM, at=at),
        ),
    ),
    personal_data=(
        LedgerLine(
            code="registries.lookup",
            people=_("Người khai hồ sơ, người được giúp lập hồ sơ tại quầy"),
            data=_("Lượt tra cứu: cơ sở dữ liệu nào, cho hồ sơ nào, kết quả ra sao, lúc nào"),
            purpose=_("Chứng minh mỗi lượt tra cứu có mục đích; không lưu nội dung trả về"),
            ground=_("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"),
        ),
    ),
    names=(
        Name(code="registries.lookup", title=_("Lượt tra cứu dữ liệu")),
        Name(code="registries.look_up", title=_("tra cứu cơ sở dữ liệu")),
        Name(code="registries.look_up_refused", title=_("từ chối tra cứu cơ sở dữ liệu")),
        Name(code="registries.erase_lookups", title=_("xóa lượt tra cứu hết hạn lưu")),
        Name(code="registries.lookups_read", title=_("xem lượt tra cứu")),
        Name(code="registries.lookups_searched", title=_("tìm trong các lượt tra cứu")),
        Name(code="registries.lookup_kept_days", title=_("Giữ lượt tra cứu trong")),
        Name(code="forms.draft", title=_("Bản đang soạn")),
        Name(code="field.registries.lookup.before", title=_("trước thời điểm")),
        *(Name(code=f"field.{one.value}", title=one.label) for one in Registry),
    ),
)
