"""What deeds of councils, the tax office and other systems leave, and the stages they move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.systems.public_services.choices import (
    Attendance,
    ClosingKind,
    DeliveryState,
    DossierState,
    MessageKind,
    MessageOutcome,
    PassageOutcome,
    SigningState,
    SyncState,
)
from sen.systems.public_services.events import (
    DossierAnswered,
    DossierPassedOn,
    DutyConfirmed,
    DutySent,
    DutyStated,
)
from sen.systems.public_services.models import (
    Council,
    CouncilSeat,
    FinancialDuty,
    Findings,
    Passage,
    SyncMessage,
)
from sen.systems.public_services.queries import council as councils
from sen.systems.public_services.queries import findings
from sen.systems.public_services.rules import passages
from sen.systems.public_services.services import passing_on
from sen.systems.public_services.services.living.ledger import NOBODY, Ledger
from sen.systems.public_services.services.living.story import Deed
from sen.systems.public_services.services.living.told import told

_DUTY_PCT = 2.5
"""Of the price: income tax and registration fee together, for the example's sake."""


class AgencyLedger(Ledger):
    """The rows of deeds in which somebody beside the unit that decides has a part."""

    _council: Council
    _seats: Mapping[str, CouncilSeat]
    _members: Mapping[str, access.Participation] = MappingProxyType({})
    _duty: FinancialDuty
    _passage: Passage

    # -- Findings, whoever establishes them

    def _establish(self, deed: Deed, values: Mapping[str, Any]) -> None:
        """Keep what was established, in place of what was established before."""
        if self._found is not None:
            self._found.established_by = deed.by.account or NOBODY
            self._found.established_at = deed.at
            return
        version = self._case.findings_version_id
        if version is None:
            return
        self._found = Findings(
            id=self._ids(deed.at),
            dossier=self._dossier,
            form_version_id=version,
            established_by=deed.by.account or NOBODY,
            established_at=deed.at,
        )
        self._rows.append(self._found)
        self._seal(self._found.id, findings.KIND, values, deed.at)

    def _seal(
        self,
        record: UUID,
        kind: str,
        values: Mapping[str, Any],
        at: dt.datetime,
        *,
        person: UUID | None = None,
    ) -> None:
        """Keep values of the small form, open to the units that work on the dossier.

        person: whose own words they are.
        """
        units = {
            self._dossier.received_unit_id: "received",
            self._dossier.competent_unit_id: "competent",
        }
        self._rows += [
            access.Participation(
                id=self._ids(at), record=record, kind=kind, unit=unit, why=why, since=at
            )
            for unit, why in units.items()
        ]
        version = self._case.findings_version_id
        if version is not None:
            self._rows.append(
                forms.past_answers(
                    record_kind=kind,
                    record=record,
                    form_version=version,
                    answers=values,
                    unit=self._dossier.competent_unit_id,
                    person=person,
                    at=at,
                )
            )

    # -- A council

    def _convene(self, deed: Deed, _number: int) -> None:
        held = self._story.sitting
        if held is None:
            return
        self._council = Council(
            id=self._ids(deed.at),
            dossier=self._dossier,
            chair=deed.by.account or NOBODY,
            convened_at=deed.at,
            meets_at=held.meets_at,
            place=self._chosen("halls"),
        )
        self._seats = {
            seat.step: CouncilSeat(
                id=self._ids(deed.at),
                dossier=self._dossier,
                step=seat.step,
                title=dict(seat.title),
                account=held.members[seat.step].account if seat.step in held.members else None,
                attendance=(
                    Attendance.AWAITED if seat.step in held.members else Attendance.VACANT
                ).value,
            )
            for seat in councils.seats_of(self._case)
        }
        self._members = {
            step: access.Participation(
                id=self._ids(deed.at),
                record=self._dossier.id,
                kind=councils.DOSSIER,
                person=member.person,
                why=councils.WHY,
                since=deed.at,
            )
            for step, member in held.members.items()
        }
        self._rows += [self._council, *self._seats.values(), *self._members.values()]
        self._moved(deed)

    def _rise(self, at: dt.datetime) -> None:
        """Let the part of the members end who still sit."""
        for one in self._members.values():
            one.until = one.until or at

    def _opine(self, deed: Deed, _number: int) -> None:
        held = self._story.sitting
        seat = self._seats[deed.said["seat"]]
        if held is not None:
            said = held.opinions[seat.step]
            self._seal(seat.id, councils.OPINION, said, deed.at, person=deed.by.person)
        seat.attendance, seat.opined_at = Attendance.PRESENT.value, deed.at
        self._trail(deed, "opine", {"seat": seat.step})

    def _excuse(self, deed: Deed, _number: int) -> None:
        seat = self._seats[deed.said["seat"]]
        seat.attendance, seat.reason = Attendance.ABSENT.value, deed.words
        self._members[seat.step].until = deed.at
        self._moved(deed, words=deed.words)

    def _conclude(self, deed: Deed, number: int) -> None:
        row = self._council
        own = deed.said["own"]
        self._seal(row.id, councils.OPINION, own, deed.at, person=deed.by.person)
        self._rise(deed.at)
        self._establish(deed, deed.said["values"])
        file = self._papers.issued(
            self._ids(deed.at),
            f"bien-ban-{self._dossier.code}.pdf",
            self._dossier.id,
            deed.by.account,
            deed.at,
        )
        self._rows.append(file)
        row.concluded_at, row.number, row.minutes = deed.at, number, file
        row.state = SigningState.SIGNED.value
        self._moved(deed)

    # -- The financial duty

    def _send_duty(self, deed: Deed, _number: int) -> None:
        self._duty = FinancialDuty(
            id=self._ids(deed.at),
            dossier=self._dossier,
            sheet=deed.said["sheet"],
            sent_at=deed.at,
            sent_by=deed.by.account,
        )
        self._rows.append(self._duty)
        event = DutySent(dossier=self._dossier.id, code=self._dossier.code)
        self._moved(deed, state=DossierState.DUTY, event=event)

    def _record_duty(self, deed: Deed, _number: int) -> None:
        duty, price = self._duty, int(self._content.answers.get("price_vnd") or 0)
        duty.notice, duty.noticed_on = deed.said["notice"], clock.day(deed.at)
        duty.amount_vnd = round(price * _DUTY_PCT / 100)
        duty.noticed_at, duty.noticed_by = deed.at, deed.by.account
        self._moved(deed, event=DutyStated(dossier=self._dossier.id, code=self._dossier.code))

    def _confirm_duty(self, deed: Deed, _number: int) -> None:
        duty = self._duty
        duty.evidence, duty.paid_on = deed.said["evidence"], clock.day(deed.at)
        duty.paid_at, duty.paid_by = deed.at, deed.by.account
        self._moved(
            deed,
            state=DossierState.PROCESSING,
            changes={"expected_at": self._story.expected.get(deed.at)},
            event=DutyConfirmed(dossier=self._dossier.id, code=self._dossier.code),
        )

    # -- Another system

    def _order_passage(self, deed: Deed) -> None:
        """Do what `passing_on.order_passage` does, but defer nothing."""
        self._passage = Passage(
            id=self._ids(deed.at),
            dossier=self._dossier,
            partner=passing_on.partner_of(self._case),
            ordered_at=deed.at,
        )
        self._rows.append(self._passage)

    def _pass_on(self, deed: Deed, _number: int) -> None:
        passage, foreign = self._passage, deed.said["foreign"]
        passage.sent_at, passage.looked_at, passage.foreign_code = deed.at, deed.at, foreign
        passage.foreign_state = told().elsewhere["new"]
        passage.next_look_at = deed.at + dt.timedelta(minutes=1)
        content = {"fields": sorted(self._content.answers), "papers": self._papers_sent()}
        self._note(deed, MessageKind.SUBMIT, MessageOutcome.TAKEN, foreign, content)
        self._moved(
            deed,
            changes={"sync_state": SyncState.DONE.value, "competent_received_at": deed.at},
            event=DossierPassedOn(
                dossier=self._dossier.id,
                code=self._dossier.code,
                partner=passage.partner,
                foreign=foreign,
            ),
        )

    def _seen_elsewhere(self, deed: Deed, _number: int) -> None:
        passage, state = self._passage, deed.said["state"]
        passage.foreign_state, passage.looked_at = state, deed.at
        sent_at = passage.sent_at or deed.at
        passage.next_look_at = passages.next_look(sent_at=sent_at, now=deed.at)
        self._note(deed, MessageKind.STATUS, MessageOutcome.CHANGED, state)

    def _answered_elsewhere(self, deed: Deed, _number: int) -> None:
        passage, said = self._passage, deed.said
        granted = said["outcome"] == PassageOutcome.GRANTED
        passage.foreign_state, passage.looked_at = said["state"], deed.at
        passage.outcome, passage.number = said["outcome"].value, said["number"]
        passage.answered_on, passage.words = said["on"], said["words"]
        passage.answered_at, passage.next_look_at = deed.at, None
        self._note(deed, MessageKind.STATUS, MessageOutcome.ANSWERED, passage.number)
        if not granted:
            self._closing(deed, ClosingKind.REFUSED, passage.words, said["ground"], None)
        changes: dict[str, Any] = {"issued_at": deed.at}
        ready = {"delivery_state": DeliveryState.READY.value}
        self._moved(
            deed,
            state=DossierState.ISSUED if granted else DossierState.REFUSED,
            closing=None if granted else ClosingKind.REFUSED,
            changes=changes | (ready if granted else {"ended_at": deed.at}),
            event=DossierAnswered(
                dossier=self._dossier.id,
                code=self._dossier.code,
                partner=passage.partner,
                outcome=passage.outcome,
                number=passage.number,
            ),
        )

    def _papers_sent(self) -> list[dict[str, Any]]:
        return [
            {
                "ma": paper.code,
                "ten": paper.title["vi"],
                "tep": [{"ten": paper.file.name, "maBam": paper.file.sha256}] if paper.file else [],
            }
            for paper in self._handed_in
        ]

    def _note(
        self,
        deed: Deed,
        kind: MessageKind,
        outcome: MessageOutcome,
        note: str,
        content: Mapping[str, Any] | None = None,
    ) -> None:
        self._rows.append(
            SyncMessage(
                id=self._ids(deed.at),
                dossier=self._dossier,
                kind=kind.value,
                outcome=outcome.value,
                note=note,
                content=dict(content or {}),
                sent_at=deed.at,
            )
        )
