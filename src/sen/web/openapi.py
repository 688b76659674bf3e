"""The one API as a whole: its document with scopes and problems, and its addresses.

Every answer that is none of an operation's own (no such address, another method) is
`problem+json` here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from sen.base.errors import NotFound
from sen.web import api as answers

_METHOD_NOT_ALLOWED = 405
_MEDIA = "application/problem+json"
_PROBLEMS = {
    "4XX": "Không thực hiện được; `code` cho biết vì sao, `errors` cho biết sai ở đâu.",
    "503": "Tạm thời chưa phục vụ được; gửi lại sau.",
}


class Api(NinjaAPI):
    """The API whose document says, for each operation, which scope a token needs."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the document, in the language of the source."""
        with override("vi"):
            document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        scopes = {one.operation_id: scope_of(one) for one in operations(self)}
        document["components"]["schemas"]["Problem"] = _problem_schema(document)
        bearer = document["components"]["securitySchemes"]["Bearer"]
        named = sorted({scope for scope in scopes.values() if scope})
        bearer["description"] = "Khóa tạo bằng `./sen token create`. Phạm vi: " + ", ".join(named)
        for path in document["paths"].values():
            for operation in path.values():
                _complete(operation, scopes[operation["operationId"]])
        return document


def operations(api: NinjaAPI) -> Iterator[Operation]:
    """Yield every operation of an API."""
    for router in api._get_bound_routers():  # noqa: SLF001 - Ninja has no public way to them
        for path in router.path_operations.values():
            yield from path.operations


def scope_of(operation: Operation) -> str | None:
    """Return the scope that a token needs for an operation; None where it is open to everybody."""
    return next(
        (
            callback.scope
            for callback in operation.auth_callbacks
            if isinstance(callback, answers.Bearer)
        ),
        None,
    )


def addresses(api: NinjaAPI) -> tuple[list[Any], str, str]:
    """Return the addresses of an API for `path`, each refusal a problem, unknown ones too."""
    patterns, application, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _refusing(pattern.callback)
    return [*patterns, re_path("", _unknown)], application, namespace


def _refusing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        response = view(request, *given, **named)
        if response.status_code != _METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers.get("Allow", "")
        said = _("Địa chỉ này chỉ nhận: %(methods)s.") % {"methods": allowed}
        refused = answers.answer(request, _METHOD_NOT_ALLOWED, "method_not_allowed", said)
        refused.headers["Allow"] = allowed
        return refused

    return answered


@csrf_exempt
def _unknown(request: HttpRequest) -> HttpResponse:
    return answers.problem(request, NotFound(_("API không có địa chỉ này.")))


def _problem_schema(document: OpenAPISchema) -> dict[str, Any]:
    """Return the schema of a problem; the schemas inside it go beside it."""
    schema = answers.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"].update(schema.pop("$defs", {}))
    return schema


def _complete(operation: dict[str, Any], scope: str | None) -> None:
    """Add to an operation what is the same for all: words, scope, refusals."""
    first, _dot, rest = operation.get("description", "").partition("\n")
    if first:
        operation["summary"] = first.rstrip(".")
        operation["description"] = rest.strip() or first
    if scope is not None:
        operation["security"] = [{"Bearer": [scope]}, {"Browser": []}]
    operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
    for status, said in _PROBLEMS.items():
        operation["responses"][status] = {
            "description": said,
            "content": {_MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
