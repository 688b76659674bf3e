"""Enumerations of identity; the stored codes never change."""

from __future__ import annotations

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """Whose account it is; one person may have one of the first and one of the second kind."""

    CITIZEN = "citizen", _("Công dân")
    OFFICIAL = "official", _("Cán bộ")
    SERVICE = "service", _("Hệ thống kết nối")


class Sex(models.TextChoices):
    """Sex as it stands in the population database."""

    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")


class RepresentationKind(models.TextChoices):
    """By what right one person acts for another or for an enterprise."""

    PARENT = "parent", _("Cha, mẹ")
    GUARDIAN = "guardian", _("Người giám hộ")
    AUTHORISED = "authorised", _("Người được ủy quyền")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Người đại diện theo pháp luật")


class KinshipKind(models.TextChoices):
    """What the relative is to the person."""

    SPOUSE = "spouse", _("Vợ, chồng")
    PARENT = "parent", _("Cha, mẹ")
    CHILD = "child", _("Con")
    SIBLING = "sibling", _("Anh, chị, em ruột")


class FactorChange(enum.StrEnum):
    """What happened to the second factors of an account."""

    APP_REPLACED = "app_replaced"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCESS_RESET = "access_reset"
