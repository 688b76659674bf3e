"""The API of the results store."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.results import queries, services
from sen.systems.results.data import KeptResult, Verification
from sen.web import api

router = Router(tags=["results"])


class ResultOut(Schema):
    """A kept result."""

    key: str
    result_type: str
    title: str
    number: str
    issued_on: dt.date
    valid_to: dt.date | None
    unit: str
    state: str
    file: UUID
    source_code: str


class SignatureOut(Schema):
    """One signature as it was verified."""

    field: str
    signer: str
    organisation: str
    signed_at: dt.datetime | None
    time_source: str
    trust: str
    modification: str
    is_intact: bool


class VerificationOut(Schema):
    """What anybody may know of a paper."""

    verdict: str
    title: str = ""
    number: str = ""
    issued_on: dt.date | None = None
    unit_name: str = ""
    signatures: list[SignatureOut]


class RevokeIn(Schema):
    """Why a result is revoked."""

    reason: str = Field(max_length=2000)


@router.get(
    "/results",
    response=list[ResultOut],
    operation_id="results_list",
    auth=api.needs("results:read"),
)
def results_list(request: HttpRequest, result_type: str = "") -> list[ResultOut]:
    """Kết quả tôi đang giữ, mới nhất trước; chỉ một loại nếu nêu mã loại."""
    types = (result_type,) if result_type else ()
    return [_out(kept) for kept in queries.results(api.actor(request), types=types)]


@router.get(
    "/results/{key}", response=ResultOut, operation_id="results_get", auth=api.needs("results:read")
)
def results_get(request: HttpRequest, key: str) -> ResultOut:
    """Một kết quả tôi đang giữ hoặc đơn vị tôi đã cấp."""
    return _out(queries.result(api.actor(request), key))


@router.post(
    "/results/{key}/revoke",
    response=ResultOut,
    operation_id="results_revoke",
    auth=api.needs("results:revoke"),
)
def results_revoke(request: HttpRequest, key: str, body: RevokeIn) -> Any:
    """Thu hồi một kết quả."""
    return api.once(
        request,
        lambda: _out(
            queries.as_data(
                services.revoke_result(
                    actor=api.actor(request), key=key, reason=body.reason, at=clock.now()
                )
            )
        ),
    )


@router.post(
    "/verification/files",
    response=VerificationOut,
    operation_id="verification_by_upload",
    auth=None,
)
def verification_by_upload(request: HttpRequest) -> VerificationOut:
    """Xác minh một tệp PDF; tệp không được lưu lại.

    Nội dung tệp là thân của yêu cầu, kiểu `application/octet-stream`.
    """
    return _verified(
        services.verify_upload(
            actor=api.actor(request),
            data=request.body,
            visitor=api.visitor(request),
            at=clock.now(),
        )
    )


@router.get(
    "/verification/{key}",
    response=VerificationOut,
    operation_id="verification_by_key",
    auth=None,
)
def verification_by_key(request: HttpRequest, key: str) -> VerificationOut:
    """Xác minh văn bản bằng mã trong QR; không cần đăng nhập."""
    return _verified(
        services.verify_key(
            actor=api.actor(request), key=key, visitor=api.visitor(request), at=clock.now()
        )
    )


def _out(kept: KeptResult) -> ResultOut:
    return ResultOut(
        key=kept.key,
        result_type=kept.result_type,
        title=kept.title,
        number=kept.number,
        issued_on=kept.issued_on,
        valid_to=kept.valid_to,
        unit=organisations.unit_by_id(kept.unit).code,
        state=kept.state,
        file=kept.file,
        source_code=kept.source_code,
    )


def _verified(found: Verification) -> VerificationOut:
    known = found.result
    return VerificationOut(
        verdict=found.verdict,
        title=known.title if known else "",
        number=known.number if known else "",
        issued_on=known.issued_on if known else None,
        unit_name=found.unit_name,
        signatures=[
            SignatureOut(
                field=one.field,
                signer=one.signer_name,
                organisation=one.organisation,
                signed_at=one.signed_at,
                time_source=one.time_source,
                trust=one.trust,
                modification=one.modification,
                is_intact=one.intact,
            )
            for one in (found.report.signatures if found.report else ())
        ],
    )
