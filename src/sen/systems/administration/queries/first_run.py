"""Where a first run stands: what is done, what was put off, what is missing."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.conf import settings

from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.organisations import public as organisations
from sen.systems.administration.choices import StepState
from sen.systems.administration.data import StepAt, Vacancy
from sen.systems.administration.models import PutOffStep

ADMINISTRATOR = "administrator"


def is_begun() -> bool:
    """Tell whether there is a province or an official: then no link makes an administrator."""
    return (
        organisations.Unit.objects.filter(kind=organisations.UnitKind.PROVINCE).exists()
        or identity.Account.objects.filter(kind=identity.AccountKind.OFFICIAL).exists()
    )


def steps() -> list[StepAt]:
    """Return every system's steps in their order, each with where it stands."""
    waiting = set(PutOffStep.objects.values_list("code", flat=True))
    found = []
    for step in manifest.first_run_steps():
        state = StepState.PUT_OFF if step.code in waiting else StepState.OPEN
        found.append(StepAt(step=step, state=StepState.DONE if step.is_done() else state))
    return found


def has_province() -> bool:
    """Tell whether the province itself is there."""
    return organisations.Unit.objects.filter(kind=organisations.UnitKind.PROVINCE).exists()


def has_communes() -> bool:
    """Tell whether there is a commune."""
    return organisations.Unit.objects.filter(kind=organisations.UnitKind.COMMUNE).exists()


def has_departments() -> bool:
    """Tell whether there is a department."""
    return organisations.Unit.objects.filter(kind=organisations.UnitKind.DEPARTMENT).exists()


def has_officials() -> bool:
    """Tell whether somebody beside administrators holds a position."""
    return identity.Employment.objects.exclude(position__code=ADMINISTRATOR).exists()


def has_calendar() -> bool:
    """Tell whether days of a year are entered."""
    return calendar.CalendarDay.objects.exists()


def has_gateways() -> bool:
    """Tell whether people can sign in and be told: identity, and mail or text messages, are set."""
    return bool(settings.NATIONAL_IDENTITY_URL and (settings.EMAIL_HOST or settings.SMS_URL))


def vacancies(on: dt.date) -> list[Vacancy]:
    """Return positions by what they are called, with how many there are and how many are held.

    Those with most unheld first. Two statements.
    """
    held = set(
        identity.Employment.objects.filter(
            organisations.holds_on(on), account__is_active=True
        ).values_list("position_id", flat=True)
    )
    every: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for position, title in organisations.positions(on=on).values_list("id", "title__vi"):
        every[title] += 1
        filled[title] += position in held
    found = [Vacancy(title=title, every=n, held=filled[title]) for title, n in every.items()]
    return sorted(found, key=lambda one: (one.held - one.every, one.title))
