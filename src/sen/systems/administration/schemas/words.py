"""What the API of the dictionary of the search takes and gives."""

from __future__ import annotations

from uuid import UUID

from ninja import Field, Schema

from sen.kernel.search import public as search
from sen.systems.administration.queries import words as queries


class WordingOut(Schema):
    """A line of the dictionary. number: to be given back with a change of it."""

    id: UUID
    phrases: list[str]
    kind: str
    means: list[str]
    records: list[str]
    topic: str
    is_active: bool
    number: int


class LineIn(Schema):
    """What people say and what they mean by it.

    Neither meaning nor record: words that tell nothing. is_outside: not kept here.
    """

    phrases: list[str] = Field(min_length=1, max_length=200)
    means: list[str] = Field(default=[], max_length=50)
    records: list[str] = Field(default=[], max_length=50)
    is_outside: bool = False
    topic: str = Field(default="", max_length=120)

    def line(self) -> search.Line:
        """Return it as the kernel takes it."""
        return search.Line(
            phrases=tuple(self.phrases),
            means=tuple(self.means),
            records=tuple(self.records),
            is_outside=self.is_outside,
            topic=self.topic,
        )


class WordingIn(LineIn):
    """A line with why it is written."""

    reason: str = Field(min_length=1, max_length=500)


class WordingChangeIn(WordingIn):
    """A changed line. number: as it was read."""

    number: int


class WordingActIn(Schema):
    """Why a line goes out of use or back. number: as it was read."""

    number: int
    reason: str = Field(min_length=1, max_length=500)


class TrialIn(LineIn):
    """A question with the line that is tried."""

    question: str = Field(min_length=1, max_length=200)


class TrialOut(Schema):
    """Keys that one search finds now and with the line, the best first."""

    code: str
    now: list[str]
    then: list[str]


def wording_out(row: search.SearchWording) -> WordingOut:
    """Return a line as the API shows it."""
    return WordingOut(
        id=row.id,
        phrases=row.phrases,
        kind=row.kind,
        means=row.means,
        records=row.records,
        topic=row.topic,
        is_active=row.is_active,
        number=row.number,
    )


def trial_out(tried: queries.Tried) -> list[TrialOut]:
    """Return what each search finds."""
    return [
        TrialOut(
            code=trial.code,
            now=[one.key for one in now.found],
            then=[one.key for one in then.found],
        )
        for trial, now, then in tried.searches
    ]
