"""Answers for programs: problems, pages of lists, one-time keys, versions, who calls.

Used by the routers of all systems; `install` puts the handlers on the one Ninja API.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Response
from ninja.security import APIKeyCookie, HttpBearer

from sen.base.actor import Actor
from sen.base.errors import DomainError, Invalid, TooMany, Unavailable, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.web import middleware, paging

MOST = 100
"""The longest page of a list."""
KEY_HEADER, REPLAYED_HEADER = "Idempotency-Key", "Idempotency-Replayed"
_PROBLEM = "application/problem+json"
_TITLES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
    405: "Method Not Allowed", 413: "Content Too Large", 422: "Unprocessable Content",
    429: "Too Many Requests", 503: "Service Unavailable",
}  # fmt: skip

Limit = Annotated[int, Field(ge=1, le=MOST)]
"""How long a page of a list may be, as a parameter."""
T = TypeVar("T")
Row = TypeVar("Row")


# -- Problems (RFC 9457)


class FieldProblem(Schema):
    """What is wrong at one place. pointer: JSON pointer into the body, or the parameter's name."""

    pointer: str
    detail: str


class Problem(Schema):
    """Why a request was not carried out; `code` is stable and for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    request: str = ""
    who: str | None = None
    what: str | None = None
    when: str | None = None


def install(api: NinjaAPI) -> None:
    """Answer every expected failure of this API with `problem+json`."""
    api.add_exception_handler(DomainError, _of_domain)
    api.add_exception_handler(ValidationError, _of_validation)
    api.add_exception_handler(AuthenticationError, _of_authentication)
    api.add_exception_handler(HttpError, _of_http)
    api.add_exception_handler(Http404, _of_404)


def problem(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return an expected failure as a problem."""
    return _of_domain(request, error)


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    **more: Any,
) -> HttpResponse:
    """Return a problem. code: stable, for programs; detail: for people."""
    body = Problem(
        type=f"urn:sen:problem:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        errors=list(errors),
        request=getattr(request, "request_id", ""),
        **more,
    )
    response = Response(body.model_dump(exclude_none=True), status=status, content_type=_PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    if status == 401:  # noqa: PLR2004 - the status that must name its scheme
        response.headers["WWW-Authenticate"] = 'Bearer realm="sen"'
    return response


def _of_domain(request: HttpRequest, error: Any) -> HttpResponse:
    listed = [
        FieldProblem(pointer=_pointer(key), detail=message)
        for key, messages in error.fields.items()
        for message in messages
    ]
    more: dict[str, Any] = {}
    if isinstance(error, VersionConflict):
        when = error.when.isoformat() if error.when else None
        more = {"who": error.who, "what": error.what, "when": when}
    response = answer(request, error.status, error.code, str(error.message), listed, **more)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = "60"
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_seconds)
    return response


def _pointer(path: str) -> str:
    """Return `parties.0.name` as the pointer `#/parties/0/name` (RFC 6901)."""
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in path.split("."))


def _of_validation(request: HttpRequest, error: Any) -> HttpResponse:
    listed = []
    for one in error.errors:
        where, *rest = [str(part) for part in one["loc"]]
        inside = rest[1:] if where == "body" else rest
        pointer = _pointer(".".join(inside)) if where == "body" else ".".join(inside)
        listed.append(FieldProblem(pointer=pointer, detail=_said(one)))
    return answer(request, 422, Invalid.code, str(Invalid.default), listed)


def _said(fault: dict[str, Any]) -> str:
    """Return a fault of a schema in words; those that people seldom meet stay in English."""
    kind, context = str(fault.get("type", "")), fault.get("ctx", {})
    if kind == "missing":
        return _("Thiếu giá trị bắt buộc.")
    if kind == "extra_forbidden":
        return _("Không có mục này.")
    if kind == "string_too_long":
        return _("Dài quá %(n)s ký tự.") % {"n": context.get("max_length")}
    if kind.startswith(("date_", "datetime_")):
        return _("Không phải là ngày giờ theo ISO 8601.")
    if kind.startswith("uuid_"):
        return _("Không phải là UUID.")
    return str(fault.get("msg", ""))


def _of_authentication(request: HttpRequest, _error: Any) -> HttpResponse:
    detail = _("Cần khóa truy cập còn hiệu lực (Authorization: Bearer …).")
    return answer(request, 401, "sign_in_needed", detail)


def _of_http(request: HttpRequest, error: Any) -> HttpResponse:
    code = _TITLES.get(error.status_code, "error").lower().replace(" ", "_")
    return answer(request, error.status_code, code, str(error))


def _of_404(request: HttpRequest, _error: Any) -> HttpResponse:
    return answer(request, 404, "not_found", _("Không có nội dung này."))


# -- Pages of lists


class Page(Schema, Generic[T]):
    """One page of a list. next: the cursor of the page after it, null at the end."""

    items: list[T]
    next: str | None = None


def page(rows: Sequence[Row], *, limit: int, key: Callable[[Row], object]) -> dict[str, Any]:
    """Return one page from `limit + 1` rows read; the row too many says that more follow.

    key: the sort key of a row, or the tuple of its sort keys.
    """
    shown = rows[:limit]
    if len(rows) <= limit or not shown:
        return {"items": shown, "next": None}
    keys = key(shown[-1])
    parts = keys if isinstance(keys, tuple) else (keys,)
    return {"items": shown, "next": paging.encode(*parts)}


def read_cursor(cursor: str) -> UUID | None:
    """Return the id after which a page begins, None at the start. Raises BadCursor."""
    found = paging.decode(cursor, keys=1)
    if found is None:
        return None
    try:
        return UUID(found[0])
    except ValueError as error:
        raise paging.BadCursor from error


# -- Who calls


def actor(request: HttpRequest) -> Actor:
    """Return who acts in this request, resolved once."""
    return middleware.actor_of(request)


def visitor(request: HttpRequest) -> str:
    """Return where a request comes from, for counting tries; never stored as it is."""
    return identity.origin(request).address or "unknown"


class Bearer(HttpBearer):
    """A token in the `Authorization` header, which needs a scope such as `dossiers:read`."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - Ninja's signature
        """Return the token's actor. Raises what `identity` says about a bad one or its scopes."""
        found = actor(request)
        if self.scope:
            identity.require_scope(request, self.scope)
        return None if found.is_anonymous else found


class Browser(APIKeyCookie):
    """The session of somebody signed in; changes need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the session's actor, None for a visitor."""
        found = actor(request)
        return None if key is None or found.is_anonymous else found


def needs(scope: str) -> list[Bearer | Browser]:
    """Return the ways into an operation: a token with this scope, or somebody signed in."""
    return [Bearer(scope), Browser()]


# -- Acts: once, and on the version they were decided on


def once(request: HttpRequest, act: Callable[[], Any], *, status: int = 200) -> HttpResponse:
    """Carry out an act and answer with what it returns (a schema).

    With an `Idempotency-Key` the act and the record of its answer are one transaction: asked
    again with the same body, the first answer comes again; with another body KeyReused. A
    failed act leaves no record, so it may be tried again.
    """
    key = request.headers.get(KEY_HEADER, "")
    if not key:
        return _written(act(), status)
    with transaction.atomic():
        claim = access.once(actor(request), key, request_digest(request))
        if claim.answer is not None:
            response = _written(claim.answer.body, claim.answer.status)
            response.headers[REPLAYED_HEADER] = "true"
            return response
        body = _plain(act())
        claim.keep(status, body)
    return _written(body, status)


def request_digest(request: HttpRequest) -> bytes:
    """Return a digest of everything that was asked: method, address, body."""
    head = f"{request.method}\n{request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).digest()


def _plain(body: Any) -> dict[str, Any]:
    plain: dict[str, Any] = body.model_dump(mode="json") if isinstance(body, Schema) else body
    return plain


def _written(body: Any, status: int) -> HttpResponse:
    return Response(_plain(body), status=status)


def if_match(request: HttpRequest) -> int | None:
    """Return the version in `If-Match: "7"`, None where none is given. Raises Invalid."""
    value = request.headers.get("If-Match", "").strip().strip('"')
    if not value:
        return None
    if not value.isdigit():
        raise Invalid(_("If-Match phải là số phiên bản của bản ghi."))
    return int(value)
