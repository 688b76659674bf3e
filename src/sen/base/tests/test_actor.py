"""Who acts."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from sen.base.actor import ANONYMOUS, COMMAND, SYSTEM, Actor, Channel, Strength
from sen.base.identifiers import new_id


@pytest.mark.parametrize(
    ("actor", "anonymous", "official", "system"),
    [
        (ANONYMOUS, True, False, False),
        (Actor(channel=Channel.API), True, False, False),
        (Actor(channel=Channel.COUNTER), False, False, False),
        (SYSTEM, False, False, True),
        (COMMAND, False, False, True),
        (Actor(account=new_id()), False, False, False),
        (Actor(account=new_id(), position=new_id()), False, True, False),
        (Actor(account=new_id(), channel=Channel.JOB), False, False, False),
    ],
)
def test_kinds_of_actor(actor, anonymous, official, system):
    assert (actor.is_anonymous, actor.is_official, actor.is_system) == (anonymous, official, system)


def test_an_actor_does_not_change():
    with pytest.raises(FrozenInstanceError):
        ANONYMOUS.account = new_id()


def test_strengths_are_ordered_from_nothing_to_level_2():
    assert sorted(Strength) == [
        Strength.NONE,
        Strength.TOKEN,
        Strength.PASSWORD,
        Strength.LEVEL_1,
        Strength.MULTI_FACTOR,
        Strength.LEVEL_2,
    ]
