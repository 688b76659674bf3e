"""The rights of the administration; each hangs on a position, as all rights do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

WATCH = Permission("administration.system.watch", _("Xem tình trạng hệ thống"))
REPLAY = Permission("administration.job.replay", _("Chạy lại việc nền không thành"))
ACCOUNTS = Permission("administration.account.manage", _("Quản lý tài khoản cán bộ"))
LEGAL = Permission("administration.legal.manage", _("Cập nhật giá trị theo văn bản pháp luật"))
TRAIL = Permission("administration.trail.read", _("Tra cứu nhật ký kiểm toán"))

ALL = (WATCH, REPLAY, ACCOUNTS, LEGAL, TRAIL)
