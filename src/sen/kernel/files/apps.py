"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Files: taken in, checked, kept, handed out to whoever may."""

    name = "sen.kernel.files"
    label = "files"
    verbose_name = _("Tệp")

    def ready(self) -> None:
        """Register what holds of files."""
        from sen.kernel.database import public as database
        from sen.kernel.files.services.keeping import count_free, purge, without_bytes
        from sen.kernel.keeping import public as keeping

        keeping.register_rules(
            keeping.Retention(
                kind="files.free",
                title=_("Tệp không thuộc hồ sơ nào"),
                days=1,
                counted_from=_("lúc gửi lên hoặc gỡ khỏi hồ sơ; xóa mỗi giờ"),
                source=keeping.PRESET,
                count=lambda at: count_free(at=at),
                erase=lambda at: purge(at=at),
            )
        )
        database.register_invariants(
            database.Invariant(
                code="files.bytes_are_there",
                says=_("Tệp đã nhận xong có đủ byte trong kho (nội dung: ./sen files verify)"),
                find=without_bytes,
            )
        )
