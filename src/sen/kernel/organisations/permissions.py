"""Names of the rights that the verbs of organisations ask for; `access` registers them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MANAGE_UNITS = "organisations.unit.manage"
MERGE_UNITS = "organisations.unit.merge"
MANAGE_POSITIONS = "organisations.position.manage"
MANAGE_AREAS = "organisations.area.manage"

TITLES = {
    MANAGE_UNITS: _("Quản lý đơn vị"),
    MERGE_UNITS: _("Sáp nhập đơn vị"),
    MANAGE_POSITIONS: _("Quản lý vị trí việc làm"),
    MANAGE_AREAS: _("Quản lý danh mục đơn vị hành chính"),
}
"""Every right of this package with what people read."""
