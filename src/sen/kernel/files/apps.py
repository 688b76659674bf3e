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
        from sen.kernel.files.services.keeping import without_bytes

        database.register_invariants(
            database.Invariant(
                code="files.bytes_are_there",
                says=_("Tệp đã nhận xong có đủ byte trong kho (nội dung: ./sen files verify)"),
                find=without_bytes,
            )
        )
