"""Publishing a flow: checked, numbered, never changed afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.forms import public as forms
from sen.kernel.workflow import permissions, registry
from sen.kernel.workflow.choices import FlowStatus
from sen.kernel.workflow.data import Problem
from sen.kernel.workflow.models import FlowVersion
from sen.kernel.workflow.rules import documents

WORDS = {
    "mistyped": gettext_lazy("Mục “%(what)s” ở bước “%(step)s” thiếu hoặc sai kiểu."),
    "unknown_key": gettext_lazy("Mục “%(what)s” ở bước “%(step)s” không có nghĩa."),
    "one_target": gettext_lazy(
        "Kết quả “%(what)s” của bước “%(step)s” phải có đúng một trong: to, fork kèm join, wait."
    ),
    "duplicate_step": gettext_lazy("Khóa bước “%(step)s” bị trùng hoặc không được dùng."),
    "duplicate_timer": gettext_lazy("Khóa mốc thời gian “%(what)s” bị trùng."),
    "unknown_step": gettext_lazy("Bước “%(step)s” dẫn đến bước không có: “%(what)s”."),
    "unknown_act": gettext_lazy("Bước “%(step)s” dùng việc không có: “%(what)s”."),
    "unknown_clock": gettext_lazy(
        "Lịch tính thời hạn theo “%(what)s”, không bước nào có đơn vị đó."
    ),
    "no_way_on": gettext_lazy("Bước “%(step)s” không có kết quả nào đi tiếp."),
    "no_default": gettext_lazy(
        "Kết quả “%(what)s” của bước “%(step)s” cần một nhánh cuối không điều kiện."
    ),
    "never_taken": gettext_lazy(
        "Kết quả “%(what)s” của bước “%(step)s” có nhánh không bao giờ được chọn."
    ),
    "broken_rule": gettext_lazy("Điều kiện ở bước “%(step)s” không hợp lệ: %(what)s."),
    "unreachable": gettext_lazy("Không có đường nào dẫn đến bước “%(step)s”."),
    "cycle": gettext_lazy(
        "Từ bước “%(step)s” đến “%(what)s” là vòng lặp; chỉ được quay lại bằng kết quả trả lại."
    ),
    "leaves_branch": gettext_lazy(
        "Từ bước “%(step)s” đến “%(what)s” ra vào nhánh song song không qua điểm hợp nhất."
    ),
    "join_without_fork": gettext_lazy(
        "Bước “%(step)s” đi vào điểm hợp nhất “%(what)s” từ ngoài các nhánh."
    ),
    "no_fork": gettext_lazy(
        "Kết quả “%(what)s” của bước “%(step)s” phải tách thành ít nhất hai nhánh khác nhau."
    ),
    "branches_meet": gettext_lazy(
        "Các nhánh tách từ bước “%(step)s” cùng đi qua “%(what)s” trước điểm hợp nhất."
    ),
}


def word(problem: Problem) -> str:
    """Return a problem as a sentence."""
    return str(WORDS[problem.code]) % {"step": problem.step, "what": problem.what}


def check_flow(document: Mapping[str, Any]) -> list[Problem]:
    """Return everything that keeps a document from being published; none for a good flow."""
    try:
        flow = documents.parse(document)
    except documents.Malformed as malformed:
        return [malformed.problem]
    broken = [
        Problem(code="broken_rule", step=step.key, what=said)
        for step in flow.steps
        for transition in step.next
        if transition.condition is not None
        for said in forms.rule_problems(transition.condition)
    ]
    return [*documents.problems(flow, acts=registry.steps().keys()), *broken]


@transaction.atomic
def publish_flow(
    actor: Actor, *, document: Mapping[str, Any], status: FlowStatus | str, at: dt.datetime
) -> FlowVersion:
    """Publish a document as the next version of its code; return the version.

    The same document again gives the version it already has. Raises Invalid with a sentence for
    each problem; NotAllowed.
    """
    access.check(actor, permissions.PUBLISH)
    problems = check_flow(document)
    if problems:
        sentences = [word(problem) for problem in problems]
        raise Invalid(_("Quy trình chưa ban hành được."), fields={"document": sentences})
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    latest = (
        FlowVersion.objects.filter(code=document["code"]).order_by("-version").first()
    )  # two publishers at once meet the unique constraint
    if latest is not None and latest.digest == digest and latest.status == FlowStatus(status):
        return latest
    version = FlowVersion.objects.create(
        code=document["code"],
        version=latest.version + 1 if latest else 1,
        document=document,
        digest=digest,
        status=FlowStatus(status).value,
        published_at=at,
        published_by=actor.account,
    )
    audit.record(
        actor,
        permissions.PUBLISH,
        subject=audit.Subject("workflow.flow", version.id, version.code),
        at=at,
        fields={"version": version.version, "digest": digest},
    )
    return version
