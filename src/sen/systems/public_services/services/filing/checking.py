"""What must hold before a dossier is made: the right, the form, the papers, the parties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, SignInNeeded
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.manifest import public as manifest
from sen.systems.public_services import permissions
from sen.systems.public_services.data import FeeLineValue, Filing, PaperRule
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, fees, firms
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.filing import papers, parties

AT_COUNTER = "truc_tiep"
"""How a version says that it is filed at the counter alone."""


class FormChanged(Conflict):
    """The form was published anew since the draft was begun; the draft is to be looked at again."""

    code = "form_changed"
    default = (
        "Biểu mẫu vừa được cập nhật. Vui lòng xem lại bản khai; nội dung đã điền vẫn được giữ."
    )


class AtCounterOnly(NotAllowed):
    """What is filed needs the original before an official's eyes: it is filed at the counter."""

    code = "at_counter_only"
    default = (
        "Thủ tục này chỉ nộp trực tiếp: hãy mang bản chính đến quầy của Trung tâm Phục vụ hành "
        "chính công, cán bộ lập hồ sơ cùng bạn."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A filing that holds: its case, its cleaned answers, what it asks for and costs.

    authority: by what right it is filed for an enterprise.
    """

    filing: Filing
    case: Case
    answers: Mapping[str, Any]
    asked: Mapping[str, PaperRule]
    lines: Sequence[FeeLineValue]
    authority: str = ""


def with_known(actor: Actor, filing: Filing, at: dt.datetime) -> Filing:
    """Return a filing with what the sources know of its locked answers.

    What a draft kept, and the person has seen, stands; the rest is asked now, so that a program
    can state no other name than the identity says. Nothing is known of whoever an official helps.
    A source may ask another system: not to be called inside a transaction.
    """
    if actor.is_official:
        return filing
    case = catalogue.current_case(filing.procedure, filing.case, on=clock.day(at))
    form = forms.form(case.form_version_id)
    locked = {key for key, question in form.questions.items() if question.is_locked}
    if locked <= filing.known.keys():
        return filing
    context = forms.PrefillContext(
        subject=filing.procedure,
        case=filing.case,
        at=at,
        answers=forms.clean(form, filing.answers)[0],
    )
    known = forms.prefill(actor, form, context, only_locked=True, language=get_language() or "vi")
    return replace(filing, known={**known, **filing.known})


def check_filing(actor: Actor, filing: Filing, at: dt.datetime) -> Checked:
    """Return a filing with all that was found out about it, if it may be filed and holds.

    Raises SignInNeeded, NotAllowed, NotFound, FormChanged, Invalid (with each field at fault).
    """
    case = catalogue.current_case(filing.procedure, filing.case, on=clock.day(at))
    check_right(actor, filing, case)
    form = forms.form(case.form_version_id)
    if filing.form_version != form.version:
        raise FormChanged
    answers, errors = forms.clean(form, filing.answers, prefill=filing.known)
    standing = firms.standing(actor, case, filing.known, answers, clock.day(at))
    asked = rules.papers_asked(
        catalogue.paper_rules(case),
        answers=answers,
        holds=forms.condition_holds,
        given=standing.given,
        looked_up=() if actor.is_official else filing.looked_up,
    )
    problems = {f"answers.{key}": value for key, value in errors.items()}
    problems = firms.problems(actor, case, answers) | problems
    problems |= papers.problems_of(asked, filing)
    problems |= papers.problems_of_results(actor, asked, filing, at)
    problems |= parties.problems_of(filing.parties)
    if filing.receiving_unit not in {unit.id for unit in catalogue.receiving_units(clock.day(at))}:
        problems["receiving_unit"] = [_("Vui lòng chọn nơi tiếp nhận hồ sơ.")]
    if problems:
        raise Invalid(fields=problems)
    return Checked(
        filing=filing,
        case=case,
        answers=answers,
        asked={rule.code: rule for rule in asked},
        lines=fees.computed(case, answers, on=clock.day(at)),
        authority=standing.authority,
    )


def check_right(actor: Actor, filing: Filing, case: Case) -> None:
    """Raise SignInNeeded, NotAllowed or Invalid where somebody may not file this, or not so."""
    channel = manifest.channel(filing.channel)
    if channel is None:
        raise Invalid(fields={"channel": [_("Không nhận hồ sơ qua kênh này.")]})
    if (channel.filed_by == manifest.FiledBy.OFFICIAL) != actor.is_official:
        raise NotAllowed
    check_way(actor, case)
    if actor.is_official:
        helping = helping_unit(actor, filing)
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


def check_way(actor: Actor, case: Case) -> None:
    """Raise AtCounterOnly where a person files online what an official takes at the counter.

    Nguồn: Nghị định 23/2015/NĐ-CP, Điều 20: bản chính được xuất trình để đối chiếu.
    """
    if not actor.is_official and case.version.overlay.get("online") == AT_COUNTER:
        raise AtCounterOnly(_(AtCounterOnly.default))


def helping_unit(actor: Actor, filing: Filing) -> UUID | None:
    """Return the unit at whose counter somebody was helped to file with another centre.

    Nguồn: các quyết định của tỉnh ngày 20/11/2025 (3769, 3771, 3782, 3783, 3851/QĐ-UBND): hồ sơ nộp
    được tại mọi trung tâm, không phụ thuộc địa giới.
    """
    right = permissions.FILE_AT_COUNTER.name
    if not actor.is_official or access.allows(actor, right, unit=filing.receiving_unit):
        return None
    return actor.unit
