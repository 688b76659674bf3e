"""A council at each point of its work: convened, heard, concluded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pypdfium2

from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services import council, minutes
from sen.systems.public_services.services.council import Convening
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures

POSTS = {
    "seat_social": "xahoi", "seat_health": "tramyte", "seat_front": "mattran",
    "seat_women": "phunu", "seat_youth": "doanthanhnien", "seat_veterans": "cuuchienbinh",
}  # fmt: skip
SEVERE = {"degree": "severe", "kinds": ["movement"], "signs": "Đi lại cần người giúp"}
LIGHT = {"degree": "light", "kinds": ["movement"]}
NONE = {"degree": "none"}


def ready(cast: SimpleNamespace) -> Dossier:
    """Assigned; the council is to be convened."""
    return procedures.assigned(cast, "disability")


def convene(cast: SimpleNamespace, dossier: Dossier, actor=None, **seats: UUID | None) -> Dossier:
    return council.convene_council(
        actor=actor or cast.chutich,
        order=f.order(dossier),
        convening=Convening(meets_at=f.later(600), place="Trụ sở phường", seats=seats),
        at=f.later(30),
    )


def convened(cast: SimpleNamespace) -> Dossier:
    return convene(cast, ready(cast))


def opine(cast: SimpleNamespace, dossier: Dossier, name: str, said: dict[str, Any]) -> Dossier:
    return council.give_opinion(
        actor=getattr(cast, name), order=f.order(dossier), findings=said, at=f.later(610)
    )


def heard(cast: SimpleNamespace, *said: dict[str, Any], dossier: Dossier | None = None) -> Dossier:
    """Six opinions, the last one repeated for whoever is left."""
    made = dossier or convened(cast)
    for place, name in enumerate(POSTS.values()):
        opine(cast, made, name, said[min(place, len(said) - 1)])
    return made


def conclude(cast: SimpleNamespace, dossier: Dossier, own: dict[str, Any], actor=None) -> Dossier:
    return minutes.conclude_council(
        actor=actor or cast.chutich, order=f.order(dossier), findings=own, at=f.later(640)
    )


def excuse(cast: SimpleNamespace, dossier: Dossier, seat: str, reason: str = "Đi công tác"):
    return council.excuse_member(
        actor=cast.chutich, order=f.order(dossier), seat=seat, reason=reason, at=f.later(605)
    )


def kin(person: UUID, of: UUID) -> None:
    """Make one person the child of another."""
    identity.Kinship.objects.create(person_id=person, relative_id=of, kind="parent")


def said(file: files.File) -> str:
    document = pypdfium2.PdfDocument(files.read(file))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def members_of(province: SimpleNamespace) -> SimpleNamespace:
    """The cast with the council's members by their user names."""
    for name in POSTS.values():
        setattr(province, name, f.official(f"{name}.truongvinh"))
    return province
