"""The results store: keeping once, who holds, revoking, verifying by code and by upload."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.base.actor import ANONYMOUS, SYSTEM
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.systems.public_services.models import Decision
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from sen.systems.public_services.tests.test_api import Program, problem
from sen.systems.public_services.tests.test_results_offered import keep
from sen.systems.results import queries, services
from sen.systems.results.models import Result
from tests.journeys.programs import of

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("province")]
LATER = f.later(120)


@pytest.fixture
def kept(province) -> Result:  # noqa: F811
    """The result of a birth registration, kept as it was issued."""
    dossier = f.issued(province)
    return Result.objects.get(source=dossier.id)


def sealed(kept: Result) -> bytes:
    return files.read(kept.file_id)


def revoke(actor, kept, reason="Cấp sai họ"):
    return services.revoke_result(actor=actor, key=kept.key, reason=reason, at=LATER)


def trail(kept: Result) -> list[str]:
    subject = audit.Subject(kind="results.result", id=kept.id, code=kept.number)
    return [line.action for line in reversed(audit.trail(subject))]


def told(kept: Result) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM events_event WHERE record = %s ORDER BY id", [kept.id])
        return [name for (name,) in cursor.fetchall()]


# -- Keeping


def test_what_is_issued_is_kept_once(province, kept):  # noqa: F811
    decision = Decision.objects.get(dossier=kept.source)
    assert (kept.key, kept.number, kept.file_id, kept.unit_id, kept.state) == (
        decision.result_key, decision.notation, decision.sealed_id, province.ward, "valid",
    )  # fmt: skip
    assert (trail(kept), told(kept)) == (["results.result.keep"], ["results.result.kept"])
    again = keep_again(province, kept)
    assert (again.id, Result.objects.count(), told(kept)) == (kept.id, 1, ["results.result.kept"])
    assert str(kept) == kept.number


def keep_again(cast, kept):
    from sen.systems.results import public as results

    new = results.NewResult(
        key="khoa-khac", result_type=kept.result_type, title="Khác", number="1", unit=cast.ward,
        issued_on=kept.issued_on, source_kind="test", source=kept.source, source_code="T",
        file=kept.file_id, sha256=kept.sha256, holders=(cast.mother.person,), data={},
    )  # fmt: skip
    return services.keep_result(actor=SYSTEM, result=new, at=LATER)


# -- Who holds it


def test_a_result_is_its_holder_s_and_its_unit_s(province, kept):  # noqa: F811
    page = f"/giay-to/{kept.key}/"
    seen = {
        name: browser(getattr(province, name)).get(page).status_code
        for name in ("father", "vanthu", "mother", "stranger", "far_vanthu")
    }
    assert seen == {
        "father": 200, "vanthu": 200, "mother": 404, "stranger": 404, "far_vanthu": 404,
    }  # fmt: skip
    assert Client().get(page).status_code == 404
    assert Client().get("/giay-to/").status_code == 303
    assert kept.number in text(browser(province.father).get("/giay-to/"))
    assert kept.number not in text(browser(province.mother).get("/giay-to/"))


def test_results_cost_the_same_for_one_and_for_three(province):  # noqa: F811
    father = browser(province.father)

    def cost() -> int:
        legal.begin_request()
        with CaptureQueriesContext(connection) as found:
            assert father.get("/giay-to/").status_code == 200
        legal.end_request()
        return len(found)

    keep(province)
    one = [cost() for _turn in range(2)]
    keep(province)
    keep(province)
    assert [cost() for _turn in range(2)][-1] == one[-1]


def test_results_are_read_by_page_and_by_kind(province):  # noqa: F811
    keys = [keep(province) for _turn in range(3)] + [keep(province, kind="KQ.KHAC")]
    newest = queries.results(province.father, limit=2)
    assert [one.key for one in newest] == [keys[3], keys[2]]
    after = Result.objects.get(key=keys[2]).id
    rest = queries.results(province.father, types=["KQ.TEST.MARRIAGE"], after=after)
    assert [one.key for one in rest] == [keys[1], keys[0]]


def test_in_force_on_a_day_are_those_of_the_persons_named(province):  # noqa: F811
    keep(province, valid_to=f.ON - dt.timedelta(days=1))
    wanted = keep(province, valid_to=f.ON)
    keep(province, holder=province.mother.person)

    def found(**more):
        persons = [province.father.person]
        rows = queries.of_persons(province.motcua, persons=persons, on=f.ON, **more)
        return [one.key for one in rows]

    assert (found(), found(types=["KQ.KHAC"])) == ([wanted], [])


# -- Revoking


def test_the_issuing_unit_revokes_with_a_reason(province, kept):  # noqa: F811
    assert revoke(province.chutich, kept).state == "revoked"
    assert trail(kept)[-1] == "results.result.revoke"
    assert told(kept) == ["results.result.kept", "results.result.revoked"]
    with pytest.raises(Conflict, match="đã bị thu hồi trước đó"):
        revoke(province.chutich, kept)
    found = services.verify_key(actor=ANONYMOUS, key=kept.key, visitor="192.0.2.1", at=LATER)
    assert found.verdict == "revoked"


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("father", NotAllowed),
        ("vanthu", NotAllowed),
        ("motcua", NotFound),
        ("far_chutich", NotFound),
    ],
)
def test_nobody_else_revokes(province, kept, who, refusal):  # noqa: F811
    with pytest.raises(refusal):
        revoke(getattr(province, who), kept)
    assert Result.objects.get().state == "valid"


def test_revoking_needs_a_reason_and_a_result(province, kept):  # noqa: F811
    with pytest.raises(Invalid) as refused:
        revoke(province.chutich, kept, reason=" ")
    assert refused.value.fields.keys() == {"reason"}
    with pytest.raises(NotFound):
        services.revoke_result(actor=province.chutich, key="khong-co", reason="x", at=LATER)


def test_a_result_is_revoked_on_its_page(province, kept):  # noqa: F811
    leader = browser(province.chutich)
    page = f"/giay-to/{kept.key}/"
    assert "thu-hoi/" in text(leader.get(page))
    assert "thu-hoi/" not in text(browser(province.father).get(page))
    assert leader.post(f"{page}thu-hoi/", {"reason": ""}).status_code == 422
    assert leader.post(f"{page}thu-hoi/", {"reason": "Cấp sai họ"})["Location"] == page
    assert "Đã thu hồi kết quả." in text(leader.get(page))
    assert leader.post(f"{page}thu-hoi/", {"reason": "Cấp sai họ"}).status_code == 409


# -- Verifying


def test_anybody_verifies_by_the_code_of_the_paper(kept, client):
    page = text(client.get(f"/xac-minh/{kept.key}/"))
    assert all(said in page for said in (kept.number, "Nguyễn Văn Chủ Tịch"))
    assert "Nguyễn An Thử" not in page
    assert client.get("/xac-minh/khong-co-ma-nay/").status_code == 404
    assert "results.result.verify" in trail(kept)


def test_codes_cannot_be_guessed_for_long(kept):
    for _turn in range(services.KEYS):
        with pytest.raises(NotFound):
            services.verify_key(actor=ANONYMOUS, key="doan-mo", visitor="192.0.2.9", at=LATER)
    with pytest.raises(TooMany):
        services.verify_key(actor=ANONYMOUS, key=kept.key, visitor="192.0.2.9", at=LATER)


def test_anybody_verifies_the_paper_itself(kept, client):
    def upload(data: bytes):
        paper = SimpleUploadedFile("kq.pdf", data, "application/pdf")
        return client.post("/xac-minh/", {"paper": paper})

    whole = sealed(kept)
    assert client.get("/xac-minh/").status_code == 200
    assert kept.number in text(upload(whole))
    changed = bytearray(whole)
    changed[len(whole) // 3] ^= 1
    assert kept.number not in text(upload(bytes(changed)))
    assert client.post("/xac-minh/").status_code == 422


def test_a_paper_that_is_too_large_is_refused_at_the_page(client, settings):
    settings.UPLOAD_PIECE_LIMIT = 400
    paper = SimpleUploadedFile("kq.pdf", b"%PDF-" + b"0" * 2000, "application/pdf")
    assert client.post("/xac-minh/", {"paper": paper}).status_code == 413


def test_a_signed_paper_that_is_not_ours_is_unknown(province, kept):  # noqa: F811
    whole = sealed(kept)
    Result.objects.filter(id=kept.id).update(sha256="0" * 64)
    found = services.verify_upload(actor=ANONYMOUS, data=whole, visitor="192.0.2.1", at=LATER)
    assert (found.verdict, found.result) == ("unknown", None)


# -- Programs


def test_a_program_reads_verifies_and_revokes(province, kept):  # noqa: F811
    browser(province.father)
    father = Program(identity.Account.objects.get(pk=province.father.account), "results:read")
    [row] = father.ask("GET", "/results").json()
    assert (row["key"], row["unit"], row["state"]) == (kept.key, "H41.9.11", "valid")
    assert father.ask("GET", "/results?result_type=KQ.KHAC").json() == []
    assert father.ask("GET", f"/results/{kept.key}").json() == row
    problem(father.ask("GET", "/results/khong-co"), 404)
    problem(father.ask("POST", f"/results/{kept.key}/revoke", {"reason": "x"}), 403)
    anybody = Client().get(f"/api/v1/verification/{kept.key}").json()
    assert (anybody["verdict"], anybody["number"], len(anybody["signatures"])) == (
        "authentic", kept.number, 2,
    )  # fmt: skip
    sent = Client().post(
        "/api/v1/verification/files", sealed(kept), content_type="application/octet-stream"
    )
    assert sent.json()["verdict"] == "authentic"
    leader = of("chutich", "results:read", "results:revoke")
    problem(leader.ask("POST", f"/results/{kept.key}/revoke", {"reason": ""}), 422)
    body, key = {"reason": "Cấp sai họ"}, {"Idempotency-Key": "khoa-thu-hoi-0001"}
    answers = [
        leader.ask("POST", f"/results/{kept.key}/revoke", body, **key).json() for _turn in "ab"
    ]
    assert [one["state"] for one in answers] == ["revoked", "revoked"]
    assert Client().get(f"/api/v1/verification/{kept.key}").json()["verdict"] == "revoked"


# -- Used by the next form


def test_a_form_is_told_what_the_results_say(province):  # noqa: F811
    from sen.kernel.forms import public as forms

    context = forms.PrefillContext(
        subject=f.PROCEDURE, at=f.MORNING, names=frozenset({"marriage_certificate.number"})
    )
    assert queries.prefill(province.father, context) == {}
    assert queries.prefill(province.father, replace(context, names=frozenset({"x.y"}))) == {}
