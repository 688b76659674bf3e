"""Files for tests: a row and, for `kept`, its bytes."""

from __future__ import annotations

import datetime as dt

import factory

from sen.base.identifiers import new_id
from sen.kernel.files.choices import State
from sen.kernel.files.models import File

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


class FileFactory(factory.django.DjangoModelFactory):
    """A finished file that belongs to no record."""

    class Meta:
        model = File

    name = "giay-to.pdf"
    size = received = 100
    sha256 = "0" * 64
    media_type = "application/pdf"
    state = State.FINISHED
    place = factory.LazyFunction(lambda: new_id().hex)
    created_at = finished_at = free_since = AT
