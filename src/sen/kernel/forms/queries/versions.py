"""Published forms: parsed once a process, for they never change."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.kernel.forms.data import Form
from sen.kernel.forms.models import FormVersion
from sen.kernel.forms.rules.parsing import parse
from sen.kernel.legal import public as legal


@lru_cache(maxsize=256)
def form(form_version_id: UUID) -> Form:
    """Return a published form. One SELECT for the first time in a process. Raises NotFound."""
    found = FormVersion.objects.filter(pk=form_version_id).first()
    if found is None:
        raise NotFound(_("Không có phiên bản biểu mẫu này."))
    return parse(found.document, version=found.version)


def latest_form(code: str) -> FormVersion:
    """Return the version of a form that was published last. Raises NotFound.

    Kept in the process until a form or a value of the law changes.
    """
    found = legal.cached("values", ("forms.latest", code), lambda: last_published(code))
    if found is None:
        raise NotFound(_("Biểu mẫu này chưa được ban hành."))
    return found


def last_published(code: str) -> FormVersion | None:
    """Return the same straight from the database, None if there is none."""
    return FormVersion.objects.filter(code=code).order_by("-version").first()
