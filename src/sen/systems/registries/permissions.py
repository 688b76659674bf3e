"""The rights of the registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import Permission

FOR_ANOTHER = Permission(
    "registries.lookup.for_another", _("Tra cứu dữ liệu về người được giúp lập hồ sơ tại quầy")
)
SEARCH = Permission("registries.lookup.search", _("Tra cứu các lượt tra cứu dữ liệu"))
