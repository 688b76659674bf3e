"""The door of the forms: definitions, pages, answers, drafts, prefill."""

from __future__ import annotations

from sen.kernel.forms.choices import ChangeKind, FindingOutcome, QuestionType, Sensitivity
from sen.kernel.forms.data import (
    Change,
    Choice,
    DictionaryLine,
    Draft,
    DraftLine,
    DraftSaved,
    DraftStart,
    Finding,
    Form,
    FormPage,
    KeptAnswers,
    Page,
    PageField,
    Prefill,
    PrefillContext,
    Prefilled,
    PrefillSource,
    Problem,
    Question,
    SummaryLine,
    SummaryPage,
)
from sen.kernel.forms.events import FormPublished
from sen.kernel.forms.models import FormVersion
from sen.kernel.forms.permissions import PUBLISH
from sen.kernel.forms.queries.answers import kept_answers, read_answers, read_many
from sen.kernel.forms.queries.drafts import draft, draft_owners, drafts, may_read_file
from sen.kernel.forms.queries.filling import (
    carry_over,
    clean,
    clean_page,
    condition_holds,
    data_dictionary,
    journey,
    page,
    pdf_data,
    review,
    summary,
    way,
)
from sen.kernel.forms.queries.filling import condition_holds as holds
from sen.kernel.forms.queries.prefill import prefill
from sen.kernel.forms.queries.versions import form, latest_form
from sen.kernel.forms.registry import prefill_sources, register_prefill, source_of
from sen.kernel.forms.rules.analysis import check
from sen.kernel.forms.rules.export import json_schema
from sen.kernel.forms.rules.journey import Way, first_open, following, preceding
from sen.kernel.forms.rules.jsonlogic import problems as rule_problems
from sen.kernel.forms.rules.jsonlogic import references as rule_reads
from sen.kernel.forms.rules.parsing import FormDefective, document_schema, parse
from sen.kernel.forms.services.answers import erase_answers, past_answers, save_answers
from sen.kernel.forms.services.drafts import OWNER_KIND as DRAFT_FILES
from sen.kernel.forms.services.drafts import (
    DraftChanged,
    TooManyDrafts,
    delete_draft,
    expire_drafts,
    finish_draft,
    lock_draft,
    save_page,
    save_papers,
    start_draft,
    upgrade_draft,
)
from sen.kernel.forms.services.gathering import gather
from sen.kernel.forms.services.publishing import publish_form

__all__ = [
    "DRAFT_FILES", "PUBLISH", "Change", "ChangeKind", "Choice", "DictionaryLine", "Draft",
    "DraftChanged", "DraftLine", "DraftSaved", "DraftStart", "Finding", "FindingOutcome", "Form",
    "FormDefective", "FormPage", "FormPublished", "FormVersion", "KeptAnswers", "Page", "PageField",
    "Prefill", "PrefillContext", "PrefillSource", "Prefilled", "Problem", "Question",
    "QuestionType", "Sensitivity", "SummaryLine", "SummaryPage", "TooManyDrafts", "Way",
    "carry_over", "check", "clean", "clean_page", "condition_holds", "data_dictionary",
    "delete_draft", "document_schema", "draft", "draft_owners", "drafts", "erase_answers",
    "expire_drafts", "finish_draft", "first_open", "following", "form", "gather", "holds",
    "journey", "json_schema", "kept_answers", "latest_form", "lock_draft", "may_read_file", "page",
    "parse", "past_answers", "pdf_data", "preceding", "prefill", "prefill_sources", "publish_form",
    "read_answers", "read_many", "register_prefill", "review", "rule_problems", "rule_reads",
    "save_answers", "save_page", "save_papers", "source_of", "start_draft", "summary",
    "upgrade_draft", "way",
]  # fmt: skip
