"""The command that holds the trail against its seals."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.audit.models import PendingEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    """Leave one sealed entry."""
    made = audit.record(
        SYSTEM, "tests.do", subject=audit.Subject("tests.record", new_id()), at=clock.now()
    )
    audit.seal()
    return made


def test_a_whole_trail_is_said_to_be_whole(entry, capsys):
    call_command("audit", "verify")

    assert capsys.readouterr().out == f"1 entries, 1 seals, head {audit.verify().head}\n"


def test_a_problem_is_named_and_ends_in_failure(entry, capsys):
    lost = new_id()
    PendingEntry.objects.create(id=lost)

    with pytest.raises(CommandError, match="1 problems"):
        call_command("audit", "verify")
    assert capsys.readouterr().err == f"dòng {lost} đã bị xóa\n"


def test_a_proof_is_printed_and_checked(entry, capsys, tmp_path):
    call_command("audit", "prove", str(entry))
    text = capsys.readouterr().out
    file = tmp_path / "proof.json"

    file.write_text(text, encoding="utf-8")
    call_command("audit", "check", str(file))
    assert capsys.readouterr().out == f"{entry} stands in seal {audit.verify().head}\n"

    file.write_text(text.replace("tests.do", "tests.undo"), encoding="utf-8")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("audit", "check", str(file))


def test_what_cannot_be_proven_or_read_ends_in_failure(tmp_path):
    with pytest.raises(CommandError, match="Chưa có dòng này"):
        call_command("audit", "prove", str(new_id()))
    with pytest.raises(CommandError, match="No such file"):
        call_command("audit", "check", str(tmp_path / "none"))
