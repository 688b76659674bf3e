"""The right to look after deliveries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REPLAY = "notifications.delivery.replay"
"""See deliveries that failed, and send them again."""

TITLES = {REPLAY: _("Xem và gửi lại thông báo gửi không được")}
"""Every right of this package with what people read."""
