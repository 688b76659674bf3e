"""What anybody answers in any of the procedures that are filed here, and what is established."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sen.kernel.forms import public as forms
from sen.systems.public_services.data import Filing, PaperInput
from sen.systems.public_services.models import Case, Dossier
from sen.systems.public_services.queries import catalogue, people
from sen.systems.public_services.queries import findings as held_findings
from sen.systems.public_services.services import deciding, processing, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories
from sen.systems.public_services.tests.factories import MORNING, ON, later, order

SEED = Path(__file__).resolve().parents[1] / "seed"
FOLDERS = sorted(path.parent.name for path in SEED.glob("*/procedure.json"))
SETTLED_ELSEWHERE = ["permanent_residence"]
SETTLED_HERE = [name for name in FOLDERS if name not in SETTLED_ELSEWHERE]
FOUND = [name for name in FOLDERS if (SEED / name / "findings.json").exists()]

OLD = {
    "requester_full_name": "Lê Văn Cao", "requester_number": "040050000101",
    "requester_birth_date": "1950-05-02",
}  # fmt: skip
SAID: dict[str, dict[str, Any]] = {
    "social_pension": {"payment": "cash", "household_kind": "none"},
    "school_transfer": {"pupil_birth_date": "2013-05-02", "pupil_number": "040213000101"},
    "disability": {
        "applies_for": "self", "person_birth_date": "1950-05-02", "person_number": "040050000101",
    },
    "certified_copy": {"documents": 1, "pages": 3, "copies": 2},
    "work_permit": {"employer_code": "0100109106"},
    "permanent_residence": {"dwelling_kind": "rented"},
    "marital_status": {"marital_state": "never_married", "purpose": "other"},
}  # fmt: skip


def read(folder: str, name: str) -> Any:
    return json.loads((SEED / folder / f"{name}.json").read_text(encoding="utf-8"))


def cases(folder: str) -> list[dict[str, Any]]:
    return list(read(folder, "procedure")["version"]["cases"])


def sample(question: forms.Question) -> Any:
    """An answer that holds, for whatever a question asks."""
    least = next((one.value for one in question.validate if one.rule == "min"), 1)
    is_coming = any(one.rule in {"not_past", "not_before"} for one in question.validate)
    kind = question.type.value
    if kind == "choice":
        first = question.options[0].code
        return [first] if question.is_multiple else first
    return {
        "text": "0123456789 mẫu thử"[: question.max_length or 100],
        "textarea": "Mẫu thử",
        "number": least,
        "money": max(int(least or 0), 1_000_000),
        "date": "2096-12-03" if is_coming else "1990-05-02",
        "yes_no": question.key == "truth_declared",
        "national_number": "040093000101",
        "person_name": "Nguyễn Văn Thử",
        "area": "16690",
        "address": factories.PLACE,
        "phone": "0912345678",
        "email": "thu@example.vn",
    }[kind]


def found(case: Case) -> dict[str, Any] | None:
    """Findings that hold, None where the procedure has none."""
    form = held_findings.form_of(case)
    return form and {
        key: sample(one) for key, one in form.questions.items() if key != "spouse_full_name"
    }


def answers(folder: str, form: forms.Form) -> dict[str, Any]:
    said = {key: sample(one) for key, one in form.questions.items()}
    return {key: value for key, value in {**said, **OLD, **SAID.get(folder, {})}.items()
            if key in form.questions}  # fmt: skip


def filing_at_the_counter(cast: Any, folder: str, case: Case) -> Filing:
    form = forms.form(case.form_version_id)
    said = answers(folder, form)
    cleaned, errors = forms.clean(form, said, on=ON)
    assert errors == {}
    asked = [
        rule
        for rule in catalogue.paper_rules(case)
        if rule.when is None or forms.condition_holds(rule.when, cleaned)
    ]
    return Filing(
        procedure=case.version.procedure.code,
        case=case.code,
        form_version=1,
        answers=said,
        parties=people.parties(cast.motcua, case, said),
        papers=[
            PaperInput(code=rule.code, files=(factories.file(cast.motcua),))
            for rule in asked
            if rule.required and not rule.is_shown
        ],
        receiving_unit=cast.centre,
        competent_unit=cast.ward,
        channel="public_services.counter",
    )


def case_of(folder: str, code: str = "") -> Case:
    """A case of a procedure of the seed, the first one where none is named."""
    wanted = {"code": code} if code else {"position": 0}
    return Case.objects.select_related("version__procedure").get(
        version__procedure__code=read(folder, "procedure")["code"], **wanted
    )


def assigned(cast: Any, folder: str, **changes: Any) -> Dossier:
    """A dossier of a procedure, filed at the counter, received and given to the specialist."""
    told = replace(filing_at_the_counter(cast, folder, case_of(folder)), **changes)
    made = submission.submit_dossier(actor=cast.motcua, filing=told, at=MORNING)
    reception.receive_dossier(actor=cast.motcua, order=order(made), at=later(10))
    return processing.assign_dossier(
        actor=cast.chanhvanphong, order=order(made), to=cast.hotich.account, at=later(20)
    )


def form_of(case: Case) -> forms.Form:
    """The form that a case asks."""
    return forms.form(case.form_version_id)


def carried_to_issue(cast: Any, dossier: Dossier) -> Dossier:
    """Bring a filed dossier to its issued result, everybody agreeing."""
    reception.receive_dossier(actor=cast.motcua, order=order(dossier), at=later(10))
    to = cast.hotich.account
    processing.assign_dossier(actor=cast.chanhvanphong, order=order(dossier), to=to, at=later(20))
    factories.propose(cast, dossier, findings=found(factories.fresh(dossier).case))
    factories.check(cast, dossier)
    deciding.sign_result(actor=cast.chutich, order=order(dossier), at=later(60))
    deciding.issue_result(actor=cast.vanthu, order=order(dossier), at=later(70))
    factories.settle()
    return factories.fresh(dossier)
