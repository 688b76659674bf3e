"""The verbs of the results store: keep, verify, revoke."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotFound, TooLarge
from sen.base.identifiers import new_id
from sen.base.sealing import sealer
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.search import public as search
from sen.kernel.signing import public as signing
from sen.systems.results import permissions, queries
from sen.systems.results.choices import ResultState, Verdict
from sen.systems.results.data import NewResult, Verification
from sen.systems.results.events import ResultKept, ResultRevoked
from sen.systems.results.models import Result

KIND = "results.result"
NewId = Callable[[dt.datetime], UUID]
"""Makes the id of a moment."""
TRIES, WINDOW = 20, dt.timedelta(minutes=15)
"""How many papers one visitor may have verified, and in what time."""
KEYS = 100
"""How many codes one visitor may look up in that time; an office's people share an address."""
MOST_REVISIONS = 40
"""How often a paper may have been saved on: each signature is held against all that came later."""


@transaction.atomic(savepoint=False)
def keep_result(*, actor: Actor, result: NewResult, at: dt.datetime) -> Result:
    """Keep a result and open it to its holders; a result of the same source is kept once.

    Publishes ResultKept. Nguồn: Nghị định 118/2025/NĐ-CP; Thông tư 01/2023/TT-VPCP (kho quản lý dữ
    liệu điện tử của tổ chức, cá nhân).
    """
    access.enter(actor)
    before = Result.objects.filter(source=result.source).first()
    if before is not None:
        return before
    kept = _kept(new_id(), result, at)
    database.insert(kept)
    access.participate_many(
        record=kept.id,
        kind=KIND,
        units={result.unit: "issuer"},
        persons=dict.fromkeys(result.holders, "holder"),
        at=at,
    )
    audit.record(actor, f"{KIND}.keep", subject=_subject(kept), at=at)
    events.publish(
        ResultKept(result=kept.id, result_type=kept.result_type, unit=kept.unit_id),
        record=kept.id,
        at=at,
    )
    search.index(
        kind=KIND,
        record=kept.id,
        code=kept.number,
        title=kept.title,
        body=kept.source_code,
        units=[kept.unit_id],
        at=at,
    )
    return kept


def past_result(
    *, actor: Actor, result: NewResult, at: dt.datetime, new_id: NewId
) -> list[models.Model]:
    """Return the rows that `keep_result` would have left at a moment that is past, to be loaded."""
    number = new_id(at)
    kept = _kept(number, result, at)
    event = ResultKept(result=kept.id, result_type=kept.result_type, unit=kept.unit_id)
    concerned = [{"unit": result.unit, "why": "issuer"}] + [
        {"person": person, "why": "holder"} for person in result.holders
    ]
    return [
        kept,
        *(
            access.Participation(id=new_id(at), record=kept.id, kind=KIND, since=at, **one)
            for one in concerned
        ),
        *audit.past(actor, f"{KIND}.keep", subject=_subject(kept), at=at, entry=new_id(at)),
        *events.past(event, record=kept.id, at=at, event_id=new_id(at)),
        search.past(
            entry=new_id(at),
            kind=KIND,
            record=kept.id,
            code=kept.number,
            title=kept.title,
            body=kept.source_code,
            units=[kept.unit_id],
            at=at,
        ),
    ]


def _kept(number: UUID, result: NewResult, at: dt.datetime) -> Result:
    return Result(
        id=number,
        key=result.key,
        result_type=result.result_type,
        title=result.title,
        number=result.number,
        issued_on=result.issued_on,
        valid_to=result.valid_to,
        unit_id=result.unit,
        source_kind=result.source_kind,
        source=result.source,
        source_code=result.source_code,
        file_id=result.file,
        sha256=result.sha256,
        data=sealer(settings.FIELD_KEY).seal(
            json.dumps(dict(result.data), ensure_ascii=False).encode(),
            "results_result",
            "data",
            str(number),
        ),
        kept_at=at,
    )


@transaction.atomic
def revoke_result(*, actor: Actor, key: str, reason: str, at: dt.datetime) -> Result:
    """Take a result out of force ("thu hồi"), with the reason.

    Raises NotAllowed, NotFound, Conflict, Invalid. Publishes ResultRevoked.
    """
    access.enter(actor)
    kept = Result.objects.select_for_update().filter(key=key).first()
    if kept is None:
        raise NotFound(_("Không tìm thấy kết quả này."))
    access.check(actor, permissions.REVOKE.name, unit=kept.unit_id)
    if kept.state != ResultState.VALID:
        raise Conflict(_("Kết quả này đã bị thu hồi trước đó."))
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do thu hồi.")]})
    kept.state, kept.revoked_at, kept.revoked_reason = ResultState.REVOKED, at, nfc(reason)
    kept.save(update_fields=["state", "revoked_at", "revoked_reason"])
    audit.record(
        actor,
        f"{KIND}.revoke",
        subject=_subject(kept),
        at=at,
        fields={"revoked_reason": kept.revoked_reason},
    )
    events.publish(
        ResultRevoked(result=kept.id, result_type=kept.result_type, unit=kept.unit_id),
        record=kept.id,
        at=at,
    )
    return kept


def verify_key(*, actor: Actor, key: str, visitor: str, at: dt.datetime) -> Verification:
    """Verify the paper behind a QR code: the one we keep, its signatures looked at anew.

    Anybody may; the look is in the audit trail. The paper is read and looked at after the
    transaction. visitor: where the question comes from. Raises TooMany after a hundred codes a
    visitor in a quarter of an hour, NotFound.
    """
    limit = identity.Limit(what=f"{KIND}.verify_key", who=visitor, most=KEYS, window=WINDOW)
    identity.note_attempt([limit], at=at)
    kept = _looked_up(actor, at, key=key)
    if kept is None:
        raise NotFound(_("Mã xác minh không đúng. Văn bản này không có trong kho kết quả."))
    return _verification(kept, files.read(kept.file_id), at)


def verify_upload(*, actor: Actor, data: bytes, visitor: str, at: dt.datetime) -> Verification:
    """Verify a paper that somebody holds: its signatures, and whether it is one of ours, whole.

    visitor: where it comes from. Nothing of it is kept. A paper of ours is looked at as it is; any
    other first by the process that looks into uploaded files, which has limits of time and memory.
    Raises TooMany after twenty papers a visitor in a quarter of an hour, TooLarge, Invalid for
    nothing and for a file that would take too long.
    """
    if len(data) > settings.UPLOAD_PIECE_LIMIT:
        raise TooLarge
    if not data:
        raise Invalid(fields={"paper": [_("Vui lòng chọn tệp PDF.")]})
    limit = identity.Limit(what=f"{KIND}.verify", who=visitor, most=TRIES, window=WINDOW)
    identity.note_attempt([limit], at=at)
    kept = _looked_up(actor, at, sha256=hashlib.sha256(data).hexdigest())
    if kept is None:
        _check_bounded(data)
    return _verification(kept, data, at)


def _check_bounded(data: bytes) -> None:
    if data.count(b"startxref") > MOST_REVISIONS:
        raise Invalid(fields={"paper": [_("Tệp đã được lưu chồng quá nhiều lần.")]})
    files.check_bounded(data)


@transaction.atomic
def _looked_up(actor: Actor, at: dt.datetime, **known_by: str) -> Result | None:
    access.enter(SYSTEM)
    kept = Result.objects.filter(**known_by).first()
    if kept is not None:
        audit.record(actor, f"{KIND}.verify", subject=_subject(kept), at=at)
    return kept


def _verification(kept: Result | None, data: bytes, at: dt.datetime) -> Verification:
    report = signing.verify(data, at=at)
    if report.verdict == "invalid":
        verdict = Verdict.ALTERED
    elif kept is None or report.verdict != "valid":
        verdict = Verdict.UNKNOWN
    elif kept.state == ResultState.REVOKED:
        verdict = Verdict.REVOKED
    else:
        verdict = Verdict.AUTHENTIC
    return Verification(
        verdict=verdict,
        result=queries.as_data(kept) if kept else None,
        unit_name=queries.unit_name(kept) if kept else "",
        report=report,
    )


def _subject(kept: Result) -> audit.Subject:
    return audit.Subject(kind=KIND, id=kept.id, code=kept.number)
