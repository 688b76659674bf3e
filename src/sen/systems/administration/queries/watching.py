"""What is measured of the whole: values for `/metrics`, and what alarms look at."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import public as keeping
from sen.kernel.manifest import public as manifest
from sen.kernel.notifications import public as notifications
from sen.kernel.signing import public as signing
from sen.systems.administration.data import AlarmNow
from sen.systems.administration.models import AlarmState
from sen.systems.administration.queries import vitals
from sen.web import wording

Readings = Sequence[tuple[Mapping[str, str], float]]
Look = tuple[float, str] | None
DELIVER = "events.deliver"
DAY = dt.timedelta(days=1)


def _age(since: dt.datetime | None, at: dt.datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0


def measure_jobs() -> Readings:
    """Return the jobs that wait, run or are dead, by queue."""
    found = jobs.depth().by_state.items()
    return [({"queue": queue, "state": state}, count) for (queue, state), count in sorted(found)]


def measure_oldest_job() -> Readings:
    """Return for how many seconds the first due job has waited."""
    return [({}, _age(jobs.pulse().oldest_at, clock.now()))]


def measure_workers() -> Readings:
    """Return how many workers live."""
    return [({}, jobs.pulse().workers)]


def measure_events() -> Readings:
    """Return how many events wait for the relay."""
    return [({}, events.relay_lag()[0])]


def measure_event_lag() -> Readings:
    """Return for how many seconds the first event has waited for the relay."""
    return [({}, _age(events.relay_lag()[1], clock.now()))]


def measure_unsealed() -> Readings:
    """Return how many entries of the trail wait for their seal."""
    return [({}, audit.unsealed()[0])]


def measure_unsealed_age() -> Readings:
    """Return for how many seconds the first entry of the trail has waited for its seal."""
    return [({}, _age(audit.unsealed()[1], clock.now()))]


def measure_signatures() -> Readings:
    """Return how many signatures are asked for and not made."""
    return [({}, signing.waiting()[0])]


def measure_messages() -> Readings:
    """Return how many messages failed for good, by medium."""
    return [({"medium": medium}, count) for medium, count in notifications.count_failed().items()]


def measure_disk() -> Readings:
    """Return the free bytes of the fullest disk that Sen writes to."""
    return [({}, vitals.least_room().free)]


def measure_storage() -> Readings:
    """Return whether the storage of the files answers."""
    return [({}, files.whereabouts().answers)]


def measure_certificates() -> Readings:
    """Return when the certificates that end first do so, in seconds since 1970."""
    found = [("signing", vitals.first_end()[0]), ("tls", tls_end())]
    return [({"kind": kind}, end.timestamp()) for kind, end in found if end]


def measure_backup() -> Readings:
    """Return when the last good backup was made, in seconds since 1970."""
    last = keeping.last_backup()
    return [({}, last.made_at.timestamp())] if last else []


def measure_alarms() -> Readings:
    """Return which alarms ring."""
    return [({"alarm": one.code}, one.is_ringing) for one in alarms()]


def look_at_queue(at: dt.datetime) -> Look:
    """Look at the first due job that nobody has begun."""
    seconds = _age(jobs.pulse().oldest_at, at)
    return seconds, _("Việc đến hạn chờ lâu nhất: %(n)d giây") % {"n": seconds}


def look_at_workers(at: dt.datetime) -> Look:
    """Look for how long no worker has shown itself."""
    seen = jobs.pulse().seen_at
    if seen is None:
        return 1e9, _("Chưa có tiến trình nền nào từng chạy")
    seconds = _age(seen, at)
    return seconds, _("Tiến trình nền báo lần cuối %(n)d giây trước") % {"n": seconds}


def look_at_dead_jobs(_at: dt.datetime) -> Look:
    """Look at jobs that failed for good, but deliveries of events."""
    count = jobs.count_dead(but=DELIVER)
    return count, _("%(n)d việc không thành") % {"n": count}


def look_at_deliveries(_at: dt.datetime) -> Look:
    """Look at events that somebody could not take up."""
    count = jobs.count_dead(name=DELIVER)
    return count, _("%(n)d sự kiện chưa giao được") % {"n": count}


def look_at_relay(at: dt.datetime) -> Look:
    """Look at the first event that waits for the relay."""
    count, first = events.relay_lag()
    seconds = _age(first, at)
    return seconds, _("%(n)d sự kiện chờ, lâu nhất %(s)d giây") % {"n": count, "s": seconds}


def look_at_trail(at: dt.datetime) -> Look:
    """Look at the first entry of the trail that waits for its seal."""
    count, first = audit.unsealed()
    seconds = _age(first, at)
    return seconds, _("%(n)d dòng chưa niêm phong, lâu nhất %(s)d giây") % {
        "n": count, "s": seconds,
    }  # fmt: skip


def look_at_signatures(at: dt.datetime) -> Look:
    """Look at the first signature that is asked for and not made."""
    count, first = signing.waiting()
    seconds = _age(first, at)
    return seconds, _("%(n)d chữ ký đang chờ, lâu nhất %(s)d giây") % {"n": count, "s": seconds}


def look_at_disk(_at: dt.datetime) -> Look:
    """Look at the room left on the fullest disk, in parts of a hundred."""
    room = vitals.least_room()
    return room.pct, _("Còn trống %(size)s") % {"size": wording.file_size(room.free)}


def look_at_storage(_at: dt.datetime) -> Look:
    """Look at whether the storage of the files answers; a folder is looked at as a disk."""
    found = files.whereabouts()
    if found.is_here:
        return None
    return (0.0, _("Kho S3 có trả lời")) if found.answers else (1.0, _("Kho S3 không trả lời"))


def look_at_certificates(at: dt.datetime) -> Look:
    """Look at the signing certificate that ends first, in days."""
    end, name = vitals.first_end()
    if end is None:
        return None
    said = _("%(name)s hết hạn ngày %(day)s") % {"name": name, "day": wording.day(clock.day(end))}
    return (end - at) / DAY, said


def look_at_tls(at: dt.datetime) -> Look:
    """Look at the certificate that the web server itself shows, in days to its end."""
    end = tls_end()
    if end is None:
        return None
    said = _("Chứng thư TLS hết hạn ngày %(day)s") % {"day": wording.day(clock.day(end))}
    return (end - at) / DAY, said


def look_at_backup(at: dt.datetime) -> Look:
    """Look at the age of the last good backup, in hours; invented data need none."""
    if settings.DEMO:
        return None
    age = keeping.backup_age(at=at)
    if age is None:
        return 1e9, _("Chưa có bản sao lưu nào")
    hours = age / dt.timedelta(hours=1)
    return hours, _("Bản sao lưu tốt gần nhất: %(n)d giờ trước") % {"n": hours}


def look_at_clock(_at: dt.datetime) -> Look:
    """Look at how far this machine's clock and the database's are apart, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        seconds = abs(cursor.fetchone()[0] - time.time())
    return seconds, _("Đồng hồ lệch với cơ sở dữ liệu %(n).1f giây") % {"n": seconds}


def alarms() -> list[AlarmNow]:
    """Return every alarm of every system, those that ring first. One statement."""
    states = {one.code: one for one in AlarmState.objects.all()}
    found = []
    for system in manifest.manifests():
        for alarm in system.alarms:
            state = states.get(alarm.code)
            found.append(
                AlarmNow(
                    code=alarm.code,
                    title=str(alarm.title),
                    advice=str(alarm.advice),
                    is_ringing=bool(state and state.is_ringing),
                    is_known=bool(state and state.value is not None),
                    said=state.said if state else "",
                    since=state.since if state else None,
                )
            )
    return sorted(found, key=lambda one: not one.is_ringing)


def tls_end() -> dt.datetime | None:
    """Return when the web server's own certificate ends, None where a proxy speaks TLS."""
    path = Path(settings.TLS_CERTIFICATE)
    if not settings.TLS_CERTIFICATE or not path.is_file():
        return None
    return _end_of(str(path), path.stat().st_mtime_ns)


@cache
def _end_of(path: str, _changed: int) -> dt.datetime:
    return x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
