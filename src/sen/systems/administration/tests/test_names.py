"""What people call codes: values as they read them, no code without a name, codes beside names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import sen
from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.legal import public as legal
from sen.kernel.manifest import public as manifest
from sen.systems.administration.forms import ValueForm
from sen.systems.administration.tables import names

ROOT = Path(sen.__file__).parent
COMPUTED = {
    "_changes(person, facts)": "full_name birth_date sex phone email",
    "{name: value for name, value in _state(row).items()"
    " if value != (before or {}).get(name)}": "phrases kind means records topic is_active",
    "{key: one.outcome.value for key, one in found.items()}": "population civil_status",
}
"""Fields of lines of the trail that stand in no dictionary of their own, and their names."""


def sources() -> Iterator[ast.AST]:
    for path in sorted(ROOT.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield ast.parse(path.read_text(encoding="utf-8"))


def recorded() -> Iterator[str]:
    """The names of all fields that acts write into the trail, or how they are computed."""
    functions = (
        node for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    )
    for function in functions:
        for node in ast.walk(function):
            for word in node.keywords if isinstance(node, ast.Call) else ():
                called = ast.unparse(node.func).split(".")[-1]  # type: ignore[attr-defined]
                if (word.arg, called) in FIELDS_OF:
                    yield from keys(word.value, function)


FIELDS_OF = {
    ("fields", "record"), ("fields", "past"), ("fields", "_record"), ("changes", "moved"),
}  # fmt: skip
"""In which word of which call they stand."""


def keys(
    told: ast.expr, function: ast.FunctionDef, known: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The keys of a dictionary as a function writes it; as text what is computed otherwise."""
    if isinstance(told, ast.Dict):
        for key, value in zip(told.keys, told.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value)
            else:
                yield from keys(value, function, known)
    elif isinstance(told, ast.Name):
        for value in set_to(told.id, function) if told.id not in known else ():
            yield from keys(value, function, known | {told.id})
    elif parts := alternatives(told):
        for part in parts:
            yield from keys(part, function, known)
    elif not (isinstance(told, ast.Constant) or ast.unparse(told) == "dict(fields or {})"):
        yield ast.unparse(told)


def alternatives(told: ast.expr) -> list[ast.expr]:
    """What an expression is made of that is one dictionary or another, or both."""
    if isinstance(told, ast.BoolOp):
        return told.values
    if isinstance(told, ast.IfExp):
        return [told.body, told.orelse]
    return [told.left, told.right] if isinstance(told, ast.BinOp) else []


def set_to(name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a function sets a name to, or adds to it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == name for one in targets):
                yield node.value


def written(calls: set[str]) -> set[str]:
    """Codes that stand as plain text in calls of these names, as first or second argument."""
    found = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in calls:
                words = [*node.args[:2], *(one.value for one in node.keywords if one.arg == "kind")]
                found |= {one.value for one in words if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str) and re.fullmatch(r"[a-z_.]+", one)}


def classes() -> Iterator[str]:
    """The names of all events."""
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "name":
                told = node.value
                if ast.unparse(node.annotation) == "ClassVar[str]" and isinstance(
                    told, ast.Constant
                ):
                    yield str(told.value)


def test_every_act_and_record_of_the_trail_is_named():
    told = written({"audit.record", "audit.record_once", "audit.Subject", "Subject"})
    assert {one for one in told if one not in manifest.names()} == set()
    assert len(told) > 60


def test_every_job_event_and_handler_is_named():
    jobs = written({"jobs.job", "Job"})
    told = {*jobs, *(one for one in classes() if "." in one), *events.handlers()}
    assert {one for one in told if one not in manifest.names()} == set()
    assert len(told) > 40


def test_every_field_that_an_act_sets_is_named():
    told = set(recorded())
    computed = {one for one in told if not one.isidentifier()}
    assert computed == set(COMPUTED)
    written_out = {*told - computed, *" ".join(COMPUTED.values()).split()}
    assert {one for one in written_out if f"field.{one}" not in manifest.names()} == set()
    assert len(written_out) > 60


def test_fields_are_one_list_of_their_names():
    assert (
        names.fields("public_services.dossier", ["state", "due_at"])
        == "Trạng thái, thời điểm hẹn trả"
    )
    assert names.fields("identity.account", ["position"]) == "Vị trí việc làm"
    assert names.fields("public_services.life_event", ["position"]) == "Thứ tự"
    assert names.fields("tests.nothing", ["nobody_knows", "state"]) == "nobody_knows, trạng thái"
    assert names.fields("tests.nothing", []) == ""
    with translation.override("en"):
        assert names.fields("public_services.dossier", ["state", "due_at"]) == "State, promised for"


def test_a_name_begins_with_a_capital_and_a_code_without_one_stays():
    assert names.called("identity.sign_in") == "Đăng nhập"
    assert names.called("tests.nothing") == "tests.nothing"
    with translation.override("en"):
        assert names.called("identity.sign_in") == "Signed in"


@pytest.mark.parametrize(
    ("key", "value", "said", "english"),
    [
        ("fee.x_vnd", 700_000, "700.000 đồng", "VND 700,000"),
        ("x.kept_days", 730, "730 ngày", "730 days"),
        ("x.answer_working_days", 3, "3 ngày làm việc", "3 working days"),
        ("x.share_pct", 12, "12 %", "12 %"),
        ("files.size_limit", 5_242_880, "5,0 MB", "5.0 MB"),
        ("x.number", 12_345, "12.345", "12,345"),
        ("x.first", "2026-07-01", "01/07/2026", "1 Jul 2026"),
        ("x.pattern", "{unit}-{number:4}", "{unit}-{number:4}", "{unit}-{number:4}"),
        ("x.is_open", True, "Có", "Yes"),
        ("x.nothing", None, "—", "—"),
        ("x.list_days", [1, 2], "1 ngày, 2 ngày", "1 days, 2 days"),
        ("results.kinds", {"birth_certificate": "KQ.1"}, "Giấy khai sinh: KQ.1",
         "Birth certificate: KQ.1"),
        ("x.pairs", {"a": 1, "b": 2}, "a: 1; b: 2", "a: 1; b: 2"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_people_read_it(key, value, said, english):
    with translation.override("vi"):
        assert names.value_text(key, value) == said
    with translation.override("en"):
        assert names.value_text(key, value) == english


@pytest.mark.parametrize(
    ("held", "typed", "value"),
    [
        (8000, "700.000", 700_000),
        (8000, " 1 000 000 ", 1_000_000),
        (8000, "9000", 9000),
        ("{unit}", '{unit}-"x"', '{unit}-"x"'),
        ({"a": "b"}, '{"a": "c"}', {"a": "c"}),
        ([1], "[1, 2]", [1, 2]),
    ],
)
def test_a_value_is_typed_as_the_one_that_is_there(held, typed, value):
    sent = {"value": typed, "valid_from": "01/01/2027", "source": "x", "status": "published"}
    form = ValueForm(sent, held=held)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == value


@pytest.mark.parametrize(
    ("held", "typed", "said"),
    [(8000, "nhiều", "Đây không phải là số."), ({}, "{", "Đây không phải là JSON.")],
)
def test_what_is_no_value_of_that_kind_is_refused(held, typed, said):
    assert ValueForm({"value": typed}, held=held).errors["value"] == [said]


@pytest.mark.django_db
def test_pages_show_names_with_their_codes_beside(province, administrator):
    legal.set_value(
        actor=COMMAND, key="complaint.first_days", value=90, valid_from=clock.day(clock.now()),
        source="Luật Khiếu nại 02/2011/QH13, Điều 9", at=clock.now(),
    )  # fmt: skip
    page = administrator.get("/quan-tri/gia-tri/").content.decode()
    assert "Thời hiệu khiếu nại lần đầu" in page
    assert re.search(r"<code\s*>complaint\.first_days</code>", page)
    assert "90 ngày" in page
    audit.record(
        COMMAND, "legal.set_value", subject=audit.Subject("legal.value", province.administrator.account, "x.y"),
        at=clock.now(), fields={"value": 90, "valid_from": "2026-11-22"},
    )  # fmt: skip
    trail = administrator.get("/quan-tri/nhat-ky/?code=x.y").content.decode()
    assert "Ghi giá trị pháp lý<small><code>legal.set_value</code></small>" in trail
    assert "Giá trị pháp lý<small><code>x.y</code></small>" in trail
    assert 'data-label="Mục thay đổi">Giá trị, hiệu lực từ</td>' in trail
