"""Enumerations of access; the stored codes never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """In which units a grant holds, seen from the unit of its position."""

    OWN = "own", _("Đơn vị của vị trí")
    BELOW = "below", _("Đơn vị của vị trí và các đơn vị trực thuộc")
    LIST = "list", _("Các đơn vị được chọn")
