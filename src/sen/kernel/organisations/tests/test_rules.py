from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base.identifiers import new_id
from sen.kernel.organisations import rules
from sen.kernel.organisations.data import DatedName, Link, Part, Span

A, B, C, D, E = (new_id() for _ in range(5))
DAYS = [dt.date(2026, 1, day) for day in range(1, 11)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ({"vi": "Sở", "en": "Department"}, "en", "Department"),
        ({"vi": "Sở"}, "en", "Sở"),
        ({"vi": "Sở", "en": ""}, "en", "Sở"),
    ],
)
def test_text_falls_back_to_vietnamese(text, language, expected):
    assert rules.text_of(text, language) == expected


def test_day_before_is_the_last_day_of_what_ends():
    assert rules.day_before(dt.date(2026, 3, 1)) == dt.date(2026, 2, 28)


spans = st.builds(
    lambda first, length: Span(
        first, None if length is None else first + dt.timedelta(days=length)
    ),
    st.sampled_from(DAYS),
    st.one_of(st.none(), st.integers(0, 5)),
)


def holds(span: Span | None, day: dt.date) -> bool:
    return span is not None and span.first <= day and (span.last is None or day <= span.last)


@given(st.lists(spans, min_size=1, max_size=4), st.dates(DAYS[0], dt.date(2026, 1, 20)))
def test_overlap_holds_exactly_on_the_shared_days(given_spans, day):
    assert holds(rules.overlap(*given_spans), day) == all(holds(span, day) for span in given_spans)


def test_name_on_a_day_before_between_and_after():
    first = DatedName(Span(DAYS[2], DAYS[4]), {"vi": "cũ"}, {"vi": "cũ"})
    second = DatedName(Span(DAYS[5], DAYS[7]), {"vi": "mới"}, {"vi": "mới"})

    found = [
        rules.name_on([first, second], day) for day in (DAYS[0], DAYS[2], DAYS[4], DAYS[5], DAYS[9])
    ]

    assert found == [first, first, first, second, second]


def test_links_through_a_parent_join_what_is_above_with_what_is_below():
    above = [Link(A, B, 1, Span(DAYS[0])), Link(B, B, 0, Span(DAYS[0]))]
    below = [Link(C, C, 0, Span(DAYS[1])), Link(C, D, 1, Span(DAYS[1], DAYS[3]))]

    assert rules.links_through(above, below, since=DAYS[2]) == [
        Link(A, C, 2, Span(DAYS[2])),
        Link(A, D, 3, Span(DAYS[2], DAYS[3])),
        Link(B, C, 1, Span(DAYS[2])),
        Link(B, D, 2, Span(DAYS[2], DAYS[3])),
    ]
    assert rules.links_through(above, [Link(C, D, 1, Span(DAYS[0], DAYS[1]))], since=DAYS[2]) == []


def test_links_broken_spares_what_had_left_the_unit():
    below = [Link(C, C, 0, Span(DAYS[0])), Link(C, D, 1, Span(DAYS[0], DAYS[4]))]
    through = Link(A, D, 3, Span(DAYS[0], DAYS[4]))
    later = Link(A, D, 2, Span(DAYS[5]))
    inside = Link(C, D, 1, Span(DAYS[0], DAYS[4]))
    elsewhere = Link(A, E, 1, Span(DAYS[0]))

    found = rules.links_broken(
        [through, later, inside, elsewhere], below, above=frozenset({A, B}), since=DAYS[2]
    )

    assert found == [through]


def test_match_parts_pairs_by_kind_and_name_and_moves_the_rest():
    office, other_office, room = (
        Part(new_id(), "office", name) for name in ("Văn phòng", "VĂN PHÒNG", "Phòng Biển")
    )
    centre, other_centre = (Part(new_id(), "centre", "Trung tâm") for _ in range(2))
    desk, other_desk = (Part(new_id(), "office", "Tổ một") for _ in range(2))
    parts = {
        A: [office, centre, room],
        B: [other_office, other_centre],
        office.id: [desk],
        other_office.id: [other_desk],
    }

    closed, moved = rules.match_parts([(A, B)], parts)

    assert closed == [
        (A, B),
        (office.id, other_office.id),
        (centre.id, other_centre.id),
        (desk.id, other_desk.id),
    ]
    assert moved == [(room.id, B)]


def test_match_parts_does_not_guess_between_two():
    part, one, two = (Part(new_id(), "office", "Văn phòng") for _ in range(3))

    assert rules.match_parts([(A, B)], {A: [part], B: [one, two]}) == ([(A, B)], [(part.id, B)])
