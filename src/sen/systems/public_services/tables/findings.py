"""What is established in a dossier as pages draw it: the small form, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from sen.base import clock
from sen.kernel.forms import public as forms
from sen.systems.public_services.queries import findings
from sen.systems.public_services.queries.whole import Whole
from sen.web import formdraw
from sen.web.data import Fact

Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallForm:
    """A form asked beside an act. version: which one it is, sent along to be read by it."""

    version: UUID
    title: str
    hint: str
    drawn: formdraw.DrawnPage
    today: str


def small_form(
    whole: Whole,
    version: UUID,
    kept: Mapping[str, Any],
    *,
    raw: Mapping[str, Any] | None,
    errors: Errors,
) -> SmallForm:
    """Return a form of findings with what stands in it.

    kept: what was entered before; where nothing was, it begins with what was declared under the
    same keys. raw: what was just sent, to be shown again.
    """
    form = forms.form(version)
    key = form.pages[0].key
    page = forms.page(
        form,
        key,
        kept if raw is None else forms.clean_page(form, key, raw)[0],
        {key: said for key, said in errors.items() if key in form.questions} or None,
        findings.declared(whole.dossier, form, whole.answers),
        raw=raw,
        language=get_language() or "vi",
    )
    return SmallForm(
        version=version,
        title=page.title,
        hint=page.hint,
        drawn=formdraw.drawn(page),
        today=clock.day(clock.now()).isoformat(),
    )


def to_propose(whole: Whole, *, raw: Mapping[str, Any] | None, errors: Errors) -> SmallForm | None:
    """Return the form that whoever proposes fills in, None where there is none to fill in."""
    version = whole.dossier.case.findings_version_id
    if version is None or "establish" not in whole.acts:
        return None
    return small_form(whole, version, whole.findings or {}, raw=raw, errors=errors)


def facts(whole: Whole) -> list[Fact]:
    """Return what was established, for whoever checks and signs."""
    form = findings.form_of(whole.dossier.case)
    if form is None or whole.findings is None:
        return []
    pages = forms.summary(form, whole.findings, language=get_language() or "vi")
    return [Fact(label=label, value=value) for _page, lines in pages for label, value in lines]
