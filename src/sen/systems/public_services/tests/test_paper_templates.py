"""Each paper says what its schema names, on one page, with its fields where the law has them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sen.kernel.papers import public as papers
from sen.kernel.papers.public import FieldKind, SchemaField

FOLDER = Path(__file__).parents[1] / "papers"
NAMES = sorted(path.stem for path in FOLDER.glob("*.typ"))
LEADER_SIGNS = {name for name in NAMES if not name.startswith("mau_")}
DAY = dt.date(2026, 11, 21)
AT = dt.datetime(2026, 11, 21, 2, 15, tzinfo=dt.UTC)
QR = "https://example.vn/tra-cuu/abcdefghijklmnopqrstuvwxyz/"


@pytest.fixture(params=NAMES)
def name(request) -> str:
    """Return the name of each template, registered for the tests under a code of their own."""
    code = f"tests.{request.param}"
    if code not in papers.templates():
        papers.register_templates(
            papers.PaperTemplate(
                code=code,
                title=request.param,
                source=f"systems/public_services/papers/{request.param}.typ",
                valid_from=DAY,
            )
        )
    return request.param


def schema(name: str) -> tuple[SchemaField, ...]:
    return papers.schema(f"systems/public_services/papers/{name}.typ")


def sample(field: SchemaField) -> Any:
    match field.kind:
        case FieldKind.INTEGER:
            return 7
        case FieldKind.DATE:
            return DAY
        case FieldKind.MOMENT:
            return AT
        case FieldKind.YES_NO:
            return False
        case FieldKind.ROWS:
            return [{column.key: sample(column) for column in field.columns}] * 2
        case _:
            return f"Chữ {field.key.replace('_', ' ')}"


def words(pdf: bytes) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split()).casefold(), len(document)


def test_everything_in_the_schema_stands_on_the_paper(name):
    fields = [field for field in schema(name) if field.kind is FieldKind.TEXT]
    data = {field.key: sample(field) for field in schema(name)}
    text, pages = words(papers.render(f"tests.{name}", data, on=DAY, qr=QR).pdf)
    unseen = {"notation"} if name == "giay_khai_sinh" else set()
    unseen |= {"hotline"} if name != "mau_01" else set()
    unseen |= {"agency", "agency_parent", "place"} if name == "giay_khai_sinh" else set()
    unseen |= {"email", "phone"} if name == "refusal" else {"email"} if name == "mau_05" else set()
    missing = {f.key for f in fields if sample(f).casefold() not in text}
    assert (missing - unseen, pages) == (set(), 1)


def test_what_is_needed_is_enough(name):
    data = {field.key: sample(field) for field in schema(name) if field.is_required}
    made = papers.render(f"tests.{name}", data, on=DAY, fields=True)
    assert words(made.pdf)[1] == 1


def test_fields_are_where_the_clerk_and_the_signers_need_them(name):
    data = {field.key: sample(field) for field in schema(name) if field.is_required}
    pdf = papers.render(f"tests.{name}", data, on=DAY, fields=True).pdf
    named = {
        field
        for field in (b"so", b"ngay", b"thang", b"NguoiKy", b"CoQuan")
        if b"(%b)" % field in pdf
    }
    assert b"CoQuan" in named
    assert (b"NguoiKy" in named) == (name in LEADER_SIGNS)
    assert {b"so", b"ngay", b"thang"} <= named


def test_a_number_given_before_needs_no_field(name):
    data = {field.key: sample(field) for field in schema(name) if field.is_required}
    pdf = papers.render(f"tests.{name}", {**data, "number": 7}, on=DAY, fields=True).pdf
    assert b"(so)" not in pdf


def test_each_schema_names_its_title_and_its_law(name):
    document = json.loads((FOLDER / f"{name}.json").read_text())
    assert set(document) == {"title", "law", "fields"}
    assert document["title"]
    assert document["law"]
