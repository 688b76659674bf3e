"""The rights of this system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

READ = Permission("results.result.read", _("Xem kho kết quả của đơn vị"))
REVOKE = Permission("results.result.revoke", _("Thu hồi kết quả"))

ALL = (READ, REVOKE)
