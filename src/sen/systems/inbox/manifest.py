"""What the inbox contributes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.manifest.public import Audience, Manifest, MenuItem

MANIFEST = Manifest(
    code="inbox",
    title=_("Việc của tôi"),
    menu=(
        MenuItem(
            title=_("Việc của tôi"),
            url_name="inbox:tasks",
            audience=Audience.OFFICIAL,
            icon="list-check",
            order=10,
        ),
    ),
    urls="sen.systems.inbox.urls",
    api="sen.systems.inbox.api.router",
)
