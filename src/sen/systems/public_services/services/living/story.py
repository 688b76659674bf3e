"""One invented dossier on its way through its flow: who did what when, nothing written yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import UUID

from sen.base.actor import Actor
from sen.base.identifiers import PastIds
from sen.kernel.access.public import Permission
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind, DossierState
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import firms
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.rules import seasons
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living.cast import Officials, Somebody
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.services.living.ways import Way


@dataclass(slots=True, kw_only=True)
class Deed:
    """An act that somebody did to a dossier. to: who it was given to. words: what they wrote.

    open_steps: the steps at which the dossier waits after it; pauses: how long its clock stood by
    then, and whether it stands. said: what an act says beside, such as a number or an opinion.
    """

    act: str
    at: dt.datetime
    by: Actor
    to: Actor | None = None
    is_agreed: bool = True
    words: str = ""
    stage: str = ""
    open_steps: frozenset[str] = frozenset()
    pauses: Sequence[calendar.Pause] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is known of a dossier when it is filed. helper: who files for its owner, if anybody."""

    id: UUID
    code: str
    case: Case
    owner: Somebody
    by: Actor
    units: Mapping[str, UUID]
    at: dt.datetime
    helper: Somebody | None = None

    @property
    def party(self) -> Actor:
        """Who acts on the people's side: the owner, or whoever files for them."""
        if self.helper is None:
            return self.owner.actor
        return replace(self.helper.actor, acting_for=self.owner.person)

    @property
    def firm(self) -> identity.Enterprise | None:
        """The enterprise that owns the dossier, None where the person does."""
        return self.owner.firm if firms.rule_of(self.case) else None

    @property
    def owner_name(self) -> str:
        """The name of whoever owns the dossier."""
        return self.firm.name if self.firm is not None else self.owner.full_name


@dataclass(slots=True, kw_only=True)
class Sitting:
    """A council at work. members: by the step of each seat that is held, who sits there."""

    chair: Actor
    meets_at: dt.datetime
    members: Mapping[str, Actor]
    opinions: dict[str, Mapping[str, Any]] = field(default_factory=dict)


class Story:
    """A dossier from its filing to its end or to a moment, by the project's own rules.

    What happens at which step is told in `steps` and `agencies`; here is what all of them share.
    """

    def __init__(
        self, filed: Filed, way: Way, officials: Officials, ids: PastIds, random: Random
    ) -> None:
        """File it."""
        self.filed, self.way = filed, way
        self.state = DossierState.SUBMITTED
        self.due_at: dt.datetime | None = None
        self.edition: int | None = None
        self.expected: dict[dt.datetime, dt.datetime | None] = {}
        self.officials, self.random = officials, random
        self.at = filed.at
        self.work = dt.timedelta()
        self.withdrawn_at: dt.datetime | None = None
        self.specialist: Actor | None = None
        self.signer: Actor | None = None
        self.sitting: Sitting | None = None
        self.asked: set[str] = set()
        self.returned: set[str] = set()
        procedure = filed.case.version.procedure
        self.run = workflow.PastRun(
            workflow.PastStart(
                kind=KIND,
                record=filed.id,
                code=filed.code,
                title=f"{procedure.name['vi']} · {filed.owner_name}",
                flow=filed.case.flow_version_id,
                units=filed.units,
                group=procedure.field_code,
                at=filed.at,
            ),
            ids,
        )
        self.deeds: list[Deed] = []
        self.did("submit", filed.by)

    @property
    def kind(self) -> DecisionKind:
        """What the agency answers."""
        return DecisionKind.REFUSAL if self.way.is_refused else DecisionKind.RESULT

    # -- When

    def reach(self, task: workflow.Task, until: dt.datetime) -> bool:
        """Go on to when this step is done; False where that is to come or it is withdrawn."""
        return self.reach_at(self.later(self.share(task), task.unit_id), until)

    def reach_at(self, at: dt.datetime, until: dt.datetime) -> bool:
        """Go on to a moment; False where that is to come or the dossier is withdrawn before."""
        back = self.withdrawn_at
        if back is not None and back <= at and rules.may("withdraw", self.state):
            if self.at <= back <= until:
                self._withdraw(back)
            return False
        if at > until:
            return False
        self.at = at
        return True

    def share(self, task: workflow.Task) -> dt.timedelta:
        """Return the working time of a step: its part of the work, more or less."""
        document = self.run.document
        hours_of = {
            # the seats of a council speak side by side: together they take the time of one
            step.key if step.act != _OPINE else step.act: step.hours or 0
            for step in document.steps
            if step.key != document.start
        }
        repeated = 0.0
        if self.way.is_returned_by_head or self.way.is_returned_by_leader:
            repeated = document.hours * 0.4
        whole = sum(hours_of.values()) + repeated
        hours = self.run.step_of(task).hours or 0.25
        part = self.work * (hours / (whole or 1))
        return part if self.way.is_late else part * self.random.uniform(0.75, 1.15)

    def later(self, worked: dt.timedelta, unit: UUID) -> dt.datetime:
        """Return a moment after some working time of a unit."""
        at = calendar.add_working_time(self.at, worked, calendar.calendar_of(unit))
        return max(at.replace(microsecond=0), self.at) + dt.timedelta(seconds=1)

    def in_person(self, at: dt.datetime) -> dt.datetime:
        """Return when somebody comes at about a moment: online any hour, else in office hours."""
        if self.way.is_online:
            local = at.astimezone(self.filed.at.tzinfo)
            found = dt.datetime.combine(local, seasons.time_online(self.random), local.tzinfo)
            return max(found, self.at + dt.timedelta(minutes=30))
        office = calendar.calendar_of(self.filed.units["received"])
        wait = self.minutes(5, 200)
        return calendar.add_working_time(at, wait, office).replace(microsecond=0)

    def minutes(self, least: int, most: int) -> dt.timedelta:
        """Return a time by chance."""
        return dt.timedelta(minutes=self.random.uniform(least, most))

    # -- Who

    def one(self, permission: Permission, unit: UUID) -> Actor | None:
        """Return somebody who holds a right in a unit."""
        able = self.officials.of(permission, unit)
        return able[0] if able else None

    def party_or_counter(self) -> Actor | None:
        """Return who hands in for the owner: they themselves, or whoever sits at the counter."""
        if self.way.is_online:
            return self.filed.party
        return self.one(permissions.FILE_AT_COUNTER, self.filed.units["received"])

    # -- What

    def did(
        self,
        act: str,
        by: Actor,
        *,
        state: DossierState | None = None,
        to: Actor | None = None,
        is_agreed: bool = True,
        words: str = "",
        stage: str = "",
        said: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that an act happened now, after the run has moved."""
        self.state = state or self.state
        self.deeds.append(
            Deed(
                act=act,
                at=self.at,
                by=by,
                to=to,
                is_agreed=is_agreed,
                words=words,
                stage=stage,
                open_steps=frozenset(task.step for task in self.run.tasks),
                pauses=self.run.pauses(),
                said=said or {},
            )
        )

    def _withdraw(self, at: dt.datetime) -> None:
        self.at = at
        party = self.filed.party
        self.run.cancel("withdrawn", at, party.account)
        words = self.random.choice(told().words["withdrawn"])
        self.did("withdraw", party, state=DossierState.WITHDRAWN, words=words)


_OPINE = "public_services.opine"
