"""`sen token`: make, list and revoke bearer tokens of the API."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.errors import DomainError
from sen.kernel.identity import public as identity


class Command(BaseCommand):
    """Bearer tokens: `token create|list|revoke`."""

    help = "Make, list and revoke bearer tokens of the API."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three words and what each takes."""
        words = parser.add_subparsers(dest="word", required=True)
        create = words.add_parser("create", help="make a token and print its secret once")
        create.add_argument("--owner", required=True, help="user name or national number")
        create.add_argument("--name", required=True, help="what it is for")
        create.add_argument("--scope", action="append", required=True, help="such as dossiers:read")
        create.add_argument("--days", type=int, default=90, help="until it ends")
        create.add_argument("--position", help="code of a position that the owner holds")
        listed = words.add_parser("list", help="list an owner's tokens")
        listed.add_argument("--owner", required=True)
        revoke = words.add_parser("revoke", help="end a token; works on the next request")
        revoke.add_argument("id", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Do what the word says. Raises CommandError with a line a person understands."""
        try:
            getattr(self, f"_{options['word']}")(options)
        except DomainError as error:
            details = " ".join(one for many in error.fields.values() for one in many)
            raise CommandError(f"{error.message} {details}".strip()) from error

    def _owner(self, options: dict[str, Any]) -> identity.Account:
        """Return the account of a user name, or the citizen's of a national number."""
        name = options["owner"]
        person = identity.find_person(name) if name.isdigit() else None
        found = identity.citizen_account(person.pk) if person else identity.account_named(name)
        if found is None:
            raise CommandError(f"Không có tài khoản {name}, hoặc công dân đó chưa từng đăng nhập.")
        return found

    def _create(self, options: dict[str, Any]) -> None:
        at, owner = clock.now(), self._owner(options)
        token, secret = identity.create_token(
            COMMAND,
            owner=owner,
            name=options["name"],
            scopes=options["scope"],
            expires_at=at + dt.timedelta(days=options["days"]),
            at=at,
            position=self._position(owner, options["position"]),
        )
        self.stderr.write(
            f"Khóa {token.pk} của {owner.username}, hết hạn {token.expires_at:%d/%m/%Y}. "
            "Mã bí mật chỉ hiện một lần:"
        )
        self.stdout.write(secret)

    def _position(self, owner: identity.Account, code: str | None) -> UUID | None:
        if code is None:
            return None
        held = identity.employments(owner.pk, clock.day(clock.now()))
        for one in held:
            if one.position.code == code:
                return one.position_id
        codes = ", ".join(one.position.code for one in held)
        raise CommandError(f"{owner.username} không giữ chức vụ {code}; đang giữ: {codes or '—'}.")

    def _list(self, options: dict[str, Any]) -> None:
        for token in identity.tokens(self._owner(options).pk):
            state = "đã thu hồi" if token.revoked_at else f"đến {token.expires_at:%d/%m/%Y}"
            self.stdout.write(f"{token.pk}  {token.name}  {' '.join(token.scopes)}  {state}")

    def _revoke(self, options: dict[str, Any]) -> None:
        token = identity.revoke_token(COMMAND, token=options["id"], at=clock.now())
        self.stdout.write(f"Đã thu hồi khóa {token.pk}.")
