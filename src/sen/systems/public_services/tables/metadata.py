"""What search engines read of public pages: titles, summaries, services in schema.org's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.data import Guide
from sen.systems.public_services.models import Procedure
from sen.systems.public_services.tables.records import text
from sen.web.metadata import Metadata, public_address


def _province() -> dict[str, str]:
    name = organisations.province_name(clock.day(clock.now()), get_language() or "vi")
    return {"@type": "AdministrativeArea", "name": name}


def of_home() -> Metadata:
    """Return the metadata of the portal's first page."""
    return of_page(
        f"{_('Dịch vụ công')} · {_province()['name']}",
        _("Nộp hồ sơ từ điện thoại, theo dõi từng bước, nhận kết quả có chữ ký số."),
        "/",
    )


def of_page(title: str, description: str, path: str) -> Metadata:
    """Return the metadata of a page that is about nothing but itself."""
    return Metadata(title=title, description=description, path=path)


def of_guide(guide: Guide) -> Metadata:
    """Return the metadata of a guide."""
    path = reverse("public_services:life-event", args=[guide.slug])
    return Metadata(title=text(guide.title), description=text(guide.summary), path=path)


def of_procedure(
    procedure: Procedure,
    *,
    told: Mapping[str, Any],
    is_online: bool = False,
    prices: Sequence[Mapping[str, Any]] = (),
) -> Metadata:
    """Return the metadata of a procedure as a `GovernmentService`.

    told: its national record. is_online: whether it is filed on this portal. prices: each with
    "name" and "price" in đồng; a charge that is not known is left out.
    """
    path = reverse("public_services:procedure", args=[procedure.code])
    title = text(procedure.name)
    summary = text(procedure.summary) if procedure.summary.get("vi") else ""
    description = summary or _(
        "%(name)s: cần giấy tờ gì, mất bao lâu, tốn bao nhiêu, nộp ở đâu."
    ) % {"name": title}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": title,
        "identifier": procedure.code,
        "serviceType": text(procedure.field_name),
        "description": description,
        "url": public_address(path),
        "inLanguage": get_language() or "vi",
        "areaServed": _province(),
        "jurisdiction": _province(),
    }
    if told.get("agency"):
        data["provider"] = {"@type": "GovernmentOrganization", "name": told["agency"]}
    if is_online:
        start = public_address(reverse("public_services:start", args=[procedure.code]))
        data["availableChannel"] = {"@type": "ServiceChannel", "serviceUrl": start}
    if told.get("result"):
        data["serviceOutput"] = {"@type": "Thing", "name": told["result"]["vi"]}
    if prices:
        data["offers"] = [
            {"@type": "Offer", "priceCurrency": "VND", "price": one["price"], "name": one["name"]}
            for one in prices
        ]
    return Metadata(title=title, description=description, path=path, data=data)
