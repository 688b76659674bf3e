"""Drafts begun by several processes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from sen.kernel.forms import public as forms
from sen.kernel.forms.tests.factories import AT, citizen, published

pytestmark = pytest.mark.usefixtures("committed_db")


def test_many_beginnings_at_once_make_at_most_twenty():
    actor, version = citizen(), published()
    start = forms.DraftStart(kind="tests.record", subject="x", form_version=version.pk)

    def begin(_number):
        try:
            forms.start_draft(actor, start=start, at=AT)
        except forms.TooManyDrafts:
            return 0
        finally:
            connections.close_all()
        return 1

    made = sum(begin(number) for number in range(15))
    with ThreadPoolExecutor(4) as pool:
        made += sum(pool.map(begin, range(10)))
    assert (made, len(forms.drafts(actor))) == (20, 20)
