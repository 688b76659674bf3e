"""One invented dossier on its way through its flow: who did what when, nothing written yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sen.base.actor import Actor
from sen.base.identifiers import PastIds
from sen.kernel.access.public import Permission
from sen.kernel.calendar import public as calendar
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind, DossierState
from sen.systems.public_services.models import Case
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.rules import seasons
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living.cast import Officials, Somebody
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.living.ways import Way

GROUND = "NĐ 118/2025/NĐ-CP, Điều 17"
_NEVER_FETCHED = 0.012


@dataclass(slots=True, kw_only=True)
class Deed:
    """An act that somebody did to a dossier. to: who it was given to. words: what they wrote."""

    act: str
    at: dt.datetime
    by: Actor
    to: Actor | None = None
    is_agreed: bool = True
    words: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is known of a dossier when it is filed."""

    id: UUID
    code: str
    case: Case
    owner: Somebody
    by: Actor
    units: Mapping[str, UUID]
    at: dt.datetime


class Story:
    """A dossier from its filing to its end or to a moment, by the project's own rules.

    Steps are those of the case's flow; what ends a step is told by its act. Where nobody holds the
    right, or an act is not known here, the dossier waits at that step.
    """

    def __init__(
        self, filed: Filed, way: Way, officials: Officials, ids: PastIds, random: Random
    ) -> None:
        """File it."""
        self.filed, self.way = filed, way
        self.deeds = [Deed(act="submit", at=filed.at, by=filed.by)]
        self.state = DossierState.SUBMITTED
        self.due_at: dt.datetime | None = None
        self.edition: int | None = None
        self.expected: dict[dt.datetime, dt.datetime | None] = {}
        self._officials, self._random = officials, random
        self._at = filed.at
        self._work = dt.timedelta()
        self._withdrawn_at: dt.datetime | None = None
        self._specialist: Actor | None = None
        self._signer: Actor | None = None
        self._asked: set[str] = set()
        self._returned: set[str] = set()
        procedure = filed.case.version.procedure
        self.run = workflow.PastRun(
            workflow.PastStart(
                kind=KIND,
                record=filed.id,
                code=filed.code,
                title=f"{procedure.name['vi']} · {filed.owner.full_name}",
                flow=filed.case.flow_version_id,
                units=filed.units,
                group=procedure.field_code,
                at=filed.at,
            ),
            ids,
        )

    def live(self, until: dt.datetime) -> None:
        """Let everything happen that happens before a moment."""
        while self.run.tasks and self._step(self.run.tasks[0], until):
            pass

    @property
    def signer(self) -> Actor | None:
        """The leader before whom the draft lies."""
        return self._signer

    @property
    def kind(self) -> DecisionKind:
        """What the agency answers."""
        return DecisionKind.REFUSAL if self.way.is_refused else DecisionKind.RESULT

    def _step(self, task: workflow.Task, until: dt.datetime) -> bool:
        does = _STEPS.get(task.act.removeprefix("public_services."))
        return does is not None and does(self, task, until)

    # -- At reception

    def _receive(self, task: workflow.Task, until: dt.datetime) -> bool:
        officer = self._one(permissions.RECEIVE, task.unit_id)
        wait = self._minutes(3, 15) if not self.way.is_online else self._minutes(10, 400)
        at = self._later(wait, task.unit_id)
        if officer is None or at > until:
            return False
        if self.way.has_supplement_at_reception and not self._ask(officer, at, until, "reception"):
            return False
        if at < self._at:
            at = self._later(self._minutes(10, 120), task.unit_id)
            if at > until:
                return False
        self._at = at
        if self.way.is_refused_at_reception:
            self.run.complete(task, "refuse", at, officer.account)
            self._did("refuse_reception", officer, state=DossierState.REFUSED)
            return False
        case, days = self.filed.case, calendar.calendar_of(self.filed.units["competent"])
        self.due_at = calendar.due_at(at, calendar.Allowance.parse(case.allowance), days)
        self.edition = days.edition
        self.run.complete(task, "accept", at, officer.account, promise=self.due_at)
        self._did("receive", officer, state=DossierState.RECEIVED)
        allowed = calendar.working_time_between(at, self.due_at, days)
        self._work = allowed + self.way.extra if self.way.is_late else allowed * self.way.pace
        if self.way.withdrawn_at is not None:
            share = self._work * self.way.withdrawn_at
            self._withdrawn_at = calendar.add_working_time(at, share, days)
        return True

    def _ask(self, officer: Actor, at: dt.datetime, until: dt.datetime, stage: str) -> bool:
        """Ask for a supplement, and let it be answered; tell whether it was by then."""
        self._asked.add(stage)
        self._at = at
        self.run.pause("supplement", GROUND, at, officer.account)
        self._did("request_supplement", officer, state=DossierState.SUPPLEMENT, stage=stage)
        days = 1 + self._random.expovariate(1 / 4)
        back = self._in_person(at + dt.timedelta(days=days))
        by = self._party_or_counter()
        if by is None or back > until:
            return False
        self._at = back
        self.run.resume(back, by.account)
        self.expected[back] = self.run.run.expected_at or self.due_at
        state = DossierState.SUBMITTED if stage == "reception" else DossierState.PROCESSING
        self._did("supplement", by, state=state, stage=stage)
        return True

    # -- In the agency that decides

    def _assign(self, task: workflow.Task, until: dt.datetime) -> bool:
        head = self._one(permissions.ASSIGN, task.unit_id)
        able = self._officials.of(permissions.PROCESS, task.unit_id)
        others = [one for one in able if head is None or one.account != head.account] or able
        if head is None or not others or not self._reach(task, until):
            return False
        self._specialist = self._random.choice(others)
        [target] = self._next(task, "assign")
        to = self._specialist.account
        self.run.complete(task, "assign", self._at, head.account, assign={target: to} if to else {})
        self._did("assign", head, to=self._specialist, state=DossierState.PROCESSING)
        return True

    def _propose(self, task: workflow.Task, until: dt.datetime) -> bool:
        by = self._specialist
        if by is None:
            return False
        if self.way.has_supplement and "processing" not in self._asked:
            asks = self._later(self._share(task) * 0.3, task.unit_id)
            if asks > until or not self._ask(by, asks, until, "processing"):
                return False
        if not self._reach(task, until):
            return False
        self._signer = self._officials.leader(permissions.SIGN, task.unit_id)
        if self._signer is None:
            return False
        self.run.complete(task, "propose", self._at, by.account)
        self._did("propose", by, state=DossierState.PROCESSING)
        return True

    def _check(self, task: workflow.Task, until: dt.datetime) -> bool:
        head = self._one(permissions.CHECK, task.unit_id)
        if head is None or not self._reach(task, until):
            return False
        if self.way.is_returned_by_head and "head" not in self._returned:
            return self._give_back(task, head, "check", "head")
        [target] = self._next(task, "agree")
        signer = self._signer.account if self._signer else None
        assign = {target: signer} if signer else {}
        self.run.complete(task, "agree", self._at, head.account, assign=assign)
        self._did("check", head, state=DossierState.SIGNING)
        return True

    def _sign(self, task: workflow.Task, until: dt.datetime) -> bool:
        if self._signer is None or not self._reach(task, until):
            return False
        if self.way.is_returned_by_leader and "leader" not in self._returned:
            return self._give_back(task, self._signer, "return_for_rework", "leader")
        self.run.complete(task, "agree", self._at, self._signer.account)
        self._did("sign", self._signer, state=DossierState.SIGNED)
        return True

    def _give_back(self, task: workflow.Task, by: Actor, act: str, who: str) -> bool:
        self._returned.add(who)
        words = self._random.choice(told().words["returned"])
        [target] = self._next(task, "return")
        to = self._specialist.account if self._specialist else None
        self.run.complete(
            task, "return", self._at, by.account, comment=words, assign={target: to} if to else {}
        )
        self._did(act, by, state=DossierState.PROCESSING, is_agreed=False, words=words)
        return True

    def _issue(self, task: workflow.Task, until: dt.datetime) -> bool:
        clerk = self._one(permissions.ISSUE, task.unit_id)
        if clerk is None or not self._reach(task, until):
            return False
        outcome = "refuse" if self.way.is_refused else "issue"
        self.run.complete(task, outcome, self._at, clerk.account)
        state = DossierState.REFUSED if self.way.is_refused else DossierState.ISSUED
        self._did("issue", clerk, state=state)
        return True

    def _hand_over(self, task: workflow.Task, until: dt.datetime) -> bool:
        if self._random.random() < _NEVER_FETCHED:
            return False
        officer = self._one(permissions.HAND_OVER, task.unit_id)
        is_online = self.way.is_fetched_online
        if is_online:
            wait = dt.timedelta(minutes=5 + self._random.expovariate(1 / 900))
            by: Actor | None = self.filed.owner.actor
            at = self._at + wait
        else:
            by = officer
            at = self._later(self._minutes(20, 2400), task.unit_id)
        if by is None or at > until:
            return False
        self._at = at
        self.run.complete(task, "hand_over", at, by.account)
        self._did("take_result" if is_online else "hand_over", by, state=DossierState.HANDED_OVER)
        return True

    # -- What they share

    def _reach(self, task: workflow.Task, until: dt.datetime) -> bool:
        """Go on to when this step is done; False where that is to come or it is withdrawn."""
        at = self._later(self._share(task), task.unit_id)
        back = self._withdrawn_at
        if back is not None and back <= at and rules.may("withdraw", self.state):
            if self._at <= back <= until:
                self._withdraw(back)
            return False
        if at > until:
            return False
        self._at = at
        return True

    def _withdraw(self, at: dt.datetime) -> None:
        self._at = at
        owner = self.filed.owner.actor
        self.run.cancel("withdrawn", at, owner.account)
        words = self._random.choice(told().words["withdrawn"])
        self._did("withdraw", owner, state=DossierState.WITHDRAWN, words=words)

    def _share(self, task: workflow.Task) -> dt.timedelta:
        """Return the working time of a step: its part of the work, more or less."""
        document = self.run.document
        counted = [step for step in document.steps if step.key != document.start]
        repeated = 0.0
        if self.way.is_returned_by_head or self.way.is_returned_by_leader:
            repeated = document.hours * 0.4
        whole = sum(step.hours or 0 for step in counted) + repeated
        hours = self.run.step_of(task).hours or 0.25
        part = self._work * (hours / (whole or 1))
        return part if self.way.is_late else part * self._random.uniform(0.75, 1.15)

    def _later(self, worked: dt.timedelta, unit: UUID) -> dt.datetime:
        at = calendar.add_working_time(self._at, worked, calendar.calendar_of(unit))
        return max(at.replace(microsecond=0), self._at) + dt.timedelta(seconds=1)

    def _in_person(self, at: dt.datetime) -> dt.datetime:
        """Return when somebody comes at about a moment: online any hour, else in office hours."""
        if self.way.is_online:
            local = at.astimezone(self.filed.at.tzinfo)
            found = dt.datetime.combine(local, seasons.time_online(self._random), local.tzinfo)
            return max(found, self._at + dt.timedelta(minutes=30))
        office = calendar.calendar_of(self.filed.units["received"])
        wait = self._minutes(5, 200)
        return calendar.add_working_time(at, wait, office).replace(microsecond=0)

    def _party_or_counter(self) -> Actor | None:
        if self.way.is_online:
            return self.filed.owner.actor
        return self._one(permissions.FILE_AT_COUNTER, self.filed.units["received"])

    def _minutes(self, least: int, most: int) -> dt.timedelta:
        return dt.timedelta(minutes=self._random.uniform(least, most))

    def _one(self, permission: Permission, unit: UUID) -> Actor | None:
        able = self._officials.of(permission, unit)
        return able[0] if able else None

    def _next(self, task: workflow.Task, outcome: str) -> tuple[str, ...]:
        step = self.run.step_of(task)
        return next(one.targets for one in step.next if one.outcome == outcome)

    def _did(
        self,
        act: str,
        by: Actor,
        *,
        state: DossierState,
        to: Actor | None = None,
        is_agreed: bool = True,
        words: str = "",
        stage: str = "",
    ) -> None:
        self.state = state
        self.deeds.append(
            Deed(
                act=act,
                at=self._at,
                by=by,
                to=to,
                is_agreed=is_agreed,
                words=words,
                stage=stage,
            )
        )


_STEPS: Mapping[str, Callable[[Story, workflow.Task, dt.datetime], bool]] = {
    "receive": Story._receive,  # noqa: SLF001 - one table of the class's own steps
    "assign": Story._assign,  # noqa: SLF001
    "propose": Story._propose,  # noqa: SLF001
    "check": Story._check,  # noqa: SLF001
    "sign": Story._sign,  # noqa: SLF001
    "issue": Story._issue,  # noqa: SLF001
    "hand_over": Story._hand_over,  # noqa: SLF001
}


def knows(flow: UUID) -> bool:
    """Tell whether all acts of a flow are known here."""
    acts = {step.act.removeprefix("public_services.") for step in workflow.flow(flow).steps}
    return acts <= _STEPS.keys()
