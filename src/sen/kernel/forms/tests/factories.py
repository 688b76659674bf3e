"""Forms, actors and drafts for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sen.base import clock
from sen.base.actor import COMMAND, Actor, Strength
from sen.base.identifiers import new_id
from sen.kernel.forms import public as forms
from sen.kernel.forms.data import Facts

AT = clock.moment(dt.date(2026, 11, 21), dt.time(9, 30))
TODAY = dt.date(2026, 11, 21)
AREAS = {"16909": "Phường Yên Hoà, Thành phố Hà Nội"}
FACTS = Facts(TODAY, AREAS.get)


def vi(text: str) -> dict[str, str]:
    return {"vi": text}


def question(key: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """Return a question of a document, optional and public unless told otherwise."""
    return {
        "key": key, "type": kind, "label": vi(f"Mục {key}"), "required": False,
        "sensitivity": "public", **more,
    }  # fmt: skip


def page(key: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "title": vi(f"Trang {key}"), "questions": list(questions), **more}


def document(*pages: dict[str, Any], code: str = "tests.form", **more: Any) -> dict[str, Any]:
    return {"code": code, "title": vi("Biểu mẫu thử"), "pages": list(pages), **more}


def one(kind: str, **more: Any) -> forms.Question:
    """Return a single parsed question."""
    return forms.parse(document(page("p", question("q", kind, **more)))).questions["q"]


YES_NO_OPTIONS = [{"code": "a", "label": vi("A")}, {"code": "b", "label": vi("B")}]


def child_document(**more: Any) -> dict[str, Any]:
    """Return a small form with a hidden page, sensitive answers and a locked one."""
    return document(
        page(
            "person",
            question(
                "full_name", "person_name", required=True, sensitivity="personal",
                label={"vi": "Họ và tên", "en": "Full name"}, source="test.full_name",
                is_locked=True,
            ),
            question("born", "date", required=True, sensitivity="personal", label=vi("Ngày sinh"),
                     validate=[{"rule": "not_future"}]),
            question("married", "yes_no", required=True, label=vi("Đã kết hôn?")),
        ),
        page(
            "spouse",
            question("spouse_name", "person_name", required=True, sensitivity="sensitive",
                     label=vi("Họ tên vợ hoặc chồng")),
            question("note", "textarea", label=vi("Ghi chú")),
            show_if={"var": "married"},
        ),
        page("end", question("copies", "number", required=True, label=vi("Số bản"),
                             validate=[{"rule": "max", "value": 9}])),
        **more,
    )  # fmt: skip


def citizen(**more: Any) -> Actor:
    return Actor(**{"account": new_id(), "person": new_id(), "strength": Strength.LEVEL_2, **more})


def published(doc: dict[str, Any] | None = None) -> forms.FormVersion:
    return forms.publish_form(COMMAND, document=doc or child_document(), at=AT)
