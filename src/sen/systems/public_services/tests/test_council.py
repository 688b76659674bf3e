"""A council: convened by its chair, each member's opinion, the majority, the minutes, the certificate.

Nguồn: Luật Người khuyết tật 51/2010/QH12, Điều 16.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.access.public import ConflictOfInterest
from sen.kernel.identity import public as identity
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Council, CouncilSeat
from sen.systems.public_services.rules import council as rules
from sen.systems.public_services.services import council
from sen.systems.public_services.services.council import Convening
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.councils import (
    LIGHT,
    POSTS,
    SEVERE,
    convene,
    convened,
    excuse,
    kin,
    members_of,
    opine,
    ready,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(province) -> SimpleNamespace:
    return members_of(province)


# -- The law: two thirds, the majority, the chair where votes are even


@pytest.mark.parametrize(
    ("members", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (7, 5), (8, 6)]
)
def test_two_thirds_have_to_be_there(members, least):
    """Điều 16 khoản 3: ít nhất hai phần ba số thành viên."""
    assert rules.needed(members, numerator=2, denominator=3) == least


@given(st.integers(1, 200))
def test_two_thirds_are_never_less_and_never_one_more(members):
    least = rules.needed(members, numerator=2, denominator=3)
    assert 3 * least >= 2 * members > 3 * (least - 1)


@pytest.mark.parametrize(
    ("opinions", "chair", "value", "is_by_chair"),
    [
        (["severe"] * 4 + ["light"] * 3, "light", "severe", False),
        (["severe"] * 3 + ["light"] * 3, "light", "light", True),
        (["severe"] * 3 + ["light"] * 3, "severe", "severe", True),
        (["severe"] * 3 + ["light"] * 3 + ["none"], "none", None, False),
        (["none"], "none", "none", False),
        (["severe"] * 2 + ["light"] * 2 + ["none"] * 2, "none", "none", True),
    ],
)
def test_the_majority_concludes_and_the_chair_where_votes_are_even(
    opinions, chair, value, is_by_chair
):
    """Điều 16 khoản 3: biểu quyết theo đa số; ngang nhau thì theo ý kiến của Chủ tịch Hội đồng."""
    tally = rules.one_of(opinions, chair=chair)
    assert (tally.value, tally.is_by_chair) == (value, is_by_chair)
    assert sum(tally.votes.values()) == len(opinions)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=9), st.data())
def test_what_is_concluded_has_as_many_votes_as_any(opinions, data):
    chair = data.draw(st.sampled_from(opinions))
    tally = rules.one_of(opinions, chair=chair)
    if tally.value is not None:
        assert tally.votes[tally.value] == max(tally.votes.values())


@pytest.mark.parametrize(
    ("opinions", "chair", "value", "is_by_chair"),
    [
        ([["a"], ["a", "b"], ["b"]], ["a"], ["a", "b"], False),
        ([["a"], ["b"]], ["b"], ["b"], True),
        ([["a"], ["b"], [], []], [], [], False),
        ([[], []], [], [], False),
    ],
)
def test_of_several_values_those_hold_that_more_than_half_named(
    opinions, chair, value, is_by_chair
):
    tally = rules.several_of(opinions, chair=chair)
    assert (tally.value, tally.is_by_chair) == (value, is_by_chair)


# -- Convening


def test_each_member_gets_a_task_and_a_seat_nobody_holds_is_vacant(cast):
    dossier = convened(cast)
    seats = {seat.step: seat for seat in CouncilSeat.objects.filter(dossier=dossier)}
    assert {step: seat.attendance for step, seat in seats.items()} == {
        **dict.fromkeys(POSTS, "awaited"), "seat_disabled": "vacant",
    }  # fmt: skip
    given_to = {task.step: task.assignee for task in workflow.record_tasks(dossier.id)}
    assert given_to == {step: getattr(cast, name).account for step, name in POSTS.items()}
    assert f.trail(dossier)[-1] == "public_services.dossier.convene"
    row = Council.objects.get(dossier=dossier)
    assert (row.chair, row.meets_at, row.state) == (cast.chutich.account, f.later(600), "draft")


def test_who_may_convene(cast):
    dossier = ready(cast)
    for actor, refusal in (
        (cast.phochutich, NotAllowed),
        (cast.hotich, NotAllowed),
        (cast.tramyte, NotAllowed),
        (cast.far_chutich, NotAllowed),
        (cast.father, NotFound),
    ):
        with pytest.raises(refusal):
            convene(cast, dossier, actor)
    assert not Council.objects.filter(dossier=dossier).exists()


def test_a_council_is_refused_by_seat(cast):
    dossier = ready(cast)
    with pytest.raises(Invalid) as refused:
        council.convene_council(
            actor=cast.chutich,
            order=f.order(dossier),
            convening=Convening(
                meets_at=f.later(-1),
                place=" ",
                seats={
                    "seat_health": cast.hotich.account,
                    "seat_front": cast.phunu.account,
                    "seat_nowhere": cast.phunu.account,
                },
            ),
            at=f.later(30),
        )
    assert set(refused.value.fields) == {
        "meets_at", "place", "seats.seat_health", "seats.seat_women", "seats.seat_nowhere",
    }  # fmt: skip


def test_a_council_of_one_is_none(cast):
    dossier = ready(cast)
    nobody = dict.fromkeys([step for step in POSTS if step != "seat_health"])
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier, **nobody)
    assert set(refused.value.fields) == {"seats"}


def test_a_procedure_without_a_council_has_none_to_convene(cast):
    dossier = f.assigned(cast)
    with pytest.raises(Conflict):
        convene(cast, dossier)


def test_family_of_the_party_is_refused_a_seat(cast):
    """Luật Phòng, chống tham nhũng 36/2018/QH14, Điều 23."""
    dossier = ready(cast)
    kin(dossier.party_persons[0], cast.phunu.person)
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier)
    assert set(refused.value.fields) == {"seats.seat_women"}
    dossier = convene(cast, dossier, seat_women=None)
    assert CouncilSeat.objects.get(dossier=dossier, step="seat_women").attendance == "vacant"


def test_family_of_whoever_is_assessed_is_refused_too(cast):
    """The person may be another than the applicant, and no party of the dossier."""
    about = identity.ensure_person(
        COMMAND, national_number="040213000101", full_name="Lê Văn Con", at=f.MORNING
    )
    case = procedures.case_of("disability")
    told = procedures.filing_at_the_counter(cast, "disability", case)
    dossier = procedures.assigned(
        cast,
        "disability",
        answers={
            **told.answers,
            "applies_for": "other",
            "person_number": "040213000101",
            "person_birth_date": "2013-05-02",
        },
    )
    kin(about.id, cast.tramyte.person)
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier)
    assert set(refused.value.fields) == {"seats.seat_health"}


def test_the_chair_of_their_own_family_does_not_convene(cast):
    dossier = ready(cast)
    kin(dossier.party_persons[0], cast.chutich.person)
    with pytest.raises(ConflictOfInterest):
        convene(cast, dossier)


# -- Opinions


def test_an_opinion_is_sealed_and_leaves_the_version_for_the_others(cast):
    dossier = convened(cast)
    seen = f.order(dossier)
    for name in ("tramyte", "phunu"):
        council.give_opinion(
            actor=getattr(cast, name), order=seen, findings=SEVERE, at=f.later(610)
        )
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_health")
    assert (seat.attendance, seat.opined_at) == ("present", f.later(610))
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_values, sealed FROM forms_answers WHERE record = %s", [seat.id]
        )
        public, sealed = cursor.fetchone()
    assert public in ({}, "{}")
    assert "severe" not in str(sealed)
    assert f.trail(dossier)[-2:] == ["public_services.dossier.opine"] * 2


def test_who_may_speak(cast):
    dossier = convened(cast)
    for actor, refusal in (
        (cast.hotich, NotAllowed),
        (cast.far_chutich, NotAllowed),
        (cast.father, NotFound),
    ):
        with pytest.raises(refusal):
            council.give_opinion(
                actor=actor, order=f.order(dossier), findings=SEVERE, at=f.later(610)
            )
    opine(cast, dossier, "tramyte", SEVERE)
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "tramyte", LIGHT)


def test_an_opinion_that_does_not_hold_is_refused_by_field(cast):
    dossier = convened(cast)
    with pytest.raises(Invalid) as refused:
        opine(cast, dossier, "tramyte", {"degree": "la", "kinds": ["la"]})
    assert "findings.degree" in refused.value.fields


def test_an_absent_member_is_noted_with_the_reason_and_the_meeting_goes_on(cast):
    dossier = convened(cast)
    with pytest.raises(Invalid) as refused:
        excuse(cast, dossier, "seat_youth", " ")
    assert set(refused.value.fields) == {"reason"}
    excuse(cast, dossier, "seat_youth")
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_youth")
    assert (seat.attendance, seat.reason) == ("absent", "Đi công tác")
    with pytest.raises(council.NotYourSeat):
        excuse(cast, dossier, "seat_youth")
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "doanthanhnien", SEVERE)


def test_only_the_chair_notes_and_replaces(cast):
    dossier = convened(cast)
    for verb, more in (
        (council.excuse_member, {"seat": "seat_youth", "reason": "Ốm"}),
        (council.replace_member, {"seat": "seat_youth", "to": cast.phunu.account}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor=cast.tramyte, order=f.order(dossier), at=f.later(605), **more)


def test_a_member_is_replaced_and_the_former_has_no_say(cast):
    dossier = convene(cast, ready(cast), seat_youth=None, seat_veterans=cast.doanthanhnien.account)
    seen = f.order(dossier)
    council.replace_member(
        actor=cast.chutich,
        order=seen,
        seat="seat_veterans",
        to=cast.cuuchienbinh.account,
        at=f.later(605),
    )
    with pytest.raises(VersionConflict):
        council.give_opinion(actor=cast.cuuchienbinh, order=seen, findings=SEVERE, at=f.later(610))
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "doanthanhnien", SEVERE)
    opine(cast, dossier, "cuuchienbinh", SEVERE)
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_veterans")
    assert (seat.account, seat.attendance) == (cast.cuuchienbinh.account, "present")


def test_a_replacement_is_refused_as_a_member_would_be(cast):
    dossier = convene(cast, ready(cast), seat_youth=None)
    kin(dossier.party_persons[0], cast.doanthanhnien.person)
    for to in (cast.doanthanhnien, cast.hotich, cast.phunu, cast.chutich):
        with pytest.raises(Invalid) as refused:
            council.replace_member(
                actor=cast.chutich,
                order=f.order(dossier),
                seat="seat_veterans",
                to=to.account,
                at=f.later(605),
            )
        assert set(refused.value.fields) == {"to"}
