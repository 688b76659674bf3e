"""The rights of this system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

BOARD = Permission("operations.board.read", _("Xem bảng điều hành"))

ALL = (BOARD,)
