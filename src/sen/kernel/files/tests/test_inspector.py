from __future__ import annotations

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from sen.kernel.files import rules
from sen.kernel.files.adapters import inspector
from sen.kernel.files.data import Inspection
from sen.kernel.files.rules import Problem
from sen.kernel.files.tests import samples
from sen.kernel.files.tests.samples import action, image, names, office, pdf


@pytest.fixture
def look(tmp_path):
    def run(name: str, data: bytes) -> Inspection:
        path = tmp_path / "file"
        path.write_bytes(data)
        return inspector.inspect(path, name)

    return run


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("đơn.pdf", pdf(), rules.PDF),
        ("đơn", pdf(), rules.PDF),
        ("ảnh.PNG", image("PNG"), rules.PNG),
        ("ảnh.jpg", image("JPEG"), rules.JPEG),
        ("ảnh.jpeg", image("JPEG", (1, 1)), rules.JPEG),
        ("ảnh.webp", image("WEBP"), rules.WEBP),
        ("đơn.docx", office(), rules.DOCX),
        ("bảng.xlsx", office(samples.SHEET), rules.XLSX),
    ],
)
def test_good_file_gives_its_true_type(look, name, data, media_type):
    assert look(name, data) == Inspection(media_type)


@pytest.mark.parametrize(
    ("name", "data", "problem", "detail"),
    [
        ("a.pdf", b"", Problem.EMPTY, {}),
        ("a.pdf", b"hello", Problem.UNKNOWN, {}),
        ("a.pdf", samples.EXE, Problem.OTHER, {"kind": "program"}),
        ("a.pdf", b"\0\0\0\x18ftypheic", Problem.OTHER, {"kind": "heic"}),
        ("a.pdf", image("PNG"), Problem.MISNAMED, {"kind": rules.PNG}),
        ("a.xlsx", office(), Problem.MISNAMED, {"kind": rules.DOCX}),
        ("a.pdf", pdf()[:-200], Problem.BROKEN, {}),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 5000, Problem.BROKEN, {}),
        ("a.pdf", pdf(pages=0), Problem.BROKEN, {}),
        ("a.pdf", pdf(password="mật khẩu"), Problem.ENCRYPTED, {}),
        ("a.jpg", image("JPEG", (800, 600))[:2000], Problem.BROKEN, {}),
        ("a.png", image("PNG", (800, 600))[:400], Problem.BROKEN, {}),
        ("a.png", samples.pixel_bomb(), Problem.PIXELS, {"width": "50000", "height": "50000"}),
        ("a.webp", samples.webp_bomb(), Problem.PIXELS, {"width": "16384", "height": "16384"}),
        ("a.docx", samples.zip_bomb(), Problem.BOMB, {}),
        ("a.docx", samples.zip_locked(), Problem.ENCRYPTED, {}),
        pytest.param("a.docx", office()[:80], Problem.BROKEN, {}, id="docx-cut"),
        ("a.docx", samples.plain_zip(), Problem.OTHER, {"kind": "archive"}),
        ("a.docx", office("text/plain"), Problem.OTHER, {"kind": "archive"}),
        (
            "a.docx",
            office(word__vbaProject=b"x"),
            Problem.ACTIVE,
            {"what": "macro, đối tượng nhúng"},
        ),
    ],
)
def test_bad_file_is_refused_with_its_reason(look, name, data, problem, detail):
    assert look(name, data) == Inspection(problem=problem, detail=detail)


def _filespec() -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            pdf_name("/F"): pdf_string("a.exe"),
            pdf_name("/EF"): generic.DictionaryObject(),
        }
    )


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (pdf(root={"/OpenAction": samples.javascript()}), "JavaScript"),
        (pdf(root={"/Names": names("JavaScript")}), "JavaScript"),
        (
            pdf(root={"/OpenAction": action("JavaScriptXX")}).replace(
                b"/JavaScriptXX", b"/J#61vaScript"
            ),
            "JavaScript",
        ),
        (
            pdf(page={"/AA": generic.DictionaryObject({pdf_name("/O"): action("Launch")})}),
            "lệnh mở chương trình",
        ),
        (pdf(root={"/Names": names("EmbeddedFiles")}), "tệp đính kèm"),
        (pdf(root={"/AF": generic.ArrayObject([_filespec()])}), "tệp đính kèm"),
        (
            pdf(root={"/AcroForm": generic.DictionaryObject({pdf_name("/XFA"): pdf_string("")})}),
            "biểu mẫu XFA",
        ),
    ],
)
def test_pdf_that_acts_by_itself_is_refused_and_says_why(look, data, what):
    assert look("a.pdf", data) == Inspection(problem=Problem.ACTIVE, detail={"what": what})


def test_pdf_with_a_resource_that_is_merely_called_js_is_fine(look):
    fonts = generic.DictionaryObject({pdf_name("/JS"): generic.DictionaryObject()})
    resources = generic.DictionaryObject({pdf_name("/Font"): fonts})

    assert look("a.pdf", pdf(page={"/Resources": resources})) == Inspection(rules.PDF)


def test_pdf_without_end_is_a_bomb(look, monkeypatch):
    monkeypatch.setattr(inspector, "MAX_OBJECTS", 2)

    assert look("a.pdf", pdf()).problem == Problem.BOMB


def test_pdf_with_too_many_pages_is_a_bomb(look, monkeypatch):
    monkeypatch.setattr(inspector, "MAX_PAGES", 0)

    assert look("a.pdf", pdf()).problem == Problem.BOMB


def test_zip_that_unpacks_to_more_than_it_says_is_a_bomb(look, monkeypatch):
    monkeypatch.setattr(inspector, "MAX_UNPACKED", 1000)

    assert look("a.docx", office(word__document=bytes(range(256)) * 8)).problem == Problem.BOMB


def test_zip_with_too_many_entries_is_a_bomb(look, monkeypatch):
    monkeypatch.setattr(inspector, "MAX_ENTRIES", 1)

    assert look("a.docx", office(word__document=b"x")).problem == Problem.BOMB


def test_file_that_needs_too_much_memory_is_a_bomb(look, monkeypatch):
    def exhausted(_path):
        raise MemoryError

    monkeypatch.setitem(inspector._LOOKS, rules.PNG, exhausted)

    assert look("a.png", image()).problem == Problem.BOMB
