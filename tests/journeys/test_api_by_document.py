"""The API against its own document: what the document allows never fails, and answers conform.

Schemathesis makes the requests: once with any names, once with names of what is there, at its true
version, so that they reach the verbs. In process, each one undone, in bounded time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from sen.base import clock
from sen.base.actor import COMMAND, Actor
from sen.config.api import api
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from sen.web import openapi

pytestmark = pytest.mark.journey
EXAMPLES = 4
"""For each of the two ways of asking; more find no more, and the whole has a minute.

What has no names in its path is asked in one way: its second requests would be the first ones.
"""
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
SCHEMA.app = get_wsgi_application()
SCOPES = {one.operation_id: openapi.scope_of(one) for one in openapi.operations(api)}
OPERATIONS = {
    one.ok().definition.raw["operationId"]: one.ok() for one in SCHEMA.get_all_operations()
}
WANTED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
STAGES: dict[str, tuple[str, Callable[[Any], Dossier]]] = {
    "dossiers_receive": ("motcua", f.submitted),
    "dossiers_refuse_reception": ("motcua", f.submitted),
    "dossiers_assign": ("chanhvanphong", f.received),
    "dossiers_assignees": ("chanhvanphong", f.received),
    "dossiers_request_supplement": ("hotich", f.assigned),
    "dossiers_propose": ("hotich", f.assigned),
    "dossiers_supplement": ("father", lambda cast: f.ask(cast, f.submitted(cast))),
    "dossiers_check": ("chanhvanphong", f.proposed),
    "dossiers_sign": ("chutich", f.checked),
    "dossiers_return_for_rework": ("chutich", f.checked),
    "dossiers_issue": ("vanthu", f.signed),
    "dossiers_hand_over": ("motcua", f.issued),
    "dossiers_take_result": ("father", f.issued),
    "results_get": ("father", f.issued),
    "results_list": ("father", f.issued),
    "results_revoke": ("chutich", f.issued),
    "verification_by_key": ("father", f.issued),
    "tasks_list": ("motcua", f.submitted),
    "tasks_claim": ("motcua", f.submitted),
    "tasks_release": ("motcua", f.submitted),
}
"""Who asks, and how far the dossier is by then; elsewhere the father, or whoever runs the system."""


@pytest.fixture
def accounts(province: SimpleNamespace) -> SimpleNamespace:  # noqa: F811 - a fixture
    browser(province.father)  # makes his account
    keeper = identity.account_named("quantri")
    assert keeper is not None
    province.keeper = Actor(account=keeper.pk, person=keeper.person_id)
    return province


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Let the end of a request leave the test's connection open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def who(operation: str) -> str:
    scope = SCOPES[operation] or ""
    known = STAGES.get(operation, ("father", None))[0]
    return "keeper" if scope.startswith(("administration:", "catalogue:")) else known


def token(actor: Actor) -> dict[str, str]:
    """The header of a program that has every scope of its owner."""
    at = clock.now()
    _row, secret = identity.create_token(
        COMMAND,
        owner=identity.Account.objects.get(pk=actor.account),
        name="schemathesis",
        scopes=sorted({scope for scope in SCOPES.values() if scope}),
        position=None,
        at=at,
        expires_at=at + dt.timedelta(days=1),
    )
    return {"Authorization": f"Bearer {secret}"}


def there(operation: str, cast: SimpleNamespace, actor: Actor) -> tuple[dict[str, str], int]:
    """Names of what is there, by the names of the path's parameters, and its version."""
    dossier = f.fresh(STAGES.get(operation, ("", f.submitted))[1](cast))
    case = f.the_case()
    held = forms.start_draft(cast.father, start=drafts.start_of(case), at=clock.now())
    decision = Decision.objects.filter(dossier=dossier).first()
    tasks = workflow.record_tasks(dossier.id)
    return {
        "code": f.PROCEDURE if "procedures" in OPERATIONS[operation].path else dossier.code,
        "draft": str(held.id),
        "page": held.page,
        "key": decision.result_key if decision and decision.result_key else "khong-co",
        "task": str(tasks[0].id) if tasks else str(dossier.id),
        "account": str(cast.hotich.account),
        "file_id": str(files.take(actor, "giay.jpg", f.picture()).id),
        "number": "1",
        "on": "2027-01-04",
    }, held.version if "draft" in OPERATIONS[operation].path else dossier.version


def named(operation: str, names: dict[str, str]) -> dict[str, str]:
    """Those of the names that an operation's path asks for."""
    parameters = OPERATIONS[operation].path_parameters
    return {one.name: names[one.name] for one in parameters if one.name in names}


def tried(operation: str, headers: dict[str, str], names: dict[str, str], version: int) -> None:
    """Send what the document allows, each request undone; raise for what does not conform."""
    asked = OPERATIONS[operation]
    wanted = named(operation, names)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asked.as_strategy(path_parameters=wanted or None))
    def send(case: Any) -> None:
        if wanted and isinstance(case.body, dict) and "version" in case.body:
            case.body["version"] = version
        before = legal.editions()
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=WANTED)
            is_remembered = legal.editions() == before
            transaction.set_rollback(True)
        if not is_remembered:
            legal.forget()

    send()


@pytest.mark.filterwarnings(
    # Schemathesis does not close an answer; a server does
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_keeps_to_the_document(accounts: SimpleNamespace, operation: str) -> None:
    actor = getattr(accounts, who(operation))
    names, version = there(operation, accounts, actor)
    headers = token(actor)
    tried(operation, headers, {}, 0)
    if named(operation, names):
        tried(operation, headers, names, version)
