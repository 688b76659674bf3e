"""What is filed of each procedure and who works on it, as an installation itself knows.

Every procedure with a form, its first case, at the counter of one service centre: answers that the
form takes, the papers that it asks for, findings, and for each act whoever holds its right in the
unit of its step. Run as a program of its own inside the measured installation:
`python -m bench.filings` prints it as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import cast
from bench.cast import Person

CENTRE, ONE_STOP = "H41.9.11.1", "motcua.truongvinh"
"""Where everything is filed, and by whom."""
_PREFIX = "public_services."
_PLACE = {"line": "Số 1, đường Thử Nghiệm", "code": "16690"}
_OLD = {"requester_number": "040050000101", "requester_birth_date": "1950-05-02"}
"""The answers that a form checks against others: an elder, who may ask for everything."""
_SAID: dict[str, dict[str, Any]] = {
    "1.001193": {
        "requester_relation": "father",
        "child_birth_date": "2026-11-01",
        "parents_married": True,
        "mother_number": "040195900000",
        "mother_birth_date": "1995-03-08",
        "father_number": _OLD["requester_number"],
        "father_birth_date": _OLD["requester_birth_date"],
    },
    "1.001699": {
        "applies_for": "self",
        "person_number": _OLD["requester_number"],
        "person_birth_date": _OLD["requester_birth_date"],
    },
    "1.014199": {"employer_code": "0100109106"},
    "2.000815": {"documents": 1, "pages": 3, "copies": 2},
    "2.002481": {"pupil_number": "040213000101", "pupil_birth_date": "2013-05-02"},
}
"""What particular procedures are told beside."""


@dataclass(frozen=True)
class Work:
    """A procedure as it is lived. findings: of whoever examines, or of a council's members.

    papers: each with the kind of file it takes. acts: of its flow, in order. desks: who does each;
    members: who sits in its council.
    """

    procedure: str
    title: str
    case: str
    form_version: int
    answers: dict[str, Any]
    papers: dict[str, str]
    findings: dict[str, Any]
    acts: list[str]
    desks: dict[str, Person]
    members: list[Person]


def read(home: Path) -> list[Work]:
    """Return what an installation lives, by the codes of its procedures."""
    found = cast.asked_inside(home, "bench.filings")
    return [
        Work(
            **{
                **one,
                "desks": {act: Person(**who) for act, who in one["desks"].items()},
                "members": [Person(**who) for who in one["members"]],
            }
        )
        for one in found
    ]


def _works() -> list[Work]:
    from sen.base import clock
    from sen.kernel.identity import public as identity
    from sen.systems.public_services.models import Case
    from sen.systems.public_services.queries import catalogue

    at = clock.now()
    officials: dict[Any, Person] = {}
    one_stop = identity.account_named(ONE_STOP)
    on = clock.day(at)
    filed = Case.objects.filter(position=0, form_version__isnull=False)
    named = filed.values_list("version__procedure__code", "code").distinct().order_by()
    cases = [catalogue.current_case(code, case, on=on) for code, case in sorted(named)]
    return [_work(case, one_stop, officials, at) for case in cases]


def _work(case: Any, one_stop: Any, officials: dict[Any, Person], at: dt.datetime) -> Work:
    from sen.base import clock
    from sen.kernel.access import public as access
    from sen.kernel.forms import public as forms
    from sen.kernel.organisations import public as organisations
    from sen.kernel.workflow import public as workflow
    from sen.systems.public_services import permissions
    from sen.systems.public_services.models import Dossier
    from sen.systems.public_services.queries import catalogue, council, findings, paperwork, parts

    on = clock.day(at)
    centre = organisations.unit(CENTRE, on).id
    competent = catalogue.competent_unit(centre, on, case)
    units = parts.resolve(case, received=centre, competent=competent, on=on)
    flow = workflow.flow(case.flow_version_id)

    def known(account: Any) -> Person:
        if account not in officials:
            officials[account] = cast.official_of(account, at)
        return officials[account]

    desks: dict[str, Person] = {}
    of_right: dict[Any, Person] = {}
    for step in flow.steps:
        act = step.act.removeprefix(_PREFIX)
        unit = units[step.unit]
        if unit == centre:
            desks[act] = known(one_stop.pk)
        elif act == "sign":
            desks[act] = known(paperwork.signers(unit, on)[0].account)
        elif (permission := permissions.ACTS[act].permission) is not None and act != "opine":
            if (permission, unit) not in of_right:
                held = [known(one) for one in access.holders(permission.name, unit=unit, on=on)]
                free = [one for one in held if one not in desks.values()]
                of_right[permission, unit] = (free or held)[0]
            desks[act] = of_right[permission, unit]
    answers = _answers(forms.form(case.form_version_id), case.version.procedure.code, on)
    small = findings.form_of(case)
    members = []
    if case.council:
        dossier = Dossier(case=case, competent_unit_id=competent)
        members = [known(one) for one in council.by_post(dossier, on).values() if one]
    return Work(
        procedure=case.version.procedure.code,
        title=case.version.procedure.name["vi"],
        case=case.code,
        form_version=forms.form(case.form_version_id).version,
        answers=answers,
        papers=_papers(case, answers, on),
        findings={} if small is None else _answers(small, "", on, but={"spouse_full_name"}),
        acts=list(dict.fromkeys(step.act.removeprefix(_PREFIX) for step in flow.steps)),
        desks=desks,
        members=members,
    )


def _papers(case: Any, answers: dict[str, Any], on: dt.date) -> dict[str, str]:
    """Return the papers that these answers ask for, each with a kind of file that it may be."""
    from sen.kernel.forms import public as forms
    from sen.systems.public_services.queries import catalogue

    cleaned = forms.clean(forms.form(case.form_version_id), answers, on=on)[0]
    return {
        rule.code: "pdf" if "application/pdf" in rule.accepted else "jpg"
        for rule in catalogue.paper_rules(case)
        if rule.required
        and not rule.is_shown
        and (rule.when is None or forms.condition_holds(rule.when, cleaned))
    }


def _answers(form: Any, procedure: str, on: dt.date, but: Collection[str] = ()) -> dict[str, Any]:
    said = {key: _answer(one, on) for key, one in form.questions.items() if key not in but}
    told = {**said, **_OLD, **_SAID.get(procedure, {})}
    return {key: value for key, value in told.items() if key in form.questions and key not in but}


def _answer(question: Any, on: dt.date) -> Any:
    """Return an answer that holds, for whatever a question asks."""
    least = next((one.value for one in question.validate if one.rule == "min"), 1)
    is_coming = any(one.rule in {"not_past", "not_before"} for one in question.validate)
    kind = question.type.value
    if kind == "choice":
        first = question.options[0].code
        return [first] if question.is_multiple else first
    plain: Mapping[str, Any] = {
        "text": "0123456789 mẫu"[: question.max_length or 100],
        "textarea": "Mẫu đo",
        "number": least,
        "money": max(int(least or 0), 1_000_000),
        "date": (on + dt.timedelta(days=10)).isoformat() if is_coming else "1990-05-02",
        "yes_no": question.key == "truth_declared",
        "national_number": "040093000101",
        "person_name": "Nguyễn Đo Tải",
        "area": "16690",
        "address": _PLACE,
        "phone": "0912345678",
        "email": "do@example.vn",
    }
    return plain[kind]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps([asdict(one) for one in _works()], ensure_ascii=False))
