"""The watch: every alarm is looked at each minute, and whoever is to know is told of a change."""

from __future__ import annotations

import datetime as dt

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sen.base import locks
from sen.kernel.manifest import public as manifest
from sen.kernel.manifest.public import Alarm
from sen.systems.administration import rules
from sen.systems.administration.adapters import ringing
from sen.systems.administration.models import AlarmState

log = structlog.get_logger(__name__)
TURN = dt.timedelta(seconds=45)
"""Whoever comes sooner after the last look has nothing to do: another has just looked."""


def watch(*, at: dt.datetime, is_asked: bool = False) -> bool:
    """Look at every alarm, unless somebody has just done so or is doing it; tell of changes.

    is_asked: somebody wants to know now, however short ago the last look was. Returns whether this
    call looked. What could not be told is told with the next look.
    """
    with translation.override(settings.LANGUAGE_CODE):
        if not _look(at, is_asked=is_asked):
            return False
        _tell(at)
    return True


@transaction.atomic
def _look(at: dt.datetime, *, is_asked: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.ALARMS])
        if not cursor.fetchone()[0]:
            return False
    states = {one.code: one for one in AlarmState.objects.all()}
    if not is_asked and any(at - TURN < one.looked_at <= at for one in states.values()):
        return False
    for system in manifest.manifests():
        for alarm in system.alarms:
            state = states.pop(alarm.code, None) or AlarmState(code=alarm.code, since=at)
            _note(alarm, state, at)
    AlarmState.objects.filter(code__in=list(states)).delete()  # of systems taken out
    return True


def _note(alarm: Alarm, state: AlarmState, at: dt.datetime) -> None:
    """Write down what an alarm says now. One that cannot be looked at stays as it was."""
    try:
        with transaction.atomic():
            found = alarm.look(at)
    except Exception as error:
        log.warning("alarm.not_looked_at", alarm=alarm.code, exc_info=True)
        state.value, state.said = None, type(error).__name__
    else:
        state.value, state.said = found or (None, "")
        was = state.is_ringing
        state.is_ringing = found is not None and rules.is_ringing(
            found[0], rings_at=alarm.rings_at, clears_at=alarm.clears_at, was_ringing=was
        )
        if state.is_ringing != was:
            state.since = at
            state.is_told = not state.is_told  # what began and ended untold needs no word
            log.warning("alarm.rings" if state.is_ringing else "alarm.ended", alarm=alarm.code)
    state.said = state.said[:300]
    state.looked_at = at
    state.save()


def _tell(at: dt.datetime) -> None:
    """Tell of every change that nobody has been told of; try again at the next look."""
    untold = {one.code: one for one in AlarmState.objects.filter(is_told=False)}
    known = [one for system in manifest.manifests() for one in system.alarms]
    changes = [(alarm, untold[alarm.code]) for alarm in known if alarm.code in untold]
    if not changes:
        return
    text = "\n\n".join(_words(alarm, state) for alarm, state in changes)
    try:
        if settings.ALARM_MAIL:
            ringing.by_mail(settings.ALARM_MAIL, subject=_subject(changes), text=text)
        if settings.ALARM_URL:
            facts = [
                {"code": alarm.code, "rings": state.is_ringing, "said": state.said}
                for alarm, state in changes
            ]
            ringing.by_webhook(settings.ALARM_URL, text=text, changes=facts, at=at)
    except Exception as error:  # noqa: BLE001 - whatever the other side does, the watch goes on
        log.warning("alarm.not_told", reason=type(error).__name__)
        return
    AlarmState.objects.filter(code__in=list(untold)).update(is_told=True)


def _subject(changes: list[tuple[Alarm, AlarmState]]) -> str:
    ringing_now = [str(alarm.title) for alarm, state in changes if state.is_ringing]
    if not ringing_now:
        return _("Sen: đã hết cảnh báo")
    return _("Sen: cảnh báo %(what)s") % {"what": ", ".join(ringing_now)}


def _words(alarm: Alarm, state: AlarmState) -> str:
    if not state.is_ringing:
        return _("HẾT: %(title)s. %(said)s") % {"title": alarm.title, "said": state.said}
    return _("CẢNH BÁO: %(title)s. %(said)s\nCần làm: %(advice)s") % {
        "title": alarm.title, "said": state.said, "advice": alarm.advice,
    }  # fmt: skip
