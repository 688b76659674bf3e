"""Enumerations of files; the stored codes never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far a file has come; one that fails its checks leaves nothing behind."""

    RECEIVING = "receiving", _("Đang tải lên")
    FINISHED = "finished", _("Đã nhận")
