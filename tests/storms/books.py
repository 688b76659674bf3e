"""What must stand in the books after a storm: nothing lost, nothing twice, nothing stuck."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from tests.storms.installation import Installation
from tests.storms.lives import Life

QUIET_SECONDS = 180.0
"""A message whose sender was killed is sent again when its two minutes are over."""


def wait_until_quiet(demo: Installation) -> float:
    """Wait until nothing is under way any more; return the seconds. Raises AssertionError."""
    began = time.monotonic()
    while time.monotonic() - began < QUIET_SECONDS:
        left = under_way(demo)
        if not any(left.values()):
            return time.monotonic() - began
        time.sleep(0.5)
    raise AssertionError(f"not quiet after {QUIET_SECONDS} s: {left}")


def under_way(demo: Installation) -> dict[str, int]:
    [row] = demo.rows(
        "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')),"
        " (SELECT count(*) FROM events_pending),"
        " (SELECT count(*) FROM signing_signaturerequest WHERE state = 'pending'),"
        " (SELECT count(*) FROM audit_pending),"
        " (SELECT count(*) FROM public_services_issuedform WHERE state <> 'signed')"
    )
    return dict(zip(("jobs", "events", "signatures", "unsealed", "forms"), row, strict=True))


def faults(demo: Installation, lives: Sequence[Life]) -> list[str]:
    """Return everything in the books that is not as the clients were told."""
    return [
        *_dossiers(demo, lives),
        *_acts(demo, lives),
        *_numbers(demo),
        *_papers(demo, lives),
        *_leftovers(demo),
    ]


def _dossiers(demo: Installation, lives: Sequence[Life]) -> Iterable[str]:
    kept = dict(demo.rows("SELECT code, state FROM public_services_dossier"))
    told = {one.code: one.end for one in lives}
    for code in sorted(told.keys() - kept.keys()):
        yield f"{code or 'a filing'} was acknowledged and is lost"
    for code in sorted(kept.keys() - told.keys()):
        yield f"{code} was made and nobody was told"
    for code in sorted(told.keys() & kept.keys()):
        if kept[code] != told[code]:
            yield f"{code} is {kept[code]}, its client was told {told[code]}"


def _acts(demo: Installation, lives: Sequence[Life]) -> Iterable[str]:
    """Say where the trail and the clients differ on acts; that officials looked is no act."""
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for code, action in demo.rows(
        "SELECT subject_code, action FROM audit_entry"
        " WHERE action LIKE 'public_services.dossier.%%'"
        " AND action <> 'public_services.dossier.read'"
    ):
        done[code][action.rpartition(".")[2]] += 1
    for one in lives:
        if done[one.code] != one.acts:
            yield f"{one.code} ({one.way}): the trail says {done[one.code]}, clients {one.acts}"


def _numbers(demo: Installation) -> Iterable[str]:
    series: dict[Any, list[int]] = defaultdict(list)
    for (code,) in demo.rows("SELECT code FROM public_services_dossier"):
        day, _dash, number = code.rpartition("-")
        series["dossiers", day].append(int(number))
    for unit, form, number in demo.rows(
        "SELECT received_unit_id, form, number FROM public_services_issuedform"
        " JOIN public_services_dossier d ON d.id = dossier_id"
    ):
        series[form, unit].append(number)
    for unit, kind, number in demo.rows(
        "SELECT competent_unit_id, kind, number FROM public_services_decision"
        " JOIN public_services_dossier d ON d.id = dossier_id WHERE number IS NOT NULL"
    ):
        series[kind, unit].append(number)
    for name, numbers in series.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{name}: numbers with gaps or doubles: {sorted(numbers)}"


def _papers(demo: Installation, lives: Sequence[Life]) -> Iterable[str]:
    issued: dict[str, list[str]] = defaultdict(list)
    for code, form in demo.rows(
        "SELECT code, form FROM public_services_issuedform"
        " JOIN public_services_dossier d ON d.id = dossier_id"
    ):
        issued[code].append(form)
    results = Counter(row[0] for row in demo.rows("SELECT source_code FROM results_result"))
    for one in lives:
        if sorted(issued[one.code]) != sorted(one.forms):
            yield f"{one.code} ({one.way}): forms {issued[one.code]}, not {sorted(one.forms)}"
        wanted = 1 if one.end == "handed_over" else 0
        if results[one.code] != wanted:
            yield f"{one.code} ({one.way}): {results[one.code]} results kept, not {wanted}"


def _leftovers(demo: Installation) -> Iterable[str]:
    for name, reason in demo.rows(
        "SELECT task_name, reason FROM procrastinate_jobs LEFT JOIN jobs_failure ON job_id = id"
        " WHERE status = 'failed'"
    ):
        yield f"dead job {name}: {reason}"
    for purpose, failure in demo.rows(
        "SELECT purpose, failure FROM signing_signaturerequest WHERE state <> 'completed'"
    ):
        yield f"signature for {purpose}: {failure}"
    for code, act in demo.rows(
        "SELECT run.code, task.act FROM workflow_task task JOIN workflow_run run"
        " ON run.id = task.run_id"
    ):
        yield f"{code}: still waits for {act}"
    checked = demo.run("django", "files", "verify")
    if checked.returncode:
        yield f"files: {checked.stdout[-400:]} {checked.stderr[-400:]}"
    trail = demo.run("django", "audit", "verify", "--unsealed-seconds", "30")
    if trail.returncode:
        yield f"trail: {trail.stdout[-400:]} {trail.stderr[-400:]}"
