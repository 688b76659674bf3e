"""What the results store contributes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access import public as access
from sen.kernel.access.public import RoleTemplate
from sen.kernel.database.public import Invariant
from sen.kernel.forms.public import PrefillSource
from sen.kernel.manifest.public import Audience, LedgerLine, Manifest, MenuItem, Name
from sen.kernel.search.public import SearchSource
from sen.systems.results import permissions, queries

INVARIANTS = (
    Invariant(
        code="results.paper",
        says=_("Kết quả được giữ với đúng tệp đã ban hành"),
        find=queries.without_its_paper,
    ),
    access.closed_tables("results.row_security", "results_result"),
)

MANIFEST = Manifest(
    code="results",
    title=_("Kho kết quả"),
    urls="sen.systems.results.urls",
    api="sen.systems.results.api.router",
    menu=(
        MenuItem(
            title=_("Giấy tờ của tôi"),
            url_name="results:mine",
            audience=Audience.CITIZEN,
            icon="file-certificate",
            order=25,
        ),
        MenuItem(
            title=_("Xác minh văn bản"),
            url_name="results:verify",
            icon="shield-check",
            order=40,
        ),
    ),
    permissions=permissions.ALL,
    roles=(
        RoleTemplate(
            code="results.keeper",
            title={"vi": "Quản lý kho kết quả", "en": "Keeper of results"},
            permissions=(permissions.READ.name, permissions.REVOKE.name),
            positions=("chair",),
        ),
    ),
    search=(
        SearchSource(
            kind="results.result",
            title=_("Kết quả"),
            url_name="results:result",
            permission=permissions.READ.name,
        ),
    ),
    prefill=(
        PrefillSource(
            key="results",
            title={"vi": "Kho kết quả của bạn", "en": "Your kept results"},
            fetch=queries.prefill,
        ),
    ),
    personal_data=(
        LedgerLine(
            code="results.result",
            people=_("Người được cấp kết quả"),
            data=_("Loại giấy, số, ngày cấp, nội dung dùng lại cho lần khai sau"),
            purpose=_("Dùng lại kết quả, không hỏi lại giấy tờ đã cấp"),
            ground=_("Nghị định 118/2025/NĐ-CP; Luật Giao dịch điện tử 20/2023/QH15"),
        ),
    ),
    invariants=INVARIANTS,
    names=(
        Name(code="results.result", title=_("Kết quả")),
        Name(code="results.result.keep", title=_("lưu kết quả vào kho")),
        Name(code="results.result.kept", title=_("Kết quả đã lưu vào kho")),
        Name(code="results.result.revoke", title=_("thu hồi kết quả")),
        Name(code="results.result.revoked", title=_("Kết quả đã bị thu hồi")),
        Name(code="results.result.verify", title=_("kiểm tra kết quả")),
        Name(code="field.revoked_reason", title=_("lý do thu hồi")),
        Name(code="results.kinds", title=_("Mã loại kết quả dùng để điền sẵn")),
        Name(code="results.kinds.birth_certificate", title=_("Giấy khai sinh")),
    ),
)
