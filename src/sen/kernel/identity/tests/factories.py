"""Makers of persons and accounts for tests, recognisably invented."""

from __future__ import annotations

import datetime as dt

import factory
from allauth.mfa.models import Authenticator
from django.conf import settings

from sen.base.clock import ZONE
from sen.base.identifiers import new_id
from sen.base.sealing import sealer
from sen.base.vietnamese import name_key
from sen.kernel.identity import queries, rules
from sen.kernel.identity.adapters.allauth import MfaAdapter
from sen.kernel.identity.choices import AccountKind
from sen.kernel.identity.models import Account, Employment, Enterprise, Person
from sen.kernel.organisations.public import Level, Position, Unit, UnitKind

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
PASSWORD = "hoa sen nở buổi sáng"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(at, secret=SECRET):
    """Return the code that an authenticator with this secret shows."""
    return rules.totp_code(secret, rules.totp_counter(at))


class PersonFactory(factory.django.DjangoModelFactory):
    """A woman born in 1990 with a number of her own, which no seed and no test writes out."""

    class Meta:
        model = Person

    class Params:
        number = factory.Sequence(lambda n: f"040190{900_000 + n:06d}")

    id = factory.LazyFunction(new_id)
    full_name = factory.Sequence(lambda n: f"Nguyễn Thị Thử {n}")
    name_key = factory.LazyAttribute(lambda person: name_key(person.full_name))
    birth_date = dt.date(1990, 1, 1)
    sex = "female"
    national_number_digest = factory.LazyAttribute(lambda p: queries.number_digest(p.number))
    national_number_sealed = factory.LazyAttribute(
        lambda p: sealer(settings.FIELD_KEY).seal(p.number.encode(), *queries.NUMBER, str(p.id))
    )


class AccountFactory(factory.django.DjangoModelFactory):
    """A citizen's account."""

    class Meta:
        model = Account

    username = factory.Sequence(lambda n: f"cd-{n}")
    kind = AccountKind.CITIZEN
    person = factory.SubFactory(PersonFactory)
    created_at = AT
    password = "!"


class OfficialFactory(AccountFactory):
    """An official who has changed the password and enrolled a second factor."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"can.bo.{n}")
    kind = AccountKind.OFFICIAL

    @factory.post_generation
    def secrets(self, _create, extracted, **_kwargs):
        self.set_password(PASSWORD)
        self.save()
        if extracted is not False:
            Authenticator.objects.create(
                user=self, type="totp", data={"secret": MfaAdapter().encrypt(SECRET)}
            )


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """An enterprise with a valid tax code."""

    class Meta:
        model = Enterprise

    tax_code = "0100109106"
    name = "Công ty Thử Nghiệm"


class UnitFactory(factory.django.DjangoModelFactory):
    """A commune."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"H41.8.{n + 1}")
    kind = UnitKind.COMMUNE
    level = Level.COMMUNE
    valid_from = dt.date(2025, 7, 1)


class PositionFactory(factory.django.DjangoModelFactory):
    """A place of work in a commune of its own."""

    class Meta:
        model = Position

    unit = factory.SubFactory(UnitFactory)
    code = factory.Sequence(lambda n: f"specialist_{n}")
    title = {"vi": "Chuyên viên", "en": "Specialist"}
    valid_from = dt.date(2025, 7, 1)


class EmploymentFactory(factory.django.DjangoModelFactory):
    """An official in a position since July 2025."""

    class Meta:
        model = Employment

    account = factory.SubFactory(OfficialFactory)
    position = factory.SubFactory(PositionFactory)
    valid_from = dt.date(2025, 7, 1)
    is_default = True
