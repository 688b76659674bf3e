"""What is read from the account pages' forms before the kernel is asked."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from sen.base.actor import Strength
from sen.base.errors import Invalid


def wanted_level(text: str) -> Strength:
    """Return the level of the national identity that a sign-in asks for: "2", else the first."""
    return Strength.LEVEL_2 if text == "2" else Strength.LEVEL_1


def repeated(form: Mapping[str, str]) -> str:
    """Return the new password if it was typed twice the same. Raises Invalid."""
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise Invalid(fields={"again": [_("Hai lần nhập mật khẩu mới chưa giống nhau.")]})
    return password
