"""What the verbs would have written of a story: every row of the dossier, its trail, its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import models

from sen.base import clock
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
    HandOverMethod,
    MoneyState,
    NationalState,
    PaperSource,
    PartyRole,
    SigningState,
)
from sen.systems.public_services.data import FeeLineValue, PaperRule
from sen.systems.public_services.events import (
    DossierClosed,
    DossierReceived,
    DossierSubmitted,
    DossierSupplemented,
    ResultHandedOver,
    ResultIssued,
    SupplementRequested,
)
from sen.systems.public_services.models import (
    Closing,
    Decision,
    Dossier,
    DossierPaper,
    FeeLine,
    HandOver,
    IssuedForm,
    Party,
    SupplementRequest,
)
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living.papers import Papers
from sen.systems.public_services.services.living.story import Deed, Story
from sen.systems.public_services.services.living.told import told
from sen.systems.results import public as results

NOBODY = UUID(int=0)
_SIGNED_AFTER = dt.timedelta(seconds=4)
"""How long a worker takes to make an ordered paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a dossier holds when it is filed: answers as cleaned, papers asked for, charges."""

    answers: Mapping[str, Any]
    asked: list[PaperRule]
    lines: list[FeeLineValue]
    secret: str
    key: str
    draft: UUID | None
    channel: str


class Chronicle:
    """The rows of one story. numbers: of each numbered deed, by its place among the deeds."""

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
        self._case = story.filed.case
        self._procedure = self._case.version.procedure

    def rows(self, until: dt.datetime) -> Iterator[models.Model]:
        """Return everything that is to be loaded."""
        filed = self._story.filed
        for place, deed in enumerate(self._story.deeds):
            _DEEDS[deed.act](self, deed, self._numbers.get(place, 0))
        yield self._dossier
        yield from self._rows
        yield from self._lines
        if self._decision is not None:
            yield self._decision
        yield from self._story.run.rows(until)
        for at, told_of in self._story.run.fired:
            yield from events.past(told_of, record=filed.id, at=at, event_id=self._ids(at))

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
            self._rows.append(
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

    def _open_to(self, at: dt.datetime) -> None:
        filed = self._story.filed
        units = {filed.units["received"]: "received", filed.units["competent"]: "competent"}
        concerned = [{"unit": unit, "why": why} for unit, why in units.items()]
        concerned.append({"person": filed.owner.person, "why": PartyRole.OWNER.value})
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
                title=filed.owner.full_name,
                body=self._procedure.name["vi"],
                units=[filed.units["received"], filed.units["competent"]],
                at=at,
            )
        )

    def _name_parties(self, at: dt.datetime) -> None:
        owner = self._story.filed.owner
        self._rows.append(
            Party(
                id=self._ids(at),
                dossier=self._dossier,
                role=PartyRole.OWNER.value,
                person_id=owner.person,
                full_name=nfc(owner.full_name),
                last_digits=owner.number[-4:],
                birth_date=owner.born,
                phone=owner.phone,
                address=owner.address,
            )
        )

    # -- Reception, supplement, withdrawal

    def _receive(self, deed: Deed, number: int) -> None:
        due = self._story.due_at
        self._order(deed, FormCode.MAU_01, number, None)
        self._moved(
            deed,
            state=DossierState.RECEIVED,
            changes={
                "received_at": deed.at,
                "competent_received_at": deed.at,
                "due_at": due,
                "expected_at": due,
                "calendar_edition": self._story.edition,
            },
            event=DossierReceived(
                dossier=self._dossier.id,
                code=self._dossier.code,
                procedure=self._procedure.code,
                unit=self._dossier.received_unit_id,
                due_at=due or deed.at,
            ),
        )

    def _refuse_reception(self, deed: Deed, number: int) -> None:
        reason, ground = self._chosen("refused_at_reception")
        self._close(deed, FormCode.MAU_03, number, ClosingKind.REFUSED_AT_RECEPTION, reason, ground)

    def _withdraw(self, deed: Deed, number: int) -> None:
        self._close(deed, FormCode.MAU_05, number, ClosingKind.WITHDRAWN, deed.words, "")

    def _close(
        self,
        deed: Deed,
        form: FormCode,
        number: int,
        kind: ClosingKind,
        reason: str,
        ground: str,
    ) -> None:
        closing = self._closing(deed, kind, reason, ground, deed.by.account)
        self._order(deed, form, number, closing.id)
        is_withdrawn = kind == ClosingKind.WITHDRAWN
        self._moved(
            deed,
            state=DossierState.WITHDRAWN if is_withdrawn else DossierState.REFUSED,
            closing=kind,
            changes={"ended_at": deed.at},
            words=closing.reason,
            event=self._closed(closing),
        )

    def _request_supplement(self, deed: Deed, number: int) -> None:
        words = self._chosen("supplement")
        papers = [rule.code for rule in self._content.asked if not rule.is_shown]
        is_paper = words["kind"] == "paper" and bool(papers)
        item = {
            "kind": "paper" if is_paper else "other",
            "code": papers[0] if is_paper else "",
            "what": words["what"],
            "reason": words["reason"],
        }
        self._request = SupplementRequest(
            id=self._ids(deed.at),
            dossier=self._dossier,
            stage=deed.stage,
            items=[item],
            requested_by=deed.by.account or NOBODY,
            requested_at=deed.at,
        )
        self._rows.append(self._request)
        self._order(deed, FormCode.MAU_02, number, self._request.id)
        self._moved(
            deed,
            state=DossierState.SUPPLEMENT,
            event=SupplementRequested(
                dossier=self._dossier.id, code=self._dossier.code, request=self._request.id
            ),
        )

    def _supplement(self, deed: Deed, _number: int) -> None:
        request = self._request
        if request is None:
            return
        self._hand_in(deed, request.id)
        request.answered_at, request.answer = deed.at, self._chosen("answer")
        at_reception = request.stage == "reception"
        expected = self._story.expected.get(deed.at)
        self._moved(
            deed,
            state=DossierState.SUBMITTED if at_reception else DossierState.PROCESSING,
            changes={} if at_reception else {"expected_at": expected},
            event=DossierSupplemented(
                dossier=self._dossier.id, code=self._dossier.code, request=request.id
            ),
        )

    # -- In the agency

    def _assign(self, deed: Deed, _number: int) -> None:
        self._moved(deed, state=DossierState.PROCESSING)

    def _propose(self, deed: Deed, _number: int) -> None:
        signer = self._story.signer
        is_refusal = self._story.kind == DecisionKind.REFUSAL
        reason, ground = self._chosen("refused") if is_refusal else ("", "")
        if self._decision is None:
            self._decision = Decision(
                id=self._ids(deed.at),
                dossier=self._dossier,
                kind=self._story.kind.value,
                result_key=self._content.key,
                signer=(signer.account if signer else None) or NOBODY,
                proposed_by=deed.by.account or NOBODY,
            )
        draft = self._paper_of_answer(deed)
        made = self._decision
        made.reason, made.ground, made.state = reason, ground, SigningState.DRAFT.value
        made.draft = draft
        self._moved(deed, state=DossierState.PROCESSING)

    def _check(self, deed: Deed, _number: int) -> None:
        if deed.is_agreed:
            self._moved(deed, state=DossierState.SIGNING)
        else:
            self._return(deed)

    def _return(self, deed: Deed, _number: int = 0) -> None:
        if self._decision is not None:
            self._decision.round += 1
        self._moved(deed, state=DossierState.PROCESSING, words=deed.words)

    def _sign(self, deed: Deed, _number: int) -> None:
        decision = self._answer()
        decision.signed_by = deed.by.account
        decision.state, decision.signed = SigningState.SIGNED.value, self._paper_of_answer(deed)
        self._moved(deed, state=DossierState.SIGNED)

    def _issue(self, deed: Deed, number: int) -> None:
        decision, at = self._answer(), deed.at
        day = clock.day(at)
        register = paperwork.register_of(self._dossier, DecisionKind(decision.kind), on=day)
        decision.number, decision.decided_on = number, day
        decision.notation = f"{number:02d}/{register.notation}"
        self._trail(deed, "number", {"number": decision.notation})
        decision.issued_by, decision.state = deed.by.account, SigningState.SEALED.value
        file = self._paper_of_answer(deed, mark=self._dossier.code)
        decision.sealed = file
        if decision.kind == DecisionKind.REFUSAL:
            closing = self._closing(
                deed, ClosingKind.REFUSED, decision.reason, decision.ground, decision.signed_by
            )
            self._moved(
                deed,
                state=DossierState.REFUSED,
                closing=ClosingKind.REFUSED,
                changes={"issued_at": at, "ended_at": at},
                event=self._closed(closing),
            )
            return
        self._keep(deed, decision)
        self._moved(
            deed,
            state=DossierState.ISSUED,
            changes={"issued_at": at, "delivery_state": DeliveryState.READY.value},
            event=ResultIssued(
                dossier=self._dossier.id,
                code=self._dossier.code,
                procedure=self._procedure.code,
                result_type=self._case.result_type,
                number=decision.notation,
                unit=self._dossier.competent_unit_id,
                file=file.id,
                decision=decision.id,
            ),
        )

    def _keep(self, deed: Deed, decision: Decision) -> None:
        file = decision.sealed
        if file is None or decision.decided_on is None:
            return
        self._rows += results.past_result(
            actor=deed.by,
            result=results.NewResult(
                key=decision.result_key,
                result_type=self._case.result_type,
                title=self._procedure.name["vi"],
                number=decision.notation,
                issued_on=decision.decided_on,
                unit=self._dossier.competent_unit_id,
                source_kind=KIND,
                source=self._dossier.id,
                source_code=self._dossier.code,
                file=file.id,
                sha256=file.sha256,
                holders=(self._story.filed.owner.person,),
                data=self._facts(),
            ),
            at=deed.at,
            new_id=self._ids,
        )

    def _facts(self) -> dict[str, str]:
        """Return the facts on the result that are answers as they stand."""
        answers = self._content.answers
        keys = {
            name: rule for name, rule in self._case.result_data.items() if isinstance(rule, str)
        }
        form = forms.form(self._case.form_version_id)
        said = forms.pdf_data(form, answers)["text"]
        return {name: str(said.get(key, "")) for name, key in keys.items()}

    def _hand_over(self, deed: Deed, _number: int) -> None:
        is_online = not deed.by.is_official
        evidence = "Đăng nhập định danh điện tử mức 2" if is_online else self._chosen("evidence")
        method = HandOverMethod.ONLINE if is_online else HandOverMethod.COUNTER
        self._rows.append(
            HandOver(
                id=self._ids(deed.at),
                dossier=self._dossier,
                method=method.value,
                receiver=self._story.filed.owner.full_name,
                evidence=evidence,
                handed_by=deed.by.account,
                handed_at=deed.at,
            )
        )
        self._moved(
            deed,
            act="hand_over",
            state=DossierState.HANDED_OVER,
            changes={"ended_at": deed.at, "delivery_state": DeliveryState.HANDED_OVER.value},
            event=ResultHandedOver(
                dossier=self._dossier.id, code=self._dossier.code, method=method.value
            ),
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

    def _paper_of_answer(self, deed: Deed, mark: str = "") -> Any:
        is_refusal = self._story.kind == DecisionKind.REFUSAL
        template = "refusal" if is_refusal else self._case.result_paper.rsplit(".", 1)[-1]
        file = self._papers.issued(
            self._ids(deed.at),
            f"{template}-{self._dossier.code}.pdf",
            self._dossier.id,
            deed.by.account,
            deed.at,
            mark,
        )
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
        state: DossierState,
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
        dossier.state = state.value
        dossier.national_state = rules.national_state(state, closing).value
        for column, value in (changes or {}).items():
            setattr(dossier, column, value)
        dossier.version += 1
        dossier.last_act, dossier.last_by, dossier.last_at = name, deed.by.account, deed.at
        fields = {"state": dossier.state, **(changes or {}), **({"words": words} if words else {})}
        self._trail(deed, name, fields)
        if event is not None:
            self._publish(event, deed.at)

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


_DEEDS = {
    "submit": Chronicle._submit,  # noqa: SLF001 - one table of the class's own deeds
    "receive": Chronicle._receive,  # noqa: SLF001
    "refuse_reception": Chronicle._refuse_reception,  # noqa: SLF001
    "withdraw": Chronicle._withdraw,  # noqa: SLF001
    "request_supplement": Chronicle._request_supplement,  # noqa: SLF001
    "supplement": Chronicle._supplement,  # noqa: SLF001
    "assign": Chronicle._assign,  # noqa: SLF001
    "propose": Chronicle._propose,  # noqa: SLF001
    "check": Chronicle._check,  # noqa: SLF001
    "return_for_rework": Chronicle._return,  # noqa: SLF001
    "sign": Chronicle._sign,  # noqa: SLF001
    "issue": Chronicle._issue,  # noqa: SLF001
    "hand_over": Chronicle._hand_over,  # noqa: SLF001
    "take_result": Chronicle._hand_over,  # noqa: SLF001
}
