"""Enumerations of the lookups."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Registry(models.TextChoices):
    """The registries that can be asked; the value begins the names that forms ask for."""

    POPULATION = "population", _("CSDL quốc gia về dân cư")
    CIVIL_STATUS = "civil_status", _("CSDL hộ tịch điện tử")
    BIRTH_NOTES = "birth_notes", _("Hệ thống giấy chứng sinh điện tử")
    ENTERPRISES = "enterprises", _("CSDL quốc gia về đăng ký doanh nghiệp")
    LAND = "land", _("CSDL quốc gia về đất đai")
    EDUCATION = "education", _("CSDL quốc gia về giáo dục và đào tạo")
    POVERTY = "poverty", _("CSDL hộ nghèo, hộ cận nghèo")
    SOCIAL_INSURANCE = "social_insurance", _("CSDL quốc gia về bảo hiểm")
    SOCIAL_SECURITY = "social_security", _("Tài khoản an sinh xã hội")


class Failure(models.TextChoices):
    """Why a lookup brought nothing, by a word that names nobody."""

    NONE = "", "–"
    TOO_SLOW = "too_slow", _("Quá thời gian chờ")
    DOWN = "down", _("Không kết nối được hoặc hệ thống báo lỗi")
    REFUSED = "refused", _("Không được phép tra cứu")
    MALFORMED = "malformed", _("Dữ liệu trả về sai cấu trúc")
