"""What can be chosen on the board: a period, what the map shows and how."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Term(models.TextChoices):
    """The days over which receiving and settling is counted, up to today."""

    MONTH = "month", _("Tháng này")
    LAST_MONTH = "last_month", _("Tháng trước")
    QUARTER = "quarter", _("Quý này")
    YEAR = "year", _("Từ đầu năm")
    TWELVE_MONTHS = "twelve_months", _("12 tháng")


class Measure(models.TextChoices):
    """By what the map is coloured."""

    LATE = "late", _("Đang trễ hạn")
    ON_TIME = "on_time", _("Tỷ lệ đúng hạn")


class Drawing(models.TextChoices):
    """How the map is drawn."""

    TILES = "tiles", _("Ô đều")
    SHAPES = "shapes", _("Ranh giới")
