"""Answers and drafts as they lie in the database: sealed by field, opened by field."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from sen.base.sealing import RecordKey, Sealer, sealer
from sen.kernel.forms.choices import Sensitivity
from sen.kernel.forms.data import Form

Bytes = bytes | memoryview
ANSWERS = "forms_answers"
DRAFT = "forms_saveddraft"


def _sealer() -> Sealer:
    return sealer(settings.FIELD_KEY)


def seal_answers(
    form: Form, record: UUID, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str], bytes]:
    """Return public values, the others sealed one by one, and the wrapped key of the record.

    Each value is bound to its record and its question: moved elsewhere it does not open.
    """
    key, wrapped = _sealer().new_record_key(ANSWERS, str(record))
    public: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for name, value in answers.items():
        if form.questions[name].sensitivity == Sensitivity.PUBLIC:
            public[name] = value
        else:
            body = key.seal(_bytes(value), ANSWERS, str(record), name)
            sealed[name] = base64.b64encode(body).decode("ascii")
    return public, sealed, wrapped


def open_answers(
    record: UUID, public: Mapping[str, Any], sealed: Mapping[str, str], wrapped: Bytes | None
) -> dict[str, Any]:
    """Return the answers; only public ones where the key is gone. Raises CannotOpen."""
    found = dict(public)
    if wrapped is not None and sealed:
        key = _sealer().unwrap(bytes(wrapped), ANSWERS, str(record))
        for name, body in sealed.items():
            plain = key.open(base64.b64decode(body), ANSWERS, str(record), name)
            found[name] = json.loads(plain)
    return found


def new_draft_key(draft: UUID) -> tuple[RecordKey, bytes]:
    """Return a key for a draft, and its wrapped form."""
    return _sealer().new_record_key(DRAFT, str(draft))


def draft_key(draft: UUID, wrapped: Bytes) -> RecordKey:
    """Return the key of a draft."""
    return _sealer().unwrap(bytes(wrapped), DRAFT, str(draft))


def seal_draft(key: RecordKey, draft: UUID, content: Mapping[str, Any]) -> bytes:
    """Return the content of a draft sealed for it."""
    return key.seal(_bytes(content), DRAFT, str(draft))


def open_draft(key: RecordKey, draft: UUID, sealed: Bytes) -> dict[str, Any]:
    """Return the content of a draft. Raises CannotOpen."""
    found: dict[str, Any] = json.loads(key.open(bytes(sealed), DRAFT, str(draft)))
    return found


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
