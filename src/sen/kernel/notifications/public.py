"""The door of the notifications."""

from __future__ import annotations

from sen.kernel.notifications.choices import DeliveryState, Medium
from sen.kernel.notifications.data import Message, Page, Recipient, Template
from sen.kernel.notifications.models import Delivery
from sen.kernel.notifications.permissions import REPLAY
from sen.kernel.notifications.queries import (
    UNREAD_CAP,
    count_failed,
    deliveries,
    failed_deliveries,
    inbox,
    preferences,
    unread,
)
from sen.kernel.notifications.registry import register_templates, templates
from sen.kernel.notifications.services.reading import mark_read, set_preference
from sen.kernel.notifications.services.sending import replay
from sen.kernel.notifications.services.telling import notify

__all__ = [
    "REPLAY", "UNREAD_CAP", "Delivery", "DeliveryState", "Medium", "Message", "Page", "Recipient",
    "Template", "count_failed", "deliveries", "failed_deliveries", "inbox", "mark_read", "notify",
    "preferences",
    "register_templates", "replay", "set_preference", "templates", "unread",
]  # fmt: skip
