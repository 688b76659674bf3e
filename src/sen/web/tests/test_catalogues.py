"""The tool that keeps the English catalogues."""

from __future__ import annotations

import pytest

from tools import catalogues

SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext
A = _("Nộp hồ sơ")
B = ngettext("%(n)s ngày", "%(n)s ngày", 2)
C = pgettext("giới tính", "Nam")
"""
PAGE = """{% load i18n %}<p title="{% translate "Mở" %}">{% button label=_("Tìm") %}
{% blocktranslate count n=3 %}Có {{ n }} mục{% plural %}Có {{ n }} mục{% endblocktranslate %}</p>"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    made = tmp_path / "sen/mot"
    (made / "templates").mkdir(parents=True)
    (made / "tests").mkdir()
    (made / "apps.py").write_text("", encoding="utf-8")
    (made / "views.py").write_text(SOURCE, encoding="utf-8")
    (made / "tests/test_views.py").write_text('_("Không lấy")', encoding="utf-8")
    (made / "templates/page.html").write_text(PAGE, encoding="utf-8")
    inner = made / "trong"
    inner.mkdir()
    (inner / "apps.py").write_text('_("Của gói khác")', encoding="utf-8")
    return made


WORDS = {
    "Nộp hồ sơ": "Submit", "Nam": "Male", "Mở": "Open", "Tìm": "Search",
    "%(n)s ngày": ("%(n)s day", "%(n)s days"), "Có %(n)s mục": ("%(n)s item", "%(n)s items"),
}  # fmt: skip


def translate(package) -> None:
    catalogue = catalogues.fresh(package)
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
        if key:
            message.string = WORDS[key]
    catalogues.catalogue_path(package).write_bytes(catalogues.written(catalogue))


def test_words_are_found_in_python_and_templates(package):
    found = {
        (m.context, m.id if isinstance(m.id, str) else tuple(m.id))
        for m in catalogues.messages(package)
        if m.id
    }
    assert found == {
        (None, "Nộp hồ sơ"), (None, ("%(n)s ngày", "%(n)s ngày")), ("giới tính", "Nam"),
        (None, "Mở"), (None, "Tìm"), (None, ("Có %(n)s mục", "Có %(n)s mục")),
    }  # fmt: skip


def test_the_way_from_missing_to_complete(package):
    assert catalogues.check(package) == [
        "sen/mot/locale/en/LC_MESSAGES/django.po: missing; run tools/catalogues.py"
    ]
    assert len(catalogues.update(package)) >= 6
    translate(package)
    assert catalogues.check(package) == [
        "sen/mot/locale/en/LC_MESSAGES/django.mo: stale; run tools/catalogues.py"
    ]
    assert catalogues.update(package) == []
    assert catalogues.check(package) == []


def test_a_new_word_makes_the_catalogue_stale(package):
    catalogues.update(package)
    translate(package)
    catalogues.update(package)
    with (package / "views.py").open("a", encoding="utf-8") as file:
        file.write('D = _("Rút hồ sơ")\n')
    assert catalogues.check(package) == [
        "sen/mot: not translated: 'Rút hồ sơ'",
        "sen/mot/locale/en/LC_MESSAGES/django.po: stale; run tools/catalogues.py",
    ]


def test_a_placeholder_lost_in_translation_is_named(package, monkeypatch):
    catalogues.update(package)
    monkeypatch.setitem(WORDS, "%(n)s ngày", ("%(n)s day", "%(m)s days"))
    translate(package)
    assert [fault for fault in catalogues.update(package) if "%(n)s" in fault] != []


def test_a_package_without_words_needs_no_catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    (tmp_path / "sen/hai").mkdir(parents=True)
    assert catalogues.update(tmp_path / "sen/hai") == []
    assert catalogues.check(tmp_path / "sen/hai") == []


def test_the_catalogue_of_web_is_complete():
    assert catalogues.check(catalogues.SOURCE / "sen/web") == []
