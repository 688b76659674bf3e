"""The right of the registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

SEARCH = Permission("registries.lookup.search", _("Tra cứu các lượt tra cứu dữ liệu"))
