"""The API of the catalogue, open to everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Procedure
from sen.systems.public_services.queries import catalogue, searching
from sen.systems.public_services.schemas import answers
from sen.web import api

router = Router()


@router.get(
    "/procedures",
    response=list[answers.ProcedureOut],
    operation_id="procedures_list",
    auth=None,
)
def procedures_list(request: HttpRequest) -> list[Procedure]:
    """Danh mục thủ tục đang nhận hồ sơ."""
    return catalogue.procedures()


@router.get(
    "/procedure-search",
    response=answers.AnswerOut,
    operation_id="procedures_search",
    auth=None,
)
def procedures_search(
    request: HttpRequest,
    q: str,
    limit: api.Limit = 20,
    *,
    filed: bool = False,
    exact: bool = False,
) -> answers.AnswerOut:
    """Tìm thủ tục theo lời người dân; không có thủ tục nào phù hợp thì danh sách trống.

    `filed`: chỉ thủ tục nhận hồ sơ tại đây; `exact`: đúng như đã gõ, không sửa lỗi gõ.
    """
    return answers.answer_out(searching.find(q, limit=limit, filed_only=filed, is_exact=exact))


@router.get(
    "/procedure-suggestions",
    response=list[answers.SuggestionOut],
    operation_id="procedures_suggest",
    auth=None,
)
def procedures_suggest(request: HttpRequest, q: str) -> list[answers.SuggestionOut]:
    """Gợi ý thủ tục và hướng dẫn khi người dân đang gõ; tối đa tám mục, không lưu lời đã gõ."""
    return answers.suggestions_out(searching.suggest(q, visitor=api.visitor(request)))


@router.get(
    "/receiving-units",
    response=list[answers.UnitOut],
    operation_id="receiving_units_list",
    auth=None,
)
def receiving_units_list(request: HttpRequest) -> list[answers.UnitOut]:
    """Các trung tâm nhận hồ sơ, theo mã."""
    on = clock.day(clock.now())
    return [
        answers.UnitOut(code=unit.code, name=organisations.unit_name(unit.id, on))
        for unit in catalogue.receiving_units(on)
    ]


@router.get(
    "/procedures/{code}",
    response=answers.ProcedureDetailOut,
    operation_id="procedures_get",
    auth=None,
)
def procedures_get(request: HttpRequest, code: str) -> dict[str, Any]:
    """Một thủ tục với các trường hợp, biểu mẫu (JSON Schema), giấy tờ, phí."""
    version = catalogue.current_version(code, on=clock.day(clock.now()))
    return {
        **answers.ProcedureOut.from_orm(version.procedure).model_dump(),
        "announcement": version.announcement,
        "valid_from": version.valid_from,
        "cases": [answers.case_out(case) for case in version.cases.order_by("position")],
    }
