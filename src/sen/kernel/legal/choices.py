"""How sure a legal value is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """What a value rests on."""

    CONFIRMED = "confirmed", _("Đã đối chiếu bản gốc")
    PUBLISHED = "published", _("Theo văn bản công bố")
    UNKNOWN = "unknown", _("Chưa xác minh")
