"""A process killed between the commit and the signature loses nothing: the sweeper signs."""

from __future__ import annotations

import datetime as dt
import os
import signal

import pytest
from django.db import connection, connections, transaction

from sen.base.actor import SYSTEM
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.kernel.signing.services import requests
from sen.kernel.signing.tests import factories
from sen.kernel.signing.tests.factories import AT


@pytest.mark.storm
def test_a_killed_process_s_request_is_signed_by_the_sweeper(committed_db, monkeypatch):
    unit = factories.unit()
    signing.ensure_certificate(
        holder_kind="unit", holder_id=unit.id, name="UBND", unit_name="", at=AT
    )
    data = signing.prepare(factories.typeset())
    paper = files.store(SYSTEM, name="x.pdf", data=data, media_type="application/pdf")
    subject = audit.Subject("tests.paper", new_id())
    connections.close_all()
    child = os.fork()
    if child == 0:  # pragma: no cover - this process is killed
        monkeypatch.setattr(requests, "_sign", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        with transaction.atomic():
            signing.request(
                SYSTEM,
                documents=[signing.DocumentToSign(file=paper.id, field="CoQuan")],
                signer=signing.SignerRef("unit", unit.id),
                subject=subject,
                purpose="tests.sign",
                at=AT,
            )
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    (pending,) = signing.requests_of(subject.id)
    assert pending.state == "pending"
    assert signing.sweep(at=AT + dt.timedelta(seconds=11)) == 1
    (ended,) = signing.requests_of(subject.id)
    assert (
        signing.verify(files.read(ended.signed[0]), at=AT + dt.timedelta(seconds=11)).verdict
        == "valid"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM events_event WHERE name = %s AND record = %s",
            [signing.SigningCompleted.name, subject.id],
        )
        assert cursor.fetchone() == (1,)
