"""The demo with its invented year, as officials meet it: lists, search, what is late, open work."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client

from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.tests import test_living as living
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("province")]
months_are_there = living.months_are_there


@pytest.fixture
def lived(province) -> None:  # noqa: F811
    """A hundred and fifty invented dossiers in the two communes of the tests.

    They were laid down two months ago and nobody worked since: what is open is late by now,
    whatever the day and the hour at which this runs.
    """
    shown = frozenset({province.centre, province.ward})
    plan = year.Plan(count=150, until=living.UNTIL - dt.timedelta(days=60), days=25, shown=shown)
    living.lay_down_plan(plan)


def codes(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"H41[.\w]+-\d{6}-\d{4,}", page)))


def pages(client: Client, path: str, *, most: int = 30) -> list[str]:
    """Every code of a list, page by page, by its own links."""
    found: list[str] = []
    address: str | None = path
    while address and most:
        page = client.get(address).content.decode()
        found += [code for code in codes(text(client.get(address))) if code not in found]
        link = re.search(r'href="([^"]*[?&](?:amp;)?(?:after|sau)=[^"]*)"', page)
        address = _absolute(path, link[1]) if link else None
        most -= 1
    return found


def _absolute(path: str, link: str) -> str:
    plain = link.replace("&amp;", "&")
    return plain if plain.startswith("/") else f"{path}{plain}"


@pytest.mark.usefixtures("lived")
def test_the_list_of_the_unit_pages_by_keyset(province):  # noqa: F811
    access.enter(SYSTEM)
    held = set(Dossier.objects.filter(received_unit=province.centre).values_list("code", flat=True))
    shown = pages(browser(province.motcua), "/mot-cua/ho-so/")
    assert len(shown) == len(set(shown))
    assert set(shown) == held


@pytest.mark.usefixtures("lived")
def test_the_search_finds_a_dossier_by_code_and_by_name(province):  # noqa: F811
    access.enter(SYSTEM)
    one = Dossier.objects.filter(received_unit=province.centre).order_by("-id")[0]
    name = one.parties.get(role="owner").full_name
    desk = browser(province.motcua)
    assert one.code in text(desk.get("/tim/", {"q": one.code}))
    assert one.code in text(desk.get("/tim/", {"q": f"{name}"}))


@pytest.mark.usefixtures("lived")
def test_officials_of_every_step_meet_work_and_the_late_one_says_so(province):  # noqa: F811
    officials = ("motcua", "chanhvanphong", "hotich", "chutich", "vanthu")
    shown = {
        name: codes(text(browser(getattr(province, name)).get("/viec/"))) for name in officials
    }
    assert sum(bool(found) for found in shown.values()) >= 3, shown
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT run.code FROM workflow_task task JOIN workflow_run run ON run.id = task.run_id"
            " WHERE task.record_due_at < now() AND NOT task.is_paused AND task.unit_id = %s"
            " AND task.act <> 'public_services.hand_over' LIMIT 1",
            [province.ward],
        )
        late = cursor.fetchone()
    assert late is not None
    assert re.search(
        r"Trễ \d+ \w+", text(browser(province.chanhvanphong).get(f"/ho-so/{late[0]}/"))
    )


@pytest.mark.usefixtures("lived")
def test_a_paper_of_an_invented_dossier_opens_and_says_what_it_is(province):  # noqa: F811
    access.enter(SYSTEM)
    one = Dossier.objects.filter(received_unit=province.centre, state="handed_over")[0]
    page = browser(province.motcua).get(f"/ho-so/{one.code}/").content.decode()
    assert "minh-hoa-" in page or re.search(r'href="(/tep/[^"]+)"', page)
    links = re.findall(r'href="(/[^"]*tep/[^"]+)"', page)
    assert links
    for link in links:
        answer = browser(province.motcua).get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert b"".join(answer).startswith(b"%PDF") if answer.streaming else answer.content[:4]
