"""What the API of the board gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ninja import Schema

from sen.kernel.figures.public import Figure
from sen.systems.operations.data import Board, Holder, Line, Load, Month, Sum
from sen.systems.operations.queries.board import Dossier


class FigureOut(Schema):
    """A declared figure: what is counted, in what, how exactly, and who wants it so."""

    code: str
    title: str
    unit_of_measure: str
    counted: str
    source: str


class SumOut(Schema):
    """What is open now, and what came and went from `first` to `last`.

    week holds today as well. on_time_pct is null where nothing was settled.
    """

    late: int
    due_today: int
    due_this_week: int
    waiting: int
    paused: int
    open: int
    received: int
    settled: int
    settled_late: int
    on_time_pct: float | None
    late_since: dt.datetime | None


class PlaceOut(SumOut):
    """A unit that the leader looks after, with its parts. area: its code in the national list."""

    code: str
    name: str
    area: str


class MonthOut(Schema):
    """What came and went in the month that begins on a day."""

    month: dt.date
    received: int
    settled: int
    settled_late: int


class HolderOut(Schema):
    """Where work lies. person is empty where it is not given to one."""

    step: str
    unit: str
    position: str
    person: str


class LoadOut(HolderOut):
    """How much open work lies with one holder."""

    late: int
    due_this_week: int
    open: int
    late_since: dt.datetime | None


class BoardOut(Schema):
    """The board: places with the worst first, and the trend of twelve months."""

    first: dt.date
    last: dt.date
    total: SumOut
    places: list[PlaceOut]
    months: list[MonthOut]


class PlaceBoardOut(Schema):
    """One place: its figures, where its open work lies, its trend."""

    first: dt.date
    last: dt.date
    place: PlaceOut
    holders: list[LoadOut]
    months: list[MonthOut]


class OpenDossierOut(Schema):
    """An open dossier: nothing in it is personal. due_at: moved by paused time."""

    code: str
    procedure: str
    unit: str
    state: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    holder: HolderOut
    may_open: bool


class OpenDossierPage(Schema):
    """A page of open dossiers; `next` is the cursor of the one after, null on the last."""

    items: list[OpenDossierOut]
    next: str | None


def figure_out(figure: Figure) -> FigureOut:
    """Return a declared figure."""
    return FigureOut(
        code=figure.code,
        title=str(figure.title),
        unit_of_measure=str(figure.unit_of_measure),
        counted=str(figure.counted),
        source=str(figure.source),
    )


def sum_out(one: Sum) -> SumOut:
    """Return the figures of one place or of all."""
    return SumOut(
        late=one.late,
        due_today=one.today,
        due_this_week=one.week,
        waiting=one.waiting,
        paused=one.paused,
        open=one.open,
        received=one.received,
        settled=one.settled,
        settled_late=one.settled_late,
        on_time_pct=one.share,
        late_since=one.late_since,
    )


def place_out(line: Line) -> PlaceOut:
    """Return a place with its figures."""
    told = sum_out(line.sum).model_dump()
    return PlaceOut(code=line.place.code, name=line.name, area=line.place.area, **told)


def months_out(months: Sequence[Month]) -> list[MonthOut]:
    """Return the trend."""
    return [
        MonthOut(month=one.first, received=one.received, settled=one.settled, settled_late=one.late)
        for one in months
    ]


def holder_out(holder: Holder) -> HolderOut:
    """Return where work lies."""
    return HolderOut(
        step=holder.step, unit=holder.place, position=holder.position, person=holder.person
    )


def load_out(load: Load) -> LoadOut:
    """Return how much lies with one holder."""
    return LoadOut(
        **holder_out(load.holder).model_dump(),
        late=load.late,
        due_this_week=load.week,
        open=load.open,
        late_since=load.late_since,
    )


def board_out(board: Board) -> BoardOut:
    """Return the board."""
    return BoardOut(
        first=board.days.first,
        last=board.days.last,
        total=sum_out(board.total),
        places=[place_out(line) for line in board.lines],
        months=months_out(board.months),
    )


def place_board_out(board: Board, loads: Sequence[Load]) -> PlaceBoardOut:
    """Return the board of one place."""
    [line] = board.lines
    return PlaceBoardOut(
        first=board.days.first,
        last=board.days.last,
        place=place_out(line),
        holders=[load_out(load) for load in loads],
        months=months_out(board.months),
    )


def dossier_out(one: Dossier, language: str) -> OpenDossierOut:
    """Return an open dossier."""
    told = one.told
    return OpenDossierOut(
        code=told.code,
        procedure=told.procedure.get(language) or told.procedure["vi"],
        unit=one.unit,
        state=told.state,
        submitted_at=told.submitted_at,
        due_at=told.end,
        holder=holder_out(one.holder),
        may_open=one.may_open,
    )
