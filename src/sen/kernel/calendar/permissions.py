"""Names of the rights that the verbs of the calendar ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MANAGE = "calendar.manage"

TITLES = {MANAGE: _("Quản lý lịch làm việc")}
"""Every right of this package with what people read."""
