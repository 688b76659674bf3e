"""Who a menu item is for, and who files by a channel."""

from __future__ import annotations

from enum import StrEnum


class FiledBy(StrEnum):
    """Who files by an intake channel: the person concerned, or an official for them."""

    PERSON = "person"
    OFFICIAL = "official"


class Audience(StrEnum):
    """The people to whom a menu item is shown.

    CITIZEN: everybody who does not act in a position, visitors included. OFFICIAL: whoever acts in
    a position. ALL: both.
    """

    CITIZEN = "citizen"
    OFFICIAL = "official"
    ALL = "all"
