"""The rights of the workflow itself; a task's own right is its act's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ASSIGN = "workflow.task.assign"
"""Give a task of the unit to a person, or take it back from one."""

PUBLISH = "workflow.flow.publish"
"""Publish a new version of a flow."""

TITLES = {
    ASSIGN: _("Giao việc, chuyển việc cho người khác"),
    PUBLISH: _("Ban hành quy trình"),
}
"""Every right of this package with what people read."""
