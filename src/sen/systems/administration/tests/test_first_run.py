"""A new province from nothing: the one-time link, the steps, what is put off, what is missing."""

from __future__ import annotations

import datetime as dt
import io
import re
import socket

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.public import NewProvince
from sen.systems.administration.adapters import gateways
from sen.systems.administration.choices import StepState
from sen.systems.administration.data import FirstAdministrator
from sen.systems.administration.models import FirstRunDoor
from sen.systems.administration.queries import first_run as reads
from sen.systems.administration.services import first_run

pytestmark = pytest.mark.django_db
PASSWORD = "hoa sen trang 27"
CAO_BANG = NewProvince(area="04", code="H14")
FIRST = FirstAdministrator(
    full_name="Nông Thị Đầu Tiên",
    national_number="004190000001",
    username="Quantri",
    password=PASSWORD,
)
SENT = {
    "area": "04", "code": "h14", "full_name": "Nông Thị Đầu Tiên", "username": "Quantri",
    "national_number": "004190000001", "password": PASSWORD, "again": PASSWORD,
}  # fmt: skip


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def secret() -> str:
    return first_run.open_door(at=clock.now())


@pytest.fixture
def begun(secret) -> identity.Account:
    return first_run.begin(secret=secret, province=CAO_BANG, administrator=FIRST, at=clock.now())


def actor_of(account):
    return identity.actor_for(account.pk)


def signed_in(account) -> Client:
    """Return the administrator's browser: password, then the factor enrolled as a page asks."""
    identity.give_demo_factor(account_id=account.pk, at=clock.now())
    client = Client()
    client.post("/dang-nhap/can-bo/", {"username": account.username, "password": PASSWORD})
    code = identity.current_totp(account, at=clock.now()).code
    client.post("/dang-nhap/ma-xac-thuc/", {"code": code})
    return client


# -- The door


def test_the_link_makes_one_province_with_one_administrator_and_ends(secret):
    client = Client()
    address = f"/cai-dat/?ma={secret}"
    assert "Tỉnh Cao Bằng" in text(client.get(address))
    unlike = client.post("/cai-dat/", {**SENT, "ma": secret, "again": "khac"})
    assert (unlike.status_code, "Hai lần nhập chưa giống nhau" in text(unlike)) == (422, True)
    done = client.post("/cai-dat/", {**SENT, "ma": secret})
    again = client.post("/cai-dat/", {**SENT, "ma": secret, "username": "khac"})

    assert (done.status_code, done["Location"]) == (
        302,
        "/dang-nhap/can-bo/?next=%2Fquan-tri%2Fcai-dat%2F",
    )
    assert (again.status_code, client.get(address).status_code) == (404, 404)
    account = identity.account_named("quantri")
    assert account is not None
    assert not account.must_change_password
    actor = actor_of(account)
    on = clock.day(clock.now())
    root = organisations.province_root(on)
    assert (root.code, root.statistics_code) == ("H14", "04")
    for right in (access.MANAGE_GRANTS, "administration.account.manage"):
        assert access.allows(actor, right, unit=root.id)
    (door,) = FirstRunDoor.objects.all()
    assert (door.account, door.used_at is not None) == (account.pk, True)
    assert secret.encode() not in bytes(door.digest)
    lines = audit.trail(audit.Subject("administration.first_run", door.id))
    assert sorted(one.action for one in lines) == [
        "administration.first_run.begin",
        "administration.first_run.open",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"area": "99"}, "area"),
        ({"code": "Cao Bằng"}, "code"),
        ({"national_number": "123"}, "national_number"),
        ({"password": "12345678", "again": "12345678"}, "password"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_what_does_not_hold_stands_beside_its_field_and_nothing_is_made(secret, changes, field):
    answer = Client().post("/cai-dat/", {**SENT, "ma": secret, **changes})

    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert not organisations.Unit.objects.exists()
    assert not identity.Account.objects.exists()
    first_run.check_door(secret, at=clock.now())


def test_an_unknown_old_or_replaced_link_opens_nothing(secret):
    late = clock.now() + first_run.LIFE + dt.timedelta(hours=1)
    newer = first_run.open_door(at=clock.now())
    for wrong, at in ((secret, clock.now()), ("x", clock.now()), (newer, late), ("", late)):
        with pytest.raises(first_run.DoorClosed):
            first_run.check_door(wrong, at=at)
        with pytest.raises(first_run.DoorClosed):
            first_run.begin(secret=wrong, province=CAO_BANG, administrator=FIRST, at=at)
    assert Client().get("/cai-dat/").status_code == 404


def test_the_command_prints_a_link_only_while_there_is_no_province(settings):
    settings.PUBLIC_URL = "https://sen.example.vn/"
    said, told = io.StringIO(), io.StringIO()
    call_command("first_run", "--if-new", stdout=said, stderr=told)
    assert re.fullmatch(r"https://sen\.example\.vn/cai-dat/\?ma=[\w-]{32}\n", said.getvalue())
    first_run.begin(
        secret=said.getvalue().strip().rpartition("=")[2],
        province=CAO_BANG,
        administrator=FIRST,
        at=clock.now(),
    )
    with pytest.raises(CommandError):
        call_command("first_run", stdout=io.StringIO())
    quiet = io.StringIO()
    call_command("first_run", "--if-new", stdout=quiet)
    assert quiet.getvalue() == ""
    with pytest.raises(Conflict):
        first_run.open_door(at=clock.now())


# -- The steps


def states() -> dict[str, StepState]:
    return {one.step.code: one.state for one in reads.steps()}


def test_the_wizard_is_the_sum_of_the_manifests_in_their_order(begun):
    orders = [one.order for one in manifest.first_run_steps()]
    assert orders == sorted(orders)
    assert states()["administration.province"] is StepState.DONE
    assert states()["administration.communes"] is StepState.OPEN


def test_communes_and_departments_are_added_once_with_their_roles(begun):
    actor, at = actor_of(begun), clock.now()
    on = clock.day(at)
    added = first_run.add_communes(actor=actor, at=at)
    chosen = [organisations.usual_units(on)[0].code]

    assert added > 0
    assert first_run.add_communes(actor=actor, at=at) == 0
    assert first_run.add_departments(actor=actor, codes=chosen, at=at) == 1
    assert first_run.add_departments(actor=actor, codes=chosen, at=at) == 0
    position = organisations.positions(on=on, code="one_stop_officer").first()
    assert position is not None
    held = access.Grant.objects.filter(position=position, revoked_at=None)
    assert "public_services.one_stop" in {one.role.code for one in held}
    grant = held.get(role__code="public_services.one_stop")
    access.revoke(actor, grant=grant.id, at=at, reason="Thử")
    first_run.add_communes(actor=actor, at=at)
    assert not held.filter(role__code="public_services.one_stop").exists()


def test_the_calendar_is_entered_as_far_as_it_is_known(begun):
    at = dt.datetime(2026, 11, 22, 9, 0, tzinfo=clock.ZONE)
    assert first_run.open_calendar(actor=actor_of(begun), at=at) == [2026, 2027]
    days = calendar.days(2026).count()
    assert days > 0
    assert first_run.open_calendar(actor=actor_of(begun), at=at) == [2026, 2027]
    assert calendar.days(2026).count() == days
    far = dt.datetime(2050, 1, 3, 9, 0, tzinfo=clock.ZONE)
    assert first_run.open_calendar(actor=actor_of(begun), at=far) == []


def test_a_step_is_put_off_and_done_later(begun):
    actor, at = actor_of(begun), clock.now()
    first_run.put_off(actor=actor, code="administration.departments", at=at)
    first_run.put_off(actor=actor, code="administration.departments", at=at)

    assert states()["administration.departments"] is StepState.PUT_OFF
    with pytest.raises(Conflict):
        first_run.put_off(actor=actor, code="administration.communes", at=at)
    with pytest.raises(NotFound):
        first_run.put_off(actor=actor, code="no.step", at=at)
    codes = [one.code for one in organisations.usual_units(clock.day(at)) if ".9.3" in one.code]
    first_run.add_departments(actor=actor, codes=codes, at=at)
    assert states()["administration.departments"] is StepState.DONE


def test_others_set_nothing_up(begun):
    nobody = identity.actor_for(
        identity.add_service(actor_of(begun), username="may", at=clock.now()).pk
    )
    at = clock.now()
    for act in (
        lambda: first_run.add_communes(actor=nobody, at=at),
        lambda: first_run.add_departments(actor=nobody, codes=[], at=at),
        lambda: first_run.open_calendar(actor=nobody, at=at),
        lambda: first_run.put_off(actor=nobody, code="administration.outside", at=at),
    ):
        with pytest.raises(NotAllowed):
            act()


# -- The pages


def test_the_pages_lead_through_the_steps_and_can_be_left(begun):
    client = signed_in(begun)
    here = "/quan-tri/cai-dat/"
    first = text(client.get(here))
    assert "Chưa làm thì: không có nơi nào nhận hồ sơ cấp xã." in first
    assert "Còn thiếu" in first

    assert "Phường Thục Phán" in text(client.get(f"{here}cap-xa/"))
    assert client.post(f"{here}cap-xa/").status_code == 303
    assert "Mọi xã, phường, đặc khu của tỉnh đã có đơn vị." in text(client.get(f"{here}cap-xa/"))
    offered = text(client.get(f"{here}so-ban-nganh/"))
    assert "Sở Tư pháp tỉnh Cao Bằng" in offered
    assert client.post(f"{here}so-ban-nganh/", {}).status_code == 422
    assert client.post(f"{here}so-ban-nganh/", {"units": ["H14.9.2"]}).status_code == 303
    assert "Nạp danh sách cán bộ" in text(client.get(f"{here}can-bo/"))
    assert client.get(f"{here}lich/").status_code == 200
    assert client.post(f"{here}lich/").status_code == 303
    assert client.post(f"{here}de-sau/administration.outside/").status_code == 303
    outside = text(client.get(f"{here}ket-noi/"))
    assert "SEN_NATIONAL_IDENTITY_URL" in outside
    assert "Công dân chưa đăng nhập được; hồ sơ chỉ nhận tại quầy." in outside
    assert "Để sau" in text(client.get(here))
    assert "Cài đặt chưa xong" in text(client.get("/quan-tri/"))


def test_vacancies_count_positions_and_who_holds_them(begun):
    found = {one.title: (one.held, one.every) for one in reads.vacancies(clock.day(clock.now()))}
    assert found == {"Quản trị hệ thống": (1, 1), "Chủ tịch": (0, 1), "Phó Chủ tịch": (0, 1)}


def test_what_is_outside_is_looked_for(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SMS_URL = f"http://127.0.0.1:{server.getsockname()[1]}/sms"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        settings.TSA_URL = "http://127.0.0.1:99999/"
        found = {one.variables[0]: (one.is_set, one.answers) for one in gateways.looked_at()}
    assert found["SEN_SMS_URL"] == (True, True)
    assert found["SEN_MAIL_HOST"] == (True, False)
    assert found["SEN_TSA_URL"] == (True, False)
    assert found["SEN_LAND_URL"] == (False, None)
    assert gateways.listening([]) == []


def test_an_unknown_unit_is_refused(begun):
    with pytest.raises(Invalid):
        first_run.add_departments(actor=actor_of(begun), codes=["H14.9.9999"], at=clock.now())
