"""Names of the rights that the verbs of the search ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MANAGE = "search.wording.manage"

TITLES = {MANAGE: _("Quản lý từ ngữ tìm kiếm")}
"""Every right of this package with what people read."""
