"""What Sen asks of a PostgreSQL server: roles, database, default rights, and a check of all that.

Two roles: the owner makes and changes tables; the application reads and writes rows and is bound
by row-level security. The check holds for an external server just the same.
"""

from __future__ import annotations

from typing import Any, LiteralString, Protocol

import psycopg
from psycopg import sql

DATABASE = "sen"
OWNER = "sen_owner"
APP = "sen_app"
VERSION = 17


class Connection(Protocol):
    """A connection of psycopg or of Django."""

    def cursor(self) -> Any:
        """Return a cursor that is a context manager."""


def ensure(superuser: str, *, owner_password: str, app_password: str) -> None:
    """Make roles and database where they are missing and set their passwords.

    superuser: address of the server's database `postgres` as its superuser.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        for role, rights, password in (
            (OWNER, "CREATEDB NOCREATEROLE", owner_password),
            (APP, "NOCREATEDB NOCREATEROLE", app_password),
        ):
            if not _has(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
                connection.execute(_text("CREATE ROLE {} LOGIN", role))
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(rights), sql.Literal(password)
                )
            )
        if not _has(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(_text("CREATE DATABASE {} OWNER {}", DATABASE, OWNER))


def prepare_database(owner: Connection, *, app: str = APP) -> None:
    """Let the application's role use whatever the owner will make in this database.

    owner: a connection of the owner's role (psycopg's or Django's); safe to repeat. Tables made
    before are not touched, so what a migration took away stays away.
    """
    statements: tuple[LiteralString, ...] = (
        "GRANT USAGE ON SCHEMA public TO {0}",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {0}",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {0}",
    )
    with owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(_text(statement, app))


def check_server(owner_url: str, app_url: str) -> list[str]:
    """Return what is wrong with a server for Sen, in words for the operator.

    Nothing is changed. Raises psycopg.OperationalError where a role cannot sign in.
    """
    found: list[str] = []
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        found += _server_faults(connection)
        if not _value(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
            found.append("vai trò chủ không tạo được bảng · the owner's role cannot create tables")
    with psycopg.connect(app_url, connect_timeout=10) as connection:
        if _value(
            connection,
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
        ):
            found.append(
                "vai trò ứng dụng vượt được bảo mật theo dòng · "
                "the application's role passes row-level security"
            )
        if _value(
            connection,
            "SELECT EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace"
            " AND pg_has_role(current_user, relowner, 'MEMBER'))",
        ):
            found.append(
                "vai trò ứng dụng là chủ của bảng · the application's role owns tables: "
                "SEN_OWNER_DATABASE_URL needs a role of its own"
            )
    return found


def _server_faults(connection: psycopg.Connection) -> list[str]:
    found = []
    if connection.info.server_version < VERSION * 10_000:
        return [f"cần PostgreSQL {VERSION} trở lên · PostgreSQL >= {VERSION} is needed"]
    if _value(connection, "SHOW server_encoding") != "UTF8":
        found.append("bảng mã của cơ sở dữ liệu phải là UTF8 · the database must be UTF8")
    provider, locale = connection.execute(
        "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()"
    ).fetchone() or ("", "")
    if (provider, locale) != ("b", "C.UTF-8"):
        found.append(
            "thứ tự chữ phải là builtin C.UTF-8 · the database must be made with "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        )
    return found


def _text(statement: LiteralString, *names: str) -> str:
    """Return a statement with names quoted, as text that Django's cursor takes too."""
    return sql.SQL(statement).format(*map(sql.Identifier, names)).as_string()


def _has(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _value(connection: psycopg.Connection, query: LiteralString) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
