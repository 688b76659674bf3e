"""Each act on each of the procedures that are filed here costs no more than it does today.

A life went before, so that the process knows the procedure. `test_budgets` has births, filed
online; a dossier that another system settles is answered in `tests/journeys/test_passed_on.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sen.base.actor import Actor, Channel, Strength
from sen.kernel.identity import public as identity
from sen.kernel.identity.tests.factories import AccountFactory
from sen.systems.public_services import permissions
from sen.systems.public_services.data import SupplementItem
from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.services import (
    apologies,
    council,
    deciding,
    delivery,
    duties,
    findings,
    minutes,
    passing_on,
    processing,
    reception,
)
from sen.systems.public_services.services.filing import submission, withdrawal
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import councils
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.procedures import FOLDERS, SETTLED_ELSEWHERE
from sen.systems.public_services.tests.test_budgets import counted
from sen.systems.public_services.tests.test_procedures_filed import (
    case_of,
    filing_at_the_counter,
    found,
)

pytestmark = pytest.mark.django_db

MOST = {
    "submit": 8, "receive": 6, "refuse_reception": 8, "assign": 8, "request_supplement": 7,
    "supplement": 7, "establish": 6, "propose": 10, "check": 7, "sign": 10, "return_for_rework": 7,
    "issue": 17, "hand_over": 6, "take_result": 7, "withdraw": 10, "apologise": 13,
}  # fmt: skip
"""The most statements of each act on any procedure that is no other's business than one commune's.

A paper is refused, and a dossier withdrawn, by two statements more where fees were laid down.
"""
OWN: dict[str, dict[str, int]] = {
    "disability": {
        "propose": 12, "issue": 18, "hand_over": 8, "take_result": 9,
        "convene": 19, "opine": 12, "excuse": 14, "replace": 15, "conclude": 18,
    },
    "land_change": {
        "receive": 9, "refuse_reception": 9, "assign": 10, "request_supplement": 10,
        "supplement": 11, "send_duty": 10, "record_duty": 14, "confirm_duty": 14, "propose": 12,
        "check": 10, "sign": 14, "return_for_rework": 10, "issue": 19, "hand_over": 10,
        "take_result": 10, "withdraw": 11, "apologise": 16,
    },
    "permanent_residence": {
        "receive": 9, "refuse_reception": 9, "request_supplement": 9, "supplement": 10,
        "withdraw": 11, "follow_up": 5,
    },
    "work_permit": {"submit": 11},
}  # fmt: skip
"""What acts cost where a council, stages, another system or an enterprise have a part."""
ITEM = SupplementItem(kind="other", code="", what="Bổ sung bản chụp", reason="Ảnh bị mờ")
ONLY_BY_CHANCE = {"sign_minutes"}
"""Acts after something failed; `test_council_minutes` has them."""
LATE = dt.date(2027, 5, 4)


class Life:
    """One dossier of a procedure; every act on it is counted, the dearest of its name kept."""

    def __init__(self, cast: SimpleNamespace, folder: str, case: Case) -> None:
        self.cast, self.folder, self.case = cast, folder, case
        self.spent: dict[str, int] = {}
        self.minute = 0.0
        told = (
            f.a_filing(cast.motcua)
            if folder == "birth_registration"
            else filing_at_the_counter(cast, folder, case)
        )
        seen: list[int] = []
        with counted(seen):
            self.dossier = submission.submit_dossier(actor=cast.motcua, filing=told, at=f.MORNING)
        self.spent["submit"] = seen[0]
        f.settle()

    def act(self, name: str, verb: Callable[..., Dossier], actor: Actor, **said: Any) -> None:
        """Do an act a minute later, on the dossier as it stands, and count it."""
        self.minute += 1
        order, at = f.order(self.dossier), said.pop("at", f.later(self.minute))
        seen: list[int] = []
        with counted(seen):
            verb(actor=actor, order=order, at=at, **said)
        self.spent[name] = max(self.spent.get(name, 0), seen[0])
        f.settle()

    @property
    def party(self) -> Actor:
        """Whoever it is about, signed in."""
        person = self.dossier.party_persons[0]
        citizens = identity.Account.objects.filter(kind=identity.AccountKind.CITIZEN)
        account = citizens.filter(person=person).first() or AccountFactory(person_id=person)
        return Actor(
            account=account.id, person=person, channel=Channel.WEB, strength=Strength.LEVEL_2
        )

    def supplemented(self, by: Actor) -> None:
        self.act("request_supplement", processing.request_supplement, by, items=[ITEM])
        given: dict[str, Any] = {"given": [], "answer": "Đã bổ sung"}
        self.act("supplement", processing.answer_supplement, self.cast.motcua, **given)

    def assigned(self) -> None:
        cast = self.cast
        self.act("receive", reception.receive_dossier, cast.motcua)
        to = cast.hotich.account
        self.act("assign", processing.assign_dossier, cast.chanhvanphong, to=to)

    def proposed(self) -> None:
        said = processing.Proposal(findings=None if self.case.council else found(self.case))
        self.act("propose", processing.propose_result, self.cast.hotich, proposal=said)

    def checked(self, *, is_agreed: bool = True) -> None:
        said = {"is_agreed": is_agreed, "comment": "" if is_agreed else "Sửa"}
        self.act("check", processing.check_proposal, self.cast.chanhvanphong, **said)

    def sat(self) -> None:
        """The council is convened with one seat replaced, one excused, and concludes."""
        cast, chair = self.cast, self.cast.chutich
        seats = {"seat_youth": None, "seat_veterans": cast.doanthanhnien.account}
        told = council.Convening(meets_at=f.later(600), place="Trụ sở phường", seats=seats)
        self.act("convene", council.convene_council, chair, convening=told)
        to = cast.cuuchienbinh.account
        self.act("replace", council.replace_member, chair, seat="seat_veterans", to=to)
        for name in ("xahoi", "tramyte", "mattran", "phunu"):
            self.act("opine", council.give_opinion, getattr(cast, name), findings=councils.SEVERE)
        self.act("excuse", council.excuse_member, chair, seat="seat_veterans", reason="Ốm")
        self.act("conclude", minutes.conclude_council, chair, findings=councils.SEVERE)

    def taxed(self) -> None:
        """The tax office states a duty, and it is paid."""
        by, on = self.cast.hotich, f.ON
        self.act("send_duty", duties.send_duty, by, sheet=a.SHEET)
        said: dict[str, Any] = {"notice": a.NOTICE, "noticed_on": on, "amount_vnd": 12_500_000}
        self.act("record_duty", duties.record_duty, by, **said)
        self.act("confirm_duty", duties.confirm_duty, by, evidence="Giấy nộp tiền", paid_on=on)

    def examined(self) -> None:
        """What comes before a proposal, as the procedure has it."""
        if self.case.council:
            self.sat()
        elif self.case.findings_version_id is not None:
            self.act(
                "establish",
                findings.establish_findings,
                self.cast.hotich,
                findings=found(self.case),
            )
        if self.folder == "land_change":
            self.taxed()

    def issued(self) -> None:
        self.proposed()
        self.checked(is_agreed=False)
        self.proposed()
        self.checked()
        self.act("return_for_rework", deciding.return_for_rework, self.cast.chutich, comment="Sửa")
        self.proposed()
        self.checked()
        self.act("sign", deciding.sign_result, self.cast.chutich)
        self.act("issue", deciding.issue_result, self.cast.vanthu)


def whole_life(cast: SimpleNamespace, folder: str, case: Case) -> dict[str, int]:
    """File at the counter and go through every act up to the hand-over."""
    life = Life(cast, folder, case)
    life.supplemented(cast.motcua)
    if folder in SETTLED_ELSEWHERE:
        life.act("receive", reception.receive_dossier, cast.motcua)
        life.act("follow_up", passing_on.follow_up, cast.motcua)
        return life.spent
    life.assigned()
    life.examined()
    life.supplemented(cast.hotich)
    life.issued()
    said = {"method": "counter", "receiver": "Nguyễn Văn Thử", "evidence": "Căn cước đã đối chiếu"}
    life.act("hand_over", delivery.hand_over, cast.motcua, **said)
    return life.spent


def other_ends(cast: SimpleNamespace, folder: str, case: Case) -> dict[str, int]:
    """Refused at the counter; withdrawn while it is examined, promised anew before; taken."""
    refused = Life(cast, folder, case)
    said = {"reason": "Không thuộc thẩm quyền", "ground": "Nghị định 118/2025/NĐ-CP, Điều 17"}
    refused.act("refuse_reception", reception.refuse_reception, cast.motcua, **said)
    gone = Life(cast, folder, case)
    if folder in SETTLED_ELSEWHERE:
        gone.act("withdraw", withdrawal.withdraw_dossier, gone.party, reason="Không cần nữa")
        return refused.spent | gone.spent
    gone.assigned()
    due = f.fresh(gone.dossier).due_at
    if due is not None and due.date() > f.ON:
        words: dict[str, Any] = {"reason": "Chờ xác minh", "cause": "Phòng", "new_due_on": LATE}
        gone.act("apologise", apologies.apologise, cast.chanhvanphong, **words)
    gone.act("withdraw", withdrawal.withdraw_dossier, gone.party, reason="Không cần nữa")
    taken = Life(cast, folder, case)
    taken.assigned()
    if case.council:
        taken.sat()
    taken.issued()
    taken.act("take_result", delivery.take_result, taken.party)
    return refused.spent | gone.spent | {"take_result": taken.spent["take_result"]}


@pytest.fixture
def cast(province) -> SimpleNamespace:
    return councils.members_of(province)


def most(name: str, folder: str) -> int:
    own = OWN.get(folder, {})
    return own[name] if name in own else MOST[name]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_act_on_any_procedure_is_dearer_than_its_budget(folder, cast):
    case = case_of(folder)
    catalogue.current_case(case.version.procedure.code, case.code, on=f.ON)
    whole_life(cast, folder, case)
    spent = other_ends(cast, folder, case)
    again = whole_life(cast, folder, case)
    spent = {name: max(spent.get(name, 0), again.get(name, 0)) for name in {*spent, *again}}
    over = {
        name: (count, most(name, folder))
        for name, count in spent.items()
        if count > most(name, folder)
    }
    assert over == {}, spent


def test_every_act_that_people_do_has_a_budget():
    named = {*MOST}.union(*OWN.values())
    assert named == {"submit", *permissions.ACTS} - ONLY_BY_CHANCE
