"""Pages of the invented year: every link of a dossier leads somewhere, every paper says what it is."""

from __future__ import annotations

import re
from html import unescape

import pypdfium2
import pytest
from django.test import Client

from sen.base import clock
from sen.base.actor import SYSTEM, Actor, Strength
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Dossier, Party
from sen.systems.public_services.services.living import cast as people
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.living import UNTIL, months_are_there

pytestmark = pytest.mark.django_db
__all__ = ["months_are_there"]

SAMPLE = "không phải văn bản thật"
DAYS = 50


def one_of_each(centre) -> list[Dossier]:
    """One dossier of a centre for each procedure and state."""
    held = Dossier.objects.filter(received_unit=centre).order_by("id")
    found = {}
    for one in held.select_related("case__version__procedure"):
        found[one.case.version.procedure.code, one.state] = one
    return list(found.values())


def links(page: str) -> set[str]:
    """The addresses of our own that a page leads to."""
    main = page[page.index("<main") : page.index("</main>")]
    found = {unescape(one) for one in re.findall(r'href="([^"#?]+)[^"]*"', main)}
    return {one for one in found if one.startswith("/") and not one.startswith("//")}


def owner_of(dossier: Dossier) -> Actor:
    with access.acting(SYSTEM):
        party = Party.objects.filter(dossier=dossier, person__isnull=False).order_by("role")[0]
        account = identity.citizen_account(party.person_id)
    return Actor(
        account=account.id if account else None, person=party.person_id, strength=Strength.LEVEL_2
    )


def test_every_link_of_a_dossier_of_each_procedure_and_state_leads_somewhere(province):
    access.enter(SYSTEM)
    since = clock.moment(clock.day(UNTIL))
    database.load(people.appoint(year.Random(1), since=since, at=UNTIL)[1])
    plan = year.Plan(
        count=260, until=UNTIL, days=DAYS, busy=frozenset({province.centre}),
        shown=frozenset({province.centre, province.ward}),
    )  # fmt: skip
    year.lay_down(plan)
    access.enter(SYSTEM)
    found = one_of_each(province.centre)
    assert len({one.case.version.procedure.code for one in found}) >= 12
    assert {one.state for one in found} >= {
        "submitted", "received", "processing", "supplement", "duty", "passed_on", "signing",
        "signed", "issued", "handed_over", "refused", "withdrawn",
    }  # fmt: skip
    opened: dict[str, int] = {}
    samples = set[str]()
    for dossier in found:
        for actor in (province.motcua, owner_of(dossier)):
            if actor.account is None:
                continue
            visitor = browser(actor)
            page = visitor.get(f"/ho-so/{dossier.code}/")
            assert page.status_code == 200, (dossier.code, dossier.state)
            for address in links(page.content.decode()) - opened.keys():
                answer = visitor.get(address)
                opened[address] = answer.status_code
                if address.startswith("/tep/") and len(samples) < 12:
                    samples.add(words(b"".join(answer.streaming_content)))
    dead = {address: status for address, status in opened.items() if status not in {200, 302}}
    assert dead == {}
    assert len(opened) > 40
    assert samples
    assert all(SAMPLE in one for one in samples), samples


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_an_invented_result_is_verified_as_what_it_is(province):
    """It is in the store, and nobody's signature is on it."""
    access.enter(SYSTEM)
    since = clock.moment(clock.day(UNTIL))
    database.load(people.appoint(year.Random(1), since=since, at=UNTIL)[1])
    year.lay_down(year.Plan(count=30, until=UNTIL, days=40, busy=frozenset({province.centre})))
    access.enter(SYSTEM)
    issued = Dossier.objects.filter(state="handed_over", decision__isnull=False).first()
    page = Client().get(f"/xac-minh/{issued.decision.result_key}/")
    assert page.status_code == 200
    said = text(page)
    assert issued.decision.notation in said
    assert "Chưa đủ căn cứ để kết luận" in said
    assert "hợp lệ" not in said
