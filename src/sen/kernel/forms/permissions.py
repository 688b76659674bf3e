"""Names of the rights that the verbs of forms ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PUBLISH = "forms.form.publish"

TITLES = {PUBLISH: _("Ban hành biểu mẫu điện tử")}
"""Every right of this package with what people read."""
