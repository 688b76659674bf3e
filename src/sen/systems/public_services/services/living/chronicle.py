"""What the verbs would have written of a story: every row of the dossier, its trail, its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import models

from sen.base import clock
from sen.kernel.events import public as events
from sen.kernel.forms import public as forms
from sen.systems.public_services.choices import (
    ClosingKind,
    DecisionKind,
    DeliveryState,
    DossierState,
    FormCode,
    HandOverMethod,
    SigningState,
    SyncState,
)
from sen.systems.public_services.events import (
    DossierReceived,
    DossierSupplemented,
    ResultHandedOver,
    ResultIssued,
    SupplementRequested,
)
from sen.systems.public_services.models import (
    Decision,
    HandOver,
    SupplementRequest,
)
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.services import passing_on
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.living.agency_ledger import AgencyLedger
from sen.systems.public_services.services.living.ledger import NOBODY
from sen.systems.public_services.services.living.story import Deed
from sen.systems.results import public as results


class Chronicle(AgencyLedger):
    """The rows of one story, deed by deed."""

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

    # -- Reception, supplement, withdrawal

    def _receive(self, deed: Deed, number: int) -> None:
        due = self._story.due_at
        self._order(deed, FormCode.MAU_01, number, None)
        passes_on = bool(passing_on.partner_of(self._case))
        if passes_on:
            self._order_passage(deed)
        self._moved(
            deed,
            state=DossierState.PASSED_ON if passes_on else DossierState.RECEIVED,
            changes={
                "received_at": deed.at,
                "competent_received_at": deed.at,
                "due_at": due,
                "expected_at": due,
                "calendar_edition": self._story.edition,
                **({"sync_state": SyncState.WAITING.value} if passes_on else {}),
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
        self._rise(deed.at)
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
        if not is_refusal and not self._case.council:
            self._establish(deed, self._content.findings)
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
        file = self._paper_of_answer(deed, is_issued=True)
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
        file, filed = decision.sealed, self._story.filed
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
                holders=(filed.firm.id if filed.firm is not None else filed.owner.person,),
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
        filed = self._story.filed
        self._rows.append(
            HandOver(
                id=self._ids(deed.at),
                dossier=self._dossier,
                method=method.value,
                receiver=(filed.helper or filed.owner).full_name,
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


_DEEDS = {
    "submit": Chronicle._submit,  # noqa: SLF001 - one table of the class's own deeds
    "receive": Chronicle._receive,  # noqa: SLF001
    "refuse_reception": Chronicle._refuse_reception,  # noqa: SLF001
    "withdraw": Chronicle._withdraw,  # noqa: SLF001
    "request_supplement": Chronicle._request_supplement,  # noqa: SLF001
    "supplement": Chronicle._supplement,  # noqa: SLF001
    "assign": Chronicle._assign,  # noqa: SLF001
    "convene": Chronicle._convene,  # noqa: SLF001
    "opine": Chronicle._opine,  # noqa: SLF001
    "excuse": Chronicle._excuse,  # noqa: SLF001
    "conclude": Chronicle._conclude,  # noqa: SLF001
    "send_duty": Chronicle._send_duty,  # noqa: SLF001
    "record_duty": Chronicle._record_duty,  # noqa: SLF001
    "confirm_duty": Chronicle._confirm_duty,  # noqa: SLF001
    "pass_on": Chronicle._pass_on,  # noqa: SLF001
    "seen_elsewhere": Chronicle._seen_elsewhere,  # noqa: SLF001
    "answered_elsewhere": Chronicle._answered_elsewhere,  # noqa: SLF001
    "propose": Chronicle._propose,  # noqa: SLF001
    "check": Chronicle._check,  # noqa: SLF001
    "return_for_rework": Chronicle._return,  # noqa: SLF001
    "sign": Chronicle._sign,  # noqa: SLF001
    "issue": Chronicle._issue,  # noqa: SLF001
    "hand_over": Chronicle._hand_over,  # noqa: SLF001
    "take_result": Chronicle._hand_over,  # noqa: SLF001
}
