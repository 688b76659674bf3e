"""The components: wrong use fails when compiled; what they draw says what it should."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import SafeString

from sen.base import clock
from sen.web.components import library
from sen.web.components.library import names
from sen.web.data import Column, Fact, FieldFault, KeptFile, Link, Option, Paper, Step, UploadUrls
from sen.web.templatetags import ui

TEMPLATES = Path(__file__).parents[1] / "templates"
PARTS = ["actions", "fields", "pages", "records"]


def draw(source: str, **context: object) -> str:
    text = Template(source).render(Context(context))
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", text)).strip()


def words(source: str, **context: object) -> str:
    text = re.sub(r"<[^>]+>", " ", Template(source).render(Context(context)))
    return re.sub(r"\s+", " ", text).strip()


WRONG = {
    "a misspelt argument": '{% button lable="Nộp" %}',
    "a missing argument": '{% button look="main" %}',
    "an argument given twice": '{% button label="Nộp" label="Nộp" %}',
    "an argument by position": '{% button "Nộp" %}',
    "a value that is not among the allowed ones": '{% button label="Nộp" look="primary" %}',
    "an unknown icon": '{% button label="Nộp" icon="rocket" %}',
    "an unknown icon alone": '{% icon name="rocket" %}',
    "a wrong tone": '{% message tone="red" %}x{% endmessage %}',
    "a missing end": '{% panel title="x" %}',
    "a missing argument of a block": '{% table caption="x" %}{% endtable %}',
    "a wrong clock": '{% clock_badge state="tardy" %}',
    "a wrong level": '{% panel title="x" level="h7" %}{% endpanel %}',
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG.keys())
def test_wrong_use_fails_when_the_template_is_compiled(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_every_component_has_a_docstring_and_a_template():
    inline = {"icon"}
    missing = [
        name
        for name in names
        if not getattr(ui, name).__doc__
        or (name not in inline and not (TEMPLATES / f"ui/{name}.html").exists())
    ]
    assert missing == []


def test_every_template_belongs_to_a_component():
    drawn = {path.stem for path in (TEMPLATES / "ui").glob("*.html")}
    assert drawn - set(names) == {"field_notes"}


def test_every_component_stands_in_the_catalogue():
    pages = "".join(
        (TEMPLATES / f"web/catalogue/{part}.html").read_text(encoding="utf-8") for part in PARTS
    )
    assert sorted(set(names) - set(re.findall(r'entry name="(\w+)"', pages))) == []


CLOCKS = [
    ('state="on_time" minutes=1620', "Còn 3 ngày 3 giờ làm việc"),
    ('state="soon" minutes=185', "Còn 3 giờ 5 phút làm việc"),
    ('state="soon" minutes=0', "Còn dưới 1 phút làm việc"),
    ('state="late" minutes=minus', "Trễ 1 ngày làm việc"),
    ('state="late"', "Trễ hạn"),
    ('state="on_time"', "Trong hạn"),
    ('state="soon"', "Sắp đến hạn"),
    ('state="paused" note="Chờ bổ sung"', "Tạm dừng Chờ bổ sung"),
    ('state="done"', "Đã xong"),
    ('state="done_late"', "Đã xong, trễ hạn"),
    ('state="on_time" minutes=450 day_minutes=450', "Còn 1 ngày làm việc"),
]


@pytest.mark.parametrize(("arguments", "said"), CLOCKS)
def test_a_clock_says_in_words_how_it_stands(arguments, said):
    assert words("{% clock_badge " + arguments + " %}", minus=-480) == said


def test_a_clock_in_english_counts_in_english():
    with translation.override("en"):
        one = words('{% clock_badge state="on_time" minutes=540 %}')
    assert one == "1 day 1 hour of working time left"


def test_a_clock_shows_the_promised_moment_in_the_laws_zone():
    due = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
    assert (
        words('{% clock_badge state="done" due_at=due %}', due=due)
        == "Đã xong hạn 17:00, 25/11/2026"
    )


def test_a_tone_never_stands_alone():
    for tone in ("plain", "calm", "action", "done", "soon", "late"):
        drawn = draw("{% status_badge label='Chữ' tone=tone %}", tone=tone)
        assert (drawn.count("<svg"), "Chữ" in drawn) == (1, True)


def test_a_field_names_its_hint_and_error_to_screen_readers():
    drawn = draw(
        '{% text_field name="a" label="Tên" hint="Có dấu" error="Thiếu" provenance="từ X" %}'
    )
    described = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert described is not None
    assert described[1].split() == ["id_a-hint", "id_a-error", "id_a-provenance"]
    assert [f'id="{one}"' in drawn for one in described[1].split()] == [True, True, True]
    assert 'aria-invalid="true"' in drawn


def test_what_was_typed_is_kept_and_escaped():
    drawn = draw('{% text_field name="a" label="Tên" value=value %}', value='"><script>')
    assert 'value="&quot;&gt;&lt;script&gt;"' in drawn


def test_an_optional_field_says_so():
    assert words('{% number_field name="a" label="Số" is_required=False unit="bản" %}') == (
        "Số (không bắt buộc) bản"
    )


def test_radio_buttons_share_a_legend_and_the_first_carries_the_fields_id():
    options = [Option(value="1", label="Nữ"), Option(value="2", label="Nam")]
    drawn = draw('{% choice_field name="s" label="Giới" options=o value="2" %}', o=options)
    assert re.findall(r'id="(id_s[^"]*)"', drawn) == ["id_s", "id_s-1"]
    assert re.findall(r'value="(\d)" checked', drawn) == ["2"]


def test_a_select_without_a_value_begins_with_a_question():
    options = [Option(value="1", label="Một")]
    assert (
        words('{% select_field name="s" label="Chọn" options=o %}', o=options) == "Chọn Chọn… Một"
    )
    assert words('{% select_field name="s" label="X" options=o value="1" %}', o=options) == "X Một"


def test_a_file_field_keeps_files_and_says_where_pieces_go():
    urls = UploadUrls(begin="/b", append="/a/{id}", finish="/f/{id}")
    kept = [KeptFile(id="7", name="a.pdf", size=1_468_006)]
    drawn = draw('{% file_field name="f" label="Tệp" urls=urls kept=kept %}', urls=urls, kept=kept)
    assert re.findall(r'data-(begin|append|finish)="([^"]+)"', drawn) == [
        ("begin", "/b"), ("append", "/a/{id}"), ("finish", "/f/{id}"),
    ]  # fmt: skip
    assert re.findall(r' name="(f\w*)"', drawn) == ["f", "f_file"]
    assert "1,4 MB" in drawn


def test_an_error_summary_links_to_the_fields_and_is_silent_without_faults():
    faults = [FieldFault(field="id_a", message="Thiếu tên"), FieldFault(field="", message="Sai")]
    drawn = draw("{% error_summary faults=faults %}", faults=faults)
    assert 'href="#id_a"' in drawn
    assert words("{% error_summary faults=faults %}", faults=faults) == (
        "Có 2 mục cần sửa Thiếu tên Sai"
    )
    assert draw("{% error_summary faults=faults %}", faults=[]) == ""


class SignIn(forms.Form):
    name = forms.CharField(label="Tên", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    code = forms.CharField(label="Mã", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    secret = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput)
    mail = forms.EmailField(label="Thư", required=False)
    kind = forms.ChoiceField(label="Loại", choices=[("1", "Một")], widget=forms.RadioSelect)
    area = forms.ChoiceField(label="Xã", choices=[("1", "Kim Liên")])
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea)
    paper = forms.FileField(label="Giấy tờ")
    stay = forms.BooleanField(label="Nhớ", required=False)


def test_a_django_form_is_drawn_by_the_fitting_components():
    form = SignIn({"name": "hà", "secret": "x", "stay": "on"})
    drawn = {field.name: draw("{% form_field field=field %}", field=field) for field in form}
    kinds = {
        name: (re.search(r'<(?:input|select|textarea)[^>]*?(?:type="(\w+)")?[^>]*>', text) or [""])[
            0
        ]
        for name, text in drawn.items()
    }
    found = {
        name: re.findall(r'type="(\w+)"', tag) or [tag.split()[0].strip("<")]
        for name, tag in kinds.items()
    }
    assert found == {
        "name": ["text"], "code": ["text"], "secret": ["password"], "mail": ["email"],
        "kind": ["radio"], "area": ["select"], "note": ["textarea"], "paper": ["file"],
        "stay": ["checkbox"],
    }  # fmt: skip
    assert 'inputmode="numeric"' in drawn["code"]
    assert "This field is required" in drawn["code"] or "aria-invalid" in drawn["code"]
    assert "checked" in drawn["stay"]


def test_a_stepper_says_where_one_is():
    steps = [
        Step(label="Một", state="done", href="/1"),
        Step(label="Hai", state="current"),
        Step(label="Ba"),
    ]
    drawn = draw('{% stepper steps=steps label="Các bước" %}', steps=steps)
    assert 'max="3" value="2"' in drawn
    assert words('{% stepper steps=steps label="Các bước" %}', steps=steps).startswith(
        "Bước 2 trên 3 Hai"
    )
    assert drawn.count('aria-current="step"') == 1


def test_a_stepper_without_a_current_step_is_at_its_end():
    drawn = draw('{% stepper steps=steps label="x" %}', steps=[Step(label="Một", state="done")])
    assert 'max="1" value="1"' in drawn


def test_papers_say_what_the_signature_check_said():
    papers = [
        Paper(title="A", href="/a", size=100, signature="valid"),
        Paper(title="B", href="/b", signature="invalid"),
        Paper(title="C", href="/c", signature="unknown"),
        Paper(title="D", is_required=True),
        Paper(title="E"),
    ]
    assert words('{% paper_list papers=papers label="x" %}', papers=papers) == (
        "A 100 B Chữ ký hợp lệ B Chữ ký không hợp lệ C Chưa xác định được chữ ký "
        "D Chưa có E Không bắt buộc"
    )


def test_empty_facts_are_said_to_be_empty():
    facts = [Fact(label="Nhóm máu", value="", href="/sua")]
    assert words("{% facts facts=facts %}", facts=facts) == "Nhóm máu Chưa có Sửa Nhóm máu"


def test_a_table_draws_its_columns_and_the_ways_on():
    source = (
        '{% table caption="Việc" columns=columns next_href="?sau=1" first_href="?" %}'
        "<tr><td>1</td></tr>{% endtable %}"
    )
    columns = [
        Column(label="Hồ sơ"),
        Column(label="Phí", is_number=True),
        Column(label="Sửa", is_hidden=True),
    ]
    drawn = draw(source, columns=columns)
    assert re.findall(r'<th scope="col"( class="[\w-]+")?', drawn) == ["", ' class="is-number"', ""]
    assert re.findall(r'href="([^"]*)"', drawn) == ["?", "?sau=1"]
    plain = '{% table caption="Việc" columns=columns %}{% endtable %}'
    assert "paging" not in draw(plain, columns=columns)


BELLS = [
    (0, "Thông báo: không có gì mới"),
    (3, "Thông báo: 3 chưa đọc"),
    (120, "Thông báo: 120 chưa đọc"),
]


@pytest.mark.parametrize(("unread", "said"), BELLS)
def test_the_bell_is_spoken_in_words(unread, said):
    drawn = draw('{% bell href="/" unread=unread %}', unread=unread)
    assert re.findall(r'aria-label="([^"]+)"', drawn) == [said]
    assert ("99+" in drawn) == (unread > 99)


def test_a_button_that_opens_a_dialog_submits_nothing():
    assert 'type="button"' in draw('{% button label="Mở" opens="d" %}')


def test_links_as_tabs_and_filters_mark_the_current_one():
    links = [Link(label="A", href="/a", is_current=True, count=2), Link(label="B", href="/b")]
    assert draw('{% tabs links=links label="x" %}', links=links).count('aria-current="page"') == 1


@override_settings(ROOT_URLCONF="sen.web.tests.urls")
def test_the_other_language_is_offered_in_itself():
    assert words('{% language_switch current="vi" path="/" %}') == "English"
    assert words('{% language_switch current="en" path="/" %}') == "Tiếng Việt"


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in draw('{% icon name="bell" %}')
    assert 'role="img" aria-label="Chuông"' in draw('{% icon name="bell" label="Chuông" %}')
    assert draw('{% icon name="" %}') == ""


def test_the_timeline_keeps_the_order_given():
    from sen.web.data import Entry

    at = dt.datetime(2026, 11, 21, 12, 3, tzinfo=clock.ZONE)
    entries = [Entry(title="Ký", at=at, who="Hùng", icon="signature"), Entry(title="Nộp", at=at)]
    assert words('{% timeline entries=e label="x" %}', e=entries) == (
        "Ký 12:03, 21/11/2026 · Hùng Nộp 12:03, 21/11/2026"
    )


def test_a_pick_field_sends_code_and_words_and_shows_what_the_words_named():
    options = [Option(value="1", label="Văn thư · xã A"), Option(value="2", label="Văn thư · xã B")]
    drawn = draw(
        '{% pick_field name="p" label="Vị trí" text="văn thư" found=o suggest="/tim/" %}', o=options
    )
    assert re.findall(r' name="(p[^"]*)"', drawn) == ["p.text", "p", "p"]
    assert re.findall(r'data-(pick|name|code)="([^"]*)"', drawn) == [
        ("pick", "/tim/"), ("name", "p"), ("code", ""),
    ]  # fmt: skip
    assert words('{% pick_field name="p" label="Vị trí" found=o %}', o=options) == (
        "Vị trí Chọn một mục Văn thư · xã A Văn thư · xã B"
    )


def test_what_is_kept_tells_markup_from_text():
    """The same letters, once as text and once as markup, in two languages: four drawings."""
    source = "{% load i18n %}{% status_badge label=label %}"
    assert [
        "&lt;b&gt;" in draw(source, label=label)
        for label in ("<b>", SafeString("<b>"), "<b>", SafeString("<b>"))
    ] == [True, False, True, False]
    clock_of = '{% clock_badge state="paused" %}'
    assert words(clock_of) == "Tạm dừng"
    with translation.override("en"):
        assert words(clock_of) == "Paused"
    assert words(clock_of) == "Tạm dừng"


def test_only_so_many_drawings_are_kept(monkeypatch):
    monkeypatch.setattr(library, "_drawings", kept := {})
    monkeypatch.setattr(library, "_MOST_DRAWINGS", 2)
    assert [words("{% status_badge label=label %}", label=one) for one in "abca"] == [*"abca"]
    assert len(kept) == 2


def test_a_frame_around_content_is_drawn_once_and_its_content_each_time(monkeypatch):
    monkeypatch.setattr(library, "_drawings", kept := {})
    source = '{% panel title=title icon="user" %}{{ content }}{% endpanel %}'
    found = [draw(source, title="<b>", content=one) for one in ("<i>một</i>", "hai", "hai")]
    assert [("&lt;i&gt;một" in one, "&lt;b&gt;" in one, "hai" in one) for one in found] == [
        (True, True, False), (False, True, True), (False, True, True),
    ]  # fmt: skip
    assert len(kept) == 1


def test_a_field_is_kept_while_nothing_is_typed_in_it(monkeypatch):
    monkeypatch.setattr(library, "_drawings", kept := {})
    source = '{% text_field name="a" label="A" value=value %}'
    drawn = [draw(source, value=one) for one in ("", "Nguyễn Văn Thử", "", "Trần Thị Mẫu")]
    assert [re.findall('value="([^"]*)"', one) for one in drawn] == [
        [""], ["Nguyễn Văn Thử"], [""], ["Trần Thị Mẫu"],
    ]  # fmt: skip
    assert len(kept) == 1
    assert "Nguyễn" not in str(kept)


def test_what_is_long_is_not_kept(monkeypatch):
    monkeypatch.setattr(library, "_drawings", kept := {})
    monkeypatch.setattr(library, "_LONGEST_DRAWING", 10)
    assert words("{% status_badge label=label %}", label="Đang giải quyết") == "Đang giải quyết"
    assert kept == {}
