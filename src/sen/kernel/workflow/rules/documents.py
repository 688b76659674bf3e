"""A flow's document: reading it, what keeps it from being published, what changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sen.kernel.workflow.data import END, Change, Flow, FlowTimer, Problem, Step, Transition

STEP_KEYS = {"key", "title", "act", "unit", "hours", "next"}
NEXT_KEYS = {"outcome", "to", "fork", "join", "wait", "if", "return"}
FLOW_KEYS = {"code", "title", "source", "start", "clock", "steps", "timers"}
TIMER_KEYS = {"key", "step", "hours"}


class Malformed(Exception):
    """A document that is no flow at all; `problem` says where."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.code} {problem.step} {problem.what}")


def parse(document: Mapping[str, Any]) -> Flow:
    """Read a flow from its document. Raises Malformed for a missing, unknown or mistyped key."""
    _only(document, FLOW_KEYS, "")
    return Flow(
        code=_text(document, "code", ""),
        title=_title(document, ""),
        source=_text(document, "source", ""),
        start=_text(document, "start", ""),
        clock=_text(document, "clock", ""),
        steps=tuple(_step(item) for item in _items(document, "steps", "")),
        timers=tuple(_timer(item) for item in _items(document, "timers", "", needed=False)),
    )


def _step(item: Mapping[str, Any]) -> Step:
    key = _text(item, "key", "")
    _only(item, STEP_KEYS, key)
    return Step(
        key=key,
        title=_title(item, key),
        act=_text(item, "act", key),
        unit=_text(item, "unit", key),
        hours=_hours(item, key, needed=False),
        next=tuple(_transition(each, key) for each in _items(item, "next", key)),
    )


def _transition(item: Mapping[str, Any], step: str) -> Transition:
    _only(item, NEXT_KEYS, step)
    outcome = _text(item, "outcome", step)
    if sum(key in item for key in ("to", "fork", "wait")) != 1 or ("fork" in item) != (
        "join" in item
    ):
        raise Malformed(Problem(code="one_target", step=step, what=outcome))
    fork = item.get("fork", [])
    if not isinstance(fork, list) or not all(isinstance(target, str) for target in fork):
        raise Malformed(Problem(code="mistyped", step=step, what="fork"))
    return Transition(
        outcome=outcome,
        to=_text(item, "to", step) if "to" in item else None,
        fork=tuple(fork),
        join=_text(item, "join", step) if "join" in item else None,
        wait=_text(item, "wait", step) if "wait" in item else None,
        condition=item.get("if"),
        is_return=item.get("return") is True,
    )


def _timer(item: Mapping[str, Any]) -> FlowTimer:
    _only(item, TIMER_KEYS, "")
    hours = _hours(item, "", needed=True)
    return FlowTimer(
        key=_text(item, "key", ""),
        step=_text(item, "step", "") if item.get("step") is not None else None,
        hours=hours or 0,
    )


def _only(item: object, known: Collection[str], step: str) -> None:
    if not isinstance(item, Mapping):
        raise Malformed(Problem(code="mistyped", step=step, what="object"))
    for key in item:
        if key not in known:
            raise Malformed(Problem(code="unknown_key", step=step, what=str(key)))


def _text(item: Mapping[str, Any], key: str, step: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise Malformed(Problem(code="mistyped", step=step, what=key))
    return value


def _title(item: Mapping[str, Any], step: str) -> Mapping[str, str]:
    title = item.get("title")
    if not isinstance(title, Mapping) or not title.get("vi"):
        raise Malformed(Problem(code="mistyped", step=step, what="title"))
    return dict(title)


def _items(
    item: Mapping[str, Any], key: str, step: str, *, needed: bool = True
) -> Sequence[Mapping[str, Any]]:
    items = item.get(key, [])
    if not isinstance(items, list) or (needed and not items):
        raise Malformed(Problem(code="mistyped", step=step, what=key))
    for each in items:
        if not isinstance(each, Mapping):
            raise Malformed(Problem(code="mistyped", step=step, what=key))
    return items


def _hours(item: Mapping[str, Any], step: str, *, needed: bool) -> float | None:
    hours = item.get("hours")
    if hours is None and not needed:
        return None
    if isinstance(hours, bool) or not isinstance(hours, (int, float)):
        raise Malformed(Problem(code="mistyped", step=step, what="hours"))
    if not needed and hours <= 0:
        raise Malformed(Problem(code="mistyped", step=step, what="hours"))
    return hours


def problems(flow: Flow, *, acts: Collection[str]) -> list[Problem]:
    """Return everything that keeps a flow from being published; none means it always ends.

    acts: the codes of the acts that systems contribute.
    """
    found = list(_names(flow, acts))
    if found:
        return found
    return [
        *_outcomes(flow),
        *_unreachable(flow),
        *_cycle(flow),
        *_branches(flow),
    ]


def _names(flow: Flow, acts: Collection[str]) -> Iterator[Problem]:
    """Yield the names that are given twice or mean nothing."""
    keys = [step.key for step in flow.steps]
    for key in sorted({key for key in keys if keys.count(key) > 1 or key == END}):
        yield Problem(code="duplicate_step", step=key)
    for step in flow.steps:
        if step.act not in acts:
            yield Problem(code="unknown_act", step=step.key, what=step.act)
    for key, target in _named(flow):
        if target not in keys:
            yield Problem(code="unknown_step", step=key, what=target)
    timers = [timer.key for timer in flow.timers]
    for name in sorted({name for name in timers if timers.count(name) > 1}):
        yield Problem(code="duplicate_timer", what=name)
    if flow.clock not in {step.unit for step in flow.steps}:
        yield Problem(code="unknown_clock", what=flow.clock)


def _named(flow: Flow) -> Iterator[tuple[str, str]]:
    """Yield every step that the document names, with the step that names it."""
    yield "", flow.start
    for step in flow.steps:
        for transition in step.next:
            for target in transition.reaches:
                yield step.key, target
    for timer in flow.timers:
        if timer.step is not None:
            yield "", timer.step


def _outcomes(flow: Flow) -> Iterator[Problem]:
    """Yield steps without a way on, and outcomes that may lead nowhere or never do."""
    for step in flow.steps:
        if all(is_back(transition) for transition in step.next):
            yield Problem(code="no_way_on", step=step.key)
        for outcome in step.outcomes:
            choices = [each for each in step.next if each.outcome == outcome]
            if choices[-1].condition is not None:
                yield Problem(code="no_default", step=step.key, what=outcome)
            if any(each.condition is None for each in choices[:-1]):
                yield Problem(code="never_taken", step=step.key, what=outcome)


def is_back(transition: Transition) -> bool:
    """Tell whether a transition does not lead on: it waits, or returns for rework."""
    return transition.wait is not None or transition.is_return


def _unreachable(flow: Flow) -> Iterator[Problem]:
    for step in flow.steps:
        if step.key not in flow.joins:
            yield Problem(code="unreachable", step=step.key)


def _onward(step: Step) -> list[str]:
    """Return the steps after a step that are not reached by a return."""
    return [
        target
        for transition in step.next
        if not transition.is_return
        for target in transition.reaches
    ]


def _cycle(flow: Flow) -> Iterator[Problem]:
    """Yield one step of each cycle that is not closed by a return."""
    clear: set[str] = set()
    for start in flow.steps:
        path: list[tuple[str, list[str]]] = [(start.key, _onward(start))]
        on_path = {start.key}
        while path:
            key, waiting = path[-1]
            if not waiting:
                clear.add(key)
                on_path.discard(key)
                path.pop()
                continue
            target = waiting.pop()
            if target in on_path:
                yield Problem(code="cycle", step=key, what=target)
                return
            if target not in clear:
                on_path.add(target)
                path.append((target, _onward(flow.by_key[target])))


def _branches(flow: Flow) -> Iterator[Problem]:
    """Yield forks that are none, joins reached from outside, and steps in two branches."""
    joins = {each.join for step in flow.steps for each in step.next if each.join}
    for step in flow.steps:
        stack = flow.joins.get(step.key)
        if stack is None:
            continue
        for target, target_stack in flow.entries(step, stack):
            if flow.joins[target] != target_stack:
                yield Problem(code="leaves_branch", step=step.key, what=target)
        for transition in step.next:
            if transition.join is not None:
                yield from _fork(flow, step, transition)
            elif (
                transition.to in joins
                and not transition.is_return
                and stack[-1:] != (transition.to,)
            ):
                yield Problem(code="join_without_fork", step=step.key, what=transition.to or "")


def _fork(flow: Flow, step: Step, transition: Transition) -> Iterator[Problem]:
    """Yield what is wrong with one fork: fewer than two branches, or branches that meet."""
    if len(set(transition.fork)) < 2 or transition.join in transition.fork:  # noqa: PLR2004 - two
        yield Problem(code="no_fork", step=step.key, what=transition.outcome)
        return
    taken: dict[str, int] = {}
    for place, first in enumerate(transition.fork):
        for key in _inside(flow, first, str(transition.join)):
            if taken.setdefault(key, place) != place:
                yield Problem(code="branches_meet", step=step.key, what=key)
                return


def _inside(flow: Flow, first: str, join: str) -> set[str]:
    """Return the steps from `first` on, up to the join."""
    seen, waiting = {first}, [first]
    while waiting:
        for target, _ in flow.entries(flow.by_key[waiting.pop()], flow.joins[first]):
            if target in flow.by_key and target != join and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return what changed between two documents, by path; steps and timers go by their key."""
    return list(_differences("", _keyed(old), _keyed(new)))


def _keyed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _keyed(each) for key, each in value.items()}
    if (
        isinstance(value, list)
        and value
        and all(isinstance(v, Mapping) and "key" in v for v in value)
    ):
        return {each["key"]: _keyed(each) for each in value}
    return value


def _differences(path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(inner, old.get(key), new.get(key))
    elif old != new:
        yield Change(path=path, old=old, new=new)
