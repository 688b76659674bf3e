"""Who is able to sign: a certificate in force, and its key on this machine."""

from __future__ import annotations

from sen.kernel.signing import public as signing
from sen.kernel.signing.models import Certificate
from sen.kernel.signing.tests.factories import AT


def test_only_who_has_certificate_and_key_is_able_to_sign(leader, settings):
    able = ("person", leader.person)
    held = Certificate.objects.get(holder=leader.person)
    assert able in signing.able_to_sign(at=AT)
    assert able not in signing.able_to_sign(at=held.valid_to)
    for path in settings.SIGNING_HOME.iterdir():
        path.unlink()
    assert able not in signing.able_to_sign(at=AT)
