"""Names of the rights that the verbs of access ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MANAGE_ROLES = "access.role.manage"
MANAGE_GRANTS = "access.grant.manage"

TITLES = {
    MANAGE_ROLES: _("Quản lý vai trò"),
    MANAGE_GRANTS: _("Phân quyền cho vị trí việc làm"),
}
"""Every right of this package with what people read."""
