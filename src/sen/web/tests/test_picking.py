"""A choice among many: by the code a list gave, or by words where no script ran."""

from __future__ import annotations

import pytest
from django import forms

from sen.web.components.fields import form_field
from sen.web.data import Option
from sen.web.picking import MOST, PickField

NAMES = {str(n): f"Văn thư · xã {n}" for n in range(1, 21)} | {"90": "Chủ tịch"}


def find(words: str, limit: int) -> list[Option]:
    rows = [Option(value=key, label=name) for key, name in NAMES.items() if words in name]
    return rows[:limit]


class Wanted(forms.Form):
    position = PickField(find=find, called=NAMES.get, suggest="/tim/", label="Vị trí")
    other = PickField(find=find, called=NAMES.get, suggest="/tim/", label="Khác", required=False)


def sent(**data: str) -> Wanted:
    return Wanted({key.replace("__", "."): value for key, value in data.items()})


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ({"position": "3", "position__text": NAMES["3"]}, "3"),
        ({"position": "90"}, "90"),
        ({"position__text": "Chủ tịch"}, "90"),
        ({"position__text": "xã 2", "position": "20"}, "20"),
        ({"position__text": NAMES["1"]}, "1"),
    ],
)
def test_what_is_taken_or_named_alone_is_the_answer(data, taken):
    form = sent(**data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"position": taken, "other": ""}


@pytest.mark.parametrize(
    ("data", "fault", "shown"),
    [
        ({}, "Trường này là bắt buộc.", 0),
        ({"position": "77"}, "Mục đã chọn không còn hoặc không thuộc phạm vi của bạn.", 0),
        ({"position__text": "Giám đốc"}, "Không tìm thấy mục nào như vậy. Thử ít từ hơn.", 0),
        (
            {"position__text": "Văn thư"},
            "Có nhiều mục như vậy. Hãy viết thêm từ, ví dụ tên xã, phường.",
            0,
        ),
        ({"position__text": "xã 2"}, "Có 2 mục như vậy. Hãy chọn một mục.", 2),
        ({"position": "3", "position__text": "Giám đốc"}, None, 0),
    ],
)
def test_what_names_none_or_several_is_asked_again(data, fault, shown):
    form = sent(**data)
    assert not form.is_valid()
    drawn = form_field(field=form["position"])
    if fault and data:
        assert form.errors["position"] == [fault]
    assert (drawn["kind"], len(drawn["found"]), drawn["suggest"]) == ("pick", shown, "/tim/")
    assert drawn["text"] == data.get("position__text", "")
    assert shown <= MOST
