"""A crowd of open work, written by plain SQL: tasks with their runs, dossiers, parties, entries.

For lists at a size that no demo lives to: what the queries of lists, boards, search and following
read is there and true to its shape, the rest of a dossier is not. Officials' own dossiers of the
demo stand among them whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from sen.kernel.search.rules import words

UNITS = 500
RARE = "ben_hiem"
"""The group of procedures of which one open task in five thousand is."""
GROUPS = (
    "ho_tich", "dat_dai", "chung_thuc", "bao_tro_xa_hoi", "ho_kinh_doanh", "xay_dung", "lao_dong",
    "giao_duc", "nong_nghiep", "van_hoa_tttt", "cu_tru", "thue", "hai_quan", "duong_bo", "thu_y",
    "thuy_san", "dang_kiem", "thuy_loi", "nguoi_co_cong", "bao_hiem", "luat_su", "lam_nghiep",
    "du_lich", "the_thao", "moi_truong", "kho_bac", "quoc_tich", "dau_tu", "duoc_pham", "di_san",
    "y_te", "khoa_hoc", "an_toan_thuc_pham", "hop_tac_xa", "cong_chung", "hoa_giai", "bao_chi",
    "xuat_ban", "vien_thong", "chung_khoan",
)  # fmt: skip
STEPS = {
    "receive": (0.25, "public_services.dossier.receive", "submitted", 0.0),
    "assign": (0.08, "public_services.dossier.assign", "processing", 0.0),
    "propose": (0.42, "public_services.dossier.process", "processing", 0.9),
    "check": (0.06, "public_services.dossier.check", "processing", 0.3),
    "sign": (0.06, "public_services.dossier.sign", "processing", 0.3),
    "issue": (0.04, "public_services.dossier.issue", "processing", 0.0),
    "hand_over": (0.08, "public_services.dossier.hand_over", "issued", 0.0),
    "opine": (0.01, "public_services.council.member", "processing", 1.0),
}
"""Act: what share of the open tasks waits for it, its right, the dossier's state, how many of them
are given to somebody."""
SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ",
    "Ngô", "Dương", "Lý", "Cao", "Đinh", "Lương", "Thái", "Trương",
)  # fmt: skip
MIDDLES = ("Giả Định", "Giả Tưởng", "Thử Nghiệm", "Ví Dụ", "Đo Tải", "Minh Họa")
GIVEN = (
    "An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hiếu", "Khánh", "Lan", "Mai", "Nam", "Oanh",
    "Phúc", "Quân", "Sơn", "Thảo", "Uyên", "Việt", "Xuân", "Yến",
)  # fmt: skip
TABLES = (
    "public_services_dossier", "public_services_party", "workflow_run", "workflow_task",
    "workflow_remark", "access_participation", "search_searchentry",
)  # fmt: skip

_DRAWN = """
CREATE TEMP TABLE drawn AS
WITH places AS (
    SELECT array_agg(id ORDER BY code) AS ids, array_agg(code ORDER BY code) AS codes FROM (
        SELECT id, code FROM organisations_unit WHERE kind <> 'province' AND valid_to IS NULL
        ORDER BY code LIMIT %(units)s) one
), people AS (
    SELECT array_agg(id) AS ids FROM identity_account WHERE kind = 'official'
), cases AS (
    SELECT array_agg(id ORDER BY id) AS ids, array_agg(flow_version_id ORDER BY id) AS flows
    FROM public_services_case
), diced AS (
    SELECT i, i <= %(open)s AS is_open, random() AS step, random() AS given, random() AS late,
        random() AS paused, random() AS named,
        1 + floor(cardinality(places.ids) * power(random(), 1.5))::int AS unit,
        1 + floor(cardinality(places.ids) * random())::int AS received,
        1 + floor(%(groups)s * power(random(), 3))::int AS grp,
        1 + floor(cardinality(cases.ids) * random())::int AS ca,
        now() - CASE WHEN i <= %(open)s THEN interval '45 days' * random()
            ELSE interval '45 days' + interval '700 days' * random() END AS began
    FROM generate_series(1, %(all)s) i, places, cases
), stepped AS (
    SELECT diced.*, places.ids[unit] AS unit_id, places.codes[unit] AS unit_code,
        places.ids[received] AS received_id, cases.ids[ca] AS case_id, cases.flows[ca] AS flow_id,
        CASE WHEN i %% 5000 = 0 THEN %(rare)s ELSE (%(names)s::text[])[grp] END AS "group", told.*,
        people.ids[1 + (unit * 7 + floor(named * 12)::int) %% cardinality(people.ids)] AS person
    FROM diced, places, people, cases, LATERAL (
        SELECT s.act, s."right", s.state, diced.given < s.given AS is_given
        FROM jsonb_to_recordset(%(steps)s::jsonb)
            AS s(upto float, act text, "right" text, state text, given float)
        WHERE diced.step < s.upto ORDER BY s.upto LIMIT 1
    ) told
)
SELECT stepped.*, uuidv7(began - now()) AS id, uuidv7(began - now() + interval '1 hour') AS task,
    unit_code || '-' || to_char(began, 'YYMMDD') || '-' || lpad(i::text, 7, '0') AS code,
    CASE WHEN act = 'receive' AND is_open THEN NULL
        ELSE date_trunc('hour', CASE WHEN is_open THEN now() + interval '1 day' * (late * 24 - 2)
            ELSE began + interval '12 days' END) END AS due,
    act = 'propose' AND is_open AND paused < 0.08 AS is_paused,
    (%(people)s::jsonb)->(i %% %(persons)s) AS who
FROM stepped
"""
_ROWS = (
    """
    INSERT INTO public_services_dossier (id, code, link_secret, channel, state, national_state,
        money_state, delivery_state, sync_state, settled_in, delivery, allowance, submitted_at,
        received_at, competent_received_at, due_at, expected_at, issued_at, ended_at, version,
        last_act, last_at, case_id, competent_unit_id, received_unit_id)
    SELECT id, code, 'crowd' || i, 'public_services.portal',
        CASE WHEN NOT is_open THEN 'handed_over' WHEN is_paused THEN 'supplement' ELSE state END,
        4, 'free', 'not_ready', 'local', 'province', 'online', '{}', began,
        CASE WHEN due IS NOT NULL THEN began + interval '1 hour' END,
        CASE WHEN due IS NOT NULL THEN began + interval '1 hour' END, due, due,
        CASE WHEN NOT is_open OR state = 'issued' THEN began + interval '1 day' * (3 + 10 * late)
            END,
        CASE WHEN NOT is_open THEN began + interval '14 days' END, 3, 'receive', began, case_id,
        unit_id, received_id
    FROM drawn ORDER BY id""",
    """
    INSERT INTO public_services_party (id, role, full_name, last_digits, phone, email, address,
        relation, authority, dossier_id)
    SELECT uuidv7(began - now()), 'owner', who->>'name', lpad((i % 10000)::text, 4, '0'), '', '',
        '', '', '', id FROM drawn ORDER BY id""",
    """
    INSERT INTO workflow_run (id, kind, code, units, "group", data, started_at, counts_from,
        promised_at, expected_at, paused_at, ended_at, outcome, clock_unit_id, flow_id)
    SELECT id, 'public_services.dossier', code,
        jsonb_build_object('received', received_id, 'competent', unit_id), "group", '{}', began,
        CASE WHEN due IS NOT NULL THEN began END, due, due, CASE WHEN is_paused THEN began END,
        CASE WHEN NOT is_open THEN began + interval '14 days' END,
        CASE WHEN is_open THEN '' ELSE 'handed_over' END, unit_id, flow_id
    FROM drawn ORDER BY id""",
    """
    INSERT INTO workflow_task (id, step, act, permission, "group", assignee, branch, opened_at,
        due_at, record_due_at, is_paused, version, run_id, unit_id)
    SELECT task, act, 'public_services.' || act, "right", "group",
        CASE WHEN is_given THEN person END, '', began + interval '1 hour',
        began + interval '3 days', due, is_paused, 1, id, unit_id
    FROM drawn WHERE is_open ORDER BY task""",
    """
    INSERT INTO workflow_remark (id, text, run_id, unit_id)
    SELECT id, 'Hồ sơ đo tải · ' || (who->>'name'), id, unit_id FROM drawn ORDER BY id""",
    """
    INSERT INTO access_participation (id, record, kind, unit, person, why, since)
    SELECT uuidv7(began - now()), id, 'public_services.dossier', part.unit, part.person, part.why,
        began
    FROM drawn, LATERAL (VALUES (received_id, NULL::uuid, 'received'),
        (NULLIF(unit_id, received_id), NULL, 'competent'),
        (NULL, md5('person' || i / 4)::uuid, 'owner')) part(unit, person, why)
    WHERE part.unit IS NOT NULL OR part.person IS NOT NULL ORDER BY id""",
    """
    INSERT INTO search_searchentry (id, kind, record, code, title, folded, exact, units, persons,
        at)
    SELECT uuidv7(began - now()), 'public_services.dossier', id, code, who->>'name',
        (parts.vector || (who->>'folded'))::tsvector, (parts.vector || (who->>'exact'))::tsvector,
        ARRAY[received_id, unit_id], '{}', began
    FROM drawn, LATERAL (SELECT format('''%s'':1A ''%s'':1A ''%s'':1A ', lower(code),
        to_char(began, 'YYMMDD'), lpad(i::text, 7, '0')) AS vector) parts""",
)


def fill(connection: psycopg.Connection[Any], *, tasks: int) -> None:
    """Write so many open tasks, and half as many dossiers that are over. As the superuser."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        connection.execute("SELECT setseed(0.4)")
        connection.execute(_DRAWN, _values(tasks))
        with _without_indexes(connection):
            for statement in _ROWS:
                connection.execute(statement)
        connection.execute("DROP TABLE drawn")
    for table in TABLES:
        connection.execute(f"VACUUM ANALYZE {table}")
    connection.execute("CHECKPOINT")


def _values(tasks: int) -> dict[str, Any]:
    steps, upto = [], 0.0
    for act, (share, right, state, given) in STEPS.items():
        upto += share
        steps.append(
            {"upto": upto + 1e-9, "act": act, "right": right, "state": state, "given": given}
        )
    people = [
        {
            "name": f"{surname} {middle} {given}",
            "folded": words.vector([(f"{surname} {middle} {given}", "B")], is_folded=True),
            "exact": words.vector([(f"{surname} {middle} {given}", "B")], is_folded=False),
        }
        for surname in SURNAMES
        for middle in MIDDLES
        for given in GIVEN
    ]
    return {
        "open": tasks,
        "all": tasks + tasks // 2,
        "units": UNITS,
        "groups": len(GROUPS),
        "names": list(GROUPS),
        "rare": RARE,
        "steps": json.dumps(steps),
        "people": json.dumps(people, ensure_ascii=False),
        "persons": len(people),
    }


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Take the indexes that no constraint needs away, and build them again over all rows."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS ("
        " SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        connection.execute(definition)
