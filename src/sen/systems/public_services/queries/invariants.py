"""What always holds of dossiers, however they came in; each with the sentence an operator reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Invariant, found
from sen.systems.public_services.choices import ClosingKind, DossierState
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.results import public as results

_ZONE = str(clock.ZONE)
_BATCH = 2000
_KEPT_DAYS = 380
"""Events are kept for thirteen months; older dossiers are not held against them."""

_NATIONAL = """
SELECT d.code FROM public_services_dossier d
LEFT JOIN public_services_closing c ON c.dossier_id = d.id
WHERE NOT EXISTS (
    SELECT FROM unnest(%s::text[], %s::text[], %s::int[]) AS known(state, kind, national)
    WHERE known.state = d.state AND known.national = d.national_state
        AND (known.kind = '' OR known.kind = c.kind))
"""
_RUNS = """
SELECT d.code FROM public_services_dossier d LEFT JOIN workflow_run run ON run.id = d.id
WHERE run.id IS NULL OR run.code <> d.code
    OR (d.state = ANY(%s)) <> (run.ended_at IS NOT NULL)
    OR (d.state IN ('supplement', 'duty') AND run.paused_at IS NULL)
    OR d.ended_at IS DISTINCT FROM CASE WHEN d.state = ANY(%s) THEN run.ended_at END
"""
_STEPS = """
SELECT d.code FROM public_services_dossier d
JOIN unnest(%s::text[], %s::text[]) AS known(state, act) ON known.state = d.state
WHERE NOT EXISTS (SELECT FROM workflow_task t WHERE t.run_id = d.id AND t.act = known.act)
"""
_PROMISES = """
SELECT d.code FROM public_services_dossier d JOIN workflow_run run ON run.id = d.id
WHERE (d.received_at IS NULL) <> (run.promised_at IS NULL)
    OR coalesce((SELECT x.old_due_at FROM workflow_extension x WHERE x.run_id = d.id
                 ORDER BY x.extended_at LIMIT 1), run.promised_at) IS DISTINCT FROM d.due_at
        AND run.promised_at IS DISTINCT FROM d.due_at
"""
_TRAIL = """
SELECT d.code FROM public_services_dossier d WHERE d.version < (
    SELECT count(*) FROM audit_entry a WHERE a.subject_id = d.id
        AND a.action = 'public_services.dossier.' || d.last_act)
    OR NOT EXISTS (SELECT FROM audit_entry a WHERE a.subject_id = d.id AND a.at = d.last_at
        AND a.action = 'public_services.dossier.' || d.last_act)
    OR NOT EXISTS (SELECT FROM audit_entry a WHERE a.subject_id = d.id
        AND a.action = 'public_services.dossier.submit')
"""
_EVENTS = """
WITH told AS (
    SELECT e.record, bool_or(one.part = 'submitted') AS submitted,
        bool_or(one.part = 'received') AS received,
        bool_or(one.part = 'handed_over') AS handed_over,
        bool_or(one.part = 'closed'
            OR (one.part = 'answered_elsewhere' AND e.payload ->> 'outcome' = 'refused')) AS closed
    FROM unnest(%s::text[], %s::text[]) AS one(part, name) JOIN events_event e ON e.name = one.name
    GROUP BY e.record
)
SELECT d.code FROM public_services_dossier d LEFT JOIN told ON told.record = d.id
WHERE d.submitted_at > %s AND (
    told.submitted IS NOT TRUE
    OR (told.received IS TRUE) <> (d.received_at IS NOT NULL)
    OR (told.handed_over IS TRUE) <> (d.state = 'handed_over')
    OR (told.closed IS TRUE)
        <> EXISTS (SELECT FROM public_services_closing c WHERE c.dossier_id = d.id))
"""
_PARTS = """
WITH RECURSIVE heirs(old, new) AS (
    SELECT old_id, new_id FROM organisations_unitsuccession
    UNION SELECT h.old, s.new_id FROM heirs h
        JOIN organisations_unitsuccession s ON s.old_id = h.new
)
SELECT d.code FROM public_services_dossier d
WHERE EXISTS (
    SELECT FROM unnest(ARRAY[d.received_unit_id, d.competent_unit_id, d.helped_at_id]) AS u(unit)
    WHERE u.unit IS NOT NULL AND NOT EXISTS (
        SELECT FROM access_participation p WHERE p.record = d.id AND p.until IS NULL
            AND (p.unit = u.unit OR (u.unit, p.unit) IN (SELECT old, new FROM heirs))))
    OR EXISTS (SELECT FROM public_services_party party WHERE party.dossier_id = d.id
        AND party.person_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_participation p WHERE p.record = d.id
                AND p.person = party.person_id AND p.until IS NULL))
    OR EXISTS (SELECT FROM access_participation p WHERE p.record = d.id AND p.until IS NULL
        AND p.person IS NOT NULL AND p.why <> 'member'
        AND NOT EXISTS (SELECT FROM public_services_party party
            WHERE party.dossier_id = d.id AND p.person IN (party.person_id, party.enterprise_id)))
    OR EXISTS (SELECT FROM public_services_party party WHERE party.dossier_id = d.id
        AND party.enterprise_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_participation p WHERE p.record = d.id
                AND p.person = party.enterprise_id AND p.until IS NULL))
"""
_MEMBERS = """
WITH sits AS (
    SELECT seat.dossier_id AS record, account.person_id AS person
    FROM public_services_councilseat seat
    JOIN public_services_council council ON council.dossier_id = seat.dossier_id
    JOIN public_services_dossier dossier ON dossier.id = seat.dossier_id
    JOIN identity_account account ON account.id = seat.account
    WHERE seat.attendance IN ('awaited', 'present') AND council.concluded_at IS NULL
        AND dossier.ended_at IS NULL AND account.person_id IS NOT NULL
), takes AS (
    SELECT record, person FROM access_participation
    WHERE kind = 'public_services.dossier' AND why = 'member' AND until IS NULL
)
SELECT d.code FROM public_services_dossier d WHERE d.id IN (
    SELECT record FROM (
        (TABLE sits EXCEPT TABLE takes) UNION ALL (TABLE takes EXCEPT TABLE sits)) AS unlike)
"""
_OWNERS = """
SELECT d.code FROM public_services_dossier d WHERE NOT EXISTS (
    SELECT FROM public_services_party p WHERE p.dossier_id = d.id AND p.role = 'owner')
"""
_CODES = """
SELECT u.code || ' ' || c.day FROM papers_codecount c JOIN organisations_unit u ON u.id = c.unit
LEFT JOIN (
    SELECT received_unit_id AS unit, (submitted_at AT TIME ZONE %s)::date AS day, count(*) AS count
    FROM public_services_dossier GROUP BY 1, 2
) given ON given.unit = c.unit AND given.day = c.day
WHERE c.pattern_key = 'public_services.dossier_code' AND coalesce(given.count, 0) <> c.last_number
    AND NOT EXISTS (SELECT FROM organisations_unitsuccession s
        WHERE s.old_id = c.unit OR s.new_id = c.unit)
"""
_NUMBERED = """
WITH given AS (
    SELECT d.received_unit_id AS unit, f.form AS kind, '' AS series, f.number,
        extract(year FROM f.issued_at AT TIME ZONE %s)::int AS year
    FROM public_services_issuedform f JOIN public_services_dossier d ON d.id = f.dossier_id
    UNION ALL
    SELECT d.competent_unit_id, CASE c.kind WHEN 'refusal' THEN 'outgoing' ELSE 'result' END,
        CASE c.kind WHEN 'refusal' THEN 'tb' ELSE k.result_type END, c.number,
        extract(year FROM c.decided_on)::int
    FROM public_services_decision c JOIN public_services_dossier d ON d.id = c.dossier_id
    JOIN public_services_case k ON k.id = d.case_id WHERE c.number IS NOT NULL
    UNION ALL
    SELECT d.competent_unit_id, 'minutes', '', c.number,
        extract(year FROM c.concluded_at AT TIME ZONE %s)::int
    FROM public_services_council c JOIN public_services_dossier d ON d.id = c.dossier_id
    WHERE c.concluded_at IS NOT NULL
), series AS (
    SELECT unit, kind, series, year, count(*) AS count, count(DISTINCT number) AS apart,
        min(number) AS first, max(number) AS last
    FROM given GROUP BY unit, kind, series, year
)
SELECT u.code || ' ' || series.kind || ' ' || series.series || ' ' || series.year
FROM series JOIN organisations_unit u ON u.id = series.unit
LEFT JOIN papers_register r ON r.unit = series.unit AND r.kind = series.kind
    AND r.series = series.series AND r.year = series.year
WHERE (first <> 1 OR last <> count OR apart <> count OR r.last_number IS DISTINCT FROM last)
    AND NOT EXISTS (SELECT FROM organisations_unitsuccession s
        WHERE s.old_id = series.unit OR s.new_id = series.unit)
"""
_CHARGES = """
SELECT d.code FROM public_services_dossier d LEFT JOIN (
    SELECT dossier_id, bool_or(amount_vnd > 0) AS costs,
        bool_and(state = 'cancelled') AS cancelled, bool_or(state = 'cancelled') AS partly
    FROM public_services_feeline GROUP BY dossier_id) f ON f.dossier_id = d.id
WHERE (d.money_state = 'free') = coalesce(f.costs, FALSE)
    OR (d.money_state = 'cancelled') <> coalesce(f.cancelled AND f.costs, FALSE)
    OR (coalesce(f.partly, FALSE) AND NOT f.cancelled)
"""
_FILES = """
SELECT d.code FROM public_services_dossier d JOIN (
    SELECT dossier_id, file_id AS file FROM public_services_dossierpaper
    UNION ALL SELECT dossier_id, file_id FROM public_services_issuedform
    UNION ALL SELECT dossier_id, file_id FROM public_services_handover
    UNION ALL SELECT dossier_id, minutes_id FROM public_services_council
    UNION ALL SELECT dossier_id, unnest(ARRAY[draft_id, signed_id, sealed_id])
    FROM public_services_decision) linked ON linked.dossier_id = d.id
LEFT JOIN files_file f ON f.id = linked.file
WHERE linked.file IS NOT NULL AND (f.id IS NULL OR f.owner_id IS DISTINCT FROM d.id)
UNION
SELECT d.code FROM public_services_dossier d
JOIN public_services_issuedform f ON f.dossier_id = d.id
WHERE f.state = 'signed' AND f.file_id IS NULL
UNION
SELECT d.code FROM public_services_dossier d JOIN public_services_dossierpaper p
    ON p.dossier_id = d.id
WHERE p.source IN ('upload', 'scan') AND p.file_id IS NULL
UNION
SELECT d.code FROM public_services_dossier d JOIN public_services_decision c ON c.dossier_id = d.id
WHERE (c.state = 'sealed') <> (c.sealed_id IS NOT NULL)
    OR (d.state IN ('issued', 'handed_over') AND c.state <> 'sealed')
"""
_FOUND = """
SELECT d.code FROM public_services_dossier d LEFT JOIN search_searchentry s
    ON s.record = d.id AND s.kind = 'public_services.dossier'
WHERE s.id IS NULL OR s.code <> d.code
"""
_STAGES = """
SELECT d.code FROM public_services_dossier d JOIN public_services_stage s ON s.dossier_id = d.id
WHERE (s.started_at IS NOT NULL AND s.ended_at IS NULL) <> EXISTS (
        SELECT FROM workflow_task t WHERE t.run_id = d.id AND s.steps ? t.step)
    OR (s.counts AND s.promised_at > d.due_at)
    OR (s.counts AND s.promised_at < d.due_at AND s.position = (SELECT max(position)
        FROM public_services_stage o WHERE o.dossier_id = d.id AND o.counts))
    OR (s.started_at IS NOT NULL AND d.ended_at < s.started_at)
"""
_DUTIES = """
SELECT d.code FROM public_services_dossier d
LEFT JOIN public_services_financialduty f ON f.dossier_id = d.id
WHERE (d.state = 'duty' AND (f.id IS NULL OR f.paid_at IS NOT NULL))
    OR (f.id IS NOT NULL AND (f.noticed_at < f.sent_at OR f.paid_at < f.noticed_at
        OR (f.paid_at IS NULL AND d.state NOT IN ('duty', 'withdrawn'))))
"""
_COUNCILS = """
SELECT d.code FROM public_services_dossier d JOIN public_services_council c ON c.dossier_id = d.id
WHERE (c.concluded_at IS NOT NULL) <> EXISTS (
        SELECT FROM public_services_findings f WHERE f.dossier_id = d.id)
    OR EXISTS (SELECT FROM public_services_councilseat s WHERE s.dossier_id = d.id AND (
        (s.attendance = 'present') <> EXISTS (SELECT FROM forms_answers a WHERE a.record = s.id)
        OR (s.attendance = 'awaited' AND d.ended_at IS NULL) <> EXISTS (
            SELECT FROM workflow_task t WHERE t.run_id = d.id AND t.step = s.step)))
"""
_PASSAGES = """
SELECT d.code FROM public_services_dossier d JOIN public_services_passage p ON p.dossier_id = d.id
WHERE (d.state = 'passed_on' AND p.answered_at IS NOT NULL)
    OR (d.state IN ('issued', 'handed_over') AND p.outcome <> 'granted')
    OR (d.state = 'refused' AND p.outcome <> 'refused')
    OR (p.sent_at IS NULL) = (d.sync_state = 'done')
"""


def _national(limit: int) -> list[str]:
    known = [
        (state.value, kind.value if kind else "", rules.national_state(state, kind).value)
        for state in DossierState
        for kind in (list(ClosingKind) if state == DossierState.REFUSED else [None])
    ]
    states, kinds, numbers = (list(column) for column in zip(*known, strict=True))
    return found(_NATIONAL, limit, states, kinds, numbers)


def _runs(limit: int) -> list[str]:
    ended = [state.value for state in rules.ENDED]
    return found(_RUNS, limit, ended, ended)


_WAITS = {
    DossierState.SUBMITTED: "public_services.receive",
    DossierState.PASSED_ON: "public_services.follow_up",
    DossierState.SIGNING: "public_services.sign",
    DossierState.SIGNED: "public_services.issue",
    DossierState.ISSUED: "public_services.hand_over",
}
"""States of which the open step is known whatever the flow."""


def _steps(limit: int) -> list[str]:
    return found(_STEPS, limit, [one.value for one in _WAITS], list(_WAITS.values()))


def _events(limit: int) -> list[str]:
    parts = ["submitted", "received", "closed", "answered_elsewhere", "handed_over"]
    kinds = ["dossier", "dossier", "dossier", "dossier", "result"]
    names = [f"public_services.{kind}.{part}" for kind, part in zip(kinds, parts, strict=True)]
    return found(_EVENTS, limit, parts, names, clock.now() - dt.timedelta(days=_KEPT_DAYS))


def _due_dates(limit: int) -> list[str]:
    """Return dossiers whose promised day is not what the rule gives in the frozen calendar."""
    return list(islice(_wrong_dates(), limit))


def _wrong_dates() -> Iterator[str]:
    rows = Dossier.objects.filter(received_at__isnull=False).values_list(
        "code", "received_at", "due_at", "allowance", "competent_unit_id", "calendar_edition"
    )
    for code, received, due, allowance, unit, edition in rows.iterator(_BATCH):
        if received is None:
            continue
        try:
            office = calendar.calendar_of(unit, edition=edition)
            promised = calendar.due_at(received, calendar.Allowance.parse(allowance), office)
        except (calendar.CalendarTooShort, ValueError, KeyError):
            promised = None
        if promised != due:
            yield code


def _results(limit: int) -> list[str]:
    """Return issued dossiers whose result is not kept as it was issued."""
    return list(islice(_not_kept(), limit))


def _not_kept() -> Iterator[str]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT d.id, d.code, c.result_key, c.notation, c.sealed_id"
            " FROM public_services_dossier d JOIN public_services_decision c ON c.dossier_id = d.id"
            " WHERE c.kind = 'result' AND c.state = 'sealed'"
        )
        while rows := cursor.fetchmany(_BATCH):
            yield from _of_batch(rows)


def _of_batch(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    kept = results.kept_of([row[0] for row in rows])
    for dossier, code, *issued in rows:
        one = kept.get(dossier)
        if one is None or [one.key, one.number, one.file] != issued:
            yield code


def _invariant(code: str, says: Any, find: Any) -> Invariant:
    if isinstance(find, str):
        find = partial(found, find)
    return Invariant(code=f"public_services.{code}", says=says, find=find)


INVARIANTS = (
    _invariant("national_state", _("Trạng thái quốc gia đúng với trạng thái nghiệp vụ"), _national),
    _invariant("run_as_state", _("Hồ sơ kết thúc cùng lúc với quy trình của nó"), _runs),
    _invariant("step_as_state", _("Trạng thái có bước đang mở tương ứng"), _steps),
    _invariant("promise", _("Ngày hẹn trong hồ sơ là ngày hẹn của quy trình"), _PROMISES),
    _invariant(
        "due_date", _("Ngày hẹn bằng thời hạn tính trên bản lịch lúc tiếp nhận"), _due_dates
    ),
    _invariant("trail", _("Mỗi việc đã làm có dòng nhật ký, kể cả việc sau cùng"), _TRAIL),
    _invariant("events", _("Việc nộp, tiếp nhận, dừng, trả kết quả đều đã được báo"), _events),
    _invariant("participation", _("Tham gia hồ sơ: đúng các đơn vị và các bên của nó"), _PARTS),
    _invariant(
        "council_members",
        _("Hồ sơ đang ở Hội đồng: đúng các thành viên đang giữ ghế được xem"),
        _MEMBERS,
    ),
    _invariant("owner", _("Hồ sơ nào cũng có chủ hồ sơ"), _OWNERS),
    _invariant(
        "codes",
        _("Mã hồ sơ của một nơi trong một ngày liên tục từ 1"),
        lambda limit: found(_CODES, limit, _ZONE),
    ),
    _invariant(
        "numbers",
        _("Số của sổ liên tục từ 1 trong năm, không trùng, đúng với sổ"),
        lambda limit: found(_NUMBERED, limit, _ZONE, _ZONE),
    ),
    _invariant("charges", _("Các khoản thu và trạng thái tiền của hồ sơ khớp nhau"), _CHARGES),
    _invariant("papers", _("Giấy tờ, văn bản gắn với tệp của chính hồ sơ"), _FILES),
    _invariant("results", _("Kết quả đã ban hành được giữ trong kho kết quả"), _results),
    _invariant("search", _("Hồ sơ nào cũng tìm được theo mã của nó"), _FOUND),
    _invariant("stages", _("Giai đoạn đang chạy có bước đang mở; hạn giai đoạn khớp"), _STAGES),
    _invariant("duties", _("Nghĩa vụ tài chính đi cùng trạng thái của hồ sơ"), _DUTIES),
    _invariant("councils", _("Ghế, ý kiến, kết luận của Hội đồng khớp nhau"), _COUNCILS),
    _invariant("passages", _("Hồ sơ chuyển nơi khác có câu trả lời đúng trạng thái"), _PASSAGES),
    access.closed_tables(
        "public_services.row_security", "public_services_party", "public_services_dossierpaper"
    ),
)
