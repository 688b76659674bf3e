"""What tests of several agencies share: a dossier at the counter, the land registration office."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.services import deciding, duties, processing, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.procedures import filing_at_the_counter

OFFICE = "H41.9.35.1"
SHEET, NOTICE = "15/PCTT", "LTB2640101-TK0001/TB-CT"


def land_cast(province: SimpleNamespace) -> SimpleNamespace:
    """The cast of the demo with the officials of the land registration office."""
    names = ("giamdoc", "truongphong", "chuyenvien", "vanthu")
    office = {f"land_{name}": f.official(f"{name}.datdai") for name in names}
    found = organisations.unit(OFFICE, f.ON).id
    return SimpleNamespace(**{**vars(province), **office, "land_office": found})


def filed(
    cast: SimpleNamespace, folder: str, code: str, *, at: dt.datetime = f.MORNING, **changes: Any
) -> Dossier:
    """A dossier of any procedure of the seed, filed at the counter of Trường Vinh."""
    case = Case.objects.select_related("version__procedure").get(
        version__procedure__code=code, position=0
    )
    told = filing_at_the_counter(cast, folder, case)
    told = replace(
        told,
        competent_unit=catalogue.competent_unit(cast.centre, f.ON, case),
        **changes,
    )
    return submission.submit_dossier(actor=cast.motcua, filing=told, at=at)


def land_received(cast: SimpleNamespace) -> Dossier:
    made = filed(cast, "land_change", "1.013831")
    return reception.receive_dossier(actor=cast.motcua, order=f.order(made), at=f.later(10))


def land_assigned(cast: SimpleNamespace) -> Dossier:
    made = land_received(cast)
    return processing.assign_dossier(
        actor=cast.land_truongphong,
        order=f.order(made),
        to=cast.land_chuyenvien.account,
        at=f.later(20),
    )


def at(day: int, hour: int = 9, month: int = 11) -> dt.datetime:
    """A moment of the year of the tests."""
    return dt.datetime(2026, month, day, hour, tzinfo=f.MORNING.tzinfo)


def duty_sent(cast: SimpleNamespace, when: dt.datetime) -> Dossier:
    made = land_assigned(cast)
    return duties.send_duty(actor=cast.land_chuyenvien, order=f.order(made), sheet=SHEET, at=when)


def duty_stated(cast: SimpleNamespace, dossier: Dossier, when: dt.datetime) -> Dossier:
    return duties.record_duty(
        actor=cast.land_chuyenvien,
        order=f.order(dossier),
        notice=NOTICE,
        noticed_on=when.date(),
        amount_vnd=12_500_000,
        at=when,
    )


def duty_confirmed(cast: SimpleNamespace, dossier: Dossier, when: dt.datetime) -> Dossier:
    return duties.confirm_duty(
        actor=cast.land_chuyenvien,
        order=f.order(dossier),
        evidence="Giấy nộp tiền 0000123",
        paid_on=when.date(),
        at=when,
    )


def land_decided(cast: SimpleNamespace, dossier: Dossier) -> None:
    """Registered, checked, signed and issued by the land registration office."""
    processing.propose_result(
        actor=cast.land_chuyenvien, order=f.order(dossier), proposal=Proposal(), at=at(1, month=12)
    )
    processing.check_proposal(
        actor=cast.land_truongphong, order=f.order(dossier), is_agreed=True, at=at(2, month=12)
    )
    deciding.sign_result(actor=cast.land_giamdoc, order=f.order(dossier), at=at(3, month=12))
    deciding.issue_result(actor=cast.land_vanthu, order=f.order(dossier), at=at(3, 10, month=12))
    f.settle()


def stages(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Each stage: its key, the day that holds now, where it is."""
    return [
        (
            one.key,
            f"{one.expected_at.astimezone(f.MORNING.tzinfo):%d/%m}" if one.expected_at else "",
            "done" if one.ended_at else "running" if one.started_at else "todo",
        )
        for one in dossier.stages.order_by("position")
    ]
