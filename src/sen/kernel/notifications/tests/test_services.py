from __future__ import annotations

import datetime as dt
import smtplib
from typing import ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.clock import ZONE
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity.tests.factories import (
    AccountFactory,
    EmploymentFactory,
    OfficialFactory,
    PersonFactory,
    PositionFactory,
)
from sen.kernel.jobs import public as jobs
from sen.kernel.legal import public as legal
from sen.kernel.notifications import public as notifications
from sen.kernel.notifications.models import Delivery, Notification
from sen.kernel.notifications.services import sending
from sen.kernel.notifications.services.telling import SEND

AT = dt.datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)
SLOTS = {"code": "H41-1", "due": "11/03/2026"}


def tell(to, template="trial.received", slots=SLOTS, **changes):
    values = {"link": "/ho-so/H41-1/", "record": new_id(), "at": AT, **changes}
    access.enter(SYSTEM)
    notifications.notify(to=to, template=template, slots=slots, **values)
    return values["record"]


def account_of(account) -> notifications.Recipient:
    return notifications.Recipient(account=account.id)


def actor_of(account) -> Actor:
    return Actor(account=account.id, person=account.person_id)


def test_a_message_waits_in_the_inbox_in_the_readers_language(citizen):
    record = tell(account_of(citizen))
    actor = actor_of(citizen)

    [message] = notifications.inbox(actor, language="en").rows
    [again] = notifications.inbox(actor, language="fr").rows

    assert (message.title, message.body) == ("Dossier H41-1", "Dossier H41-1 is due on 11/03/2026.")
    assert (message.link, message.record, message.created_at) == ("/ho-so/H41-1/", record, AT)
    assert (again.title, again.is_read, notifications.unread(actor)) == ("Hồ sơ H41-1", False, 1)
    assert notifications.mark_read(actor, at=AT, messages=[new_id()]) == 0
    assert notifications.mark_read(actor, at=AT) == 1
    assert (notifications.unread(actor), notifications.inbox(actor).rows[0].is_read) == (0, True)


def test_nobody_has_no_inbox(db):
    assert notifications.inbox(ANONYMOUS).rows == ()
    assert notifications.unread(ANONYMOUS) == 0
    assert notifications.mark_read(ANONYMOUS, at=AT) == 0
    assert set(notifications.preferences(ANONYMOUS).values()) == {True}
    with pytest.raises(SignInNeeded):
        notifications.set_preference(ANONYMOUS, medium="sms", is_on=False)


def test_inbox_pages_follow_one_another(citizen):
    for number in range(3):
        tell(account_of(citizen), slots={"code": str(number), "due": ""})
    actor = actor_of(citizen)

    first = notifications.inbox(actor, limit=2)
    second = notifications.inbox(actor, limit=2, before=first.before)

    titles = [message.title for message in (*first.rows, *second.rows)]
    assert (titles, second.before) == (["Hồ sơ 2", "Hồ sơ 1", "Hồ sơ 0"], None)
    with pytest.raises(Invalid):
        notifications.inbox(actor, before="!")


def test_a_message_of_a_template_that_is_gone_is_left_out(citizen):
    tell(account_of(citizen), template="trial.quiet", slots={})
    Notification.objects.update(template="trial.gone")

    assert notifications.inbox(actor_of(citizen)).rows == ()


def test_wrong_slots_and_templates_are_refused(citizen):
    with pytest.raises(ValueError, match="has the slots"):
        tell(account_of(citizen), slots={"code": "x"})
    with pytest.raises(ImproperlyConfigured):
        tell(account_of(citizen), template="trial.none")


def test_a_recipient_is_one(db):
    for wrong in (
        {},
        {"account": new_id(), "person": new_id()},
        {"unit": new_id()},
        {"account": new_id(), "permission": "x"},
    ):
        with pytest.raises(ValueError, match="a message is for"):
            notifications.Recipient(**wrong)


def statements(run) -> int:
    """Return how many statements a call runs, that of its gathered writes included."""
    connection.run_gathered()
    with CaptureQueriesContext(connection) as captured:
        run()
        connection.run_gathered()
    return len(captured)


def test_telling_is_one_statement_whatever_goes_out(citizen, gateway, mail):
    access.enter(SYSTEM)

    quiet = statements(lambda: tell(account_of(citizen), template="trial.quiet", slots={}))
    loud = statements(lambda: tell(account_of(citizen)))

    assert (quiet, loud, jobs.pending(SEND)) == (1, 1, 2)


def test_nothing_is_deferred_without_a_configured_medium(citizen):
    access.enter(SYSTEM)

    assert statements(lambda: tell(account_of(citizen))) == 1
    assert Delivery.objects.count() == 0


def test_mail_and_sms_go_out(citizen, gateway, mail):
    record = tell(account_of(citizen))

    jobs.run_pending()

    [letter] = mail
    assert (letter.to, letter.subject) == (["thu@example.vn"], "Dossier H41-1")
    assert letter.body == (
        "Dossier H41-1 is due on 11/03/2026.\n\nhttps://sen.example/ho-so/H41-1/\n"
    )
    [(headers, body)] = gateway.sent
    assert body == {"to": "0912345678", "text": "HS H41-1 hen 11/03/2026"}
    assert headers["Authorization"].startswith("Bearer ")
    found = notifications.deliveries(record)
    assert [(each.medium, each.state, each.tries) for each in found] == [
        ("email", "sent", 1),
        ("sms", "sent", 1),
    ]
    assert headers["Idempotency-Key"] == str(found[1].id)


def test_a_person_without_account_gets_sms_only(gateway, db):
    person = PersonFactory(phone="0987654321")
    tell(notifications.Recipient(person=person.id))

    jobs.run_pending()

    assert [body["to"] for _headers, body in gateway.sent] == ["0987654321"]
    assert Notification.objects.count() == 0


def test_a_person_with_an_account_finds_it_there_too(citizen, gateway):
    tell(notifications.Recipient(person=citizen.person_id))

    jobs.run_pending()

    assert notifications.unread(actor_of(citizen)) == 1
    assert len(gateway.sent) == 1


def test_holders_of_a_right_are_told(db):
    position = PositionFactory()
    account = OfficialFactory(secrets=False)
    EmploymentFactory(account=account, position=position)
    role = access.Role.objects.create(
        code="trial", title={"vi": "Vai"}, permissions=[notifications.REPLAY]
    )
    access.Grant.objects.create(
        position=position, role=role, scope="own", valid_from=dt.date(2025, 7, 1)
    )
    to = notifications.Recipient(unit=position.unit_id, permission=notifications.REPLAY)
    nobody = notifications.Recipient(
        unit=PositionFactory().unit_id, permission=notifications.REPLAY
    )

    legal.begin_request()
    legal.editions()
    access.enter(SYSTEM)

    counts = [statements(lambda: tell(to, template="trial.quiet", slots={})) for _ in range(2)]
    tell(nobody, template="trial.quiet", slots={})
    legal.end_request()

    assert counts == [2, 1]  # who holds the right is remembered
    assert [row.account for row in Notification.objects.all()] == [account.id] * 2


def test_what_is_switched_off_does_not_go_out_but_the_mandatory_does(citizen, gateway, mail):
    actor = actor_of(citizen)
    notifications.set_preference(actor, medium="sms", is_on=False)
    tell(account_of(citizen))
    tell(account_of(citizen), template="trial.legal", slots={})

    assert notifications.preferences(actor) == {"email": True, "sms": False}
    assert sorted(Delivery.objects.values_list("template", "medium")) == [
        ("trial.legal", "sms"),
        ("trial.received", "email"),
    ]
    notifications.set_preference(actor, medium="sms", is_on=True)
    assert notifications.preferences(actor) == {"email": True, "sms": True}


def test_without_an_address_it_is_skipped(gateway, db):
    account = AccountFactory()
    tell(account_of(account), template="trial.legal", slots={})
    Delivery.objects.update(account=account.id)

    jobs.run_pending()

    assert Delivery.objects.get().state == "skipped"


def test_a_gateway_that_is_down_is_tried_again_and_fails_at_last(citizen, gateway):
    gateway.status = 503
    tell(account_of(citizen), template="trial.legal", slots={})
    delivery = Delivery.objects.get()

    states = [
        sending.send(delivery=delivery.id, at=AT + dt.timedelta(hours=hour))
        for hour in range(jobs.DEFAULT_RETRY.tries)
    ]

    delivery.refresh_from_db()
    assert states == ["waiting"] * (jobs.DEFAULT_RETRY.tries - 1) + ["failed"]
    assert (delivery.error, delivery.done_at) == ("OSError: HTTP 503", AT + dt.timedelta(hours=7))
    assert jobs.pending(SEND) == jobs.DEFAULT_RETRY.tries  # the first and each further try
    assert sending.send(delivery=delivery.id, at=AT) == "failed"


def test_what_is_refused_is_not_tried_again_and_can_be_replayed(citizen, gateway):
    gateway.status = 422
    tell(account_of(citizen), template="trial.legal", slots={})
    jobs.run_pending()
    [failed] = notifications.failed_deliveries(SYSTEM)
    assert (failed.state, failed.tries, failed.error) == ("failed", 1, "HTTP 422")

    gateway.status = 202
    with pytest.raises(NotAllowed):
        notifications.failed_deliveries(actor_of(citizen))
    with pytest.raises(NotAllowed):
        notifications.replay(actor_of(citizen), delivery=failed.id, at=AT)
    with pytest.raises(NotFound):
        notifications.replay(SYSTEM, delivery=new_id(), at=AT)
    notifications.replay(SYSTEM, delivery=failed.id, at=AT)
    with pytest.raises(Conflict):
        notifications.replay(SYSTEM, delivery=failed.id, at=AT)
    jobs.run_pending()

    assert notifications.failed_deliveries(SYSTEM) == []
    assert Delivery.objects.get().state == "sent"
    [entry] = audit.trail(audit.Subject("notifications.delivery", failed.id))
    assert entry.action == notifications.REPLAY


def test_failed_deliveries_page_by_id(citizen, gateway):
    gateway.status = 422
    for _ in range(2):
        tell(account_of(citizen), template="trial.legal", slots={})
    jobs.run_pending()

    [newest] = notifications.failed_deliveries(SYSTEM, limit=1)
    [older] = notifications.failed_deliveries(SYSTEM, before=newest.id)

    assert older.id < newest.id


class Refusing(BaseEmailBackend):
    """Refuses every recipient with `code`."""

    code = 550

    def send_messages(self, _messages):
        raise smtplib.SMTPRecipientsRefused({"x": (self.code, b"no")})


class Busy(Refusing):
    code = 450


@pytest.mark.parametrize(("backend", "state"), [(Refusing, "failed"), (Busy, "waiting")])
def test_mail_refused_for_good_or_for_now(citizen, settings, backend, state):
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = f"sen.kernel.notifications.tests.test_services.{backend.__name__}"
    tell(account_of(citizen))

    assert sending.send(delivery=Delivery.objects.get().id, at=AT) == state


def test_a_connected_system_has_no_address(gateway, db):
    settled = AccountFactory(kind="service", person=None)
    tell(account_of(settled), template="trial.legal", slots={})

    assert sending.send(delivery=Delivery.objects.get().id, at=AT) == "skipped"


def test_a_gateway_may_need_no_token(citizen, gateway, settings):
    settings.SMS_TOKEN = ""
    tell(account_of(citizen), template="trial.legal", slots={})
    jobs.run_pending()

    assert "Authorization" not in gateway.sent[0][0]


def test_an_unknown_delivery_is_not_found(db):
    with pytest.raises(NotFound):
        sending.send(delivery=new_id(), at=AT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": {"en": "x"}}, "a text without Vietnamese"),
        ({"body": {"vi": "{a}", "en": "{b}"}}, "languages with different slots"),
        ({"media": ["pigeon"]}, "unknown medium pigeon"),
    ],
)
def test_templates_are_checked(changes, said):
    values = {"code": "trial.wrong", "title": {"vi": "x"}, "body": {"vi": "x"}, **changes}

    with pytest.raises(ImproperlyConfigured, match=said):
        notifications.register_templates(notifications.Template(**values))
    with pytest.raises(ImproperlyConfigured, match="not str"):
        notifications.register_templates("trial")
    with pytest.raises(ImproperlyConfigured, match="two templates"):
        notifications.register_templates(
            notifications.Template(code="trial.quiet", title={"vi": "y"}, body={"vi": "y"})
        )


class Watching(BaseEmailBackend):
    """Notes whether a transaction is open while a letter goes out."""

    in_transaction: ClassVar[list[bool]] = []

    def send_messages(self, messages):
        self.in_transaction.append(connection.in_atomic_block)
        return len(messages)


def test_no_transaction_is_open_while_a_message_goes_out(committed_db, settings):
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    person = PersonFactory(phone="0912345678", email="thu@example.vn")
    with transaction.atomic():
        tell(account_of(AccountFactory(person=person, language="en")))
        [delivery] = Delivery.objects.all()

    assert sending.send(delivery=delivery.id, at=AT) == "sent"
    assert Watching.in_transaction == [False]


def test_a_try_under_way_is_left_alone_and_taken_up_when_it_is_dead(citizen, gateway, monkeypatch):
    tell(account_of(citizen), template="trial.legal", slots={})
    delivery = Delivery.objects.get().id

    def dies(_message):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "SENDERS", {"sms": dies})
        with pytest.raises(KeyboardInterrupt):
            sending.send(delivery=delivery, at=AT)

    waiting = jobs.pending(SEND)
    assert sending.send(delivery=delivery, at=AT + dt.timedelta(seconds=30)) == "waiting"
    assert (gateway.sent, jobs.pending(SEND)) == ([], waiting + 1)
    assert sending.send(delivery=delivery, at=AT + sending.LEASE) == "sent"
    row = Delivery.objects.get()
    assert (len(gateway.sent), row.tries, row.taken_at) == (1, 2, None)


def test_a_try_begun_by_a_clock_that_was_ahead_is_taken_up_at_once(citizen, gateway):
    tell(account_of(citizen), template="trial.legal", slots={})
    Delivery.objects.update(taken_at=AT + dt.timedelta(hours=40))

    assert sending.send(delivery=Delivery.objects.get().id, at=AT) == "sent"
    assert len(gateway.sent) == 1
