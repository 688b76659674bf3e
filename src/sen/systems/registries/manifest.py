"""What the registries contribute: sources that are asked once for each draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.forms.public import PrefillSource
from sen.kernel.manifest.public import LedgerLine, Manifest
from sen.systems.registries import queries, services
from sen.systems.registries.choices import Registry

TITLES = {
    Registry.POPULATION: ("CSDL quốc gia về dân cư", "the national population database"),
    Registry.CIVIL_STATUS: ("CSDL hộ tịch điện tử", "the civil status database"),
    Registry.BIRTH_NOTES: ("giấy chứng sinh điện tử", "the electronic birth note"),
    Registry.ENTERPRISES: ("CSDL đăng ký doanh nghiệp", "the enterprise register"),
    Registry.LAND: ("CSDL quốc gia về đất đai", "the land database"),
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
    personal_data=(
        LedgerLine(
            code="registries.lookup",
            people=_("Người khai hồ sơ"),
            data=_("Lượt tra cứu: cơ sở dữ liệu nào, cho hồ sơ nào, kết quả ra sao, lúc nào"),
            purpose=_("Chứng minh mỗi lượt tra cứu có mục đích; không lưu nội dung trả về"),
            ground=_("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"),
        ),
    ),
)
