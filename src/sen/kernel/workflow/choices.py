"""What a flow's standing is, and which tasks a list shows."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FlowStatus(TextChoices):
    """The standing of a published flow.

    APPROVED: an approved electronic process ("quy trình điện tử đã phê duyệt"), its decision named
    in the document. SAMPLE: written after the law, no decision behind it yet.
    """

    APPROVED = "approved", _("Đã phê duyệt")
    SAMPLE = "sample", _("Quy trình mẫu")


class TaskState(TextChoices):
    """Which open tasks a list shows.

    ALL: everything that waits for the actor: given to nobody yet, or to the actor. LATE, SOON,
    PAUSED: those of ALL that are past their date, due within a working day, or standing still.
    MINE: given to the actor. TEAM: given to somebody else in the actor's units.
    """

    ALL = "all", _("Tất cả")
    LATE = "late", _("Trễ hạn")
    SOON = "soon", _("Sắp đến hạn")
    MINE = "mine", _("Giao cho tôi")
    PAUSED = "paused", _("Tạm dừng")
    TEAM = "team", _("Giao cho người khác")
