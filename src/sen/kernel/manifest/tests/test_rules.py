from __future__ import annotations

from sen.kernel.access.public import Permission, RoleTemplate
from sen.kernel.manifest import rules
from sen.kernel.manifest.public import FiledBy, HelpPage, IntakeChannel, Manifest, MenuItem, Seed
from sen.kernel.workflow.public import Act


def act(code="trial.act", permission="trial.do") -> Act:
    return Act(code=code, title={"vi": "Việc"}, permission=permission, url_name="trial:act")


def test_wrong_types_name_system_and_slot():
    manifest = Manifest(code="trial", title="Thử", menu="no list", acts=[act(), "an act"])

    assert list(rules.wrong_types(manifest, {"menu": MenuItem, "acts": Act})) == [
        "trial: slot menu is a list of MenuItem",
        "trial: slot acts takes Act, not str",
    ]


def test_duplicates_name_both_systems():
    one = Manifest(code="one", title="", acts=[act("one.a"), act("one.a")])
    two = Manifest(
        code="two", title="", acts=[act("one.a")], menu=[MenuItem(title="", url_name="x")]
    )

    assert list(rules.duplicates([one, two, two], ["acts", "menu"])) == [
        "two: two systems have this code",
        "one: slot acts: one.a is already given by one",
        "two: slot acts: one.a is already given by one",
        "two: slot acts: one.a is already given by two",
    ]


def test_codes_start_with_their_system():
    manifest = Manifest(code="trial", title="", acts=[act("other.a"), act("trial.a")])

    assert list(rules.foreign_codes(manifest)) == [
        "trial: slot acts: other.a must start with trial."
    ]


def test_unknown_permissions_name_who_asks():
    manifest = Manifest(
        code="trial",
        title="",
        roles=[RoleTemplate(code="trial.r", title={"vi": "Vai"}, permissions=["trial.do", "x"])],
        acts=[act(permission="y")],
        menu=[
            MenuItem(title="", url_name="trial:list", permission="z"),
            MenuItem(title="", url_name="a"),
        ],
        channels=[
            IntakeChannel(
                code="trial.c",
                title="",
                filed_by=FiledBy.OFFICIAL,
                proves="",
                permission="trial.do",
            )
        ],
    )

    assert list(rules.unknown_permissions(manifest, {"trial.do"})) == [
        "trial: slot roles: trial.r asks for the unknown permission x",
        "trial: slot menu: trial:list asks for the unknown permission z",
        "trial: slot acts: trial.act asks for the unknown permission y",
    ]


def test_code_of_what_has_none():
    assert rules.code_of(Seed(order=1, title="", run=print)) is None
    assert rules.code_of(HelpPage(slug="a", title="", template="")) == "a"
    assert rules.code_of(Permission("trial.do", "")) == "trial.do"
