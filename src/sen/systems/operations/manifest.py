"""What this system contributes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.access.public import RoleTemplate
from sen.kernel.manifest.public import Audience, Manifest, MenuItem
from sen.systems.operations import permissions

MANIFEST = Manifest(
    code="operations",
    title=_("Điều hành"),
    urls="sen.systems.operations.urls",
    menu=(
        MenuItem(
            title=_("Điều hành"),
            url_name="operations:home",
            permission=permissions.READ.name,
            audience=Audience.OFFICIAL,
            icon="folder",
        ),
    ),
    permissions=permissions.ALL,
    roles=(
        RoleTemplate(
            code="operations.reader",
            title={"vi": "Điều hành: người xem", "en": "Operations: reader"},
            permissions=(permissions.READ.name,),
        ),
    ),
)
