from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from sen.base import clock
from sen.base.actor import ANONYMOUS, COMMAND, SYSTEM
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.keeping import jobs, registry
from sen.kernel.keeping import public as keeping
from sen.kernel.keeping.models import RetentionRun

AT = dt.datetime(2026, 11, 22, 3, 10, tzinfo=clock.ZONE)
MADE = keeping.BackupMade(
    name="20261122T021000Z", place="/srv/backups", size=100, rows=20, files=3, took_s=1.5
)


def rule(kind, erase, count=lambda _at: 3, days=10):
    return keeping.Retention(
        kind=kind, title="Thử", days=days, counted_from="lúc làm", source="Thử",
        count=count, erase=erase,
    )  # fmt: skip


@pytest.fixture
def rules(monkeypatch):
    """Let the test have rules of its own alone."""
    monkeypatch.setattr(registry, "_rules", {})
    return registry.register_rules


def boom(_at):
    raise ValueError("09123 is somebody's number")


def test_each_rule_erases_by_itself_and_each_run_is_written_down(db, rules):
    rules(rule("b.kind", lambda _at: 7), rule("a.kind", boom), rule("c.for_ever", None, None, None))

    outcomes = keeping.retain(SYSTEM, at=AT)

    assert outcomes == [
        keeping.Outcome(kind="a.kind", failure="ValueError"),
        keeping.Outcome(kind="b.kind", erased=7),
    ]
    runs = keeping.last_runs(["a.kind", "b.kind", "c.for_ever"])
    assert {kind: (run.erased, run.failure, run.at) for kind, run in runs.items()} == {
        "a.kind": (0, "ValueError", AT),
        "b.kind": (7, "", AT),
    }
    lines = {
        entry.subject.code: sorted(entry.fields)
        for run in runs.values()
        for entry in audit.trail(audit.Subject(kind="keeping.retention", id=run.id))
    }
    assert lines == {"a.kind": ["erased", "failed"], "b.kind": ["erased", "failed"]}


def test_latest_run_is_shown_in_one_statement(db, rules, django_assert_num_queries):
    rules(rule("a.kind", lambda _at: 1))
    for hour in range(3):
        keeping.retain(SYSTEM, at=AT + dt.timedelta(hours=hour))

    with django_assert_num_queries(1):
        latest = keeping.last_runs(["a.kind"])

    assert latest["a.kind"].at == AT + dt.timedelta(hours=2)


def test_job_tells_of_the_rules_that_failed(db, rules):
    rules(rule("a.kind", boom), rule("b.kind", lambda _at: 1))

    with pytest.raises(jobs.RulesFailed, match=r"^a\.kind$"):
        jobs.retain()
    assert RetentionRun.objects.count() == 2


def test_trial_counts_and_changes_nothing(db, rules):
    rules(rule("a.kind", boom))

    said = StringIO()
    call_command("retention", "--dry-run", stdout=said)

    assert said.getvalue().split() == ["a.kind", "3", "đến", "hạn", "·", "due"]
    assert RetentionRun.objects.count() == 0


def test_command_erases_one_kind_and_fails_where_a_rule_does(db, rules):
    rules(rule("a.kind", boom), rule("b.kind", lambda _at: 4))

    said = StringIO()
    call_command("retention", "--only", "b.kind", stdout=said)
    assert said.getvalue().split() == ["b.kind", "4", "đã", "xóa", "·", "erased"]
    with pytest.raises(CommandError, match=r"failed: a\.kind"):
        call_command("retention", stdout=StringIO())
    with pytest.raises(CommandError, match="no rule erases nobody"):
        call_command("retention", "--only", "nobody.knows", stdout=StringIO())


def test_only_the_system_erases_and_writes_backups_down(db, rules):
    for act in (
        lambda: keeping.retain(ANONYMOUS, at=AT),
        lambda: keeping.record_backup(ANONYMOUS, MADE, at=AT),
        lambda: keeping.record_drill(ANONYMOUS, name="x", place="y", at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        keeping.retain(SYSTEM, at=AT, only="a.kind")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (object(), "not a Retention"),
        (rule("a.kind", None), "belong together"),
        (rule("a.kind", boom, days=None), "for ever and erased"),
    ],
)
def test_wrong_rules_are_refused_at_the_start(rules, wrong, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        rules(wrong)


def test_kind_has_one_rule(rules):
    rules(rule("a.kind", boom), rule("b.kind", boom))
    rules(registry.rule("a.kind"))
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        rules(rule("a.kind", boom, days=4))
    with pytest.raises(ImproperlyConfigured, match="nobody says"):
        registry.rule("c.kind")


def test_days_may_be_a_value_of_the_law():
    assert rule("a.kind", boom, days=lambda on: on.year).days_on(AT.date()) == 2026
    assert rule("a.kind", boom).days_on(AT.date()) == 10


def test_last_good_backup_is_known_with_its_age_and_its_drill(db, django_assert_num_queries):
    assert (keeping.last_backup(), keeping.backup_age(at=AT), keeping.last_drilled()) == (
        None, None, None,
    )  # fmt: skip
    row = keeping.record_backup(COMMAND, MADE, at=AT)

    with django_assert_num_queries(1):
        assert keeping.backup_age(at=AT + dt.timedelta(hours=5)) == dt.timedelta(hours=5)
    assert keeping.record_drill(COMMAND, name="other", place="/srv/backups", at=AT) is False
    assert keeping.record_drill(COMMAND, name=MADE.name, place=MADE.place, at=AT) is True

    assert keeping.last_drilled().id == keeping.last_backup().id == row
    assert [one.name for one in keeping.backups(limit=5)] == [MADE.name]
    assert [entry.action for entry in audit.trail(audit.Subject(kind="keeping.backup", id=row))] == [
        "keeping.record_drill", "keeping.record_backup",
    ]  # fmt: skip


def test_tables_whose_months_go_whole_are_rules_too():
    days = {one.kind: one.days for one in keeping.rules()}

    assert (days["audit_entry"], days["events_event"]) == (None, 390)


def test_old_runs_go_too(db):
    RetentionRun.objects.create(kind="x", at=AT - dt.timedelta(days=3 * 365 + 1), erased=0)
    RetentionRun.objects.create(kind="x", at=AT, erased=0)

    assert [one.erased for one in keeping.due(AT, only="keeping.retention_run")] == [1]
    keeping.retain(SYSTEM, at=AT, only="keeping.retention_run")
    assert sorted(RetentionRun.objects.values_list("kind", flat=True)) == [
        "keeping.retention_run", "x",
    ]  # fmt: skip


def test_every_rule_of_the_kernel_counts_and_erases(db):
    kinds = ("access.one_time_key", "files.free", "forms.draft", "identity.attempt",
             "identity.session", "jobs.finished", "keeping.retention_run")  # fmt: skip
    due = [one for kind in kinds for one in keeping.due(AT, only=kind)]
    done = [one for kind in kinds for one in keeping.retain(SYSTEM, at=AT, only=kind)]

    assert [(one.kind, one.failure) for one in due] == [(kind, "") for kind in kinds]
    assert [(one.kind, one.failure) for one in done] == [(kind, "") for kind in kinds]


def test_trial_tells_of_a_rule_that_cannot_count(db, rules):
    rules(rule("a.kind", boom, count=boom))

    assert keeping.due(AT) == [keeping.Outcome(kind="a.kind", failure="ValueError")]
