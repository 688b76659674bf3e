"""Who takes part in the invented year: families of a commune, officials of a unit."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models

from sen.base import clock
from sen.base.actor import COMMAND, Actor, Strength
from sen.base.identifiers import PastIds
from sen.kernel.access import public as access
from sen.kernel.access.public import Permission
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.rules import invented
from sen.systems.public_services.services.living.told import told

FIRST = dt.date(2025, 7, 1)
"""The day on which the two-tier government began, and with it the invented officials' service."""
_REUSED = 0.3
"""How often somebody files again."""
_REUSED_FIRM = 0.6
_WITH_FIRM = 0.08
_HELPERS = (25, 60)
"""Ages of whoever files for somebody else."""
_BY_DEPUTY = 0.25
"""How often a deputy signs, where there is one."""
_BY_NEIGHBOURS = 0.07
"""How often whoever was there already files online, in their own commune."""


@dataclass(slots=True, kw_only=True, eq=False)
class Somebody:
    """An invented person as forms and parties know them. line, area: of the address.

    firm: the enterprise that they represent by law, if there is one; is_staff: or that they only
    work for, with an authority in writing. helper: whom they authorised to file for them.
    """

    person: UUID
    account: UUID | None
    full_name: str
    number: str
    born: dt.date
    is_male: bool
    phone: str
    line: str
    area: str
    area_name: str
    spouse: Somebody | None = None
    firm: identity.Enterprise | None = None
    is_staff: bool = False
    helper: Somebody | None = None

    @property
    def address(self) -> str:
        """The address as people read it."""
        return f"{self.line}, {self.area_name}"

    @property
    def actor(self) -> Actor:
        """Whoever signed in by the national identity."""
        return Actor(account=self.account, person=self.person, strength=Strength.LEVEL_2)


class Officials:
    """Who does what where: the accounts that hold a right in a unit, as actors.

    By the grants to their posts, in their own unit and in listed ones; nobody's stand-in.
    """

    def __init__(self, on: dt.date) -> None:
        """Read posts and grants of a day. Two statements."""
        self._by_right: dict[tuple[str, UUID], list[Actor]] = {}
        self._heads: set[UUID] = set()
        self._posts: dict[tuple[str, UUID], Actor] = {}
        by_position: dict[UUID, list[Actor]] = {}
        # invented officials never sign in, so their accounts are closed a while after they came
        invented_ones = models.Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        held = identity.Employment.objects.filter(
            organisations.holds_on(on), models.Q(account__is_active=True) | invented_ones
        ).select_related("account", "position")
        for row in held.order_by("id"):
            if row.position.is_head:
                self._heads.add(row.account_id)
            holder = Actor(
                account=row.account_id,
                person=row.account.person_id,
                position=row.position_id,
                unit=row.position.unit_id,
                strength=Strength.MULTI_FACTOR,
            )
            by_position.setdefault(row.position_id, []).append(holder)
            self._posts.setdefault((row.position.code, row.position.unit_id), holder)
        grants = access.Grant.objects.filter(organisations.holds_on(on), revoked_at=None)
        for grant in grants.exclude(scope=access.Scope.BELOW).select_related("role").order_by("id"):
            for actor in by_position.get(grant.position_id, ()):
                own = [actor.unit] if actor.unit else []
                units = own if grant.scope == access.Scope.OWN else grant.units
                for key in itertools.product(grant.role.permissions, units):
                    self._by_right.setdefault(key, []).append(actor)

    def of(self, permission: Permission, unit: UUID) -> list[Actor]:
        """Return whoever holds a right in a unit."""
        return self._by_right.get((permission.name, unit), [])

    def at_post(self, post: str, unit: UUID) -> Actor | None:
        """Return who holds a post of a unit, by the code of the position."""
        return self._posts.get((post, unit))

    def signs(self, permission: Permission, unit: UUID, random: Random) -> Actor | None:
        """Return who signs one thing for a unit: mostly its head, at times a deputy."""
        head = self.leader(permission, unit)
        others = [one for one in self.of(permission, unit) if one.unit == unit and one != head]
        return random.choice(others) if others and random.random() < _BY_DEPUTY else head

    def leader(self, permission: Permission, unit: UUID) -> Actor | None:
        """Return who signs for a unit: of its own leaders the head first."""
        own = [one for one in self.of(permission, unit) if one.unit == unit]
        return min(own, key=lambda one: one.account not in self._heads, default=None)


@dataclass(slots=True, kw_only=True)
class People:
    """The families of one commune; `rows` gathers what is to be loaded of them."""

    area: str
    area_id: UUID
    area_name: str
    since: dt.datetime
    random: Random
    names: Names
    rows: list[models.Model] = field(default_factory=list)
    known: list[Somebody] = field(default_factory=list)
    neighbours: list[Somebody] = field(default_factory=list)

    def welcome(self, there: list[Somebody]) -> None:
        """Let citizens who are there already file too, with the account of a first sign-in."""
        ids = PastIds(self.random)
        for one in there:
            if one.account is None:
                person = identity.person(one.person)
                account, rows = identity.past_citizen(person, at=self.since, new_id=ids)
                one.account = account.id
                self.rows += rows
        self.neighbours = there

    def apart(self) -> People:
        """Return the same commune as if nobody were known there: whoever is found is new."""
        return replace(self, known=[], neighbours=[])

    def director(self, ages: tuple[int, int], on: dt.date, *, has_account: bool) -> Somebody:
        """Return somebody who represents an enterprise, of which there are fewer than persons."""
        able = [one for one in self.known if one.firm and (one.account is not None) == has_account]
        if able and self.random.random() < _REUSED_FIRM:
            return self.random.choice(able)
        found = self._family(ages, on, has_account=has_account)
        if found.firm is None:
            self._firm(PastIds(self.random), found)
        return found

    def employee(self, ages: tuple[int, int], on: dt.date, *, has_account: bool) -> Somebody:
        """Return somebody who files for an enterprise with a written authority of its director."""
        director = self.director(ages, on, has_account=False)
        found = self._stranger(on, has_account=has_account)
        found.firm, found.is_staff = director.firm, True
        return found

    def helper(self, owner: Somebody, on: dt.date) -> Somebody:
        """Return whom somebody authorised to file for them, always the same."""
        if owner.helper is None:
            owner.helper = self._stranger(on, has_account=True)
            ids = PastIds(self.random)
            self._acts(
                identity.Representation(
                    id=ids(self.since),
                    representative_id=owner.helper.person,
                    person_id=owner.person,
                    kind=identity.RepresentationKind.AUTHORISED.value,
                    evidence=f"{told().words['authorised']} {self.names.serial()}",
                    valid_from=FIRST,
                ),
                ids,
            )
        return owner.helper

    def _stranger(self, on: dt.date, *, has_account: bool) -> Somebody:
        """Invent somebody of working age who files for others only."""
        is_male = self.random.random() < 0.5  # noqa: PLR2004 - a coin
        born = invented.birthday(self.random, on, _HELPERS)
        return self._person(
            PastIds(self.random), is_male=is_male, born=born, has_account=has_account
        )

    def somebody(self, ages: tuple[int, int], on: dt.date, *, has_account: bool) -> Somebody:
        """Return somebody of an age who files on a day, with or without an account."""
        near = [one for one in self.neighbours if _is_aged(one, ages, on)]
        if has_account and near and self.random.random() < _BY_NEIGHBOURS:
            return self.random.choice(near)
        fitting = [
            one
            for one in self.known
            if _is_aged(one, ages, on) and (one.account is not None) == has_account
        ]
        if fitting and self.random.random() < _REUSED:
            return self.random.choice(fitting)
        return self._family(ages, on, has_account=has_account)

    def _family(self, ages: tuple[int, int], on: dt.date, *, has_account: bool) -> Somebody:
        """Invent a couple, one of whom files."""
        is_male = self.random.random() < 0.5  # noqa: PLR2004 - a coin
        ids = PastIds(self.random)
        born = invented.birthday(self.random, on, ages)
        one = self._person(ids, is_male=is_male, born=born, has_account=has_account)
        other = self._person(
            ids,
            is_male=not is_male,
            born=max(born, dt.date(on.year - 75, 1, 1)) + dt.timedelta(days=200),
            has_account=False,
        )
        one.line, other.spouse, one.spouse = other.line, one, other
        tie = identity.Kinship(
            id=ids(self.since),
            person_id=one.person,
            relative_id=other.person,
            kind=identity.KinshipKind.SPOUSE.value,
        )
        self.rows += [
            tie,
            *audit.past(
                COMMAND,
                "identity.kinship.add",
                subject=audit.Subject("identity.person", one.person),
                at=self.since,
                entry=ids(self.since),
                fields={"kind": tie.kind},
            ),
        ]
        if self.random.random() < _WITH_FIRM:
            self._firm(ids, one)
        self.known.append(one)
        return one

    def _person(self, ids: PastIds, *, is_male: bool, born: dt.date, has_account: bool) -> Somebody:
        number = self.names.number(born=born, is_male=is_male)
        line = f"Số {self.random.randint(1, 99)}, {self.random.choice(told().streets)}"
        facts = identity.PersonFacts(
            national_number=number,
            full_name=self.names.full(is_male=is_male),
            birth_date=born,
            phone=f"0900{self.random.randint(0, 999_999):06d}",
            address=f"{line}, {self.area_name}",
            area=self.area_id,
        )
        person, rows = identity.past_person(facts, at=self.since, new_id=ids)
        self.rows += rows
        account = None
        if has_account:
            made, rows = identity.past_citizen(person, at=self.since, new_id=ids)
            self.rows += rows
            account = made.id
        return Somebody(
            person=person.id,
            account=account,
            full_name=person.full_name,
            number=number,
            born=born,
            is_male=is_male,
            phone=facts.phone,
            line=line,
            area=self.area,
            area_name=self.area_name,
        )

    def _firm(self, ids: PastIds, director: Somebody) -> None:
        """Let somebody act for an invented enterprise."""
        serial = self.names.serial()
        firm = identity.Enterprise(
            id=ids(self.since),
            tax_code=invented.tax_code(serial),
            name=f"{self.random.choice(told().enterprises)} {serial}",
        )
        director.firm = firm
        acting = identity.Representation(
            id=ids(self.since),
            representative_id=director.person,
            enterprise=firm,
            kind=identity.RepresentationKind.LEGAL_REPRESENTATIVE.value,
            evidence="Giấy chứng nhận đăng ký doanh nghiệp hư cấu",
            valid_from=FIRST,
        )
        self.rows += [
            firm,
            *audit.past(
                COMMAND,
                "identity.enterprise.add",
                subject=audit.Subject("identity.enterprise", firm.id, firm.tax_code),
                at=self.since,
                entry=ids(self.since),
            ),
        ]
        self._acts(acting, ids)

    def _acts(self, acting: identity.Representation, ids: PastIds) -> None:
        """Let somebody act for another, as from the beginning."""
        self.rows += [
            acting,
            *audit.past(
                COMMAND,
                "identity.representation.add",
                subject=audit.Subject("identity.representation", acting.id),
                at=self.since,
                entry=ids(self.since),
            ),
        ]


def _is_aged(one: Somebody, ages: tuple[int, int], on: dt.date) -> bool:
    return ages[0] < on.year - one.born.year - 1 < ages[1]


class Names:
    """Names and numbers of everybody, each once."""

    def __init__(self, random: Random) -> None:
        """Put the names in an order of chance."""
        words = told().names
        self._male = invented.names([words["family"], words["male"], words["given"]], random)
        self._female = invented.names([words["family"], words["female"], words["given"]], random)
        self._child = invented.names([words["family"], words["child"]], random)
        self._serial = 0

    def full(self, *, is_male: bool) -> str:
        """Return the next name of a man or a woman."""
        return next(self._male if is_male else self._female)

    def child(self) -> str:
        """Return the next name of a child."""
        return next(self._child)

    def serial(self) -> int:
        """Return a number that nobody had yet."""
        self._serial += 1
        return self._serial

    def number(self, *, born: dt.date, is_male: bool) -> str:
        """Return the next national number of somebody born on a day."""
        return invented.national_number(self.serial(), born=born, is_male=is_male)


def appoint(
    random: Random, *, since: dt.datetime, at: dt.datetime
) -> tuple[int, list[models.Model]]:
    """Return officials for every post that is needed and vacant: how many, and their rows.

    since: when their accounts were opened. Each was at work within three days before `at`.
    """
    on = clock.day(at)
    held = set(
        identity.Employment.objects.filter(organisations.holds_on(on)).values_list(
            "position_id", flat=True
        )
    )
    ids, words = PastIds(random), told().names
    rows: list[models.Model] = []
    serial = identity.Employment.objects.count()  # beyond what earlier officials were numbered by
    count = 0
    for place in organisations.positions(on=on).filter(code__in=told().posts):
        serial += 1
        if place.id in held:
            continue
        is_male = random.random() < 0.5  # noqa: PLR2004 - a coin
        first = f"{random.choice(words['family'])} {'Văn' if is_male else 'Thị'}"
        born = invented.birthday(random, on, (28, 57))
        facts = identity.PersonFacts(
            national_number=invented.national_number(900_000 + serial, born=born, is_male=is_male),
            full_name=f"{first} {told().posts[place.code]}",
            birth_date=born,
        )
        person, made = identity.past_person(facts, at=since, new_id=ids)
        rows += made
        name = f"{place.code}.{place.unit.code}".lower().replace("_", "")
        _account, made = identity.past_official(
            person, username=name, position=place.id, since=FIRST, at=since, new_id=ids,
            active_at=at - dt.timedelta(hours=serial % 72),
        )  # fmt: skip
        rows += made
        count += 1
    if rows:
        legal.bump("grants")
    return count, rows


def citizens() -> dict[UUID, list[Somebody]]:
    """Return the citizens who are there already, such as those of the demo's page, by area."""
    found = identity.Person.objects.filter(area__isnull=False, birth_date__isnull=False).exclude(
        accounts__kind=identity.AccountKind.OFFICIAL
    )
    by_area: dict[UUID, list[Somebody]] = {}
    for person in found.order_by("id").select_related("area"):
        account = identity.citizen_account(person.id)
        area = person.area
        if area is None or person.birth_date is None:
            continue
        near = by_area.setdefault(area.pk, [])
        near.append(
            Somebody(
                person=person.id,
                account=account.id if account else None,
                full_name=person.full_name,
                number=identity.national_number(person),
                born=person.birth_date,
                is_male=person.sex == "male",
                phone=person.phone or "0900000000",
                line=person.address,
                area=area.code,
                area_name=area.name["vi"],
            )
        )
    for near in by_area.values():
        by_person = {one.person: one for one in near}
        for one in near:
            spouse = identity.spouse(one.person)
            one.spouse = by_person.get(spouse.id) if spouse is not None else None
    return by_area
