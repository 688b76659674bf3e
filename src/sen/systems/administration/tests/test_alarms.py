"""Each alarm rings and clears; whoever is to know is told of each change once."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.base.identifiers import id_floor
from sen.kernel.files.tests import object_store
from sen.kernel.keeping import public as keeping
from sen.kernel.manifest.public import Finding, manifests
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.administration import rules
from sen.systems.administration.models import AlarmState
from sen.systems.administration.queries import vitals, watching
from sen.systems.administration.services import alarms as service

pytestmark = pytest.mark.usefixtures("province")

MINUTE = dt.timedelta(minutes=1)


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def ringing() -> set[str]:
    return {one.code.removeprefix("administration.") for one in watching.alarms() if one.is_ringing}


@pytest.fixture
def calm(province, settings):
    """An installation where nothing rings: a worker beats, a backup is there."""
    settings.ALARM_MAIL, settings.ALARM_URL = ["truc@example.vn"], ""
    at = clock.now()
    run("DELETE FROM procrastinate_jobs")
    run("DELETE FROM events_pending")
    run("DELETE FROM audit_pending")
    run("DELETE FROM procrastinate_workers")
    run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour')")
    backup(at)
    service.watch(at=at)
    assert ringing() <= {"disk"}
    mail.outbox.clear()
    AlarmState.objects.update(is_told=True)
    return SimpleNamespace(at=at + MINUTE)


def backup(at):
    keeping.Backup.objects.all().delete()
    keeping.Backup.objects.create(
        name="x", place="/x", made_at=at, size=1, rows=1, files=1, took_s=1
    )


def job(state, at, name="papers.draw"):
    run(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)"
        " VALUES ('default', %s, '{}', %s::procrastinate_job_status, %s)",
        name, state, at,
    )  # fmt: skip


def no_worker(at):
    run("UPDATE procrastinate_workers SET last_heartbeat = %s", at - 2 * MINUTE)


def a_worker(at):
    run("UPDATE procrastinate_workers SET last_heartbeat = %s", at)


def pending_event(at):
    run(
        "INSERT INTO events_pending (id, name, record) VALUES (%s, 'x.y', %s)",
        id_floor(at - 5 * MINUTE), uuid4(),
    )  # fmt: skip


def certificates_end(at):
    unit = organisations.unit("H41.9.11.1", clock.day(at))
    signing.Certificate.objects.filter(holder=unit.id).update(valid_to=at + dt.timedelta(days=9))


def certificates_hold(at):
    signing.Certificate.objects.update(valid_to=at + dt.timedelta(days=400))


CASES = {
    "workers": (no_worker, a_worker),
    "queue": (
        lambda at: job("todo", at - 6 * MINUTE), lambda _at: run("DELETE FROM procrastinate_jobs")
    ),
    "dead_jobs": (
        lambda at: job("failed", at), lambda _at: run("DELETE FROM procrastinate_jobs")
    ),
    "deliveries": (
        lambda at: job("failed", at, watching.DELIVER),
        lambda _at: run("DELETE FROM procrastinate_jobs"),
    ),
    "relay": (pending_event, lambda _at: run("DELETE FROM events_pending")),
    "trail": (
        lambda at: run("INSERT INTO audit_pending (id) VALUES (%s)", id_floor(at - 5 * MINUTE)),
        lambda _at: run("DELETE FROM audit_pending"),
    ),
    "backup": (lambda at: backup(at - dt.timedelta(hours=40)), backup),
    "certificates": (certificates_end, certificates_hold),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_alarm_rings_once_and_clears_once(calm, code, settings):
    settings.DEMO = False  # invented data need no backup
    begin, end = CASES[code]
    begin(calm.at)
    service.watch(at=calm.at)
    rang = ringing() - {"disk"}
    service.watch(at=calm.at + MINUTE)
    end(calm.at + 2 * MINUTE)
    service.watch(at=calm.at + 2 * MINUTE)

    assert rang == {code}
    assert ringing() <= {"disk"}
    title = next(one.title for one in watching.alarms() if one.code == f"administration.{code}")
    assert [one.subject for one in mail.outbox] == [
        f"Sen: cảnh báo {title}",
        "Sen: đã hết cảnh báo",
    ]
    assert "Cần làm:" in mail.outbox[0].body


def test_disk_rings_and_clears(calm, monkeypatch):
    room = SimpleNamespace(free=5, total=100)
    monkeypatch.setattr(vitals.shutil, "disk_usage", lambda _place: room)
    seen = []
    for minute, free in enumerate((5, 12, 16)):
        room.free = free
        service.watch(at=calm.at + minute * MINUTE)
        seen.append("disk" in ringing())

    assert seen == [True, True, False]


def test_fullest_of_the_disks_is_told(calm, monkeypatch, settings, tmp_path):
    """Home, files and the embedded server's data may lie on three disks."""
    settings.HOME, settings.FILES_ROOT = tmp_path, tmp_path / "files"
    for name in ("files", "postgresql-18"):
        (tmp_path / name).mkdir()
    free = {tmp_path: 60, tmp_path / "files": 50, tmp_path / "postgresql-18": 4}
    monkeypatch.setattr(
        vitals.shutil, "disk_usage", lambda place: SimpleNamespace(free=free[place], total=100)
    )

    assert vitals.least_room() == vitals.Room(free=4, pct=4.0)
    assert (vitals.disk().is_well, watching.measure_disk()) == (False, [({}, 4)])


def test_storage_on_s3_rings_while_it_is_away(calm, settings):
    assert vitals.storage() == Finding(is_well=True, message="Trong thư mục của máy này")
    assert watching.look_at_storage(calm.at) is None
    store = object_store.ObjectStore()
    way = object_store.Way(store.port)
    try:
        settings.FILES = f"s3://{object_store.BUCKET}/alarms"
        settings.S3 = {
            "endpoint": way.address, "region": "us-east-1", "key": object_store.KEY,
            "secret": object_store.SECRET, "authority": "",
        }  # fmt: skip
        seen = []
        for minute, how in enumerate(("open", "away", "open")):
            way.how = how
            service.watch(at=calm.at + minute * MINUTE)
            seen.append(("storage" in ringing(), vitals.storage().message))
            time.sleep(pause_after(how))
    finally:
        way.end()
        store.end()

    assert seen == [
        (False, "Kho S3 có trả lời"),
        (True, "Kho S3 không trả lời"),
        (False, "Kho S3 có trả lời"),
    ]


def pause_after(how: str) -> float:
    """After a failure the storage is left in peace for three seconds."""
    return 3.2 if how == "away" else 0.0


def test_clock_rings_where_it_is_apart_from_the_databases(calm, monkeypatch):
    now, seen = time.time, []
    for minute, ahead in enumerate((60, 3, 0)):
        monkeypatch.setattr(watching.time, "time", lambda ahead=ahead: now() + ahead)
        service.watch(at=calm.at + minute * MINUTE)
        seen.append(ringing() - {"disk"})

    assert seen == [{"clock"}, {"clock"}, set()]


def test_signature_that_waits_rings(calm):
    certificate = signing.Certificate.objects.first()
    signing.SignatureRequest.objects.create(
        purpose="x", certificate=certificate, subject_kind="x", subject=uuid4(), documents=[],
        is_certifying=False, requested_at=calm.at - dt.timedelta(hours=1), next_try_at=calm.at,
    )  # fmt: skip
    service.watch(at=calm.at)
    rang = ringing() - {"disk"}
    signing.SignatureRequest.objects.all().delete()
    service.watch(at=calm.at + MINUTE)

    assert (rang, ringing() - {"disk"}) == ({"signatures"}, set())


def test_certificate_of_the_web_server_rings_before_its_end(calm, settings, tmp_path):
    path = tmp_path / "chain.pem"
    settings.TLS_CERTIFICATE = str(path)
    assert watching.look_at_tls(calm.at) is None
    seen = []
    for days in (13, 60):
        path.write_bytes(certificate_for(days))
        days_left, said = watching.look_at_tls(clock.now())
        seen.append((round(days_left), "TLS" in said))

    assert seen == [(13, True), (60, True)]


def certificate_for(days):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sen.example.vn")])
    now = clock.now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(days).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM)


def test_second_look_within_the_minute_changes_nothing(calm):
    job("failed", calm.at)

    assert service.watch(at=calm.at) is True
    assert service.watch(at=calm.at + dt.timedelta(seconds=20)) is False
    assert len(mail.outbox) == 1


def test_whoever_asks_is_told_of_now_however_short_ago_the_last_look_was(calm):
    later = calm.at + dt.timedelta(seconds=2)

    assert service.watch(at=calm.at) is True
    assert service.watch(at=later, is_asked=True) is True
    assert set(AlarmState.objects.values_list("looked_at", flat=True)) == {later}


def test_look_that_fails_leaves_its_alarm_as_it_was(calm, monkeypatch):
    job("failed", calm.at)
    service.watch(at=calm.at)
    monkeypatch.setattr(watching.jobs, "count_dead", lambda **_: 1 / 0)
    service.watch(at=calm.at + MINUTE)

    assert ringing() - {"disk"} == {"dead_jobs"}
    state = AlarmState.objects.get(code="administration.dead_jobs")
    assert (state.value, state.said) == (None, "ZeroDivisionError")


def test_what_could_not_be_told_is_told_with_the_next_look(calm, settings):
    settings.ALARM_MAIL = []
    with webhook(status=503) as heard:
        settings.ALARM_URL = heard.url
        job("failed", calm.at)
        service.watch(at=calm.at)
        heard.status = 200
        service.watch(at=calm.at + MINUTE)
        service.watch(at=calm.at + 2 * MINUTE)

    assert [one["alarms"] for one in heard.said] == [
        [{"code": "administration.dead_jobs", "rings": True, "said": "1 việc không thành"}]
    ] * 2


@contextmanager
def webhook(status):
    heard = SimpleNamespace(said=[], status=status)

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}/"
        listening = threading.Thread(target=server.serve_forever)
        listening.start()
        yield heard
        server.shutdown()
        listening.join()


def test_page_shows_what_rings_and_what_to_do(calm, administrator):
    job("failed", calm.at)
    service.watch(at=calm.at)

    page = administrator.get("/quan-tri/").content.decode()

    assert "Việc nền không thành" in page
    assert "Xem lý do ở Quản trị" in page


def test_status_says_what_rings_and_its_code_says_whether_anything_does(calm):
    job("failed", calm.at)
    said = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("status", stdout=said)

    assert ended.value.code == 1
    assert "(!) Việc nền không thành" in said.getvalue()
    assert "    → Xem lý do ở Quản trị" in said.getvalue()


def test_every_measure_can_be_read(calm):
    read = {
        measure.name: list(measure.read()) for system in manifests() for measure in system.measures
    }

    wanted = {"jobs", "jobs_oldest_seconds", "workers", "disk_free_bytes", "storage_up"}
    assert wanted | {"alarm_ringing"} <= set(read)
    rings = {labels["alarm"]: value for labels, value in read["alarm_ringing"]}
    assert read["workers"] == [({}, 1)]
    assert rings["administration.queue"] is False


@given(st.lists(st.floats(min_value=0, max_value=100)), st.booleans())
def test_alarm_changes_only_beyond_its_bounds(values, is_low):
    bounds = (10.0, 15.0) if is_low else (15.0, 10.0)
    state = False
    for value in values:
        now = rules.is_ringing(value, rings_at=bounds[0], clears_at=bounds[1], was_ringing=state)
        if 10 < value < 15:
            assert now is state
        else:
            assert now is ((value <= 10) if is_low else (value >= 15))
        state = now
