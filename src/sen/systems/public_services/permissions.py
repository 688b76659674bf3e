"""The rights of this system; each hangs on a position in a unit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

FILE_AT_COUNTER = Permission("public_services.dossier.file_at_counter", _("Nộp hồ sơ hộ tại quầy"))
RECEIVE = Permission("public_services.dossier.receive", _("Tiếp nhận hồ sơ"))
ASSIGN = Permission("public_services.dossier.assign", _("Phân công giải quyết"))
PROCESS = Permission("public_services.dossier.process", _("Thụ lý hồ sơ"))
CHECK = Permission("public_services.dossier.check", _("Thẩm tra dự thảo kết quả"))
SIGN = Permission("public_services.dossier.sign", _("Ký kết quả"))
ISSUE = Permission("public_services.dossier.issue", _("Cấp số, đóng dấu, phát hành"))
HAND_OVER = Permission("public_services.dossier.hand_over", _("Trả kết quả"))
READ = Permission("public_services.dossier.read", _("Xem hồ sơ của đơn vị"))

ALL = (FILE_AT_COUNTER, RECEIVE, ASSIGN, PROCESS, CHECK, SIGN, ISSUE, HAND_OVER, READ)
