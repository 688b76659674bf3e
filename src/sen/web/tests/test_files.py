from __future__ import annotations

import pytest
from django.test import RequestFactory

from sen.base.actor import SYSTEM
from sen.base.errors import Unavailable
from sen.kernel.files import public as files
from sen.web import api
from sen.web import files as over_http

DATA = bytes(range(256)) * 800
WHOLE = len(DATA)


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("", None),
        ("bytes=0-9", range(10)),
        ("bytes=10-", range(10, 100)),
        ("bytes=90-500", range(90, 100)),
        ("bytes=-7", range(93, 100)),
        ("bytes=-700", range(100)),
        ("bytes=100-", range(100, 100)),
        ("bytes=-0", range(100, 100)),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
        (f"bytes={'9' * 40}-", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(header, asked):
    found = over_http.wanted_range(header, 100)

    assert (found is None) == (asked is None)
    assert list(found or []) == list(asked or [])


@pytest.fixture
def ask(db, settings, tmp_path, monkeypatch):
    """Ask for one file with a Range header or without."""
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(api, "actor", lambda _request: SYSTEM)
    file = files.store(SYSTEM, "giấy.pdf", DATA, "application/pdf")

    def ask(header=""):
        told = {"HTTP_RANGE": header} if header else {}
        return over_http._content(RequestFactory().get("/", **told), file.id)

    return ask


def test_a_file_is_sent_whole_and_says_that_parts_can_be_had(ask):
    answer = ask()

    assert (answer.status_code, b"".join(answer)) == (200, DATA)
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(WHOLE), "bytes")
    assert answer["Cache-Control"] == "private, no-store"
    assert "Content-Range" not in answer
    answer.close()


def test_a_cut_download_goes_on_where_it_stopped(ask):
    answer = ask("bytes=70000-199999")

    assert (answer.status_code, b"".join(answer)) == (206, DATA[70000:200000])
    assert answer["Content-Range"] == f"bytes 70000-199999/{WHOLE}"
    assert answer["Content-Length"] == "130000"
    answer.close()


def test_a_range_beyond_the_end_is_refused(ask):
    answer = ask(f"bytes={WHOLE}-")

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{WHOLE}")


def test_what_is_away_says_when_to_come_back():
    answer = api._of_domain(RequestFactory().get("/api/v1/x"), Unavailable())

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
