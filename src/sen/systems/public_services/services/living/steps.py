"""What happens at each step of a flow that one agency settles, and the table of all steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

from sen.base.actor import Actor
from sen.kernel.calendar import public as calendar
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DossierState
from sen.systems.public_services.rules import seasons
from sen.systems.public_services.services import passing_on
from sen.systems.public_services.services.living import agencies
from sen.systems.public_services.services.living.story import Story
from sen.systems.public_services.services.living.told import told

GROUND = "NĐ 118/2025/NĐ-CP, Điều 17"
_NEVER_FETCHED = 0.012

Step = Callable[[Story, workflow.Task, dt.datetime], bool]


def live(story: Story, until: dt.datetime) -> None:
    """Let everything happen to a dossier that happens before a moment.

    What ends a step is told by its act. Where nobody holds the right, or an act is not known here,
    the dossier waits at that step.
    """
    while story.run.tasks:
        task = story.run.tasks[0]
        does = _STEPS.get(task.act.removeprefix("public_services."))
        if does is None or not does(story, task, until):
            return


def knows(flow: UUID) -> bool:
    """Tell whether all acts of a flow are known here."""
    acts = {step.act.removeprefix("public_services.") for step in workflow.flow(flow).steps}
    return acts <= _STEPS.keys()


# -- At reception


def _receive(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    officer = story.one(permissions.RECEIVE, task.unit_id)
    wait = story.minutes(3, 15) if not story.way.is_online else story.minutes(10, 400)
    at = story.later(wait, task.unit_id)
    if officer is None or at > until:
        return False
    if story.way.has_supplement_at_reception and not _ask(story, officer, at, until, "reception"):
        return False
    if at < story.at:
        at = story.later(story.minutes(10, 120), task.unit_id)
        if at > until:
            return False
    story.at = at
    if story.way.is_refused_at_reception:
        story.run.complete(task, "refuse", at, officer.account)
        story.did("refuse_reception", officer, state=DossierState.REFUSED)
        return False
    case, days = story.filed.case, calendar.calendar_of(story.filed.units["competent"])
    story.due_at = calendar.due_at(at, calendar.Allowance.parse(case.allowance), days)
    story.edition = days.edition
    story.run.complete(task, "accept", at, officer.account, promise=story.due_at)
    passes_on = bool(passing_on.partner_of(case))
    state = DossierState.PASSED_ON if passes_on else DossierState.RECEIVED
    story.did("receive", officer, state=state)
    allowed = calendar.working_time_between(at, story.due_at, days)
    way = story.way
    story.work = allowed + way.extra if way.is_late else allowed * way.pace
    if way.withdrawn_at is not None:
        story.withdrawn_at = calendar.add_working_time(at, story.work * way.withdrawn_at, days)
    return True


def _ask(story: Story, officer: Actor, at: dt.datetime, until: dt.datetime, stage: str) -> bool:
    """Ask for a supplement, and let it be answered; tell whether it was by then."""
    story.asked.add(stage)
    story.at = at
    story.run.pause("supplement", GROUND, at, officer.account)
    story.did("request_supplement", officer, state=DossierState.SUPPLEMENT, stage=stage)
    days = 1 + story.random.expovariate(1 / 4)
    back = story.in_person(at + dt.timedelta(days=days))
    by = story.party_or_counter()
    if by is None or back > until:
        return False
    story.at = back
    story.run.resume(back, by.account)
    story.expected[back] = story.run.run.expected_at or story.due_at
    state = DossierState.SUBMITTED if stage == "reception" else DossierState.PROCESSING
    story.did("supplement", by, state=state, stage=stage)
    return True


# -- In the agency that decides


def _assign(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    head = story.one(permissions.ASSIGN, task.unit_id)
    able = story.officials.of(permissions.PROCESS, task.unit_id)
    others = [one for one in able if head is None or one.account != head.account] or able
    if head is None or not others or not story.reach(task, until):
        return False
    story.specialist = story.random.choice(others)
    to = story.specialist.account
    story.run.complete(task, "assign", story.at, head.account, assign={"process": to} if to else {})
    story.did("assign", head, to=story.specialist, state=DossierState.PROCESSING)
    return True


def _propose(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    by = story.specialist
    if by is None:
        return False
    if story.way.has_supplement and "processing" not in story.asked:
        asks = story.later(story.share(task) * 0.3, task.unit_id)
        if asks > until or not _ask(story, by, asks, until, "processing"):
            return False
    if agencies.owes_duty(story, task):
        return agencies.send_duty(story, task, by, until)
    if not story.reach(task, until):
        return False
    story.signer = story.officials.signs(permissions.SIGN, task.unit_id, story.random)
    if story.signer is None:
        return False
    story.run.complete(task, "propose", story.at, by.account)
    story.did("propose", by, state=DossierState.PROCESSING)
    return True


def _check(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    head = story.one(permissions.CHECK, task.unit_id)
    if head is None or not story.reach(task, until):
        return False
    if story.way.is_returned_by_head and "head" not in story.returned:
        return _give_back(story, task, head, "check", "head")
    signer = story.signer.account if story.signer else None
    assign = {"sign": signer} if signer else {}
    story.run.complete(task, "agree", story.at, head.account, assign=assign)
    story.did("check", head, state=DossierState.SIGNING)
    return True


def _sign(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    if story.signer is None or not story.reach(task, until):
        return False
    if story.way.is_returned_by_leader and "leader" not in story.returned:
        return _give_back(story, task, story.signer, "return_for_rework", "leader")
    story.run.complete(task, "agree", story.at, story.signer.account)
    story.did("sign", story.signer, state=DossierState.SIGNED)
    return True


def _give_back(story: Story, task: workflow.Task, by: Actor, act: str, who: str) -> bool:
    story.returned.add(who)
    words = story.random.choice(told().words["returned"])
    to = story.specialist.account if story.specialist else None
    assign = {"process": to} if to else {}
    story.run.complete(task, "return", story.at, by.account, comment=words, assign=assign)
    story.did(act, by, state=DossierState.PROCESSING, is_agreed=False, words=words)
    return True


def _issue(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    clerk = story.one(permissions.ISSUE, task.unit_id)
    if clerk is None or not story.reach(task, until):
        return False
    outcome = "refuse" if story.way.is_refused else "issue"
    story.run.complete(task, outcome, story.at, clerk.account)
    state = DossierState.REFUSED if story.way.is_refused else DossierState.ISSUED
    story.did("issue", clerk, state=state)
    return True


def _hand_over(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    if story.random.random() < _NEVER_FETCHED:
        return False
    officer = story.one(permissions.HAND_OVER, task.unit_id)
    is_online = story.way.is_fetched_online
    if is_online:
        wait = dt.timedelta(minutes=5 + story.random.expovariate(1 / 900))
        by: Actor | None = story.filed.party
        at = seasons.awake(story.at + wait, story.random)
    else:
        by = officer
        at = story.later(story.minutes(20, 2400), task.unit_id)
    if by is None or at > until:
        return False
    story.at = at
    story.run.complete(task, "hand_over", at, by.account)
    story.did("take_result" if is_online else "hand_over", by, state=DossierState.HANDED_OVER)
    return True


_STEPS: Mapping[str, Step] = {
    "receive": _receive,
    "assign": _assign,
    "convene": agencies.convene,
    "opine": agencies.opine,
    "conclude": agencies.conclude,
    "propose": _propose,
    "record_duty": agencies.record_duty,
    "confirm_duty": agencies.confirm_duty,
    "check": _check,
    "sign": _sign,
    "issue": _issue,
    "follow_up": agencies.follow_up,
    "hand_over": _hand_over,
}
