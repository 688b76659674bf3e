"""Values of the forms: the definition, what a page shows, what was prefilled, what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from sen.base.actor import Actor
from sen.kernel.forms.choices import ChangeKind, Defect, Fault, QuestionType, Sensitivity
from sen.kernel.forms.choices import FindingOutcome as Outcome
from sen.kernel.identity.public import Named

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
SourceKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{2,99}$")]
Logic = bool | dict[str, Any]
"""A JsonLogic rule with the closed list of operators of `rules.jsonlogic`."""
Values = Mapping[str, Any]
"""Answers by question key, in the forms in which JSON keeps them."""

_STRICT = ConfigDict(extra="forbid")


def _in_vietnamese(text: dict[str, str]) -> dict[str, str]:
    if not text.get("vi", "").strip():
        raise ValueError("Vietnamese text is required")
    return text


Localised = Annotated[
    dict[Literal["vi", "en"], Annotated[str, StringConstraints(max_length=1000)]],
    AfterValidator(_in_vietnamese),
]


def localised(text: Mapping[Any, str] | None, language: str) -> str:
    """Return a Localised text in a language, in Vietnamese where that one is missing."""
    if not text:
        return ""
    return text.get(language) or text["vi"]


# -- The definition: what the form document says, checked by `rules.parsing`


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Option:
    """One answer of a choice. code: stored, never changes."""

    code: Code
    label: Localised
    hint: Localised | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Check:
    """A further rule an answer must keep.

    rule: `min`, `max` (numbers, money, ISO dates); `min_length`; `not_future`, `not_past`;
    `not_before`, `not_after` (a day or another question); `age` (years between the date and
    `question` or today, within min and max); `same_as`, `differs_from` another question; `holds`
    (JsonLogic over all answers, needs a message).
    message: said instead of the standard words.
    """

    rule: Literal[
        "min", "max", "min_length", "not_future", "not_past", "not_before", "not_after", "age",
        "same_as", "differs_from", "holds",
    ]  # fmt: skip
    value: int | str | None = None
    min: int | None = None
    max: int | None = None
    question: Key | None = None
    condition: Logic | None = None
    message: Localised | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Fits:
    """Questions a national number must agree with. birth_date, sex: keys of questions.

    is_male: where the form itself settles the sex, as for a mother.
    """

    birth_date: Key | None = None
    sex: Key | None = None
    is_male: bool | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Source:
    """Where an answer may be taken from under a condition on the answers before it."""

    key: SourceKey
    only_if: Logic | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Question:
    """One question ("câu hỏi") of a form.

    source: where its answer may be taken from, such as `identity.person.full_name`, or several
    places with their conditions, the first that holds; is_locked: an answer taken from there
    cannot be changed by hand. is_multiple: several options may be
    chosen. is_partial: a date of which only the year or month is known is accepted. decimals: how
    many digits may follow the comma. max_files, accept, paper: of a file question; paper is the
    code of the dossier's paper the files are. suffix: the unit shown behind a number.
    autocomplete: the browser's own name for such an answer.
    """

    key: Key
    type: QuestionType
    label: Localised
    hint: Localised | None = None
    required: bool = True
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    source: SourceKey | tuple[Source, ...] | None = None
    is_locked: bool = False
    show_if: Logic | None = None
    validate: tuple[Check, ...] = ()
    options: tuple[Option, ...] = ()
    is_multiple: bool = False
    is_partial: bool = False
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    max_length: Annotated[int, Field(ge=1, le=20000)] | None = None
    max_files: Annotated[int, Field(ge=1, le=20)] = 1
    accept: tuple[Literal["pdf", "jpg", "png", "webp", "docx", "xlsx"], ...] = ()
    paper: Code | None = None
    fits: Fits | None = None
    suffix: Localised | None = None
    autocomplete: Annotated[str, StringConstraints(pattern=r"^[a-z-]{2,30}$")] | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the answer may be taken from, in order."""
        if self.source is None:
            return ()
        return (Source(key=self.source),) if isinstance(self.source, str) else self.source


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class FormPage:
    """One page of a form: questions on one topic."""

    key: Key
    title: Localised
    hint: Localised | None = None
    show_if: Logic | None = None
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Form:
    """A form ("biểu mẫu điện tử") as its document defines it.

    code: stable over all versions; version: 0 for a document not published yet.
    """

    code: Code
    title: Localised
    hint: Localised | None = None
    legal_basis: tuple[str, ...] = ()
    pages: tuple[FormPage, ...]
    version: int = 0

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by key, in the order of the form."""
        return {question.key: question for page in self.pages for question in page.questions}

    @cached_property
    def page_keys(self) -> tuple[str, ...]:
        """The keys of all pages in order."""
        return tuple(page.key for page in self.pages)

    def page(self, key: str) -> FormPage | None:
        """Return the page of that key, None if there is none."""
        return next((page for page in self.pages if page.key == key), None)


@plain_dataclass(frozen=True, slots=True)
class Problem:
    """A defect of a form document. path: where it is, such as `pages.0.questions.2.show_if`."""

    path: str
    defect: Defect
    detail: str = ""

    @property
    def message(self) -> str:
        """What is wrong, in words."""
        return str(self.defect.label) % {"detail": self.detail}


@plain_dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer.

    typed, limit: shown in the words; other: the key of the question it is measured by; message:
    the form's own words.
    """

    fault: Fault
    typed: str = ""
    limit: str = ""
    other: str = ""
    message: Mapping[Any, str] | None = None


@plain_dataclass(frozen=True, slots=True)
class Facts:
    """What rules may ask beside the answers. area_name: name of an area by its code, or None."""

    today: dt.date
    area_name: Callable[[str], str | None]


@plain_dataclass(frozen=True, slots=True)
class Cleaned:
    """Answers as they hold. wrongs: what does not hold; typed: what was typed there, by ending."""

    values: dict[str, Any]
    wrongs: dict[str, list[Wrong]]
    typed: dict[str, dict[str, str]]


# -- What a page shows: drawn by `web`


class Choice(NamedTuple):
    """An option as shown."""

    code: str
    label: str
    hint: str
    is_chosen: bool


@plain_dataclass(frozen=True, slots=True)
class Prefilled:
    """An answer that a source knew. at: when it was asked; is_locked: not to be changed by hand."""

    value: Any
    source: str
    title: str
    at: dt.datetime
    is_locked: bool = False


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class PageField:
    """A question as shown in one language, with what stands in it.

    name: of the input; composite questions add `.line`, `.text`, `.code`. texts: what stands in
    the inputs by that ending, "" for the plain one. values: ids of files. show_if: the rule by
    which it is shown, for the page's script; is_shown: by the answers known. prefilled: where
    the answer came from.
    """

    key: str
    name: str
    type: QuestionType
    label: str
    hint: str
    suffix: str
    required: bool
    sensitivity: Sensitivity
    texts: Mapping[str, str]
    values: tuple[str, ...]
    choices: tuple[Choice, ...]
    is_multiple: bool
    is_partial: bool
    is_shown: bool
    show_if: Logic | None
    errors: tuple[str, ...]
    prefilled: Prefilled | None
    max_length: int | None
    max_files: int
    accept: tuple[str, ...]
    autocomplete: str
    input_mode: str

    @property
    def text(self) -> str:
        """What stands in a plain input."""
        return self.texts.get("", "")


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as shown. number, count: its place in the journey, from 1. previous: page key.

    answers: answers of earlier pages that rules of this page read, for the page's script.
    """

    key: str
    title: str
    hint: str
    number: int
    count: int
    previous: str | None
    fields: tuple[PageField, ...]
    answers: Mapping[str, Any]

    @property
    def errors(self) -> tuple[tuple[PageField, str], ...]:
        """Every error with its field, for the summary above the form."""
        return tuple((field, text) for field in self.fields for text in field.errors)


class SummaryLine(NamedTuple):
    """One answer of the review page."""

    key: str
    label: str
    text: str


class SummaryPage(NamedTuple):
    """The answers of one page, for the review page with its links to change them."""

    key: str
    title: str
    lines: tuple[SummaryLine, ...]


class DictionaryLine(NamedTuple):
    """One question in the data dictionary."""

    page: str
    key: str
    label: str
    type: QuestionType
    required: bool
    sensitivity: Sensitivity
    source: str
    max_length: int | None
    options: tuple[str, ...]
    condition: str


class Change(NamedTuple):
    """What a newer form changed for a draft of an older one."""

    key: str
    label: str
    kind: ChangeKind


# -- Prefill


@plain_dataclass(frozen=True, slots=True)
class Finding:
    """What a source told a draft, once: values if FOUND. about: whose key, if not its owner's."""

    outcome: Outcome
    at: dt.datetime
    values: Values = field(default_factory=dict)
    about: str = ""


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class PrefillContext:
    """For what answers are asked. subject: such as the procedure's code; case: its case.

    names: what the form asks of this source, without the source's own key; person, or about by the
    answers alone: whom the form is about, where it is not the actor; answers: what is known. draft:
    the one for which it is asked; found: what its gathered sources told, by their keys.
    """

    subject: str
    at: dt.datetime
    case: str = ""
    person: UUID | None = None
    answers: Values = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    draft: UUID | None = None
    found: Mapping[str, Finding] = field(default_factory=dict)
    about: Named | None = None


Fetch = Callable[[Actor, PrefillContext], Mapping[str, Any]]
Gather = Callable[[Actor, PrefillContext, frozenset[str]], Mapping[str, Finding]]


@plain_dataclass(frozen=True, slots=True)
class PrefillSource:
    """Something that knows answers ("nguồn điền sẵn").

    key: begins the `source` of questions, such as `identity.person`; title: what people read,
    Localised. fetch: returns values by the rest of that name (`full_name`); where it fails, the
    question is asked. gather: asks several at once; `fetch` then reads `context.found` alone.
    """

    key: str
    title: Mapping[str, str]
    fetch: Fetch
    gather: Gather | None = None


class Prefill(dict[str, Prefilled]):
    """What the sources knew, by question key. failed: titles of the sources that gave no answer."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[str] = []


# -- Drafts


@plain_dataclass(frozen=True, slots=True)
class DraftSaved:
    """What saving a page did. errors: messages by question key; next: the page that follows.

    version: of the draft from now on. Saved it is in any case: what did not hold is kept as typed.
    """

    version: int
    errors: Mapping[str, list[str]]
    next: str | None


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswers:
    """The answers of a record. provenance: {"source", "at"} by question key.

    version: counts the saves, from 1. is_erased: only public answers are left.
    """

    values: dict[str, Any]
    form_version: UUID
    provenance: Mapping[str, Any]
    version: int
    saved_at: dt.datetime
    is_erased: bool


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form being filled in, opened for its owner.

    answers: those that hold; typed: what did not hold, as typed, by question and input ending.
    prefilled: what sources knew when it was asked; found: what was gathered. papers: by paper
    code, lists of {"file": id, …}. page: where to go on. version: to be handed back when saving.
    """

    id: UUID
    owner: UUID
    kind: str
    subject: str
    case: str
    form_version: UUID
    answers: dict[str, Any]
    typed: dict[str, dict[str, str]]
    prefilled: Prefill
    papers: dict[str, list[dict[str, Any]]]
    files: tuple[UUID, ...]
    page: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    expires_at: dt.datetime
    found: Mapping[str, Finding] = field(default_factory=dict)


class DraftLine(NamedTuple):
    """A draft in a list."""

    id: UUID
    kind: str
    subject: str
    case: str
    form_version: UUID
    page: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    expires_at: dt.datetime


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class DraftStart:
    """Of what a draft will be. prefilled: what sources know; answers: carried from elsewhere."""

    kind: str
    subject: str
    form_version: UUID
    case: str = ""
    prefilled: Prefill | None = None
    answers: Values = field(default_factory=dict)
