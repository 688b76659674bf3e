from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sen
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.kernel.workflow.data import END, Change, Problem, Token
from sen.kernel.workflow.rules import documents, moves
from sen.kernel.workflow.rules.lists import Cursor, read_cursor
from sen.kernel.workflow.tests.factories import AT, STEPS, document, forked, simple, step

ACTS = [f"trial.{key}" for key in STEPS]


def found(body) -> list[Problem]:
    return documents.problems(documents.parse(body), acts=ACTS)


def test_good_flows_have_no_problems():
    assert (found(simple()), found(forked())) == ([], [])


def test_the_flow_of_birth_registration_is_good_and_sums_to_one_working_day():
    path = Path(sen.__file__).parent / "systems/public_services/seed/birth_registration/flow.json"
    flow = documents.parse(json.loads(path.read_text(encoding="utf-8")))

    acts = {step.act for step in flow.steps}
    assert (documents.problems(flow, acts=acts), flow.hours) == ([], 8)
    assert flow.roles == {"received", "competent"}


A_END = {"outcome": "done", "to": END}


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (
            document(step("receive", A_END), step("receive", A_END)),
            [("duplicate_step", "receive", "")],
        ),
        (document(step("receive", A_END), start="sign"), [("unknown_step", "", "sign")]),
        (document({**step("receive", A_END), "act": "x.y"}), [("unknown_act", "receive", "x.y")]),
        (
            document(step("receive", {"outcome": "a", "to": "x"})),
            [("unknown_step", "receive", "x")],
        ),
        (
            document(step("receive", A_END), timers=[{"key": "t", "step": "x", "hours": 1}]),
            [("unknown_step", "", "x")],
        ),
        (
            document(
                step("receive", A_END), timers=[{"key": "t", "hours": 1}, {"key": "t", "hours": 2}]
            ),
            [("duplicate_timer", "", "t")],
        ),
        (document(step("receive", A_END), clock="moon"), [("unknown_clock", "", "moon")]),
        (document(step("receive", {"outcome": "a", "wait": "x"})), [("no_way_on", "receive", "")]),
        (
            document(step("receive", {**A_END, "if": True})),
            [("no_default", "receive", "done")],
        ),
        (document(step("receive", A_END, A_END)), [("never_taken", "receive", "done")]),
        (document(step("receive", A_END), step("sign", A_END)), [("unreachable", "sign", "")]),
        (
            document(
                step("receive", {"outcome": "a", "to": "sign"}),
                step("sign", {"outcome": "b", "to": "receive"}),
            ),
            [("cycle", "sign", "receive")],
        ),
        (
            document(
                step("receive", {"outcome": "a", "fork": ["tax"], "join": "sum_up"}),
                step("tax", {"outcome": "a", "to": "sum_up"}),
                step("sum_up", A_END),
            ),
            [("no_fork", "receive", "a")],
        ),
        (
            document(
                step("receive", {"outcome": "a", "fork": ["tax", "land"], "join": "sum_up"}),
                step("tax", {"outcome": "a", "to": "sign"}),
                step("land", {"outcome": "a", "to": "sign"}),
                step("sign", {"outcome": "a", "to": "sum_up"}),
                step("sum_up", A_END),
            ),
            [("branches_meet", "receive", "sign")],
        ),
        (
            document(
                step(
                    "receive",
                    {"outcome": "a", "fork": ["tax", "land"], "join": "sum_up"},
                    {"outcome": "b", "to": "sum_up"},
                ),
                step("tax", {"outcome": "a", "to": "sum_up"}),
                step("land", {"outcome": "a", "to": "sum_up"}),
                step("sum_up", A_END),
            ),
            [("join_without_fork", "receive", "sum_up")],
        ),
        (
            document(
                step(
                    "receive",
                    {"outcome": "a", "fork": ["tax", "land"], "join": "sum_up"},
                    {"outcome": "b", "to": "tax"},
                ),
                step("tax", {"outcome": "a", "to": "sum_up"}),
                step("land", {"outcome": "a", "to": "sum_up"}),
                step("sum_up", A_END),
            ),
            None,
        ),
    ],
)
def test_problems_are_named(body, problems):
    said = [(problem.code, problem.step, problem.what) for problem in found(body)]

    if problems is None:
        assert "leaves_branch" in {code for code, _, _ in said}
    else:
        assert said == problems


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, Problem(code="mistyped", what="code")),
        ([], Problem(code="mistyped", what="object")),
        ({**simple(), "extra": 1}, Problem(code="unknown_key", what="extra")),
        ({**simple(), "title": {}}, Problem(code="mistyped", what="title")),
        ({**simple(), "steps": []}, Problem(code="mistyped", what="steps")),
        ({**simple(), "steps": [1]}, Problem(code="mistyped", what="steps")),
        (
            document(step("receive", A_END, hours=0)),
            Problem(code="mistyped", step="receive", what="hours"),
        ),
        (
            document(step("receive", A_END, hours="1")),  # type: ignore[arg-type]
            Problem(code="mistyped", step="receive", what="hours"),
        ),
        (
            document(step("receive", {"outcome": "a"})),
            Problem(code="one_target", step="receive", what="a"),
        ),
        (
            document(step("receive", {"outcome": "a", "fork": ["x"]})),
            Problem(code="one_target", step="receive", what="a"),
        ),
        (
            document(step("receive", {"outcome": "a", "fork": "x", "join": "y"})),
            Problem(code="mistyped", step="receive", what="fork"),
        ),
        (
            document(step("receive", A_END), timers=[{"key": "t"}]),
            Problem(code="mistyped", what="hours"),
        ),
    ],
)
def test_malformed_documents_say_where(body, problem):
    with pytest.raises(documents.Malformed) as refused:
        documents.parse(body)

    assert refused.value.problem == problem


def test_differences_go_by_key():
    new = simple()
    new["steps"][1]["hours"] = 8
    del new["steps"][3]
    new["timers"] = []

    changes = documents.differences(simple(), new)

    assert [(change.path, change.new) for change in changes] == [
        ("steps.process.hours", 8),
        ("steps.hand_over", None),
        ("timers", []),
    ]
    assert changes[0] == Change(path="steps.process.hours", old=4, new=8)


def test_cursor_reads_what_it_wrote():
    cursor = Cursor(is_paused=True, sort_at=AT, id=new_id())

    assert read_cursor(cursor.write()) == cursor


@pytest.mark.parametrize(
    "text", ["", "1", "2-3-4", "x-1-aaaaaaaaaaaaaaaaaaaaaaaaaa", "0-99999999999999999999-a"]
)
def test_broken_cursors_are_refused(text):
    with pytest.raises(Invalid):
        read_cursor(text)


# -- Random flows


@st.composite
def flows(draw):
    """Draw a good flow: sequences, choices, returns, waits, conditions of data, nested forks."""
    steps: list[dict] = []
    counter = iter(range(1000))

    def new(*onward) -> dict:
        made = {**step("receive", *onward), "key": f"s{next(counter)}"}
        steps.append(made)
        return made

    def chain(after: str, depth: int) -> str:
        """Make steps that end in `after`; return the key of the first."""
        target = after
        passed: list[str] = []
        for _ in range(draw(st.integers(1, 3))):
            made = new()
            if depth < 2 and draw(st.booleans()):
                count = draw(st.integers(2, 3))
                join = new({"outcome": "on", "to": target})
                branches = [chain(join["key"], depth + 1) for _ in range(count)]
                made["next"].append({"outcome": "on", "fork": branches, "join": join["key"]})
            else:
                made["next"].append({"outcome": "on", "to": target})
            if draw(st.booleans()):
                made["next"].append({"outcome": "stop", "to": END})
            if draw(st.booleans()):
                made["next"].append({"outcome": "ask", "wait": "supplement"})
            for later in passed:
                body = next(each for each in steps if each["key"] == later)
                if draw(st.booleans()):
                    body["next"].append(
                        {"outcome": f"back_{made['key']}", "to": made["key"], "return": True}
                    )
            passed.append(made["key"])
            target = made["key"]
        return target

    first = chain(END, 0)
    steps.sort(key=lambda each: each["key"] != first)
    return document(*steps)


@settings(max_examples=150, deadline=None)
@given(flows(), st.randoms(use_true_random=False))
def test_every_run_of_a_good_flow_ends_and_loses_nothing(body, random):
    flow = documents.parse(body)
    assert documents.problems(flow, acts=ACTS) == []
    open_tokens = [Token(flow.start)]
    opened, closed, backs, ended = 1, 0, 0, False

    while not ended:
        assert open_tokens, "a run stands still without an end"
        assert len(set(open_tokens)) == len(open_tokens), "a step is open twice in one branch"
        token = random.choice(open_tokens)
        choices = [
            each
            for each in flow.by_key[token.step].next
            if backs < 20 or not documents.is_back(each)
        ]
        if len(choices) > 1 and random.random() < 0.8:
            choices = [each for each in choices if each.to != END] or choices
        transition = random.choice(choices)
        backs += documents.is_back(transition)
        others = [each.branch for each in open_tokens if each != token]
        move = moves.move(flow, token, transition, others=lambda others=others: others)
        open_tokens.remove(token)
        closed += 1
        if move.ends:
            closed += len(open_tokens)
            open_tokens, ended = [], True
        open_tokens += move.opened
        opened += len(move.opened)

    assert opened == closed


@settings(max_examples=100, deadline=None)
@given(flows(), st.randoms(use_true_random=False))
def test_a_join_opens_once_however_its_branches_arrive(body, random):
    flow = documents.parse(body)
    open_tokens, joined = [Token(flow.start)], []
    while open_tokens:
        token = random.choice(open_tokens)
        transition = flow.by_key[token.step].next[0]  # always on
        others = [each.branch for each in open_tokens if each != token]
        move = moves.move(flow, token, transition, others=lambda others=others: others)
        open_tokens.remove(token)
        open_tokens += move.opened
        if move.opened and moves.arrives(flow, token, str(transition.to)):
            joined.append(transition.to)

    joins = {each["join"] for one in body["steps"] for each in one["next"] if "join" in each}
    assert sorted(joined) == sorted(joins)
