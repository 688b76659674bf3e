"""The reads of identity. The caller decides who may see what: rights stand above this package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from sen.base.errors import NotFound
from sen.base.identifiers import NationalNumber
from sen.base.sealing import sealer
from sen.kernel.database.public import Joined
from sen.kernel.identity import rules
from sen.kernel.identity.choices import KinshipKind
from sen.kernel.identity.data import Passkey, SecondFactors
from sen.kernel.identity.models import (
    Account,
    ApiToken,
    Employment,
    Kinship,
    NationalIdentity,
    Person,
    Representation,
    Session,
)
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations

NUMBER = ("identity_person", "national_number")
"""The place of a national number, as context of its digest and, with the row's id, of its seal."""


def valid_on(day: dt.date, prefix: str = "") -> Q:
    """Return the condition that a dated row is valid on a day."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def number_digest(national_number: str) -> bytes:
    """Return the keyed digest by which a person is found. Raises ValueError for another form."""
    return sealer(settings.FIELD_KEY).digest(NationalNumber.parse(national_number).digits, *NUMBER)


_AREA_OF = Joined(Person, organisations.Area)


def person(person_id: UUID) -> Person:
    """Return a person with the commune of residence. Raises NotFound."""
    found: Person
    for found, area in _AREA_OF.rows(
        f"SELECT {_AREA_OF.columns} FROM identity_person"
        " LEFT JOIN organisations_area ON organisations_area.id = identity_person.area_id"
        " WHERE identity_person.id = %s",
        [person_id],
    ):
        found.area = area
        return found
    raise NotFound


def persons(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return persons by id, unknown ids left out; one SELECT."""
    return Person.objects.in_bulk(list(ids))


def find_person(national_number: str) -> Person | None:
    """Return the person of a national number, None if Sen does not know it or it is malformed."""
    try:
        digest = number_digest(national_number)
    except ValueError:
        return None
    return Person.objects.filter(national_number_digest=digest).first()


def national_number(person: Person) -> str:
    """Return a person's number in the clear, empty if there is none; the caller audits why."""
    if person.national_number_sealed is None:
        return ""
    sealed = bytes(person.national_number_sealed)
    return sealer(settings.FIELD_KEY).open(sealed, *NUMBER, str(person.pk)).decode()


_PERSON_OF = Joined(Account, Person)


def account(account_id: UUID) -> Account:
    """Return an account with its person. Raises NotFound."""
    found: Account
    for found, person in _PERSON_OF.rows(
        f"SELECT {_PERSON_OF.columns} FROM identity_account"
        " LEFT JOIN identity_person ON identity_person.id = identity_account.person_id"
        " WHERE identity_account.id = %s",
        [account_id],
    ):
        found.person = person
        return found
    raise NotFound


def account_named(username: str) -> Account | None:
    """Return the account of a user name, whatever the case it is typed in."""
    return Account.objects.select_related("person").filter(username=username.lower()).first()


def citizen_account(person_id: UUID) -> Account | None:
    """Return a person's own account, None if the person never signed in."""
    return Account.objects.filter(person=person_id, kind="citizen").first()


def national_identity(issuer: str, subject: str) -> NationalIdentity | None:
    """Return the tie of an issuer's subject to an account, with account and person."""
    ties = NationalIdentity.objects.select_related("account__person")
    return ties.filter(issuer=issuer, subject=subject).first()


def session_of(digest: bytes, on: dt.date) -> Session | None:
    """Return the session of a digest with all that an actor is made of; one SELECT.

    The editions are read along, for the rest of the request. on: the day of the request.

    Written out, because every request asks it: Django takes 3 ms to put such a join together.
    """
    asked = {"digest": digest, "on": on}
    row = next(_SESSION.rows(_session_sql(), asked), None)
    if row is None:
        return None
    session: Session
    session, account, person, employment, position, representation, posts, *editions = row
    _keep_editions(editions)
    session.posts = posts
    session.account, session.employment = account, employment
    session.representation = representation
    if account is not None:
        account.person = person
    if employment is not None:
        employment.position = position
    return session


_PERSON = (
    Person,
    ("id", "national_number_sealed", "full_name", "birth_date", "sex", "phone", "email"),
)
_POSITION = (organisations.Position, ("id", "unit_id", "code"))
_SESSION = Joined(Session, Account, _PERSON, Employment, _POSITION, Representation)
_TOKEN = Joined(ApiToken, Account, _PERSON, _POSITION)


_EDITION_NAMES = ("values", "grants", "units", "menu", "calendar")
_EDITIONS = ", ".join(f'legal_editions."{name}"' for name in _EDITION_NAMES)
"""Read along at the end of the row, so that a request needs no statement for them."""


def _keep_editions(numbers: Iterable[int]) -> None:
    legal.keep_editions(legal.Editions(**dict(zip(_EDITION_NAMES, numbers, strict=True))))


@cache
def _session_sql() -> str:
    return f"""
        SELECT {_SESSION.columns}, (
            SELECT count(*) FROM identity_employment held
            WHERE held.account_id = identity_session.account_id AND held.valid_from <= %(on)s
            AND (held.valid_to IS NULL OR held.valid_to >= %(on)s)),
            {_EDITIONS}
        FROM identity_session CROSS JOIN legal_editions
        LEFT JOIN identity_account ON identity_account.id = identity_session.account_id
        LEFT JOIN identity_person ON identity_person.id = identity_account.person_id
        LEFT JOIN identity_employment ON identity_employment.id = identity_session.employment_id
        LEFT JOIN organisations_position
            ON organisations_position.id = identity_employment.position_id
        LEFT JOIN identity_representation
            ON identity_representation.id = identity_session.representation_id
        WHERE identity_session.digest = %(digest)s"""


@cache
def _token_sql() -> str:
    return f"""
        SELECT {_TOKEN.columns}, EXISTS (
            SELECT FROM identity_employment held
            WHERE held.account_id = identity_apitoken.owner_id
            AND held.position_id = identity_apitoken.position_id
            AND held.valid_from <= %s AND (held.valid_to IS NULL OR held.valid_to >= %s)),
            {_EDITIONS}
        FROM identity_apitoken CROSS JOIN legal_editions
        JOIN identity_account ON identity_account.id = identity_apitoken.owner_id
        LEFT JOIN identity_person ON identity_person.id = identity_account.person_id
        LEFT JOIN organisations_position
            ON organisations_position.id = identity_apitoken.position_id
        WHERE identity_apitoken.digest = %s"""


def sessions(account_id: UUID, at: dt.datetime) -> list[Session]:
    """Return the sessions in which an account is signed in, the latest seen first."""
    found = Session.objects.filter(account=account_id, expires_at__gt=at).select_related("account")
    return [
        session
        for session in found.order_by("-last_seen_at", "-id")
        if not rules.is_session_over(
            is_official=session.account is not None and session.account.is_official,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            at=at,
        )
    ]


def employments(account_id: UUID, on: dt.date) -> list[Employment]:
    """Return the positions that an account holds on a day, the default one first."""
    held = Employment.objects.filter(valid_on(on), account=account_id)
    return list(held.select_related("position__unit").order_by("-is_default", "valid_from", "id"))


def employments_of(account_ids: Iterable[UUID], on: dt.date) -> list[Employment]:
    """Return the positions that accounts hold on a day, with the persons; one SELECT."""
    held = Employment.objects.filter(valid_on(on), account__in=list(account_ids))
    return list(held.select_related("account__person", "position").order_by("-is_default", "id"))


def representations(person_id: UUID, on: dt.date) -> list[Representation]:
    """Return for whom a person may act on a day."""
    found = Representation.objects.filter(valid_on(on), representative=person_id)
    return list(found.select_related("person", "enterprise").order_by("valid_from", "id"))


def accounts_of_position(position_id: UUID, on: dt.date) -> list[Account]:
    """Return the active accounts that hold a position on a day, in the order of names."""
    held = Employment.objects.filter(valid_on(on), account=OuterRef("pk"), position=position_id)
    found = Account.objects.filter(Exists(held), is_active=True).select_related("person")
    return list(found.order_by("person__name_key", "id"))


def persons_of_accounts(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the person of each account that has one; one SELECT."""
    rows = Account.objects.filter(pk__in=set(ids), person__isnull=False)
    return dict(rows.values_list("pk", "person_id"))


def display_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what people call accounts: the person's name, else the user name; one SELECT."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account.id, coalesce(nullif(person.full_name, ''), account.username)"
            " FROM identity_account account"
            " LEFT JOIN identity_person person ON person.id = account.person_id"
            " WHERE account.id = ANY(%s)",
            [wanted],
        )
        return dict(cursor.fetchall())


def display_name(account_id: UUID) -> str:
    """Return what people call an account, empty for an unknown one."""
    return display_names([account_id]).get(account_id, "")


def spouse(person_id: UUID) -> Person | None:
    """Return the husband or wife of a person, None where none is known; one SELECT."""
    tie = (
        Kinship.objects.filter(Q(person=person_id) | Q(relative=person_id), kind=KinshipKind.SPOUSE)
        .select_related("person__area", "relative__area")
        .first()
    )
    if tie is None:
        return None
    return tie.relative if tie.person_id == person_id else tie.person


def close_family(person_id: UUID) -> frozenset[UUID]:
    """Return spouse, parents, children, brothers and sisters, in whichever direction it is kept."""
    with connection.cursor() as cursor:
        cursor.execute(family_sql("%(person)s"), {"person": person_id})
        return frozenset(row[0] for row in cursor.fetchall())


def family_sql(person: str) -> str:
    """Return the SELECT of the close family of a person, for reading it along with a record.

    person: the SQL of the person's id, such as a named parameter.
    """
    return (
        f"SELECT CASE WHEN kin.person_id = {person} THEN kin.relative_id ELSE kin.person_id END"
        f" FROM identity_kinship kin WHERE kin.person_id = {person} OR kin.relative_id = {person}"
    )


def address_joins(account: str, person: str) -> str:
    """Return the SQL joins that bring along where somebody is reached: `account` and `person`.

    account, person: the SQL of either's id; the account's own person comes first. A `language` of
    the account; `email` and `phone` of the person.
    """
    return (
        f"LEFT JOIN identity_account account ON account.id = {account}"
        " LEFT JOIN identity_person person"
        f" ON person.id = coalesce(account.person_id, {person})"
    )


def family(person_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the close family of several persons; one SELECT."""
    wanted = set(person_ids)
    kin: dict[UUID, set[UUID]] = {one: set() for one in wanted}
    rows = Kinship.objects.filter(Q(person__in=wanted) | Q(relative__in=wanted))
    for one, other in rows.values_list("person_id", "relative_id"):
        if one in kin:
            kin[one].add(other)
        if other in kin:
            kin[other].add(one)
    return {one: frozenset(others) for one, others in kin.items()}


def token_of(digest: bytes, on: dt.date) -> tuple[ApiToken, bool] | None:
    """Return the token of a digest with owner and position, and whether the owner still holds it.

    One SELECT, written out because every request of a program asks it; the editions with it.
    """
    row = next(_TOKEN.rows(_token_sql(), [on, on, digest]), None)
    if row is None:
        return None
    token: ApiToken
    token, owner, person, position, holds, *editions = row
    _keep_editions(editions)
    owner.person, token.owner, token.position = person, owner, position
    return token, bool(holds)


def tokens(owner_id: UUID) -> list[ApiToken]:
    """Return an account's tokens, the newest first."""
    return list(ApiToken.objects.filter(owner=owner_id).order_by("-created_at", "-id"))


def second_factors(account_id: UUID) -> SecondFactors:
    """Return what an account has beside its password; one SELECT."""
    app: dt.datetime | None = None
    left: int | None = None
    passkeys = []
    for row in Authenticator.objects.filter(user=account_id).order_by("created_at", "id"):
        if row.type == Authenticator.Type.TOTP:
            app = row.created_at
        elif row.type == Authenticator.Type.RECOVERY_CODES:
            left = len(row.data["digests"])
        else:
            passkeys.append(passkey(row))
    return SecondFactors(app_since=app, passkeys=tuple(passkeys), codes_left=left)


def passkey(row: Authenticator) -> Passkey:
    """Return a row of allauth's as the passkey that it keeps."""
    return Passkey(
        id=row.pk,
        name=row.data["name"],
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def idle_officials(at: dt.datetime) -> QuerySet[Account]:
    """Return the officials' accounts that nobody used for 45 days.

    Nguồn: TCVN 14423:2026, 5.6 (hệ thống cấp độ 3).
    """
    since = at - rules.IDLE_ACCOUNT
    unused = Q(last_active_at__lt=since) | Q(last_active_at__isnull=True, created_at__lt=since)
    return Account.objects.filter(unused, kind="official", is_active=True)
