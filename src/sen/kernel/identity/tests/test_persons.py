"""Persons and their numbers, enterprises, families, representation, the national identity."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from sen.base.actor import COMMAND, Strength
from sen.base.errors import Invalid, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.identity import rules
from sen.kernel.identity.choices import KinshipKind, RepresentationKind
from sen.kernel.identity.models import Account, NationalIdentity, Person
from sen.kernel.identity.services.sign_in import recognise
from sen.kernel.identity.tests.factories import AT, AccountFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 21)
NUMBER = "040195000102"


def ensure(**changes):
    given = {"national_number": NUMBER, "full_name": "Trần Thị Mẫu", "at": AT}
    return identity.ensure_person(COMMAND, **{**given, **changes})


def actions(kind, pk):
    return [one.action for one in audit.trail(audit.Subject(kind, pk))]


def test_number_is_sealed_and_found_by_digest():
    person = ensure(national_number="040 195 000 102", birth_date=dt.date(1995, 3, 8))
    kept = Person.objects.get()
    assert NUMBER.encode() not in bytes(kept.national_number_sealed)
    assert identity.national_number(kept) == NUMBER
    assert identity.find_person("040.195.000.102") == person
    assert (kept.sex, kept.name_key == "", kept.birth_date) == (
        "female", False, dt.date(1995, 3, 8),
    )  # fmt: skip
    assert actions("identity.person", person.pk) == ["identity.person.add"]


def test_known_person_is_never_overwritten_by_a_form():
    first = ensure(phone="0900000102")
    again = ensure(full_name="Tên Khác", phone="0911111111")
    assert (again, again.full_name, again.phone) == (first, "Trần Thị Mẫu", "0900000102")


@pytest.mark.parametrize(
    "changes",
    [
        {"national_number": "04019500010"},
        {"national_number": "abc"},
        {"birth_date": dt.date(1996, 3, 8)},
    ],
)
def test_number_that_does_not_fit_is_refused(changes):
    with pytest.raises(Invalid) as refusal:
        ensure(**changes)
    assert list(refusal.value.fields) == ["national_number"]


def test_person_without_number_is_new_each_time():
    facts = identity.PersonFacts(full_name="Bé Bình An", birth_date=DAY)
    one = identity.keep_person(COMMAND, facts=facts, at=AT)
    two = identity.keep_person(COMMAND, facts=facts, at=AT)
    assert (one == two, identity.national_number(one), one.sex) == (False, "", "")


def test_sex_that_contradicts_the_number_is_refused():
    facts = identity.PersonFacts(full_name="Ai", national_number=NUMBER, sex="male")
    with pytest.raises(Invalid):
        identity.keep_person(COMMAND, facts=facts, at=AT)


def test_unknown_people_are_not_found():
    assert identity.find_person("khong phai so") is None
    assert identity.find_person(NUMBER) is None
    with pytest.raises(NotFound):
        identity.person(uuid4())
    with pytest.raises(NotFound):
        identity.account(uuid4())


def test_persons_by_id():
    one = PersonFactory()
    assert identity.persons([one.pk, uuid4()]) == {one.pk: one}
    assert identity.person(one.pk) == one


def test_enterprise_is_known_by_its_tax_code():
    one = identity.ensure_enterprise(COMMAND, tax_code="0100109106", name="Công ty Thử", at=AT)
    again = identity.ensure_enterprise(COMMAND, tax_code="0100109106", name="Khác", at=AT)
    assert (one, again.name) == (again, "Công ty Thử")
    with pytest.raises(Invalid):
        identity.ensure_enterprise(COMMAND, tax_code="0100109107", name="Sai", at=AT)


def test_close_family_is_seen_from_both_sides():
    one, spouse, child, stranger = (PersonFactory() for _ in range(4))
    for relative, kind in ((spouse, KinshipKind.SPOUSE), (child, KinshipKind.CHILD)):
        for _ in range(2):
            identity.add_kinship(COMMAND, person=one.pk, relative=relative.pk, kind=kind, at=AT)
    assert identity.close_family(one.pk) == {spouse.pk, child.pk}
    assert identity.family([spouse.pk, one.pk, stranger.pk]) == {
        spouse.pk: {one.pk}, one.pk: {spouse.pk, child.pk}, stranger.pk: frozenset(),
    }  # fmt: skip
    assert actions("identity.person", one.pk) == ["identity.kinship.add"] * 2
    assert (identity.spouse(one.pk), identity.spouse(spouse.pk)) == (spouse, one)
    assert identity.spouse(child.pk) is None


def test_representation_of_a_child_and_of_an_enterprise():
    parent, child = PersonFactory(), PersonFactory()
    firm = identity.ensure_enterprise(COMMAND, tax_code="0100109106", name="Thử", at=AT)
    common = {"representative": parent.pk, "evidence": "Giấy", "valid_from": DAY, "at": AT}
    one = identity.add_representation(
        COMMAND, represented=child.pk, kind=RepresentationKind.PARENT, **common
    )
    two = identity.add_representation(
        COMMAND, represented=firm, kind=RepresentationKind.LEGAL_REPRESENTATIVE, **common
    )
    assert identity.representations(parent.pk, DAY) == [one, two]
    assert identity.representations(parent.pk, DAY - dt.timedelta(days=1)) == []
    identity.end_representation(COMMAND, representation=one.pk, last_day=DAY, at=AT)
    assert identity.representations(parent.pk, DAY + dt.timedelta(days=1)) == [two]
    assert actions("identity.representation", one.pk) == [
        "identity.representation.end", "identity.representation.add",
    ]  # fmt: skip


@pytest.mark.parametrize(("evidence", "field"), [(" ", "evidence"), ("Giấy", "represented")])
def test_representation_needs_evidence_and_another(evidence, field):
    parent = PersonFactory()
    represented = PersonFactory() if field == "evidence" else parent
    with pytest.raises(Invalid) as refusal:
        identity.add_representation(
            COMMAND,
            representative=parent.pk,
            represented=represented.pk,
            kind=RepresentationKind.PARENT,
            evidence=evidence,
            valid_from=DAY,
            at=AT,
        )
    assert list(refusal.value.fields) == [field]


def vouched(**changes):
    claims = {
        "sub": "s1", "SoDinhDanh": NUMBER, "HoVaTen": "Trần Thị Mẫu", "NgaySinh": "08/03/1995",
        "GioiTinh": "Nữ", "acr": "LoA1", **changes,
    }  # fmt: skip
    mapping = rules.NATIONAL_IDENTITY_CLAIMS
    return rules.read_claims(claims, issuer="https://i", mapping=mapping)


def test_first_visit_opens_one_account():
    account = recognise(vouched(), at=AT)
    again = recognise(vouched(acr="LoA2"), at=AT)
    assert (again, Account.objects.count(), NationalIdentity.objects.count()) == (account, 1, 1)
    assert (account.kind, account.has_usable_password()) == ("citizen", False)
    assert actions("identity.account", account.pk) == ["identity.account.link"]


def test_later_visit_brings_what_changed():
    account = recognise(vouched(), at=AT)
    recognise(vouched(HoVaTen="Trần Thị Mẫu Mới", SoDienThoai="0900000199"), at=AT)
    person = identity.person(account.person_id)
    assert (person.full_name, person.phone) == ("Trần Thị Mẫu Mới", "0900000199")
    assert actions("identity.person", person.pk) == [
        "identity.person.update", "identity.person.add",
    ]  # fmt: skip


def test_same_name_and_address_link_nothing():
    known = recognise(vouched(ThuDienTu="mau@example.org"), at=AT)
    other = recognise(
        vouched(sub="s2", SoDinhDanh="040195000999", ThuDienTu="mau@example.org"), at=AT
    )
    assert known != other


def test_person_known_from_the_counter_becomes_the_account_holder():
    person = ensure()
    assert recognise(vouched(), at=AT).person == person


def test_disabled_citizen_is_refused_and_audited():
    account = recognise(vouched(), at=AT)
    Account.objects.update(is_active=False)
    with pytest.raises(identity.AccountDisabled):
        recognise(vouched(), at=AT)
    NationalIdentity.objects.all().delete()
    with pytest.raises(identity.AccountDisabled):
        recognise(vouched(), at=AT)
    assert actions("identity.account", account.pk)[:2] == ["identity.sign_in.refuse"] * 2


def test_contradictions_are_refused_and_change_nothing():
    account = recognise(vouched(), at=AT)
    with pytest.raises(identity.IdentityMismatch):
        recognise(vouched(SoDinhDanh="040195000999"), at=AT)
    with pytest.raises(identity.IdentityMismatch):
        recognise(vouched(sub="s9"), at=AT)
    assert (Account.objects.count(), Person.objects.count()) == (1, 1)
    assert actions("identity.account", account.pk)[:2] == ["identity.sign_in.refuse"] * 2


def test_strength_follows_the_level():
    assert vouched(acr="LoA2").strength is Strength.LEVEL_2
    assert identity.citizen_account(AccountFactory().person_id).kind == "citizen"
