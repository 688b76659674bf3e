"""Enumerations of organisations; the stored codes never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is."""

    PROVINCE = "province", _("Ủy ban nhân dân tỉnh")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    COMMUNE = "commune", _("Ủy ban nhân dân cấp xã")
    CENTRE = "centre", _("Trung tâm Phục vụ hành chính công")
    OFFICE = "office", _("Phòng, văn phòng")


class Level(models.TextChoices):
    """The tier of government; there are two since 1 July 2025."""

    PROVINCE = "province", _("Cấp tỉnh")
    COMMUNE = "commune", _("Cấp xã")


class AreaKind(models.TextChoices):
    """The tier of an administrative area ("đơn vị hành chính")."""

    PROVINCE = "province", _("Tỉnh, thành phố")
    COMMUNE = "commune", _("Xã, phường, đặc khu")
