"""Publishing a form: checked whole, then never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.forms.events import FormPublished
from sen.kernel.forms.models import FormVersion
from sen.kernel.forms.permissions import PUBLISH
from sen.kernel.forms.queries.versions import last_published
from sen.kernel.forms.rules.analysis import check
from sen.kernel.forms.rules.parsing import FormDefective, parse
from sen.kernel.legal import public as legal


@transaction.atomic
def publish_form(
    actor: Actor, *, document: Mapping[str, Any], at: dt.datetime, reason: str = ""
) -> FormVersion:
    """Publish a form document ("ban hành biểu mẫu") as the next version of its code.

    The same content as the last version is not published again: that version is returned.
    Raises NotAllowed; FormDefective naming every defect and its place.
    Publishes FormPublished.
    """
    access.check(actor, PUBLISH)
    problems = check(document)
    if problems:
        raise FormDefective(problems)
    form = parse(document)
    digest = _digest(document)
    with connection.cursor() as cursor:
        key = f"forms:{form.code}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    last = last_published(form.code)
    if last is not None and last.digest == digest:
        return last
    version = FormVersion.objects.create(
        code=form.code,
        version=1 if last is None else last.version + 1,
        document=dict(document),
        digest=digest,
        published_at=at,
        published_by=actor.account,
    )
    legal.bump("values")
    _announce(actor, version, reason=reason, at=at)
    return version


def _announce(actor: Actor, version: FormVersion, *, reason: str, at: dt.datetime) -> None:
    audit.record(
        actor,
        "forms.form.published",
        subject=audit.Subject(kind="forms.form", id=version.id, code=version.code),
        at=at,
        reason=reason,
        fields={"version": version.version, "digest": version.digest},
    )
    events.publish(
        FormPublished(form_version=version.id, code=version.code, number=version.version),
        record=version.id,
        at=at,
    )


def _digest(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
