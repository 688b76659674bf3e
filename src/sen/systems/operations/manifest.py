"""What the board contributes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.access.public import RoleTemplate, Scope
from sen.kernel.manifest.public import Audience, FileImport, Manifest, MenuItem, Say
from sen.kernel.organisations import public as organisations
from sen.systems.operations import permissions


def import_boundaries(path: Path, _first: dt.date, is_dry: bool, say: Say) -> None:  # noqa: FBT001 - the slot's shape
    """Put the shapes of a GeoJSON file in the place of those that are there.

    Where the file does not say who drew them, its name stands for that.
    """
    unsaid = f"tệp {path.name}, không ghi ai vẽ"
    done = organisations.load_boundaries(
        COMMAND, content=path.read_bytes(), source=unsaid, at=clock.now(), is_dry=is_dry
    )
    said = "Xem thử, chưa ghi" if is_dry else "Đã nhập"
    say(f"{said}: {done.loaded} ranh giới thay cho {done.removed} đang có. Nguồn: {done.source}")


MANIFEST = Manifest(
    code="operations",
    title=_("Điều hành"),
    urls="sen.systems.operations.urls",
    api="sen.systems.operations.api.router",
    menu=(
        MenuItem(
            title=_("Điều hành"),
            url_name="operations:home",
            permission=permissions.BOARD.name,
            audience=Audience.OFFICIAL,
            icon="layout-dashboard",
            order=5,
            is_start=True,
        ),
    ),
    permissions=permissions.ALL,
    imports=(
        FileImport(
            code="boundaries",
            title=_("Ranh giới các xã, phường (GeoJSON), thay cho mọi ranh giới đang có"),
            run=import_boundaries,
        ),
    ),
    roles=(
        RoleTemplate(
            code="operations.leader",
            title={"vi": "Lãnh đạo điều hành", "en": "Leader at the board"},
            permissions=(permissions.BOARD.name,),
            positions=("chair", "vice_chair", "director"),
            scope=Scope.BELOW,
        ),
    ),
)
