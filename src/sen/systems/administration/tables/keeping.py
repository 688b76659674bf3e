"""Shapes of the page on what is kept how long, and on backups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sen.kernel.keeping import public as keeping
from sen.systems.administration.tables.records import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule of retention with its last run. erased: None where it never ran."""

    title: str
    kind: str
    kept: str
    counted_from: str
    source: str
    is_erased: bool
    ran_at: dt.datetime | None
    erased: int | None
    failure: str


def rule_rows(
    rules: Sequence[keeping.Retention], runs: Mapping[str, keeping.RetentionRun]
) -> list[RuleRow]:
    """Return the rules as lines, by title."""
    found = []
    for rule in rules:
        run = runs.get(rule.kind)
        found.append(
            RuleRow(
                title=str(rule.title),
                kind=rule.kind,
                kept=kept(rule),
                counted_from=str(rule.counted_from),
                source=str(rule.source),
                is_erased=rule.erase is not None,
                ran_at=run.at if run else None,
                erased=run.erased if run else None,
                failure=run.failure if run else "",
            )
        )
    return sorted(found, key=lambda row: (row.title, row.kind))
