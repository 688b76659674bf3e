"""What always holds of answers: what is not public is sealed, and opens with its own key."""

from __future__ import annotations

from itertools import islice

from django.utils.translation import gettext_lazy as _

from sen.base.sealing import CannotOpen
from sen.kernel.access import public as access
from sen.kernel.database.public import Invariant, found
from sen.kernel.forms.choices import Sensitivity
from sen.kernel.forms.models import Answers, FormVersion
from sen.kernel.forms.queries.sealing import open_answers
from sen.kernel.forms.queries.versions import form

_LOOKED_AT = 2000
_BARE = """
SELECT record FROM forms_answers
WHERE form_version_id = %s AND jsonb_strip_nulls(public_values - %s::text[]) <> '{}'
"""


def bare(limit: int) -> list[str]:
    """Return records with an answer in clear that is not public."""
    broken: list[str] = []
    for version in FormVersion.objects.order_by("id").values_list("id", flat=True):
        questions = form(version).questions
        public = [key for key, one in questions.items() if one.sensitivity == Sensitivity.PUBLIC]
        broken += found(_BARE, limit, version, public)
    return broken[:limit]


def shut(limit: int) -> list[str]:
    """Return records whose answers do not open, of the newest two thousand."""
    newest = Answers.objects.filter(erased_at=None).order_by("-saved_at", "record")[:_LOOKED_AT]
    return list(islice((str(row.record) for row in newest if not _opens(row)), limit))


def _opens(row: Answers) -> bool:
    try:
        open_answers(row.record, row.public_values, row.sealed, row.record_key)
    except (CannotOpen, ValueError):
        return False
    return True


INVARIANTS = (
    Invariant(
        code="forms.answers_sealed",
        says=_("Câu trả lời không công khai chỉ nằm ở dạng mã hóa"),
        find=bare,
    ),
    Invariant(
        code="forms.answers_open",
        says=_("Câu trả lời mở được bằng khóa của chính hồ sơ (2.000 hồ sơ mới nhất)"),
        find=shut,
    ),
    access.closed_tables("forms.row_security", "forms_answers", "forms_saveddraft"),
)
