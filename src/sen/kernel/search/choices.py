"""What a line of the dictionary says of its phrase."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WordingKind(models.TextChoices):
    """What a phrase is to the search."""

    MEANS = "means", _("Nghĩa là")
    SKIPPED = "skipped", _("Từ đệm, bỏ qua")
    OUTSIDE = "outside", _("Không phải việc tìm ở đây")
