"""Papers are rendered by their valid edition; numbers and codes have no gap."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import replace
from uuid import UUID

import pypdfium2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from sen.base.errors import Invalid, NotFound
from sen.base.identifiers import new_id
from sen.kernel.legal import public as legal
from sen.kernel.papers import public as papers
from sen.kernel.papers import registry
from sen.kernel.papers.adapters import typesetting
from sen.kernel.papers.models import Register

DAY = dt.date(2026, 11, 21)
UNIT = UUID("018f0000-0000-7000-8000-000000000001")
KEY = "papers.test_code"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def test_render_makes_an_archivable_pdf_with_the_words(data):
    made = papers.render("papers.letter", {**data, "number": 7}, on=DAY)
    text = text_of(made.pdf)
    assert made.sha256 == hashlib.sha256(made.pdf).hexdigest()
    assert (made.code, made.template_version, made.has_fields) == ("papers.letter", 1, False)
    assert b"<pdfaid:part>2" in made.pdf
    assert "ỦY BAN NHÂN DÂN PHƯỜNG TRƯỜNG VINH" in text
    assert "Số: 07/TB-UBND" in text
    assert "Trường Vinh, ngày 21 tháng 11 năm 2026" in text
    assert b"/AcroForm" not in made.pdf


def test_render_is_the_same_for_the_same_data(data):
    first = papers.render("papers.letter", data, on=DAY)
    assert papers.render("papers.letter", data, on=DAY) == first


def test_render_prepares_the_fields_that_the_paper_marks(data):
    made = papers.render("papers.letter", data, on=DAY, fields=True)
    document = pypdfium2.PdfDocument(made.pdf)
    document.init_forms()
    assert made.has_fields
    assert all(
        name in made.pdf for name in (b"(so)", b"(ngay)", b"(thang)", b"(NguoiKy)", b"(CoQuan)")
    )
    assert document.get_formtype() == 1


def test_render_shows_a_qr_code_only_to_templates_that_draw_it(data):
    assert papers.render("papers.letter", data, on=DAY, qr="https://example.vn/x").pdf


def test_render_names_missing_and_unknown_keys(data):
    del data["subject"]
    with pytest.raises(Invalid) as refused:
        papers.render("papers.letter", {**data, "colour": "red", "number": "7"}, on=DAY)
    assert refused.value.fields == {
        "subject": ["Văn bản cần thông tin này."],
        "colour": ["Văn bản không có chỗ cho thông tin này."],
        "number": ["Thông tin không đúng kiểu."],
    }


def test_render_refuses_a_character_that_no_font_shows(data):
    with pytest.raises(Invalid, match="“漢” không in được"):
        papers.render("papers.letter", {**data, "signer_name": "An 漢"}, on=DAY)


def test_render_takes_text_as_text_not_as_markup(data):
    tricky = '#panic("x") *a* $b$ "); #import "/x" \\ @c <d> [e] = f'
    made = papers.render("papers.letter", {**data, "text": tricky}, on=DAY)
    assert tricky.replace("@c <d> ", "")[:20] in text_of(made.pdf)


def test_render_refuses_an_unknown_paper_and_a_day_without_edition(data):
    for code, on in (("papers.none", DAY), ("papers.letter", dt.date(2025, 12, 31))):
        with pytest.raises(ImproperlyConfigured, match="not valid on"):
            papers.render(code, data, on=on)


def test_render_tells_a_broken_template_from_bad_data(data, monkeypatch):
    def broken(source: str, *, made_at: dt.datetime) -> bytes:
        raise typesetting.CannotTypeset("unknown variable")

    monkeypatch.setattr(typesetting, "pdf", broken)
    with pytest.raises(ImproperlyConfigured, match="cannot be typeset"):
        papers.render("papers.letter", data, on=DAY)


def test_typesetting_reports_a_broken_source():
    with pytest.raises(typesetting.CannotTypeset) as problem:
        typesetting.pdf("#let", made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert problem.value.letter == ""


def test_the_newest_valid_edition_is_used(letter):
    second = replace(letter, version=2, valid_from=dt.date(2027, 1, 1))
    papers.register_templates(second)
    assert papers.edition("papers.letter", DAY).version == 1
    assert papers.edition("papers.letter", dt.date(2027, 1, 1)).version == 2
    assert papers.templates()["papers.letter"] == (second, letter)


def test_a_template_twice_another_type_or_without_file_is_refused(letter):
    papers.register_templates(letter)
    for wrong, message in (
        (replace(letter, title="Khác"), "twice"),
        (replace(letter, version=3, source="kernel/papers/tests/none.typ"), "no file"),
        ("letter", "not a PaperTemplate"),
    ):
        with pytest.raises(ImproperlyConfigured, match=message):
            papers.register_templates(wrong)


def test_a_template_with_a_broken_schema_is_refused():
    with pytest.raises(ImproperlyConfigured, match="schema none"):
        registry.schema("kernel/papers/tests/none.typ")


def test_render_is_safe_in_threads(data):
    made: list[str] = []

    def work(name: str) -> None:
        made.append(
            text_of(papers.render("papers.letter", {**data, "signer_name": name}, on=DAY).pdf)
        )

    threads = [threading.Thread(target=work, args=(f"Người {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text[-len("Người 0") :] for text in made) == [f"Người {n}" for n in range(6)]


@pytest.mark.django_db
def test_numbers_run_from_one_in_each_register(django_assert_num_queries):
    with django_assert_num_queries(1):
        first = papers.take_number(unit=UNIT, kind="decision", series="", on=DAY)
    second = papers.take_number(unit=UNIT, kind="decision", series="", on=DAY)
    others = [
        papers.take_number(unit=new_id(), kind="decision", series="", on=DAY),
        papers.take_number(unit=UNIT, kind="letter", series="", on=DAY),
        papers.take_number(unit=UNIT, kind="decision", series="normative", on=DAY),
        papers.take_number(unit=UNIT, kind="decision", series="", on=dt.date(2027, 1, 1)),
    ]
    assert (first, second, others) == (1, 2, [1, 1, 1, 1])


@pytest.mark.django_db
def test_a_number_of_a_failed_act_is_taken_again():
    def fail() -> None:
        papers.take_number(unit=UNIT, kind="decision", series="", on=DAY)
        raise RuntimeError

    papers.take_number(unit=UNIT, kind="decision", series="", on=DAY)
    with pytest.raises(RuntimeError), transaction.atomic():
        fail()
    assert papers.take_number(unit=UNIT, kind="decision", series="", on=DAY) == 2


def test_numbers_have_no_gap_and_no_double_under_a_race(committed_db):
    taken: list[int] = []

    def work() -> None:
        try:
            for turn in range(10):
                with transaction.atomic():
                    number = papers.take_number(unit=UNIT, kind="decision", series="", on=DAY)
                    if turn % 3 == 2:
                        transaction.set_rollback(True)
                    else:
                        taken.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert Register.objects.get().last_number == len(taken)


@pytest.fixture
def pattern(db) -> None:
    legal.LegalValue.objects.create(
        key=KEY,
        value="{unit}.{field}-{yymmdd}-{number:4}",
        valid_from=dt.date(2026, 1, 1),
        source="Thông tư 03/2025/TT-VPCP, Điều 13",
        status=legal.Status.CONFIRMED,
    )


def test_codes_run_by_agency_and_day(pattern, django_assert_max_num_queries):
    def code(unit: UUID, unit_code: str, on: dt.date) -> str:
        return papers.next_code(
            unit=unit, unit_code=unit_code, field_code="12", on=on, pattern_key=KEY
        )

    with django_assert_max_num_queries(3):
        first = code(UNIT, "H41.9", DAY)
    assert [first, code(UNIT, "H41.9", DAY)] == ["H41.9.12-261121-0001", "H41.9.12-261121-0002"]
    assert code(new_id(), "H41.10", DAY) == "H41.10.12-261121-0001"
    assert code(UNIT, "H41.9", dt.date(2026, 11, 22)) == "H41.9.12-261122-0001"


@pytest.mark.django_db
def test_a_code_needs_a_pattern_in_the_law():
    with pytest.raises(NotFound):
        papers.next_code(unit=UNIT, unit_code="H41.9", field_code="", on=DAY, pattern_key=KEY)


def test_qr_svg_is_safe_and_scales():
    drawn = papers.qr_svg("https://example.vn/<script>")
    assert hasattr(drawn, "__html__")
    assert drawn.startswith("<svg ")
    assert "viewBox" in drawn
    assert "script" not in drawn
