"""Verification open to everybody: its limits, and what it holds while it looks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from sen.base import clock
from sen.base.actor import ANONYMOUS
from sen.base.errors import Invalid, NotFound, TooLarge, TooMany
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.systems.results import services

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)


def verify(data: bytes, visitor: str = "192.0.2.1", at: dt.datetime = AT):
    return services.verify_upload(actor=ANONYMOUS, data=data, visitor=visitor, at=at)


@pytest.mark.django_db
def test_a_visitor_has_twenty_papers_verified_in_a_quarter_of_an_hour(monkeypatch):
    monkeypatch.setattr(files, "check_bounded", lambda _data: None)
    for _turn in range(services.TRIES):
        assert verify(b"not a paper").verdict == "altered"
    with pytest.raises(TooMany):
        verify(b"not a paper")
    assert verify(b"not a paper", visitor="192.0.2.2")
    assert verify(b"not a paper", at=AT + services.WINDOW)


@pytest.mark.django_db
def test_nothing_and_too_much_are_refused_before_anything_is_counted(settings):
    settings.UPLOAD_PIECE_LIMIT = 100
    with pytest.raises(Invalid) as refused:
        verify(b"")
    assert refused.value.fields.keys() == {"paper"}
    for _turn in range(services.TRIES + 1):
        with pytest.raises(TooLarge):
            verify(b"x" * 101)


@pytest.mark.django_db
def test_a_paper_saved_on_too_often_is_refused():
    with pytest.raises(Invalid) as refused:
        verify(b"%PDF-1.7\n" + b"startxref\n0\n%%EOF\n" * (services.MOST_REVISIONS + 1))
    assert refused.value.fields.keys() == {"paper"}


@pytest.mark.django_db
def test_a_file_that_swells_is_refused_by_the_process_that_looks(monkeypatch):
    from sen.kernel.files.data import Inspection
    from sen.kernel.files.services import checking

    monkeypatch.setattr(checking, "inspect", lambda _path, _name: Inspection(problem="bomb"))
    with pytest.raises(Invalid, match="quá phức tạp"):
        verify(b"%PDF-1.7")


@pytest.mark.django_db
def test_an_unknown_code_is_not_found():
    with pytest.raises(NotFound):
        services.verify_key(actor=ANONYMOUS, key="khong-co", visitor="192.0.2.1", at=AT)


@pytest.mark.django_db
def test_a_visitor_looks_up_a_hundred_codes_in_a_quarter_of_an_hour():
    def look(visitor, at):
        services.verify_key(actor=ANONYMOUS, key="khong-co", visitor=visitor, at=at)

    for _turn in range(services.KEYS):
        with pytest.raises(NotFound):
            look("192.0.2.1", AT)
    with pytest.raises(TooMany):
        look("192.0.2.1", AT)
    for visitor, at in (("192.0.2.2", AT), ("192.0.2.1", AT + services.WINDOW)):
        with pytest.raises(NotFound):
            look(visitor, at)


def test_no_transaction_is_open_while_a_paper_is_looked_at(committed_db, monkeypatch):
    seen = []
    look = signing.verify

    def watched(data, *, at):
        seen.append(connection.in_atomic_block)
        return look(data, at=at)

    monkeypatch.setattr(signing, "verify", watched)
    verify(b"not a paper")
    assert seen == [False]
