"""Pages on the system itself: its state, what its parts contribute, work in the background."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.events import public as events
from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import public as kept
from sen.kernel.manifest import public as manifest
from sen.kernel.notifications import public as notifications
from sen.systems.administration import permissions
from sen.systems.administration.choices import StepState
from sen.systems.administration.queries import first_run, vitals, watching
from sen.systems.administration.services import work as verbs
from sen.systems.administration.tables import keeping as keeping_tables
from sen.systems.administration.tables import names
from sen.systems.administration.tables import records as tables
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.middleware import SenRequest

BACKUPS_SHOWN = 10


@require_GET
@desk(permissions.WATCH)
def overview(request: SenRequest) -> HttpResponse:
    """Show whether Sen is well, what is not first, and how large it is."""
    found, ringing = vitals.vitals(), [one for one in watching.alarms() if one.is_ringing]
    return render(
        request,
        "overview",
        "overview",
        {
            "vitals": found,
            "ringing": ringing,
            "is_well": not ringing and all(one.is_well for one in found),
            "counts": vitals.counts(clock.day(clock.now())),
            "to_come": sum(one.state != StepState.DONE for one in first_run.steps()),
            "columns": tables.columns(_("Kiểm tra"), _("Kết quả"), _("Chi tiết")),
        },
    )


@require_GET
@desk(permissions.WATCH)
def systems(request: SenRequest) -> HttpResponse:
    """Show the systems that are installed."""
    return render(request, "systems", "systems", {"systems": manifest.manifests()})


@require_GET
@desk(permissions.WATCH)
def system(request: SenRequest, code: str) -> HttpResponse:
    """Show what one system contributes."""
    found = next((one for one in manifest.manifests() if one.code == code), None)
    if found is None:
        raise Http404
    context = {"system": found, "slots": tables.slots(found)}
    return render(request, "systems", "system", context)


@require_GET
@desk(permissions.WATCH)
def keeping(request: SenRequest) -> HttpResponse:
    """Show what is kept how long, what went by rule, and the last backups."""
    rules = kept.rules()
    runs = kept.last_runs([rule.kind for rule in rules])
    return render(
        request,
        "keeping",
        "keeping",
        {
            "rules": keeping_tables.rule_rows(rules, runs),
            "backups": kept.backups(limit=BACKUPS_SHOWN),
            "rule_columns": tables.columns(
                _("Dữ liệu"), _("Giữ"), _("Tính từ"), _("Lượt xóa gần nhất")
            ),
            "backup_columns": tables.columns(
                _("Lúc"), _("Ở đâu"), _("Dung lượng"), _("Số tệp"), _("Đã thử khôi phục")
            ),
        },
    )


@require_GET
@desk(permissions.WATCH)
def work(request: SenRequest) -> HttpResponse:
    """Show the queue by kind of job, and what failed with its reason."""
    actor = request.actor
    failed = [*jobs.dead(), *jobs.failing()]
    may_see = access.allows(actor, notifications.REPLAY)
    unsent = notifications.failed_deliveries(actor) if may_see else []
    return render(
        request,
        "work",
        "work",
        {
            "states": [(one, names.called(one.name)) for one in jobs.states()],
            "pulse": jobs.pulse(),
            "failed": [
                (one, names.called(one.name))
                for one in failed
                if not one.name.startswith("events.")
            ],
            "deliveries": [
                (one, names.called(one.handler), names.called(one.event))
                for one in events.failed_deliveries()
            ],
            "messages_failed": [(one, names.message(one.template)) for one in unsent],
            "may_replay": access.allows(actor, permissions.REPLAY.name),
            "queue_columns": tables.columns(
                _("Việc"), _("Đang chờ"), _("Đang chạy"), _("Đã xong"), _("Không thành")
            ),
            "dead_columns": tables.columns(_("Việc"), _("Số lần thử"), _("Lý do"), ""),
        },
    )


@require_POST
@desk(permissions.REPLAY)
def replay_job(request: SenRequest, job: int) -> HttpResponse:
    """Try a job that failed again."""
    verbs.replay_job(actor=request.actor, job_id=job, at=clock.now())
    return _queued(request)


@require_POST
@desk(permissions.REPLAY)
def replay_delivery(request: SenRequest, event: UUID) -> HttpResponse:
    """Let a handler try an event again."""
    handler = request.POST.get("handler", "")
    verbs.replay_delivery(actor=request.actor, event=event, handler=handler, at=clock.now())
    return _queued(request)


@require_POST
@desk(permissions.WATCH)
def replay_message(request: SenRequest, delivery: UUID) -> HttpResponse:
    """Send a message that failed once more."""
    notifications.replay(request.actor, delivery=delivery, at=clock.now())
    return _queued(request)


def _queued(request: SenRequest) -> HttpResponse:
    messages.success(request, _("Đã đưa việc trở lại hàng chờ."))
    return http.redirect(request, "administration:work")
