"""What was typed on a page for an act, as the act takes it; what people are told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as ValidationFault
from django.forms import DateField
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid, NotFound
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.systems.public_services.data import PaperInput
from sen.systems.public_services.forms import ConveneForm
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.schemas import requests
from sen.systems.public_services.schemas.acts import ACTS, carry_out
from sen.systems.public_services.tables.council import MEMBER
from sen.systems.public_services.tables.records import SUPPLEMENT_ROWS


def order(act: str, *, actor: Actor, code: str, typed: QueryDict, at: dt.datetime) -> Dossier:
    """Do an act as it was ordered on a page. Raises Invalid, and what the act's verb does."""
    try:
        return carry_out(act, actor=actor, code=code, body=_read(act, typed), at=at)
    except Invalid as error:
        raise Invalid(error.message, fields=on_page(error.fields, typed)) from error


def _read(act: str, typed: QueryDict) -> requests.ActIn:
    body = ACTS[act].body
    sent: dict[str, Any] = {name: typed[name] for name in body.model_fields if name in typed}
    try:
        return body.model_validate(sent | _READ.get(act, _nothing_more)(typed) | _version(typed))
    except ValidationError as error:
        raise Invalid(fields=_faults(error)) from error


def _version(typed: QueryDict) -> dict[str, int]:
    """Return the version that the page was read at; what is none fits no dossier."""
    try:
        return {"version": int(typed.get("version", ""))}
    except ValueError:
        return {"version": 0}


def _faults(error: ValidationError) -> dict[str, list[str]]:
    """Return what an act does not take, in words."""
    faults: dict[str, list[str]] = {}
    for one in error.errors():
        field = ".".join(str(part) for part in one["loc"])
        said = _("Vui lòng xem lại mục này.")
        if one["type"] == "string_too_long":
            said = _("Dài quá %(n)s ký tự.") % {"n": one["ctx"]["max_length"]}
        elif field in _CHOSEN:
            said = _CHOSEN[field]()
        faults.setdefault(field, []).append(said)
    return faults


_INPUTS = {"file": "slip", "meets_at": "meets_on"}
"""Names of inputs that stand for something an act calls otherwise."""
_PARTS = ("code", "what", "reason")
_CHOSEN: Mapping[str, Callable[[], str]] = {
    "to": lambda: _("Vui lòng chọn người thụ lý."),
    "signer": lambda: _("Vui lòng chọn lãnh đạo ký."),
    "file": lambda: _("Tệp không hợp lệ."),
    "noticed_on": lambda: _("Vui lòng ghi ngày, ví dụ 21/11/2026."),
    "new_due_on": lambda: _("Vui lòng ghi ngày, ví dụ 21/11/2026."),
    "paid_on": lambda: _("Vui lòng ghi ngày, ví dụ 21/11/2026."),
    "amount_vnd": lambda: _("Vui lòng ghi số tiền bằng chữ số, ví dụ 1500000."),
}


def on_page(fields: Mapping[str, list[str]], typed: QueryDict) -> dict[str, list[str]]:
    """Return what is wrong by the names of the page's inputs, so that it stands beside them."""
    numbers = [number for number, _item in _items_typed(typed)]
    named = {}
    for path, said in fields.items():
        first, *rest = path.split(".")
        if first == "papers" and rest:
            name = f"paper_{rest[0]}"
        elif first == "items" and len(rest) == 2:  # noqa: PLR2004 - its place and its part
            name = f"item_{numbers[int(rest[0])]}_{rest[1]}"
        elif first == "findings" and rest:
            name = rest[0]
        elif first == "seats" and rest:
            name = f"{MEMBER}{rest[0]}"
        else:
            name = _INPUTS.get(path, path)
        named[name] = said
    return named


def _nothing_more(_typed: QueryDict) -> dict[str, Any]:
    return {}


def _items_typed(typed: QueryDict) -> list[tuple[int, dict[str, str]]]:
    """Return the things asked for, each with the number of its row; empty rows are left out."""
    rows = (
        (number, {part: typed.get(f"item_{number}_{part}", "") for part in _PARTS})
        for number in range(1, SUPPLEMENT_ROWS + 1)
    )
    return [(number, item) for number, item in rows if any(map(str.strip, item.values()))]


def typed_day(typed: QueryDict, name: str) -> dt.date | None:
    """Return a day that was typed as on paper (21/11/2026); None for what is none."""
    try:
        day: dt.date | None = DateField().clean(typed.get(name, ""))
    except ValidationFault:
        return None
    return day


def _items(typed: QueryDict) -> dict[str, Any]:
    items = [item for _number, item in _items_typed(typed)]
    return {"items": [{"kind": "paper" if one["code"] else "other", **one} for one in items]}


def _convening(typed: QueryDict) -> dict[str, Any]:
    """Return when and where a council meets and who sits in it. Raises Invalid."""
    form = ConveneForm(typed)
    if not form.is_valid():
        raise Invalid(fields={name: list(map(str, said)) for name, said in form.errors.items()})
    said = form.cleaned_data
    meets_at = dt.datetime.combine(said["meets_on"], said["meets_time"], tzinfo=clock.ZONE)
    seats = {
        name.removeprefix(MEMBER): value or None
        for name, value in typed.items()
        if name.startswith(MEMBER)
    }
    return {"meets_at": meets_at, "place": said["place"], "seats": seats}


def _findings(typed: QueryDict) -> dict[str, Any]:
    """Return what was established as the page's small form has it; nothing where it has none.

    Raises Invalid with each field at fault.
    """
    if "findings" not in typed:
        return {}
    try:
        form = forms.form(UUID(str(typed["findings"])))
    except (ValueError, NotFound) as error:
        raise Invalid(fields={"findings": [_("Vui lòng tải lại trang rồi ghi lại.")]}) from error
    values, errors = forms.clean_page(form, form.pages[0].key, raw(typed))
    if errors:
        raise Invalid(fields={f"findings.{key}": said for key, said in errors.items()})
    return {"findings": values}


def raw(typed: QueryDict) -> dict[str, Any]:
    """Return what a page sent: a list where an input stands more than once."""
    return {
        name: values if len(values) > 1 else values[0] for name, values in typed.lists() if values
    }


_READ: Mapping[str, Callable[[QueryDict], dict[str, Any]]] = {
    "request_supplement": _items,
    "supplement": lambda typed: {"papers": [asdict(one) for one in read_papers(typed)]},
    "establish": _findings,
    "convene": _convening,
    "opine": _findings,
    "conclude": _findings,
    "propose": lambda typed: {"signer": typed.get("signer") or None, **_findings(typed)},
    "check": lambda typed: {"is_agreed": typed.get("answer") == "agree"},
    "hand_over": lambda typed: {"file": typed.get("slip") or None},
    "record_duty": lambda typed: {
        "noticed_on": typed_day(typed, "noticed_on"),
        "amount_vnd": typed.get("amount_vnd", "").replace(".", "").replace(" ", ""),
    },
    "apologise": lambda typed: {"new_due_on": typed_day(typed, "new_due_on")},
    "confirm_duty": lambda typed: {"paid_on": typed_day(typed, "paid_on")},
}
"""What a page words otherwise than the act takes it."""


def with_uploads(actor: Actor, request: HttpRequest) -> QueryDict:
    """Return what was posted, files that a page without script sent taken in first."""
    posted = request.POST.copy()
    for name, uploads in request.FILES.lists():
        for upload in uploads:
            try:
                file = files.take(actor, upload.name or "", upload.read())
            except Invalid as error:
                said = [one for many in error.fields.values() for one in many] or [error.message]
                raise Invalid(fields={name.removesuffix("_file"): said}) from error
            posted.appendlist(name.removesuffix("_file"), str(file.id))
    return posted


def read_papers(typed: QueryDict, prefix: str = "paper_") -> list[PaperInput]:
    """Return the papers that a page sent.

    `paper_<code>`: the ids of finished files; `result_<code>`: the key of a kept result.
    """
    given = []
    for name in typed:
        if name.startswith(prefix):
            try:
                ids = tuple(UUID(value) for value in typed.getlist(name) if value)
            except ValueError:
                raise Invalid(fields={name: [_("Tệp không hợp lệ.")]}) from None
            if ids:
                given.append(PaperInput(code=name.removeprefix(prefix), files=ids))
        elif name.startswith("result_") and (chosen := typed.get(name)):
            code = name.removeprefix("result_")
            given.append(PaperInput(code=code, source="result", result=chosen))
    return given


_DONE: Mapping[str, Callable[[], str]] = {
    "receive": lambda: _("Đã tiếp nhận hồ sơ. Giấy tiếp nhận và hẹn trả đang được ký và gửi."),
    "refuse_reception": lambda: _("Đã từ chối tiếp nhận. Phiếu từ chối đang được ký và gửi."),
    "assign": lambda: _("Đã phân công."),
    "request_supplement": lambda: _("Đã gửi phiếu yêu cầu bổ sung. Thời hạn tạm dừng."),
    "supplement": lambda: _("Đã gửi bổ sung. Thời hạn giải quyết tiếp tục tính."),
    "convene": lambda: _("Đã triệu tập Hội đồng. Mỗi thành viên có việc cho ý kiến."),
    "opine": lambda: _("Đã ghi ý kiến của bạn."),
    "excuse": lambda: _("Đã ghi thành viên vắng mặt."),
    "replace": lambda: _("Đã thay thành viên."),
    "conclude": lambda: _("Đã ghi kết luận của Hội đồng và ký biên bản."),
    "sign_minutes": lambda: _("Đang ký lại biên bản."),
    "establish": lambda: _("Đã ghi kết quả thẩm định. Hãy xem trước dự thảo rồi trình."),
    "propose": lambda: _("Đã trình dự thảo."),
    "send_duty": lambda: _("Đã chuyển cơ quan thuế. Thời hạn tạm dừng; người nộp đã được báo."),
    "record_duty": lambda: _("Đã ghi thông báo. Người nộp đã được báo số tiền."),
    "confirm_duty": lambda: _("Đã xác nhận. Thời hạn giải quyết tiếp tục tính."),
    "check": lambda: _("Đã ghi ý kiến thẩm tra."),
    "sign": lambda: _("Đang ký số. Hồ sơ sẽ chuyển văn thư ngay khi ký xong."),
    "return_for_rework": lambda: _("Đã trả lại để làm lại."),
    "issue": lambda: _("Đang đóng dấu. Kết quả được phát hành ngay khi đóng dấu xong."),
    "apologise": lambda: _("Đã hẹn lại. Văn bản xin lỗi đang được ký và gửi."),
    "follow_up": lambda: _("Đã gửi yêu cầu. Tình trạng mới hiện ở đây khi có trả lời."),
    "hand_over": lambda: _("Đã trả kết quả."),
    "take_result": lambda: _("Bạn đã nhận kết quả điện tử."),
    "withdraw": lambda: _("Đã rút hồ sơ."),
}


def done(act: str) -> str:
    """Return what people are told when an act was done."""
    return _DONE[act]()
