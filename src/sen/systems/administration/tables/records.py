"""Shapes of the administration's pages: contributions, documents, lines of lists."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.keeping import public as keeping
from sen.kernel.manifest.public import Manifest
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.administration.tables import names as named
from sen.web.data import Column, Fact


def text(localised: Mapping[Any, str] | None) -> str:
    """Return a localised text in the language of the page, empty for none."""
    if not localised:
        return ""
    return localised.get(get_language() or "vi") or localised["vi"]


def columns(*labels: str) -> list[Column]:
    """Return columns of these names; an empty one is a column of actions."""
    return [Column(label=one or _("Thao tác"), is_hidden=not one) for one in labels]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What a system contributes in one slot: a line each with its code and its words."""

    title: str
    lines: Sequence[Fact]


def slots(system: Manifest) -> list[Slot]:
    """Return what a system contributes, slot by slot; empty ones are left out."""
    listed: list[tuple[str, list[tuple[str, Any]]]] = [
        (_("Mục menu"), [(one.url_name, one.title) for one in system.menu]),
        (_("Quyền"), [(one.name, one.title) for one in system.permissions]),
        (_("Vai trò"), [(one.code, text(one.title)) for one in system.roles]),
        (_("Việc của cán bộ"), [(one.code, text(one.title)) for one in system.acts]),
        (_("Xử lý sự kiện"), [(one.name, one.event.name) for one in system.handlers]),
        (_("Kênh tiếp nhận"), [(one.code, one.title) for one in system.channels]),
        (_("Chỉ số"), [(one.code, one.title) for one in system.figures]),
        (_("Tìm kiếm"), [(one.kind, one.title) for one in system.search]),
        (_("Tìm kiếm thử được"), [(one.code, one.title) for one in system.search_trials]),
        (_("Nguồn điền sẵn"), [(one.key, text(one.title)) for one in system.prefill]),
        (_("Thông báo"), [(one.code, text(one.title)) for one in system.notification_templates]),
        (_("Mẫu văn bản"), [(one.code, one.title) for one in system.paper_templates]),
        (_("Bộ dữ liệu"), [(one.code, one.title) for one in system.datasets]),
        (_("Dịch vụ chia sẻ"), [(one.code, one.title) for one in system.exchange]),
        (
            _("Dữ liệu cá nhân"),
            [
                (one.code, f"{one.people}: {one.data}. {one.purpose}. {one.ground}")
                for one in system.personal_data
            ],
        ),
        (
            _("Thời hạn lưu"),
            [(one.kind, f"{kept(one)}, {one.counted_from}. {one.source}")
             for one in system.retention],
        ),
        (_("Tính theo giá trị pháp lý"), [(one.code, one.title) for one in system.value_uses]),
        (_("Kiểm tra dữ liệu"), [(one.code, one.says) for one in system.invariants]),
        (_("Kiểm tra tình trạng"), [(one.code, one.title) for one in system.health]),
        (_("Cảnh báo"), [(one.code, one.title) for one in system.alarms]),
        (_("Số đo"), [(one.name, one.says) for one in system.measures]),
        (_("Tệp đính kèm"), [(one.kind, one.kind) for one in system.file_owners]),
        (_("Danh sách nạp bằng lệnh"), [(one.code, one.title) for one in system.imports]),
        (_("Bước cài đặt lần đầu"), [(one.code, one.title) for one in system.first_run]),
        (_("Dữ liệu trình diễn"), [(f"{one.order}", one.title) for one in system.seed]),
        (_("Trang hướng dẫn"), [(one.slug, one.title) for one in system.help]),
        (_("Tên gọi"), [(one.code, one.title) for one in system.names]),
    ]  # fmt: skip
    return [
        Slot(title=title, lines=[Fact(label=str(said), value=code) for code, said in lines])
        for title, lines in listed
        if lines
    ]


def kept(rule: keeping.Retention) -> str:
    """Return in words how long the rule of today keeps a record."""
    try:
        days = rule.days_on(clock.day(clock.now()))
    except NotFound:
        return _("Chưa đặt")
    if days is None:
        return _("Vĩnh viễn")
    if days == 0:
        return _("Không giữ thêm")
    if days % 365 == 0:
        return _("%(n)d năm") % {"n": days // 365}
    if days % 30 == 0 and days > 30:  # noqa: PLR2004 - a month
        return _("%(n)d tháng") % {"n": days // 30}
    return _("%(n)d ngày") % {"n": days}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit in the tree. level: how deep, from 0."""

    level: int
    code: str
    name: str
    href: str


def unit_rows(tree: Sequence[tuple[int, organisations.Unit]], on: dt.date) -> list[UnitRow]:
    """Return the tree as lines with the names of the day."""
    names = organisations.unit_names([unit.id for _, unit in tree], on)
    return [
        UnitRow(
            level=min(depth, 4),
            code=unit.code,
            name=names.get(unit.id, unit.code),
            href=reverse("administration:unit", args=[unit.code]),
        )
        for depth, unit in tree
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A role in force."""

    id: UUID
    title: str
    scope: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """A position with who holds it and which roles it has."""

    id: UUID
    title: str
    holders: Sequence[str]
    grants: Sequence[GrantRow]


def position_rows(
    positions: Sequence[organisations.Position],
    holders: Mapping[UUID, Sequence[identity.Account]],
    grants: Mapping[UUID, Sequence[access.Grant]],
) -> list[PositionRow]:
    """Return positions as a unit's page shows them."""
    return [
        PositionRow(
            id=one.id,
            title=text(one.title),
            holders=[called(account) for account in holders.get(one.id, ())],
            grants=[
                GrantRow(
                    id=grant.id,
                    title=text(grant.role.title),
                    scope=str(access.Scope(grant.scope).label),
                    valid_from=grant.valid_from,
                    valid_to=grant.valid_to,
                )
                for grant in grants.get(one.id, ())
            ],
        )
        for one in positions
    ]


def called(account: identity.Account) -> str:
    """Return what people call an account."""
    return account.person.full_name if account.person else account.username


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """A line of the trail: names of accounts and acts with their codes, never values."""

    id: UUID
    at: dt.datetime
    title: str
    action: str
    kind: str
    code: str
    subject: str
    who: str
    reason: str
    fields: str


def trail_rows(entries: Sequence[audit.Entry]) -> list[TrailRow]:
    """Return lines of the trail with the names of who acted. One statement."""
    names = identity.display_names({one.account for one in entries if one.account})
    return [
        TrailRow(
            id=one.id,
            at=one.at,
            title=named.called(one.action),
            action=one.action,
            kind=named.called(one.subject.kind),
            code=one.subject.code,
            subject=one.subject.code or one.subject.kind,
            who=names.get(one.account, "") if one.account else _("Hệ thống"),
            reason=one.reason,
            fields=named.fields(one.subject.kind, one.fields),
        )
        for one in entries
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page of a form or a step of a flow, in lines."""

    title: str
    note: str
    lines: Sequence[Fact]


def form_parts(form: forms.Form) -> list[Part]:
    """Return a form page by page, a line a question: kind, sensitivity, source."""
    return [
        Part(
            title=text(page.title),
            note=_("Chỉ hiện khi có điều kiện") if page.show_if else "",
            lines=[
                Fact(
                    label=text(question.label),
                    value=" · ".join(_said_of(question)),
                    note=f"{question.key} · {question.type.value}",
                )
                for question in page.questions
            ],
        )
        for page in form.pages
    ]


def _said_of(question: forms.Question) -> list[str]:
    said = [str(question.sensitivity.label)]
    said.append(_("bắt buộc") if question.required else _("không bắt buộc"))
    if question.source:
        said.append(_("điền sẵn"))
    if question.show_if:
        said.append(_("có điều kiện"))
    return said


def flow_parts(flow: workflow.Flow) -> list[Part]:
    """Return a flow step by step, with its hours and where each outcome leads."""
    titles = {step.key: text(step.title) for step in flow.steps}
    return [
        Part(
            title=text(step.title),
            note=_("%(n)g giờ làm việc") % {"n": step.hours} if step.hours else _("Không giới hạn"),
            lines=[Fact(label=one.outcome, value=_leads_to(one, titles)) for one in step.next],
        )
        for step in flow.steps
    ]


def _leads_to(transition: workflow.Transition, titles: Mapping[str, str]) -> str:
    if transition.wait:
        return _("Tạm dừng: %(reason)s") % {"reason": transition.wait}
    if transition.fork:
        return " + ".join(titles.get(key, key) for key in transition.fork)
    ends = _("Kết thúc")
    return titles.get(transition.to or "", ends)


def typed_text(value: Any) -> str:
    """Return a legal value as it is typed: numbers and texts as they are, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account in the list of accounts, with the positions its official holds."""

    id: UUID
    username: str
    name: str
    posts: list[str]
    is_active: bool


def account_rows(
    accounts: Sequence[identity.Account],
    held: Mapping[UUID, Sequence[identity.Employment]],
    on: dt.date,
) -> list[AccountRow]:
    """Return accounts as lines. One statement."""
    units = organisations.unit_names(
        {post.position.unit_id for posts in held.values() for post in posts},
        on,
        get_language() or "vi",
    )
    return [
        AccountRow(
            id=one.id,
            username=one.username,
            name=called(one),
            posts=[
                f"{text(post.position.title)} · {units.get(post.position.unit_id, '')}"
                for post in held.get(one.id, ())
            ],
            is_active=one.is_active,
        )
        for one in accounts
    ]
