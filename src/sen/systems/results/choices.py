"""The codes that a kept result's columns hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResultState(models.TextChoices):
    """Whether a result still stands."""

    VALID = "valid", _("Còn hiệu lực")
    REVOKED = "revoked", _("Đã thu hồi")


class Verdict(models.TextChoices):
    """What a verification says; never "authentic" when anything is unsure."""

    AUTHENTIC = "authentic", _("Đúng là văn bản do cơ quan nhà nước cấp")
    REVOKED = "revoked", _("Văn bản đã bị thu hồi")
    ALTERED = "altered", _("Văn bản đã bị sửa đổi hoặc chữ ký không hợp lệ")
    UNKNOWN = "unknown", _("Chưa đủ căn cứ để kết luận")
