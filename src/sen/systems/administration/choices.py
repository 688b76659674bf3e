"""Enumerations of the administration."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepState(models.TextChoices):
    """Where a step of the first run stands."""

    DONE = "done", _("Đã xong")
    PUT_OFF = "put_off", _("Để sau")
    OPEN = "open", _("Chưa làm")
