"""The verbs: who may, what is refused, what the trail says."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from sen.base import clock
from sen.base.actor import ANONYMOUS
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.jobs.queries import rows
from sen.kernel.jobs.tests.factories import deferred
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import NewOfficial, NewToken, NewValue
from sen.systems.administration.queries import law as queries_law
from sen.systems.administration.services import accounts, law, work


def said(province, **more):
    """Return the latest lines of the trail as (action, code)."""
    found = audit.find(
        since=province.at - dt.timedelta(minutes=1),
        until=province.at + dt.timedelta(minutes=5),
        account=province.administrator.account,
        **more,
    )
    return [(one.action, one.subject.code) for one in found]


def place(code: str, unit: str = "H41.9.11.2") -> organisations.Position:
    on = clock.day(clock.now())
    return organisations.positions(on=on, unit=organisations.unit(unit, on).id, code=code).get()


def new_official(**more) -> NewOfficial:
    return NewOfficial(
        **{
            "username": "moi.truongvinh",
            "full_name": "Nguyễn Thị Mới",
            "national_number": "040190000777",
            "position": place("clerk").id,
            "valid_from": dt.date(2026, 11, 1),
            **more,
        }
    )


def dead_job() -> int:
    job = deferred("jobs.purge")
    rows("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s RETURNING id", job)
    rows("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s RETURNING id", job)
    return job


def failing_job() -> int:
    job = deferred("jobs.purge", at=dt.datetime(2030, 1, 1, 9, tzinfo=clock.ZONE))
    rows("UPDATE procrastinate_jobs SET attempts = 1 WHERE id = %s RETURNING id", job)
    return job


# -- Work in the background


def test_a_dead_job_is_put_back_and_the_trail_says_who(province):
    job = dead_job()

    work.replay_job(actor=province.administrator, job_id=job, at=province.at)

    assert jobs.dead() == []
    assert said(province)[0] == ("administration.job.replay", str(job))


def test_only_a_dead_job_is_replayed(province):
    with pytest.raises(NotFound):
        work.replay_job(actor=province.administrator, job_id=10**9, at=province.at)


@pytest.mark.parametrize(("who", "refusal"), [("clerk", NotAllowed), (None, SignInNeeded)])
def test_replaying_needs_the_right(province, who, refusal):
    actor = getattr(province, who) if who else ANONYMOUS
    with pytest.raises(refusal):
        work.replay_job(actor=actor, job_id=dead_job(), at=province.at)
    with pytest.raises(refusal):
        work.replay_delivery(actor=actor, event=new_id(), handler="x", at=province.at)


def test_a_delivery_is_deferred_again(province):
    handler = min(events.handlers())
    event = rows("SELECT id FROM events_event LIMIT 1")[0][0]

    work.replay_delivery(actor=province.administrator, event=event, handler=handler, at=province.at)

    assert jobs.pending("events.") == 1
    assert said(province)[0] == ("administration.delivery.replay", handler)


# -- Accounts


def test_an_official_gets_an_account_a_position_and_a_password_once(province):
    account, password = accounts.add_official(
        actor=province.administrator, official=new_official(), at=province.at
    )

    held = identity.employments(account.pk, clock.day(province.at))
    assert [one.position_id for one in held] == [place("clerk").id]
    assert (account.check_password(password), account.must_change_password) == (True, True)
    assert len(password.replace("-", "")) == 16
    assert [action for action, _ in said(province)][:2] == [
        "identity.employment.add",
        "identity.account.add",
    ]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"username": " "}, ["username"]),
        ({"full_name": ""}, ["full_name"]),
        ({"national_number": "123"}, ["national_number"]),
    ],
)
def test_an_account_needs_a_name_and_a_number(province, more, fields):
    with pytest.raises(Invalid) as refused:
        accounts.add_official(
            actor=province.administrator, official=new_official(**more), at=province.at
        )
    assert sorted(refused.value.fields) == fields


def test_a_user_name_is_given_once(province):
    with pytest.raises(Conflict):
        accounts.add_official(
            actor=province.administrator,
            official=new_official(username="vanthu.truongvinh"),
            at=province.at,
        )


def test_accounts_need_the_right(province):
    account = province.administrator.account
    with pytest.raises(NotAllowed):
        accounts.add_official(actor=province.clerk, official=new_official(), at=province.at)
    with pytest.raises(NotAllowed):
        accounts.reset_access(actor=province.clerk, account=account, at=province.at)
    with pytest.raises(NotAllowed):
        accounts.revoke_token(actor=province.clerk, account=account, token=uuid4(), at=province.at)


def test_a_new_start_ends_the_old_password(province):
    password = accounts.reset_access(
        actor=province.administrator, account=province.clerk.account, at=province.at
    )

    account = identity.account(province.clerk.account)
    assert (account.check_password(password), account.must_change_password) == (True, True)
    assert said(province)[0] == ("identity.access.reset", "vanthu.truongvinh")


def test_an_account_is_disabled_with_a_reason(province):
    order = {"actor": province.administrator, "account": province.clerk.account, "at": province.at}

    accounts.set_active(**order, is_active=False, reason="Nghỉ việc")
    with pytest.raises(Invalid):
        accounts.set_active(**order, is_active=True, reason=" ")

    assert identity.account(province.clerk.account).is_active is False
    assert said(province)[0] == ("identity.account.disable", "vanthu.truongvinh")


def test_nobody_does_it_to_themselves(province):
    order = {"actor": province.administrator, "account": province.administrator.account}
    with pytest.raises(NotAllowed):
        accounts.reset_access(**order, at=province.at)
    with pytest.raises(NotAllowed):
        accounts.set_active(**order, is_active=False, reason="x", at=province.at)


def test_an_account_of_nobody_is_not_found(province):
    with pytest.raises(NotFound):
        accounts.reset_access(actor=province.administrator, account=uuid4(), at=province.at)


def test_a_token_is_made_and_ends(province):
    order = {"actor": province.administrator, "account": province.clerk.account, "at": province.at}
    wanted = NewToken(name="Kết nối", scopes=["dossiers:read"], days=30)

    token, secret = accounts.add_token(**order, token=wanted)
    assert identity.check_token(secret, at=province.at).pk == token.pk
    accounts.revoke_token(**order, token=token.pk)

    with pytest.raises(identity.TokenRevoked):
        identity.check_token(secret, at=province.at)
    assert [action for action, _ in said(province)][:2] == [
        "identity.token.revoke",
        "identity.token.add",
    ]


def test_a_token_of_another_account_stays(province):
    token, _ = accounts.add_token(
        actor=province.administrator,
        account=province.clerk.account,
        token=NewToken(name="x", scopes=["dossiers:read"], days=30),
        at=province.at,
    )
    with pytest.raises(NotAllowed):
        accounts.revoke_token(
            actor=province.administrator,
            account=province.administrator.account,
            token=token.pk,
            at=province.at,
        )


# -- Law

FEE = "fee.civil_status_extract_vnd"


def value(**more) -> NewValue:
    return NewValue(
        **{
            "key": FEE,
            "value": 9000,
            "valid_from": dt.date(2027, 1, 1),
            "source": "Thông tư thử nghiệm, Điều 4",
            "status": legal.Status.PUBLISHED.value,
            **more,
        }
    )


def test_a_value_holds_from_its_day_and_ends_the_one_before(province):
    before = legal.value(FEE, dt.date(2026, 12, 31))

    law.set_value(actor=province.administrator, value=value(), at=province.at)

    assert legal.value(FEE, dt.date(2026, 12, 31)) == before
    assert legal.value(FEE, dt.date(2027, 1, 1)) == 9000
    assert said(province)[0] == ("legal.set_value", FEE)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"value": "chín nghìn"}, Invalid),
        ({"source": " "}, Invalid),
        ({"key": "fee.unknown"}, NotFound),
        ({"valid_from": dt.date(2000, 1, 1)}, Conflict),
    ],
)
def test_a_value_that_does_not_fit_is_refused(province, more, refusal):
    with pytest.raises(refusal):
        law.set_value(actor=province.administrator, value=value(**more), at=province.at)


def test_a_value_needs_the_right(province):
    with pytest.raises(NotAllowed):
        law.set_value(actor=province.clerk, value=value(), at=province.at)


# -- A value that was written down wrongly


def begins() -> dt.date:
    """The day from which the seeded fee holds."""
    return legal.LegalValue.objects.get(key=FEE).valid_from


def correction(**more) -> legal.Correction:
    return legal.Correction(
        **{
            "value": 8500,
            "source": "Thông tư thử nghiệm, Điều 4",
            "status": legal.Status.PUBLISHED.value,
            "reason": "Gõ thiếu 500 đồng",
            **more,
        }
    )


def test_a_value_written_down_wrongly_is_put_right_from_the_same_day(province):
    first = begins()
    before = legal.value(FEE, first)

    law.correct_value(
        actor=province.administrator, key=FEE, valid_from=first, correction=correction(),
        at=province.at,
    )  # fmt: skip

    assert legal.value(FEE, first) == 8500
    assert [(one.value, one.correction) for one in queries_law.history(FEE)] == [
        (8500, ""), (before, "Gõ thiếu 500 đồng"),
    ]  # fmt: skip
    wrong = queries_law.history(FEE)[1]
    assert (wrong.corrected_at, wrong.corrected_by) == (
        province.at, province.administrator.account,
    )  # fmt: skip
    assert [one.value for one in queries_law.values(first) if one.key == FEE] == [8500]
    assert said(province)[0] == ("legal.correct_value", FEE)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"value": "tám nghìn"}, Invalid),
        ({"source": " "}, Invalid),
        ({"reason": " "}, Invalid),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(province, more, refusal):
    with pytest.raises(refusal):
        law.correct_value(
            actor=province.administrator, key=FEE, valid_from=begins(),
            correction=correction(**more), at=province.at,
        )  # fmt: skip


def test_only_what_is_there_is_corrected_and_by_who_may(province):
    for actor, key, first, refusal in (
        (province.clerk, FEE, begins(), NotAllowed),
        (province.administrator, "fee.unknown", begins(), NotFound),
        (province.administrator, FEE, dt.date(2001, 1, 1), NotFound),
    ):
        with pytest.raises(refusal):
            law.correct_value(
                actor=actor, key=key, valid_from=first, correction=correction(), at=province.at
            )
    assert legal.LegalValue.objects.filter(key=FEE).count() == 1
