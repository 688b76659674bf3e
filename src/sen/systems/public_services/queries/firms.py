"""Enterprises that own a dossier: which one the form names, and who may file for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.identifiers import is_tax_code
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.data import PartyInput
from sen.systems.public_services.models import Case
from sen.systems.public_services.rules import dossiers as rules

REGISTRY = "enterprises"
"""The prefill source that tells whom somebody represents by law."""


def rule_of(case: Case) -> Mapping[str, str]:
    """Return where a form names the enterprise that owns the dossier; empty where a person does.

    `code`, `name`, `address`, and `person`: the number of whoever files for it. Of a procedure that
    both ask for, only the named cases are an enterprise's.
    """
    rule: dict[str, Any] = {**case.version.overlay.get("organisation", {})}
    return rule if case.code in rule.pop("cases", (case.code,)) else {}


def named(case: Case, answers: Mapping[str, Any]) -> PartyInput:
    """Return the enterprise that a form names, as the owner of what is filed."""
    rule = rule_of(case)
    form = forms.form(case.form_version_id)
    said = forms.pdf_data(form, forms.clean(form, answers)[0])["text"]
    return PartyInput(
        role=PartyRole.OWNER,
        full_name=str(said.get(rule["name"], "")),
        national_number="",
        tax_code=str(said.get(rule["code"], "")).strip(),
        address=str(said.get(rule["address"], "")),
    )


def problems(actor: Actor, case: Case, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with the enterprise that a form names, by answer.

    Whoever acts for an enterprise files for that one alone.
    """
    rule = rule_of(case)
    if not rule:
        return {}
    code = str(answers.get(rule["code"], "")).strip()
    path = f"answers.{rule['code']}"
    if not is_tax_code(code):
        return {path: [_("Mã số thuế gồm 10 chữ số, đơn vị phụ thuộc có thêm 3 số.")]}
    firm = acted_for(actor)
    if firm is not None and firm.tax_code != code:
        said = _("Bạn đang thay mặt %(name)s, mã số %(code)s; hồ sơ ghi tổ chức khác.")
        return {path: [said % {"name": firm.name, "code": firm.tax_code}]}
    return {}


def acted_for(actor: Actor) -> identity.Enterprise | None:
    """Return the enterprise for which somebody acts at the moment, None for a person."""
    if actor.acting_for is None:
        return None
    return identity.Enterprise.objects.filter(id=actor.acting_for).first()


def kept_evidence(actor: Actor, case: Case, answers: Mapping[str, Any], on: dt.date) -> str:
    """Return by what whoever files is known to act for the enterprise on a day, empty if not.

    Online it is whoever signed in; at the counter whoever the form names, whom the official sees.
    """
    rule = rule_of(case)
    if not rule:
        return ""
    person = _who_files(actor, str(answers.get(rule["person"], "")))
    if person is None:
        return ""
    code = str(answers.get(rule["code"], "")).strip()
    for one in identity.representations(person, on):
        if one.enterprise is not None and one.enterprise.tax_code == code:
            return one.evidence
    return ""


def _who_files(actor: Actor, number: str) -> UUID | None:
    if not actor.is_official:
        return actor.person
    found = identity.find_person(number)
    return found.pk if found is not None else None


class Standing(NamedTuple):
    """By what right somebody files for an enterprise, and which sources made papers unnecessary.

    authority: for the record, empty where a person owns the dossier.
    """

    authority: str
    given: frozenset[str]


def standing(
    actor: Actor,
    case: Case,
    known: Mapping[str, forms.Prefilled],
    answers: Mapping[str, Any],
    on: dt.date,
) -> Standing:
    """Return by what right it is filed, and the sources whose facts stand in the answers.

    Whoever is kept as acting for the enterprise needs the register no more than whom it names.
    """
    told = rules.registries_given(
        {key: (one.source, one.value) for key, one in known.items()}, answers
    )
    if not rule_of(case):
        return Standing("", told)
    if REGISTRY in told:
        said = _("Người đại diện theo pháp luật, tra trong cơ sở dữ liệu đăng ký doanh nghiệp")
        return Standing(said, told)
    if evidence := kept_evidence(actor, case, answers, on):
        said = _("Người đại diện đã được ghi nhận: %(evidence)s") % {"evidence": evidence}
        return Standing(said, told | {REGISTRY})
    return Standing(_("Theo văn bản ủy quyền nộp kèm hồ sơ"), told)
