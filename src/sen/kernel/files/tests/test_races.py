from __future__ import annotations

import threading

from django.db import connection

from sen.base.actor import Actor
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import rules
from sen.kernel.files.tests import samples

PDF = samples.pdf()


def test_twenty_pieces_at_once_are_one(committed_db, kept):
    actor = Actor(account=new_id())
    file = files.begin(actor, "đơn.pdf", len(PDF))
    outcomes = []

    def send():
        try:
            outcomes.append(files.append(actor, file.id, 0, PDF))
        except files.WrongOffset as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == [str(len(PDF))] + ["wrong_offset"] * 19
    assert files.finish(actor, file.id, rules.digest(PDF)).state == "finished"
