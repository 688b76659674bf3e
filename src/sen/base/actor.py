"""Who acts: the one value that every service takes first."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class Strength(enum.IntEnum):
    """How surely the actor is known; a higher value includes the lower ones.

    LEVEL_1 and LEVEL_2 are the levels of the national electronic identity
    (Nguồn: Nghị định 69/2024/NĐ-CP). MULTI_FACTOR is an official's password with a second factor.
    """

    NONE = 0
    TOKEN = 10
    PASSWORD = 20
    LEVEL_1 = 30
    MULTI_FACTOR = 40
    LEVEL_2 = 50


class Channel(enum.StrEnum):
    """The way by which the act reached Sen."""

    WEB = "web"
    API = "api"
    COUNTER = "counter"
    JOB = "job"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The ids of whoever acts, as `identity` resolved them; no names, no rights.

    account: the account signed in, None for the system itself and for a visitor.
    person: the person behind the account.
    position: the position in which an official acts; None for a citizen.
    unit: the unit of that position.
    acting_for: the represented person, enterprise or absent holder, None for oneself.
    token: the API token used, None in a browser.
    """

    account: UUID | None = None
    person: UUID | None = None
    position: UUID | None = None
    unit: UUID | None = None
    acting_for: UUID | None = None
    token: UUID | None = None
    strength: Strength = Strength.NONE
    channel: Channel = Channel.WEB

    @property
    def is_anonymous(self) -> bool:
        return self.account is None and self.channel in {Channel.WEB, Channel.API}

    @property
    def is_official(self) -> bool:
        return self.position is not None

    @property
    def is_system(self) -> bool:
        return self.account is None and self.channel in {Channel.JOB, Channel.COMMAND}


ANONYMOUS = Actor()
SYSTEM = Actor(channel=Channel.JOB)
COMMAND = Actor(channel=Channel.COMMAND)
