"""What happens at steps that a council, the tax office or another system has a part in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DossierState, PassageOutcome
from sen.systems.public_services.queries import council as councils
from sen.systems.public_services.queries import findings
from sen.systems.public_services.rules import council as rules
from sen.systems.public_services.rules import passages
from sen.systems.public_services.services.council import ABSENT
from sen.systems.public_services.services.duties import GROUND, PAYMENT, TAX
from sen.systems.public_services.services.living.story import Sitting, Story
from sen.systems.public_services.services.living.told import told

_FEWEST = 2
"""So many members has a council beside its chair at least."""
_ABSENT = 0.05
_DIFFERS = 0.12
_EARLY = 0.4
"""How often a member is absent, thinks otherwise, speaks before the council meets."""


# -- A council


def convene(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    """Let the chair convene the council; a seat that nobody holds is absent at once."""
    chair = story.officials.leader(permissions.COUNCIL_CHAIR, task.unit_id)
    held = {
        seat.step: story.officials.at_post(seat.position, task.unit_id)
        for seat in councils.seats_of(story.filed.case)
    }
    members = {step: one for step, one in held.items() if one is not None}
    if chair is None or len(members) < _FEWEST or not story.reach(task, until):
        return False
    assign = {step: one.account for step, one in members.items() if one.account is not None}
    story.run.complete(task, "convene", story.at, chair.account, assign=assign)
    for seat in [one for one in story.run.tasks if one.step not in members]:
        story.run.complete(seat, ABSENT, story.at, chair.account)
    waits = story.later(story.share(story.run.tasks[0]), task.unit_id)
    minute = 30 * (waits.minute // 30)
    meets_at = max(waits.replace(minute=minute, second=0, microsecond=0), story.at)
    story.sitting = Sitting(chair=chair, meets_at=meets_at, members=members)
    story.did("convene", chair)
    return True


def opine(story: Story, _task: workflow.Task, until: dt.datetime) -> bool:
    """Let each member speak in turn, some before the council meets; the absent are excused."""
    held = story.sitting
    if held is None:
        return False
    opinion = _opinion(story)
    spoken = []
    for task in story.run.tasks:
        office = calendar.calendar_of(task.unit_id)
        at = calendar.add_working_time(held.meets_at, story.minutes(5, 100), office)
        if story.random.random() < _EARLY:
            ahead = calendar.working_time_between(story.at, held.meets_at, office)
            at = story.later(ahead * story.random.uniform(0.2, 0.9), task.unit_id)
        spoken.append((at.replace(microsecond=0), task.step, task))
    absent = {spoken[-1][1]} if story.random.random() < _ABSENT * len(spoken) else set()
    for at, step, task in sorted(spoken, key=lambda one: one[:2]):
        later = max(at, story.at + dt.timedelta(seconds=20))
        if not story.reach_at(later, until):
            return False
        if step in absent:
            words = story.random.choice(told().council["absent"])
            story.run.complete(task, ABSENT, story.at, held.chair.account)
            story.did("excuse", held.chair, words=words, said={"seat": step})
            continue
        member = held.members[step]
        is_other = story.random.random() < _DIFFERS
        held.opinions[step] = _cleaned(story, _differing(story) if is_other else opinion)
        story.run.complete(task, "opine", story.at, member.account)
        story.did("opine", member, said={"seat": step})
    return True


def conclude(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    """Let the chair announce what most said, in minutes."""
    held = story.sitting
    if held is None or not story.reach(task, until):
        return False
    own = _cleaned(story, _opinion(story))
    opinions = [*held.opinions.values(), own]
    votes = {
        key: rules.several_of([one.get(key, []) for one in opinions], chair=own.get(key, []))
        if isinstance(own.get(key), list)
        else rules.one_of([one.get(key, "") for one in opinions], chair=own.get(key, ""))
        for key in story.filed.case.council["votes"]
    }
    concluded = {key: tally.value for key, tally in votes.items() if tally.value}
    story.run.complete(task, "conclude", story.at, held.chair.account)
    values = _cleaned(story, {**own, **concluded})
    story.did("conclude", held.chair, said={"own": own, "values": values})
    return True


def _opinion(story: Story) -> dict[str, Any]:
    """Return what most members think: the same whenever it is asked for."""
    place, said = story.filed.id.int, told().council
    if story.way.is_refused:
        return {"degree": said["refused"], "signs": said["no_signs"]}
    signs = said["signs"][place % len(said["signs"])]
    return {"degree": said["degrees"][place % len(said["degrees"])], **signs}


def _differing(story: Story) -> dict[str, Any]:
    degree = story.random.choice(told().council["degrees"])
    return {**_opinion(story), "degree": degree}


def _cleaned(story: Story, said: Mapping[str, Any]) -> dict[str, Any]:
    form = findings.form_of(story.filed.case)
    return dict(forms.clean(form, said)[0]) if form is not None else {}


# -- The financial duty


def owes_duty(story: Story, task: workflow.Task) -> bool:
    """Tell whether the tax office is to be asked at this step, for what will be granted."""
    outcomes = story.run.step_of(task).outcomes
    return "send_duty" in outcomes and not story.way.is_refused


def send_duty(story: Story, task: workflow.Task, by: Actor, until: dt.datetime) -> bool:
    """Send the facts to the tax office; the clock stands."""
    if not story.reach(task, until):
        return False
    story.run.complete(task, "send_duty", story.at, by.account, data={"duty": True})
    story.run.pause(TAX, GROUND, story.at, by.account)
    sheet = f"{story.random.randint(10, 9999)}/PCTT"
    story.did("send_duty", by, state=DossierState.DUTY, said={"sheet": sheet})
    return True


def record_duty(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    """Let the tax office answer after some days, most within its five."""
    days = story.random.triangular(1.5, 7.5, 3.5)
    at = story.later(dt.timedelta(hours=8 * days), task.unit_id)
    by = story.specialist
    if by is None or not story.reach_at(at, until):
        return False
    story.run.resume(at, by.account)
    story.run.complete(task, "record", at, by.account)
    story.run.pause(PAYMENT, GROUND, at, by.account)
    notice = f"LTB26401{story.random.randint(1, 99):02d}-TK{story.random.randint(1, 9999):04d}"
    story.did("record_duty", by, said={"notice": f"{notice}/TB-CT"})
    return True


def confirm_duty(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    """Let the owner pay after some days, and the office see it; the clock goes on."""
    days = 0.6 + story.random.expovariate(1 / 5)
    at = story.later(dt.timedelta(hours=8 * days), task.unit_id)
    by = story.specialist
    if by is None or by.account is None or not story.reach_at(at, until):
        return False
    story.run.resume(at, by.account)
    story.expected[at] = story.run.run.expected_at or story.due_at
    story.run.complete(task, "confirm", at, by.account, assign={"register": by.account})
    evidence = f"Giấy nộp tiền {story.random.randint(10**6, 10**7):08d}"
    story.did("confirm_duty", by, state=DossierState.PROCESSING, said={"evidence": evidence})
    return True


# -- Another system


def follow_up(story: Story, task: workflow.Task, until: dt.datetime) -> bool:
    """Let a job pass the dossier on, watch it, and take the other system's answer."""
    received = story.at
    passed_at = received + dt.timedelta(seconds=story.random.randint(1, 9))
    if not story.reach_at(passed_at, until):
        return False
    foreign = f"{told().elsewhere['code']}{story.filed.id.int % 10**7:07d}"
    story.did("pass_on", SYSTEM, said={"foreign": foreign})
    taken_up = _seen(story, story.later(story.minutes(20, 600), task.unit_id), passed_at)
    if not story.reach_at(taken_up, until):
        return False
    story.did("seen_elsewhere", SYSTEM, said={"state": told().elsewhere["taken_up"]})
    office = calendar.calendar_of(task.unit_id)
    worked = story.work * story.random.uniform(0.8, 1.0)
    answered = max(calendar.add_working_time(received, worked, office), story.at)
    if not story.reach_at(_seen(story, answered, passed_at), until):
        return False
    granted = not story.way.is_refused
    said = told().elsewhere["granted" if granted else "refused"]
    story.run.complete(task, "issue" if granted else "refuse", story.at, None)
    story.did(
        "answered_elsewhere",
        SYSTEM,
        state=DossierState.ISSUED if granted else DossierState.REFUSED,
        said={
            **said,
            "outcome": PassageOutcome.GRANTED if granted else PassageOutcome.REFUSED,
            "number": f"{story.random.randint(100, 99_999)}/TB-CT08",
            "on": clock.day(answered),
        },
    )
    return True


def _seen(story: Story, at: dt.datetime, passed_at: dt.datetime) -> dt.datetime:
    """Return when a change elsewhere is noticed: at the next look."""
    return at + (passages.next_look(sent_at=passed_at, now=at) - at) * story.random.random()
