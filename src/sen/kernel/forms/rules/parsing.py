"""From the form document to the definition, and its structural defects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from sen.base.errors import Invalid
from sen.kernel.forms.choices import Defect
from sen.kernel.forms.data import Form, Problem

_FORM: TypeAdapter[Form] = TypeAdapter(Form)


class FormDefective(Invalid):
    """The form document has defects; `problems` names each with its place."""

    code: ClassVar[str] = "form_defective"
    default: ClassVar[str] = "Biểu mẫu còn lỗi, chưa ban hành được."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        fields: dict[str, list[str]] = {}
        for problem in problems:
            fields.setdefault(problem.path, []).append(problem.message)
        super().__init__(fields=fields)


def parse(document: Mapping[str, Any], *, version: int = 0) -> Form:
    """Return the form that a document defines.

    version: of the published document. Raises FormDefective if its structure does not hold; what
    it means is checked by `analysis.check` before it is published.
    """
    form, problems = read(document, version=version)
    if form is None:
        raise FormDefective(problems)
    return form


def read(document: Mapping[str, Any], *, version: int = 0) -> tuple[Form | None, list[Problem]]:
    """Return the form, or None with the structural defects of its document."""
    try:
        return _FORM.validate_python({**document, "version": version}), []
    except ValidationError as error:
        return None, [
            Problem(".".join(map(str, found["loc"])), Defect.MALFORMED, found["msg"])
            for found in error.errors(include_url=False, include_input=False)
        ]


def document_schema() -> dict[str, Any]:
    """Return the JSON Schema of form documents, for those who write them by hand or by program."""
    return _FORM.json_schema()
