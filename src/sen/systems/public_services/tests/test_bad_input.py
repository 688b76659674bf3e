"""What people send by mistake or on purpose: a clear word beside the field, and nothing changed.

Answers, versions, tokens and guessing are in `test_api` and `test_services_*`; the 2 GB body is
refused at the door, in the tests of `config`.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from sen.base.errors import Invalid
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.services.filing import checking, submission
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("word/document.xml", b"\0" * 300_000_000)
    return target.getvalue()


def pixel_bomb() -> bytes:
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("giay.pdf", lambda: b"MZ" + b"\0" * 500),
        ("giay.pdf", lambda: b"%PDF-1.7\nkhong phai PDF"),
        ("giay.docx", zip_bomb),
        ("giay.png", pixel_bomb),
    ],
    ids=["exe_named_pdf", "broken_pdf", "zip_bomb", "pixel_bomb"],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(province, name, data):
    with pytest.raises(Invalid) as refused:
        files.take(province.father, name, data())
    assert refused.value.fields.keys() == {"file"}


def a_newer_form() -> forms.FormVersion:
    """Publish birth registration anew with a question asked otherwise, and let the case use it."""
    case = f.the_case()
    held = forms.FormVersion.objects.get(pk=case.form_version_id)
    document = {**held.document}
    pages = [
        {**page, "questions": [dict(one) for one in page["questions"]]}
        for page in document["pages"]
    ]
    for page in pages:
        for question in page["questions"]:
            if question["key"] == "child_ethnicity":
                question["label"] = {"vi": "Dân tộc (theo cha hoặc mẹ)", "en": "Ethnic group"}
    from sen.base.actor import COMMAND
    from sen.kernel.legal import public as legal

    newer = forms.publish_form(COMMAND, document={**document, "pages": pages}, at=f.MORNING)
    case.form_version_id = newer.id
    case.save()
    legal.forget()
    return newer


def test_a_draft_of_an_older_form_shows_what_changed_and_keeps_equal_answers(province):
    from dataclasses import replace

    case = f.the_case()
    start = replace(drafts.start_of(case), answers=f.answers())
    held = forms.start_draft(province.father, start=start, at=f.MORNING)
    newer = a_newer_form()
    said = drafts.filing_of(
        province.father, held, receiving_unit="H41.9.11.1", shown=[],  at=f.MORNING,
    )  # fmt: skip
    with pytest.raises(checking.FormChanged):
        submission.submit_dossier(actor=province.father, filing=said, at=f.MORNING)
    carried, changes = forms.upgrade_draft(
        province.father, draft=held.id, form_version=newer.id, version=held.version, at=f.MORNING
    )
    assert carried.answers["mother_full_name"] == "Trần Thị Mẫu"
    assert [change.key for change in changes] in ([], ["child_ethnicity"])
    assert not Dossier.objects.exists()
