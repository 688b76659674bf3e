"""Whether Sen is well: what each system looks at, and the checks of the ground it stands on."""

from __future__ import annotations

import datetime as dt
import shutil

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.manifest import public as manifest
from sen.kernel.manifest.public import Finding
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.administration.data import Count, Room, Vital
from sen.web import wording

OLDEST_SERVER = 170000
LONGEST_WAIT = dt.timedelta(minutes=2)
LEAST_FREE_PCT = 10
SOON = dt.timedelta(days=30)


def vitals() -> list[Vital]:
    """Return what every check of every system finds; a check that fails is a finding too."""
    found = []
    for system in manifest.manifests():
        for check in system.health:
            try:
                finding = check.look()
            except Exception as error:  # noqa: BLE001 - whatever is broken is to be shown
                finding = Finding(is_well=False, message=type(error).__name__)
            found.append(
                Vital(
                    system=str(system.title),
                    title=str(check.title),
                    is_well=finding.is_well,
                    message=finding.message,
                )
            )
    return sorted(found, key=lambda one: one.is_well)


def counts(on: dt.date) -> list[Count]:
    """Return how many units, positions and accounts there are on a day. Four statements."""
    accounts = identity.Account.objects.filter(is_active=True)
    return [
        Count(label=_("Đơn vị"), number=organisations.units(on=on).count()),
        Count(label=_("Vị trí việc làm"), number=organisations.positions(on=on).count()),
        Count(
            label=_("Tài khoản cán bộ"),
            number=accounts.filter(kind=identity.AccountKind.OFFICIAL).count(),
        ),
        Count(
            label=_("Tài khoản công dân"),
            number=accounts.filter(kind=identity.AccountKind.CITIZEN).count(),
        ),
    ]


def database() -> Finding:
    """Look at the server's version and at how the database orders text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int,"
            " pg_encoding_to_char(encoding), datlocprovider, coalesce(datlocale, '')"
            " FROM pg_database WHERE datname = current_database()"
        )
        version, number, encoding, provider, locale = cursor.fetchone()
    said = _("PostgreSQL %(version)s, %(encoding)s, %(locale)s") % {
        "version": version,
        "encoding": encoding,
        "locale": locale or provider,
    }
    is_well = number >= OLDEST_SERVER and (encoding, provider, locale) == ("UTF8", "b", "C.UTF-8")
    return Finding(is_well=is_well, message=said)


def worker() -> Finding:
    """Look for a worker that lives."""
    pulse = jobs.pulse()
    if not pulse.workers:
        seen = wording.moment(pulse.seen_at) if pulse.seen_at else _("chưa thấy lần nào")
        return Finding(is_well=False, message=_("Không có. Lần cuối: %(seen)s") % {"seen": seen})
    return Finding(is_well=True, message=_("%(n)d đang chạy") % {"n": pulse.workers})


def queue() -> Finding:
    """Look at how long due jobs wait, and whether some failed for good."""
    pulse, now = jobs.pulse(), clock.now()
    dead = len(jobs.dead(limit=100))
    waits = (now - pulse.oldest_at) if pulse.oldest_at else dt.timedelta()
    said = _("%(waiting)d đang chờ, lâu nhất %(seconds)d giây; %(dead)d không thành") % {
        "waiting": pulse.waiting,
        "seconds": max(0, int(waits.total_seconds())),
        "dead": dead,
    }
    return Finding(is_well=waits < LONGEST_WAIT and not dead, message=said)


def trail() -> Finding:
    """Look for audit entries that have waited for their seal for more than a minute."""
    late = audit.count_unsealed()
    if late:
        return Finding(is_well=False, message=_("%(n)d dòng chưa niêm phong") % {"n": late})
    return Finding(is_well=True, message=_("Mọi dòng đã niêm phong"))


def least_room() -> Room:
    """Return the room of the fullest disk that Sen writes to: home, files, embedded PostgreSQL.

    Files that lie on S3 have their room elsewhere: `storage` looks at them.
    """
    places = [settings.HOME, settings.FILES_ROOT, *settings.HOME.glob("postgresql-*")]
    usages = [shutil.disk_usage(place) for place in places if place.exists()]
    return min(
        (Room(free=one.free, pct=one.free * 100 / one.total) for one in usages),
        key=lambda room: room.pct,
    )


def disk() -> Finding:
    """Look at the room left on the fullest disk."""
    room = least_room()
    said = _("Còn trống %(size)s (%(pct)d %%)") % {
        "size": wording.file_size(room.free),
        "pct": room.pct,
    }
    return Finding(is_well=room.pct >= LEAST_FREE_PCT, message=said)


def storage() -> Finding:
    """Look at where files lie, and whether it answers."""
    found = files.whereabouts()
    if found.is_here:
        return Finding(is_well=True, message=_("Trong thư mục của máy này"))
    said = _("Kho S3 có trả lời") if found.answers else _("Kho S3 không trả lời")
    return Finding(is_well=found.answers, message=said)


def first_end() -> tuple[dt.datetime | None, str]:
    """Return when the first certificate in use ends, and whose it is. Two statements."""
    now = clock.now()
    today = organisations.units(on=clock.day(now)).values_list("id", flat=True)
    ends = (
        signing.Certificate.objects.filter(revoked_at__isnull=True)
        .filter(
            Q(valid_to__gt=now) | Q(holder_kind=signing.HolderKind.UNIT, holder__in=list(today))
        )
        .values("holder")
        .annotate(last=Max("valid_to"), called=Max("name"))
        .order_by("last", "holder")
        .values_list("last", "called")
        .first()
    )
    return ends or (None, "")


def certificates() -> Finding:
    """Look for certificates that end soon, and units whose last one has ended. Two statements."""
    end, name = first_end()
    if end is None:
        return Finding(is_well=True, message=_("Chưa có chứng thư số nào"))
    said = _("Hết hạn sớm nhất: %(day)s (%(name)s)") % {
        "day": wording.day(clock.day(end)),
        "name": name,
    }
    return Finding(is_well=end - clock.now() > SOON, message=said)
