"""The closed lists of papers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What may stand in one place of a paper."""

    TEXT = "text", _("Chữ")
    INTEGER = "integer", _("Số nguyên")
    DATE = "date", _("Ngày")
    MOMENT = "moment", _("Thời điểm")
    YES_NO = "yes_no", _("Có hoặc không")
    ROWS = "rows", _("Bảng")
