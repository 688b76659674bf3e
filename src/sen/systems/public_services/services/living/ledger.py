"""What every deed of a story leaves: the dossier as it was filed, its trail, its events, papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import models

from sen.base.identifiers import PastIds
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.events.public import Event
from sen.kernel.forms import public as forms
from sen.kernel.search import public as search
from sen.systems.public_services.choices import (
    ClosingKind,
    DecisionKind,
    DeliveryState,
    DossierState,
    FormCode,
    MoneyState,
    NationalState,
    PaperSource,
    PartyRole,
    SigningState,
)
from sen.systems.public_services.data import FeeLineValue, PaperRule
from sen.systems.public_services.events import (
    DossierClosed,
    DossierSubmitted,
)
from sen.systems.public_services.models import (
    Closing,
    Decision,
    Dossier,
    DossierPaper,
    FeeLine,
    Findings,
    IssuedForm,
    Party,
    Stage,
    SupplementRequest,
)
from sen.systems.public_services.queries import stages
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import parts
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living.cast import Somebody
from sen.systems.public_services.services.living.papers import Papers
from sen.systems.public_services.services.living.story import Deed, Story
from sen.systems.public_services.services.living.told import told

NOBODY = UUID(int=0)
"""Stands where nobody is named."""
_SIGNED_AFTER = dt.timedelta(seconds=4)
"""How long a worker takes to make an ordered paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a dossier holds when it is filed: answers as cleaned, papers asked for, charges.

    findings: what the official establishes later, where the case has its official do so.
    """

    answers: Mapping[str, Any]
    asked: list[PaperRule]
    lines: list[FeeLineValue]
    secret: str
    key: str
    draft: UUID | None
    channel: str
    findings: Mapping[str, Any]


class Ledger:
    """What every deed writes, and filing itself; `Chronicle` says what the others write.

    numbers: of each numbered deed, by its place among the deeds.
    """

    def __init__(
        self,
        story: Story,
        content: Content,
        numbers: Mapping[int, int],
        papers: Papers,
        ids: PastIds,
    ) -> None:
        """Begin with the dossier as it was filed."""
        self._story, self._content, self._numbers = story, content, numbers
        self._papers, self._ids = papers, ids
        self._rows: list[models.Model] = []
        self._lines: list[FeeLine] = []
        self._decision: Decision | None = None
        self._request: SupplementRequest | None = None
        self._found: Findings | None = None
        self._stages: list[Stage] = []
        self._handed_in: list[DossierPaper] = []
        self._case = story.filed.case
        self._procedure = self._case.version.procedure

    # -- Filing

    def _submit(self, deed: Deed, _number: int) -> None:
        filed, content, at = self._story.filed, self._content, deed.at
        self._dossier = Dossier(
            id=filed.id,
            code=filed.code,
            link_secret=content.secret,
            draft=content.draft,
            case=self._case,
            channel=content.channel,
            state=DossierState.SUBMITTED.value,
            national_state=NationalState.FILED.value,
            money_state=rules.money_state(content.lines).value,
            delivery_state=DeliveryState.NOT_READY.value,
            received_unit_id=filed.units["received"],
            competent_unit_id=filed.units["competent"],
            settled_in=self._procedure.settled_in,
            delivery="online",
            allowance=self._case.allowance,
            submitted_at=at,
            last_act="submit",
            last_by=deed.by.account,
            last_at=at,
        )
        self._hand_in(deed, None)
        self._open_to(at)
        self._name_parties(at)
        self._lines = [
            FeeLine(id=self._ids(at), dossier=self._dossier, **_plain(asdict(line)))
            for line in content.lines
        ]
        self._rows.append(
            forms.past_answers(
                record_kind=KIND,
                record=filed.id,
                form_version=self._case.form_version_id,
                answers=content.answers,
                unit=filed.units["competent"],
                person=filed.owner.person,
                at=at,
            )
        )
        self._trail(deed, "submit", {"procedure": self._procedure.code, "channel": content.channel})
        self._publish(
            DossierSubmitted(
                dossier=filed.id,
                code=filed.code,
                procedure=self._procedure.code,
                unit=filed.units["received"],
                channel=content.channel,
            ),
            at,
        )

    def _hand_in(self, deed: Deed, supplement: UUID | None) -> None:
        """Hand in the papers, or with a supplement the first of them once more."""
        is_counter = deed.by.is_official
        asked = self._content.asked
        given = [rule for rule in asked if is_counter or (rule.required and not rule.is_shown)]
        for rule in given if supplement is None else given[:1]:
            shown = rule.is_shown
            file = None
            if not shown:
                file = self._papers.handed_in(
                    self._ids(deed.at), rule.code, self._dossier.id, deed.by.account, deed.at
                )
                self._rows.append(file)
            source = PaperSource.SCAN if is_counter else PaperSource.UPLOAD
            self._handed_in.append(
                DossierPaper(
                    id=self._ids(deed.at),
                    dossier=self._dossier,
                    code=rule.code,
                    title=rule.title,
                    source=(PaperSource.SHOWN if shown else source).value,
                    file=file,
                    originals=rule.originals if shown else 0,
                    copies=rule.copies,
                    supplement=supplement,
                    added_at=deed.at,
                )
            )
            self._rows.append(self._handed_in[-1])

    def _open_to(self, at: dt.datetime) -> None:
        filed = self._story.filed
        units = {filed.units["received"]: "received", filed.units["competent"]: "competent"}
        concerned = [{"unit": unit, "why": why} for unit, why in units.items()]
        person = PartyRole.OWNER if filed.firm is None else PartyRole.SUBMITTER
        concerned.append({"person": filed.owner.person, "why": person.value})
        if filed.helper is not None:
            concerned.append({"person": filed.helper.person, "why": PartyRole.SUBMITTER.value})
        if filed.firm is not None:
            concerned.append({"person": filed.firm.id, "why": PartyRole.OWNER.value})
        self._rows += [
            access.Participation(id=self._ids(at), record=filed.id, kind=KIND, since=at, **one)
            for one in concerned
        ]
        self._rows.append(
            search.past(
                entry=self._ids(at),
                kind=KIND,
                record=filed.id,
                code=filed.code,
                title=filed.owner_name,
                body=self._procedure.name["vi"],
                units=[filed.units["received"], filed.units["competent"]],
                at=at,
            )
        )

    def _name_parties(self, at: dt.datetime) -> None:
        owner, firm = self._story.filed.owner, self._story.filed.firm
        if firm is not None:
            self._rows.append(
                Party(
                    id=self._ids(at),
                    dossier=self._dossier,
                    role=PartyRole.OWNER.value,
                    enterprise=firm,
                    full_name=firm.name,
                    last_digits=firm.tax_code[-4:],
                    address=owner.address,
                )
            )
        written = told().words["written_authority" if owner.is_staff else "authority"]
        role = PartyRole.OWNER if firm is None else PartyRole.SUBMITTER
        self._rows.append(self._person(owner, role, at, "" if firm is None else written))
        if self._story.filed.helper is not None:
            helper = self._story.filed.helper
            self._rows.append(self._person(helper, PartyRole.SUBMITTER, at, ""))

    def _person(self, one: Somebody, role: PartyRole, at: dt.datetime, authority: str) -> Party:
        return Party(
            id=self._ids(at),
            dossier=self._dossier,
            role=role.value,
            authority=authority,
            person_id=one.person,
            full_name=nfc(one.full_name),
            last_digits=one.number[-4:],
            birth_date=one.born,
            phone=one.phone,
            address=one.address,
        )

    # -- What they share

    def _order(self, deed: Deed, form: FormCode, number: int, record: UUID | None) -> None:
        """Issue a prescribed paper, made by a worker a moment later."""
        made_at = deed.at + _SIGNED_AFTER
        name = f"{form.value}-{self._dossier.code}.pdf"
        file = self._papers.issued(self._ids(deed.at), name, self._dossier.id, None, made_at)
        self._rows += [
            file,
            IssuedForm(
                id=self._ids(deed.at),
                dossier=self._dossier,
                form=form.value,
                record=record,
                number=number,
                state=SigningState.SIGNED.value,
                file=file,
                issued_at=deed.at,
                told_at=made_at,
            ),
        ]

    def _paper_of_answer(self, deed: Deed, *, is_issued: bool = False) -> Any:
        is_refusal = self._story.kind == DecisionKind.REFUSAL
        template = "refusal" if is_refusal else self._case.result_paper.rsplit(".", 1)[-1]
        name, code = f"{template}-{self._dossier.code}.pdf", self._dossier.code
        of = (self._ids(deed.at), name, self._dossier.id, deed.by.account, deed.at)
        file = self._papers.issued(*of, code) if is_issued else self._papers.drafted(*of)
        self._rows.append(file)
        return file

    def _answer(self) -> Decision:
        if self._decision is None:
            raise ValueError("an answer is proposed before it is signed")
        return self._decision

    def _closing(
        self, deed: Deed, kind: ClosingKind, reason: str, ground: str, by: UUID | None
    ) -> Closing:
        closing = Closing(
            id=self._ids(deed.at),
            dossier=self._dossier,
            kind=kind.value,
            reason=reason,
            ground=ground,
            closed_by=by,
            closed_at=deed.at,
        )
        self._rows.append(closing)
        return closing

    def _closed(self, closing: Closing) -> DossierClosed:
        return DossierClosed(
            dossier=self._dossier.id,
            code=self._dossier.code,
            closing=closing.id,
            kind=closing.kind,
        )

    def _moved(
        self,
        deed: Deed,
        *,
        state: DossierState | None = None,
        act: str = "",
        closing: ClosingKind | None = None,
        changes: Mapping[str, Any] | None = None,
        event: Event | None = None,
        words: str = "",
    ) -> None:
        """Do what `dossiers.moved` does."""
        dossier, name = self._dossier, act or deed.act
        if closing is not None:
            changes = {**(changes or {}), "money_state": self._cancel_charges()}
        if state is not None:
            dossier.state = state.value
            dossier.national_state = rules.national_state(state, closing).value
        for column, value in (changes or {}).items():
            setattr(dossier, column, value)
        dossier.version += 1
        dossier.last_act, dossier.last_by, dossier.last_at = name, deed.by.account, deed.at
        fields = {"state": dossier.state, **(changes or {}), **({"words": words} if words else {})}
        self._trail(deed, name, fields)
        self._follow(deed)
        if event is not None:
            self._publish(event, deed.at)

    def _follow(self, deed: Deed) -> None:
        """Do what `parts.follow` does to the stages of a dossier that has such."""
        dossier, told_of = self._dossier, stages.told_of(self._case)
        if not told_of:
            return
        if deed.act == "receive":
            units = self._story.filed.units
            self._stages = parts.laid_down(dossier, told_of, units, deed.at)
            for stage in self._stages:
                stage.id = self._ids(deed.at)
            self._rows += self._stages
        moved = [] if dossier.expected_at == dossier.due_at else deed.pauses
        parts.move_on(dossier, self._stages, deed.open_steps, moved, deed.at)

    def _cancel_charges(self) -> str:
        before = MoneyState(self._dossier.money_state)
        after = rules.money_after_end(before)
        if after != before:
            for line in self._lines:
                line.state = MoneyState.CANCELLED.value
        return after.value

    def _trail(self, deed: Deed, act: str, fields: Mapping[str, Any]) -> None:
        self._rows += audit.past(
            deed.by,
            f"{KIND}.{act}",
            subject=audit.Subject(kind=KIND, id=self._dossier.id, code=self._dossier.code),
            at=deed.at,
            entry=self._ids(deed.at),
            fields=fields,
        )

    def _publish(self, event: Event, at: dt.datetime) -> None:
        self._rows += events.past(event, record=self._dossier.id, at=at, event_id=self._ids(at))

    def _chosen(self, words: str) -> Any:
        """Return one of the data file's words, always the same for a dossier."""
        choices = told().words[words]
        return choices[self._dossier.id.int % len(choices)]


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "title": dict(line["title"])}
