"""Filing: from what was typed to a dossier that waits for reception; and withdrawing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor, Channel, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, SignInNeeded
from sen.base.identifiers import NationalNumber, new_id, new_secret
from sen.base.vietnamese import fold, nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.search import public as search
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions, rules
from sen.systems.public_services.choices import (
    ClosingKind,
    DossierState,
    NationalState,
    PaperSource,
    PartyRole,
)
from sen.systems.public_services.data import (
    FeeLineValue,
    Filing,
    PaperInput,
    PaperRule,
    PartyInput,
)
from sen.systems.public_services.events import DossierClosed, DossierSubmitted
from sen.systems.public_services.models import (
    Case,
    Closing,
    Dossier,
    DossierPaper,
    FeeLine,
    Party,
)
from sen.systems.public_services.queries import catalogue, fees, records
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND, Ordered
from sen.systems.results import public as results


class FormChanged(Conflict):
    """The form was published anew since the draft was begun; the draft is to be looked at again."""

    code = "form_changed"
    default = (
        "Biểu mẫu vừa được cập nhật. Vui lòng xem lại bản khai; nội dung đã điền vẫn được giữ."
    )


class NotFiledHere(Conflict):
    """The procedure cannot be filed in this system now."""

    code = "not_filed_here"
    default = "Thủ tục này hiện không nhận hồ sơ tại đây."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A filing that holds: its case, its cleaned answers, what it asks for and costs."""

    filing: Filing
    case: Case
    answers: Mapping[str, Any]
    asked: Mapping[str, PaperRule]
    lines: Sequence[FeeLineValue]


@transaction.atomic
def submit_dossier(*, actor: Actor, filing: Filing, at: dt.datetime) -> Dossier:
    """File a dossier ("nộp hồ sơ"): online by its owner, or at the counter by an official.

    A filing of a draft that was filed already returns the first dossier. Whoever files by a bearer
    token was identified when the token was made for them; the level of a sign-in is not asked.
    Raises SignInNeeded, NotAllowed, NotFiledHere, FormChanged, Invalid (with each field at fault).
    Publishes DossierSubmitted.
    """
    access.enter(actor)
    if filing.draft is not None:
        first = _already_filed(actor, filing.draft)
        if first is not None:
            return first
    checked = _check(actor, filing, at)
    people = _persons(actor, filing, at)
    dossier = _create(actor, checked, at)
    _open_to(dossier, people, at)
    _write_parts(actor, dossier, checked, people, at)
    _announce(actor, dossier, checked, at)
    if filing.draft is not None:
        forms.finish_draft(actor, draft=filing.draft)
    return dossier


@transaction.atomic
def withdraw_dossier(*, actor: Actor, order: Ordered, reason: str, at: dt.datetime) -> Dossier:
    """Take a dossier back ("rút hồ sơ") on the wish of its owner.

    Not while the leader's signature is being made, which takes seconds: it either comes or fails.
    Raises NotFound, VersionConflict, SigningUnderWay, Invalid. Publishes DossierClosed.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 21; Thông tư 03/2025/TT-VPCP, Điều 7.
    """
    dossier = dossiers.open_as_party(actor, order, act="withdraw")
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng cho biết lý do rút hồ sơ.")]})
    if dossier.state == DossierState.SIGNING:
        dossiers.not_under_way(dossier)
    workflow.cancel(actor, record=dossier.id, at=at, outcome="withdrawn")
    closing = Closing.objects.create(
        dossier=dossier,
        kind=ClosingKind.WITHDRAWN,
        reason=nfc(reason),
        closed_by=actor.account,
        closed_at=at,
    )
    dossiers.moved(
        actor,
        dossier,
        act="withdraw",
        at=at,
        state=DossierState.WITHDRAWN,
        closing=ClosingKind.WITHDRAWN,
        changes={"ended_at": at},
        words=closing.reason,
        event=DossierClosed(
            dossier=dossier.id, code=dossier.code, closing=closing.id, kind=closing.kind
        ),
    )
    return dossier


def _already_filed(actor: Actor, draft: UUID) -> Dossier | None:
    """Return the dossier of a draft, after whoever is filing it at this moment has done so."""
    forms.lock_draft(draft)
    filed = Dossier.objects.filter(draft=draft).first()
    if filed is not None and records.filed_from(actor, draft) is None:
        raise dossiers.not_found()
    return filed


def _check(actor: Actor, filing: Filing, at: dt.datetime) -> _Checked:
    case = catalogue.current_case(filing.procedure, filing.case, on=clock.day(at))
    _check_right(actor, filing, case)
    form = forms.form(case.form_version_id)
    if filing.form_version != form.version:
        raise FormChanged
    answers, errors = forms.clean(form, filing.answers, prefill=filing.known)
    asked = rules.papers_asked(
        catalogue.paper_rules(case), answers=answers, holds=forms.condition_holds
    )
    problems = {f"answers.{key}": value for key, value in errors.items()}
    problems |= _paper_problems(asked, filing)
    problems |= _result_problems(actor, asked, filing, at)
    problems |= _party_problems(filing.parties)
    if filing.receiving_unit not in {unit.id for unit in catalogue.receiving_units(clock.day(at))}:
        problems["receiving_unit"] = [_("Vui lòng chọn nơi tiếp nhận hồ sơ.")]
    if problems:
        raise Invalid(fields=problems)
    return _Checked(
        filing=filing,
        case=case,
        answers=answers,
        asked={rule.code: rule for rule in asked},
        lines=fees.computed(case, answers, on=clock.day(at)),
    )


def _helping_unit(actor: Actor, filing: Filing) -> UUID | None:
    """Return the unit at whose counter somebody was helped to file with another centre.

    Nguồn: các quyết định của tỉnh ngày 20/11/2025 (3769, 3771, 3782, 3783, 3851/QĐ-UBND): hồ sơ nộp
    được tại mọi trung tâm, không phụ thuộc địa giới.
    """
    right = permissions.FILE_AT_COUNTER.name
    if not actor.is_official or access.allows(actor, right, unit=filing.receiving_unit):
        return None
    return actor.unit


def _check_right(actor: Actor, filing: Filing, case: Case) -> None:
    channel = manifest.channel(filing.channel)
    if channel is None:
        raise Invalid(fields={"channel": [_("Không nhận hồ sơ qua kênh này.")]})
    if (channel.filed_by == manifest.FiledBy.OFFICIAL) != actor.is_official:
        raise NotAllowed
    if actor.is_official:
        helping = _helping_unit(actor, filing)
        access.check(
            actor,
            channel.permission or permissions.FILE_AT_COUNTER.name,
            unit=helping or filing.receiving_unit,
        )
    elif actor.person is None:
        raise SignInNeeded
    else:
        if actor.token is None:
            access.require_strength(actor, Strength(case.min_strength))
        if not any(party.person == actor.person for party in filing.parties):
            raise NotAllowed(_("Bạn chỉ nộp được hồ sơ của mình hoặc hồ sơ mình đại diện."))


def _paper_problems(asked: Sequence[PaperRule], filing: Filing) -> dict[str, list[str]]:
    problems = {
        f"papers.{rule.code}": [_("Cần có: %(paper)s.") % {"paper": rule.title["vi"]}]
        for rule in rules.missing_papers(asked, filing.papers)
    }
    known = {rule.code for rule in asked}
    for paper in filing.papers:
        if paper.code not in known:
            problems[f"papers.{paper.code}"] = [_("Hồ sơ này không yêu cầu giấy tờ đó.")]
    return problems


def _result_problems(
    actor: Actor, asked: Sequence[PaperRule], filing: Filing, at: dt.datetime
) -> dict[str, list[str]]:
    """Return what is wrong with kept results that stand for papers.

    One stands for a paper if the paper's rule names its kind, it is in force, and it belongs to a
    party of the filing.
    """
    kinds = {rule.code: rules.result_type(rule) for rule in asked}
    wanted = [paper for paper in filing.papers if paper.result]
    if not wanted:
        return {}
    persons = [person for party in filing.parties if (person := _holder(actor, party)) is not None]
    found = results.of_persons(actor, persons=persons, on=clock.day(at))
    held = {(one.key, one.result_type) for one in found}
    return {
        f"papers.{paper.code}": [_("Kết quả này không dùng thay cho giấy tờ đó được.")]
        for paper in wanted
        if (paper.result, kinds.get(paper.code)) not in held
    }


def _holder(actor: Actor, party: PartyInput) -> UUID | None:
    """Return the person whose results serve: whoever signed in and those they act for.

    At the counter, where the official has seen the identity paper, whoever has the typed number
    and name.
    """
    if party.person is not None or not actor.is_official:
        return party.person
    try:
        found = identity.find_person(NationalNumber.parse(party.national_number).digits)
    except ValueError:
        return None
    is_same = found is not None and fold(found.full_name) == fold(party.full_name)
    return found.pk if found is not None and is_same else None


def _party_problems(parties: Sequence[PartyInput]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not any(party.role == PartyRole.OWNER for party in parties):
        problems["parties"] = [_("Thiếu thông tin chủ hồ sơ.")]
    for party in parties:
        path = f"parties.{party.role}"
        if not nfc(party.full_name):
            problems[f"{path}.full_name"] = [_("Vui lòng ghi họ, chữ đệm, tên.")]
        try:
            number = NationalNumber.parse(party.national_number)
        except ValueError:
            problems[f"{path}.national_number"] = [_("Số định danh cá nhân gồm 12 chữ số.")]
            continue
        if party.birth_date and not number.fits(birth_year=party.birth_date.year):
            problems[f"{path}.national_number"] = [
                _("Số định danh không khớp với năm sinh. Vui lòng kiểm tra lại.")
            ]
        if party.role == PartyRole.REPRESENTATIVE and not nfc(party.authority):
            problems[f"{path}.authority"] = [_("Vui lòng ghi giấy tờ ủy quyền.")]
    return problems


def _persons(actor: Actor, filing: Filing, at: dt.datetime) -> list[tuple[PartyInput, UUID | None]]:
    """Return the parties, each with the person who they surely are, None for a name only typed."""
    return [
        (party, party.person if party.person is not None else _recognised(actor, party, at))
        for party in filing.parties
    ]


def _recognised(actor: Actor, party: PartyInput, at: dt.datetime) -> UUID | None:
    """Return the person of a typed party who is to take part, recorded when named the first time.

    An official at the counter has seen who it is; a citizen can only name a representative. Whoever
    is known under the number is taken only where name and birth date agree, so that nobody learns
    a name, or opens the dossier to a stranger, by typing a number. What was typed makes nobody
    reachable: phone and address stay with the dossier.
    """
    if not actor.is_official and party.role != PartyRole.REPRESENTATIVE:
        return None
    person = identity.ensure_person(
        actor,
        national_number=party.national_number,
        full_name=nfc(party.full_name),
        birth_date=party.birth_date,
        phone=party.phone if actor.is_official else "",
        email=party.email if actor.is_official else "",
        address=nfc(party.address) if actor.is_official else "",
        at=at,
    )
    is_same = rules.is_same_person(party, full_name=person.full_name, birth_date=person.birth_date)
    return person.id if is_same else None


def _create(actor: Actor, checked: _Checked, at: dt.datetime) -> Dossier:
    filing, case = checked.filing, checked.case
    unit = organisations.unit_by_id(filing.receiving_unit)
    procedure = case.version.procedure
    return Dossier.objects.create(
        id=new_id(),
        code=papers.next_code(
            unit=unit.id, unit_code=unit.code, field_code=procedure.field_code, on=clock.day(at)
        ),
        link_secret=new_secret(),
        draft=filing.draft,
        case=case,
        channel=filing.channel,
        national_state=NationalState.FILED,
        money_state=rules.money_state(checked.lines),
        helped_at_id=_helping_unit(actor, filing),
        received_unit_id=filing.receiving_unit,
        competent_unit_id=filing.competent_unit,
        settled_in=procedure.settled_in,
        delivery=filing.delivery,
        allowance=case.allowance,
        submitted_at=at,
        last_act="submit",
        last_by=actor.account,
        last_at=at,
    )


def _write_parts(
    actor: Actor,
    dossier: Dossier,
    checked: _Checked,
    people: Sequence[tuple[PartyInput, UUID | None]],
    at: dt.datetime,
) -> None:
    filing = checked.filing
    owner = next(person for party, person in people if party.role == PartyRole.OWNER)
    forms.save_answers(
        actor,
        record_kind=KIND,
        record=dossier.id,
        form_version=checked.case.form_version_id,
        answers=checked.answers,
        unit=dossier.competent_unit_id,
        person=owner,
        provenance=filing.known,
    )
    Party.objects.bulk_create(
        Party(
            dossier=dossier,
            role=party.role,
            person_id=person,
            full_name=nfc(party.full_name),
            last_digits=NationalNumber.parse(party.national_number).digits[-4:],
            birth_date=party.birth_date,
            phone=party.phone,
            email=party.email,
            address=nfc(party.address),
            relation=nfc(party.relation),
            authority=nfc(party.authority),
        )
        for party, person in people
    )
    FeeLine.objects.bulk_create(FeeLine(dossier=dossier, **asdict(line)) for line in checked.lines)
    add_papers(actor, dossier, filing.papers, checked.asked, at=at)


def add_papers(
    actor: Actor,
    dossier: Dossier,
    given: Sequence[PaperInput],
    asked: Mapping[str, PaperRule],
    *,
    at: dt.datetime,
    supplement: UUID | None = None,
) -> None:
    """Write the papers handed in and tie their files to the dossier; a step of a larger verb.

    Raises NotFound or Conflict where a file is another's or already serves another record, Invalid
    for a kind of file that the paper does not take.
    """
    linked = files.link(
        actor,
        [file for paper in given for file in paper.files],
        KIND,
        dossier.id,
        at,
        moved_from=(forms.DRAFT_FILES, dossier.draft) if dossier.draft else None,
    )
    _refuse_types(given, asked, {file.id: file.media_type for file in linked})
    DossierPaper.objects.bulk_create(
        DossierPaper(
            dossier=dossier,
            code=paper.code,
            title=asked[paper.code].title,
            source=paper.source,
            file_id=file,
            result=paper.result,
            note=nfc(paper.note),
            originals=asked[paper.code].originals if paper.source == PaperSource.SHOWN else 0,
            copies=asked[paper.code].copies,
            supplement=supplement,
            added_at=at,
        )
        for paper in given
        for file in (paper.files or (None,))
    )


def _refuse_types(
    given: Sequence[PaperInput], asked: Mapping[str, PaperRule], types: Mapping[UUID, str]
) -> None:
    """Raise Invalid, by paper, for files of a kind that the paper's rule does not name."""
    problems = {
        f"papers.{paper.code}": [_("Giấy tờ này chỉ nhận tệp PDF hoặc ảnh chụp.")]
        for paper in given
        if any(types[file] not in asked[paper.code].accepted for file in paper.files)
    }
    if problems:
        raise Invalid(fields=problems)


def _open_to(
    dossier: Dossier, people: Sequence[tuple[PartyInput, UUID | None]], at: dt.datetime
) -> None:
    units = {
        **({dossier.helped_at_id: "helped"} if dossier.helped_at_id else {}),
        dossier.received_unit_id: "received",
        dossier.competent_unit_id: "competent",
    }
    access.participate_many(
        record=dossier.id,
        kind=KIND,
        units=units,
        persons={person: party.role for party, person in people if person is not None},
        at=at,
    )


def _announce(actor: Actor, dossier: Dossier, checked: _Checked, at: dt.datetime) -> None:
    procedure = checked.case.version.procedure
    owner = next(p for p in checked.filing.parties if p.role == PartyRole.OWNER)
    workflow.start(
        actor,
        kind=KIND,
        record=dossier.id,
        code=dossier.code,
        title=f"{procedure.name['vi']} · {nfc(owner.full_name)}",
        flow=checked.case.flow_version_id,
        units={"received": dossier.received_unit_id, "competent": dossier.competent_unit_id},
        group=procedure.field_code,
        due_at=None,
        at=at,
    )
    search.index(
        kind=KIND,
        record=dossier.id,
        code=dossier.code,
        title=nfc(owner.full_name),
        body=procedure.name["vi"],
        units=[dossier.received_unit_id, dossier.competent_unit_id],
        at=at,
    )
    audit.record(
        actor,
        f"{KIND}.submit",
        subject=dossiers.subject(dossier),
        at=at,
        fields={"procedure": procedure.code, "channel": dossier.channel},
    )
    events.publish(
        DossierSubmitted(
            dossier=dossier.id,
            code=dossier.code,
            procedure=procedure.code,
            unit=dossier.received_unit_id,
            channel=dossier.channel,
        ),
        record=dossier.id,
        at=at,
    )
    if actor.channel != Channel.COUNTER and actor.account is not None:
        notifications.notify(
            to=notifications.Recipient(account=actor.account),
            template="public_services.submitted",
            slots={"code": dossier.code, "procedure": procedure.name["vi"]},
            link=f"/ho-so/{dossier.code}/",
            record=dossier.id,
            at=at,
        )
