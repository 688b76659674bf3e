"""Names of the rights that the verbs of signing ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

USE_SEAL = "signing.seal.use"
MANAGE_CERTIFICATES = "signing.certificate.manage"

TITLES = {
    USE_SEAL: _("Ký số của cơ quan (đóng dấu) lên văn bản đã ký"),
    MANAGE_CERTIFICATES: _("Quản lý chứng thư số"),
}
"""Every right of this package with what people read."""
