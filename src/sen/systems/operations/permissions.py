"""The rights of this system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

READ = Permission("operations.home.read", _("Điều hành: xem"))

ALL = (READ,)
