"""By which ways messages go, and where a delivery stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Medium(TextChoices):
    """A way out of Sen; the in-app message is not one, it is always there."""

    EMAIL = "email", _("Thư điện tử")
    SMS = "sms", _("Tin nhắn SMS")


class DeliveryState(TextChoices):
    """Where a delivery stands. SKIPPED: the person has no address of that kind."""

    WAITING = "waiting", _("Đang chờ gửi")
    SENT = "sent", _("Đã gửi")
    SKIPPED = "skipped", _("Không có địa chỉ")
    FAILED = "failed", _("Gửi không được")
