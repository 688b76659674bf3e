"""Each registry's protocol over a socket: the order of its words, its errors, what is no answer."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from wsgiref.simple_server import make_server

import pytest
import requests

from sen.systems.registries.adapters import (
    birth_notes,
    civil_status,
    enterprises,
    http,
    land,
    population,
)
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told
from simulators.__main__ import Quiet, Server
from simulators.registries.population import UNLICENSED
from tests.journeys.registries import SECRET, standing_in

pytestmark = pytest.mark.journey
FATHER, WIDOW, DIRECTOR = "040093000101", "040161000103", "040088000104"
SOAP = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>%s</e:Body></e:Envelope>'


def asked(number: str = FATHER, name: str = "Nguyễn Văn Thử", seconds: float = 3) -> Asked:
    return Asked(
        request="THU1", procedure="1.001193", national_number=number, full_name=name,
        birth_date=dt.date(1993, 2, 14), at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC),
        until=time.monotonic() + seconds,
    )  # fmt: skip


def failure(adapter, partner, question) -> str:
    with pytest.raises(LookupFailed) as refused:
        adapter.ask(partner, question)
    return refused.value.failure.value


@contextmanager
def answering(body: bytes, status: str = "200 OK", *headers: tuple[str, str]) -> Iterator[Partner]:
    """Serve one and the same answer."""

    def site(environ, start):
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start(status, [("Content-Length", str(len(body))), *headers])
        return [body]

    with make_server("127.0.0.1", 0, site, Server, Quiet) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield Partner(url=f"http://127.0.0.1:{serving.server_port}/x", account="sen", secret="x")
        serving.shutdown()


@pytest.fixture
def partners(settings):
    with standing_in(settings):
        yield {
            name: Partner(url=url, account="sen", secret=SECRET)
            for name, url in settings.REGISTRIES.items()
        }


def test_population_tells_the_facts_of_the_field_contract(partners):
    assert population.ask(partners["population"], asked()) == Told(
        about=FATHER,
        facts={
            "person.full_name": "Nguyễn Văn Thử", "person.birth_date": "1993-02-14",
            "person.national_number": FATHER,
            "person.ethnicity": "kinh", "person.nationality": "Việt Nam",
            "person.marital_state": "married", "person.home_town": {"code": "16690"},
            "person.address": {"line": "Số 12, đường Thử Nghiệm, khối Hoa Sen", "code": "16690"},
        },
    )  # fmt: skip


def test_population_refuses_a_wrong_word_an_unlicensed_procedure_a_foreign_officer(partners):
    right = partners["population"]
    unlicensed = replace(asked(), procedure=UNLICENSED)
    assert failure(population, replace(right, secret="khac"), asked()) == "refused"
    assert failure(population, replace(right, account="khac"), asked()) == "refused"
    assert failure(population, right, unlicensed) == "refused"


def test_population_does_not_know_a_number_under_another_name(partners):
    assert population.ask(partners["population"], asked(name="Người Xa Lạ")) == Told()


def test_a_widow_s_marriage_is_ended(partners):
    told = civil_status.ask(partners["civil_status"], asked(WIDOW))
    assert told == Told(
        about=WIDOW, facts={"marital.state": "widowed", "marital.ended_number": "03/TLKT"}
    )


def test_the_register_tells_of_a_firm_and_a_household(partners):
    told = enterprises.ask(partners["enterprises"], asked(DIRECTOR))
    assert {key: told.facts[key] for key in ("enterprise.code", "household.code")} == {
        "enterprise.code": "2900000006", "household.code": "27A8000104",
    }  # fmt: skip
    assert enterprises.ask(partners["enterprises"], asked()) == Told()


def test_a_plot_and_a_note_are_told_only_where_there_is_one(partners):
    assert land.ask(partners["land"], asked()).facts["certificate.plot_number"] == "101"
    assert land.ask(partners["land"], asked(DIRECTOR)) == Told()
    note = birth_notes.ask(partners["birth_notes"], asked())
    assert (note.about, note.facts["relation"]) == (FATHER, "father")


def test_of_twins_nobody_but_the_parent_can_say_which():
    note = {"so": "1", "me": FATHER, "daKhaiSinh": False, "ngaySinh": "2026-11-05", "gioiTinh": "1",
            "coSo": {"ten": "x", "maPhuongXa": "16690"}}  # fmt: skip
    body = {"soDinhDanhChaMe": FATHER, "giayChungSinh": [note, note]}
    with answering(json.dumps(body).encode()) as partner:
        assert birth_notes.ask(partner, asked()) == Told()
    body["giayChungSinh"] = [note, {**note, "daKhaiSinh": True}]
    with answering(json.dumps(body).encode()) as partner:
        assert birth_notes.ask(partner, asked()).facts["child_sex"] == "male"


@pytest.mark.parametrize("adapter", [birth_notes, civil_status, enterprises, land, population])
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", "200 OK", "malformed"),
        (b"[]", "200 OK", "malformed"),
        (b"{}", "200 OK", "malformed"),
        (b"<html/>", "200 OK", "malformed"),
        (b" " * (http.LARGEST + 1), "200 OK", "malformed"),
        (b"{}", "401 Unauthorized", "refused"),
        (b"{}", "403 Forbidden", "refused"),
        (b"{}", "500 Internal Server Error", "down"),
        (b"{}", "302 Found", "down"),
    ],
)
def test_what_is_no_answer_is_a_failure(adapter, body, status, said):
    with answering(body, status, ("Location", "http://127.0.0.1:1/")) as partner:
        assert failure(adapter, partner, asked()) == said


@pytest.mark.parametrize(
    "inside",
    ["", '<!DOCTYPE x [<!ENTITY a "b">]>', "<x>"],
)
def test_an_envelope_without_a_collection_is_malformed(inside):
    with answering((SOAP % inside).encode()) as partner:
        assert failure(population, partner, asked()) == "malformed"


def test_an_unknown_marital_state_is_malformed():
    body = {"response": {"data": [{"soDinhDanh": FATHER, "tinhTrang": "?"}]}}
    with answering(json.dumps(body).encode()) as partner:
        assert failure(civil_status, partner, asked()) == "malformed"


def test_nobody_listens_or_time_is_over(partners):
    nowhere = Partner(url="http://127.0.0.1:1/", account="sen", secret="x")
    assert failure(land, nowhere, asked()) == "down"
    assert failure(land, partners["land"], asked(seconds=-1)) == "too_slow"


def test_the_stand_ins_are_broken_on_their_page_and_say_what_they_are(partners):
    base = partners["land"].url.rpartition("/")[0]
    assert "MÔ PHỎNG" in requests.get(f"{base}/", timeout=5).text
    told = {"name": "land", "fault": "down"}
    assert requests.post(f"{base}/su-co", data=told, timeout=5).status_code == 200
    assert failure(land, partners["land"], asked()) == "down"
    told = {"name": "land", "fault": "?"}
    assert requests.post(f"{base}/su-co", data=told, timeout=5).status_code == 400
    assert requests.get(f"{base}/land", timeout=5).status_code == 404
