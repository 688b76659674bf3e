"""Dossiers at each point of their life, made by the verbs; actors and answers of the demo."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection
from PIL import Image

from sen.base import clock
from sen.base.actor import COMMAND, Actor, Channel, Strength
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.identity.tests.factories import AccountFactory
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.public_services.data import Filing, PaperInput, SupplementItem
from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue, people
from sen.systems.public_services.services import deciding, delivery, processing, reception
from sen.systems.public_services.services.dossiers import KIND, Ordered
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.services.processing import Proposal

MORNING = dt.datetime(2026, 11, 20, 9, 0, tzinfo=clock.ZONE)
"""A working Friday before 15:00."""
ON = MORNING.date()
PROCEDURE, CASE = "1.001193", "thong_thuong"
FATHER, MOTHER = "040093000101", "040195000102"
PEOPLE = ("motcua", "chanhvanphong", "hotich", "chutich", "phochutich", "vanthu")


def later(minutes: float) -> dt.datetime:
    return MORNING + dt.timedelta(minutes=minutes)


def official(username: str) -> Actor:
    account = identity.account_named(username)
    assert account is not None
    held = identity.employments(account.id, ON)
    return identity.actor_for(
        account.id,
        position_id=held[0].position_id,
        channel=Channel.WEB,
        strength=Strength.MULTI_FACTOR,
    )


def citizen(number: str = FATHER, strength: Strength = Strength.LEVEL_2) -> Actor:
    person = identity.find_person(number)
    assert person is not None
    return Actor(account=person.id, person=person.id, strength=strength)


def province() -> SimpleNamespace:
    """The cast: citizens, the officials of Trường Vinh by user name, those of Đại Đồng as `far_…`."""
    near = {name: official(f"{name}.truongvinh") for name in PEOPLE}
    father = citizen()
    AccountFactory(id=father.account, person_id=father.person)
    far = {f"far_{name}": official(f"{name}.daidong") for name in PEOPLE if name != "phochutich"}
    return SimpleNamespace(
        **near,
        **far,
        father=father,
        mother=citizen(MOTHER),
        stranger=citizen(_stranger()),
        centre=organisations.unit("H41.9.11.1", ON).id,
        ward=organisations.unit("H41.9.11", ON).id,
        far_centre=organisations.unit("H41.9.12.1", ON).id,
    )


def _stranger() -> str:
    number = "040090000777"
    identity.ensure_person(COMMAND, national_number=number, full_name="Người Xa Lạ", at=MORNING)
    return number


PLACE = {"line": "Số 1, đường Thử Nghiệm", "code": "16690"}


def answers(**changes: Any) -> dict[str, Any]:
    """A plain case: born in a hospital, parents married."""
    return {
        "requester_full_name": "Nguyễn Văn Thử",
        "requester_number": FATHER,
        "requester_relation": "father",
        "requester_phone": "0912345678",
        "requester_residence": PLACE,
        "child_birth_date": "2026-11-01",
        "birth_place_kind": "facility",
        "birth_facility_name": "Bệnh viện Sản Nhi Giả Định",
        "birth_facility_area": "16690",
        "child_full_name": "Nguyễn An Thử",
        "child_sex": "male",
        "child_ethnicity": "kinh",
        "child_nationality": "Việt Nam",
        "child_home_town": "16690",
        "mother_full_name": "Trần Thị Mẫu",
        "mother_birth_date": "1995-03-08",
        "mother_number": MOTHER,
        "mother_ethnicity": "kinh",
        "mother_nationality": "Việt Nam",
        "mother_residence": PLACE,
        "parents_married": True,
        "marriage_certificate_number": "12/2024",
        "father_full_name": "Nguyễn Văn Thử",
        "father_birth_date": "1993-02-14",
        "father_number": FATHER,
        "father_ethnicity": "kinh",
        "father_nationality": "Việt Nam",
        "father_residence": PLACE,
        "extract_copies": 2,
        "result_delivery": "electronic",
        "truth_declared": True,
        **changes,
    }


_PICTURE: list[bytes] = []


def picture() -> bytes:
    """A small picture of a paper."""
    if not _PICTURE:
        target = io.BytesIO()
        Image.effect_noise((60, 80), 40).convert("RGB").save(target, "JPEG")
        _PICTURE.append(target.getvalue())
    return _PICTURE[0]


def file(actor: Actor, name: str = "giay-chung-sinh.jpg") -> UUID:
    return files.take(actor, name, picture()).id


def the_case() -> Case:
    """The case of birth registration that the tests file, with its procedure."""
    return Case.objects.select_related("version__procedure").get(
        code=CASE, version__procedure__code=PROCEDURE, version__number=1
    )


def a_filing(actor: Actor, **changes: Any) -> Filing:
    """What somebody files; `answers`, `papers` and the rest can be said."""
    centre = changes.pop("receiving_unit", None) or organisations.unit("H41.9.11.1", ON).id
    said = changes.pop("answers", None) or answers()
    papers: Sequence[PaperInput] | None = changes.pop("papers", None)
    if papers is None:
        papers = [PaperInput(code="giay_chung_sinh", files=(file(actor),))]
    case = catalogue.current_case(PROCEDURE, CASE, on=ON)
    made = Filing(
        procedure=PROCEDURE,
        case=CASE,
        form_version=1,
        answers=said,
        parties=people.parties(actor, case, said),
        papers=papers,
        receiving_unit=centre,
        competent_unit=catalogue.competent_unit(centre, ON),
        channel="public_services.counter" if actor.is_official else "public_services.portal",
    )
    return replace(made, **changes)


def submitted(cast: SimpleNamespace, actor: Actor | None = None, **changes: Any) -> Dossier:
    who = actor or cast.father
    return submission.submit_dossier(actor=who, filing=a_filing(who, **changes), at=MORNING)


def order(dossier: Dossier) -> Ordered:
    """The dossier as somebody sees it who looks now."""
    fresh = Dossier.objects.get(id=dossier.id)
    return Ordered(code=fresh.code, version=fresh.version)


def received(cast: SimpleNamespace, **changes: Any) -> Dossier:
    made = submitted(cast, **changes)
    return reception.receive_dossier(actor=cast.motcua, order=order(made), at=later(10))


def assigned(cast: SimpleNamespace, **changes: Any) -> Dossier:
    made = received(cast, **changes)
    return processing.assign_dossier(
        actor=cast.chanhvanphong, order=order(made), to=cast.hotich.account, at=later(20)
    )


ITEM = SupplementItem(
    kind="paper", code="giay_chung_sinh", what="Chụp lại rõ hơn", reason="Ảnh bị mờ"
)


def ask(cast: SimpleNamespace, dossier: Dossier, *, minutes: float = 30) -> Dossier:
    """Ask for a supplement, whoever it is that asks at this stage."""
    fresh = Dossier.objects.get(id=dossier.id)
    actor = cast.motcua if fresh.state == "submitted" else cast.hotich
    return processing.request_supplement(
        actor=actor, order=order(fresh), items=[ITEM], at=later(minutes)
    )


def proposed(cast: SimpleNamespace, *, refuse: bool = False, **changes: Any) -> Dossier:
    made = assigned(cast, **changes)
    return propose(cast, made, refuse=refuse)


def propose(
    cast: SimpleNamespace,
    dossier: Dossier,
    *,
    refuse: bool = False,
    findings: Mapping[str, Any] | None = None,
) -> Dossier:
    proposal = Proposal(findings=findings)
    if refuse:
        proposal = Proposal(
            kind="refusal", reason="Trẻ đã được đăng ký", ground="Luật Hộ tịch, Điều 12"
        )
    return processing.propose_result(
        actor=cast.hotich, order=order(dossier), proposal=proposal, at=later(40)
    )


def check(cast: SimpleNamespace, dossier: Dossier) -> Dossier:
    return processing.check_proposal(
        actor=cast.chanhvanphong, order=order(dossier), is_agreed=True, at=later(50)
    )


def checked(cast: SimpleNamespace, **changes: Any) -> Dossier:
    return check(cast, proposed(cast, **changes))


@contextmanager
def key_elsewhere(holder: UUID) -> Iterator[None]:
    """The holder's key is on no machine of ours as long as this lasts: signatures are asked for."""
    certificates = signing.Certificate.objects.filter(holder=holder)
    key = certificates.values_list("key", flat=True).get()
    certificates.update(key="")
    yield
    certificates.update(key=key)


def signing_ordered(cast: SimpleNamespace, **changes: Any) -> Dossier:
    """The leader's signature is asked for, of a key elsewhere; `settle` brings it."""
    made = checked(cast, **changes)
    with key_elsewhere(cast.chutich.person):
        return deciding.sign_result(actor=cast.chutich, order=order(made), at=later(60))


def sealing_ordered(cast: SimpleNamespace, **changes: Any) -> Dossier:
    """The same of the organisation's seal."""
    made = signed(cast, **changes)
    with key_elsewhere(cast.ward):
        return deciding.issue_result(actor=cast.vanthu, order=order(made), at=later(70))


def signed(cast: SimpleNamespace, **changes: Any) -> Dossier:
    made = checked(cast, **changes)
    deciding.sign_result(actor=cast.chutich, order=order(made), at=later(60))
    settle()
    return fresh(made)


def issued(cast: SimpleNamespace, **changes: Any) -> Dossier:
    made = signed(cast, **changes)
    deciding.issue_result(actor=cast.vanthu, order=order(made), at=later(70))
    settle()
    return fresh(made)


def handed_over(cast: SimpleNamespace, **changes: Any) -> Dossier:
    made = issued(cast, **changes)
    return delivery.take_result(actor=cast.father, order=order(made), at=later(80))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("case__version__procedure").get(id=dossier.id)


def settle() -> None:
    """Do what a worker does after the commit: sign what waits, deliver, until all is quiet."""
    while True:
        waiting = list(
            signing.SignatureRequest.objects.filter(state="pending").values_list("id", flat=True)
        )
        for request in waiting:
            signing.fulfil(request, at=later(65))
        if not events.run_all() and not waiting:
            return


def told(dossier: Dossier) -> list[str]:
    """The names of the events published about a dossier, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM events_event WHERE record = %s ORDER BY id", [dossier.id])
        return [name for (name,) in cursor.fetchall()]


def trail(dossier: Dossier) -> list[str]:
    """The acts in the dossier's audit trail, oldest first."""
    lines = audit.trail(audit.Subject(kind=KIND, id=dossier.id, code=dossier.code))
    return [line.action for line in reversed(lines)]
