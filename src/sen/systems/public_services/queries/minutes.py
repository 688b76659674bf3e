"""What the minutes of a council say: who came, what each said, how it voted, what it concluded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import Attendance
from sen.systems.public_services.models import CouncilSeat, Dossier
from sen.systems.public_services.queries import council, paperwork
from sen.systems.public_services.queries.council import Sitting
from sen.systems.public_services.queries.paperwork import PaperOrder
from sen.systems.public_services.rules.council import Tally

TEMPLATE = "public_services.council_minutes"


def order(
    dossier: Dossier,
    held: Sitting,
    *,
    version: UUID,
    values: Mapping[str, Any],
    tallies: Mapping[str, Tally],
    chair: Mapping[str, Any],
    number: int,
    at: dt.datetime,
) -> PaperOrder:
    """Return the minutes with everything they say.

    version: of the form of opinions. chair: the chair's own opinion.
    """
    on = clock.day(at)
    form = forms.form(version)
    accounts = {held.council.chair, *(seat.account for seat in held.members)}
    names = identity.display_names(filter(None, accounts))
    chaired_by = names.get(held.council.chair, "")
    ward = organisations.unit_name(dossier.competent_unit_id, on)
    data = {
        **paperwork.head(dossier.competent_unit_id, on),
        "agency": dossier.case.council["title"]["vi"],
        "agency_parent": ward,
        "number": number,
        "notation": dossier.case.council["notation"],
        "code": dossier.code,
        "meets_at": held.council.meets_at,
        "meets_in": held.council.place,
        **_person(dossier),
        "chair": chaired_by,
        "members": _members(form, held, names, chair),
        "attendance": _attendance(held),
        "votes": _votes(form, tallies),
        "conclusion": [
            {"title": form.questions[key].label["vi"], "text": text}
            for key, text in _text(form, values).items()
            if text
        ],
        "decided_by": _decided_by(tallies),
        "signer_authority": _("TM. HỘI ĐỒNG"),
        "signer_title": _("Chủ tịch Hội đồng"),
        "signer_name": chaired_by,
    }
    return PaperOrder(
        template=TEMPLATE,
        data=data,
        qr=paperwork.follow_address(dossier),
        filename=f"bien-ban-{dossier.code}.pdf",
    )


def _person(dossier: Dossier) -> dict[str, str]:
    """Return who is assessed, by the answers that the procedure names."""
    form = forms.form(dossier.case.form_version_id)
    said = forms.pdf_data(form, council.told(dossier))["text"]
    named: Mapping[str, str] = dossier.case.council["person"]
    return {name: said.get(key, "") for name, key in named.items()}


def _members(
    form: forms.Form, held: Sitting, names: Mapping[UUID, str], chair: Mapping[str, Any]
) -> list[dict[str, str]]:
    chaired_by = names.get(held.council.chair, "")
    rows = [{"name": chaired_by, "title": _("Chủ tịch Hội đồng"), "opinion": opinion(form, chair)}]
    rows += [
        {
            "name": names.get(seat.account, "") if seat.account else "",
            "title": seat.title["vi"],
            "opinion": _opinion_of(form, held, seat),
        }
        for seat in held.members
    ]
    return rows


def _opinion_of(form: forms.Form, held: Sitting, seat: CouncilSeat) -> str:
    if seat.attendance == Attendance.ABSENT:
        return _("Vắng mặt: %(reason)s") % {"reason": seat.reason}
    return opinion(form, held.opinions[seat.id])


def opinion(form: forms.Form, values: Mapping[str, Any]) -> str:
    """Return an opinion as one line: what was said to each question, in order."""
    return "; ".join(text for text in _text(form, values).values() if text)


def _text(form: forms.Form, values: Mapping[str, Any]) -> Mapping[str, str]:
    text: Mapping[str, str] = forms.pdf_data(form, values)["text"]
    return {key: text.get(key, "") for key in form.questions}


def _attendance(held: Sitting) -> str:
    return _("%(there)s trên %(all)s thành viên") % {
        "there": len(held.present) + 1,
        "all": len(held.members) + 1,
    }


def _votes(form: forms.Form, tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    return [
        {"title": f"{form.questions[key].label['vi']}: {_named(form, key)[value]}", "count": count}
        for key, tally in tallies.items()
        for value, count in tally.votes.items()
    ]


def _named(form: forms.Form, key: str) -> Mapping[str, str]:
    return {option.code: option.label["vi"] for option in form.questions[key].options}


def _decided_by(tallies: Mapping[str, Tally]) -> str:
    if any(tally.is_by_chair for tally in tallies.values()):
        return _(
            "Số phiếu ngang nhau, kết luận theo ý kiến của Chủ tịch Hội đồng (Luật Người khuyết "
            "tật, Điều 16 khoản 3)."
        )
    return _("Kết luận được thông qua theo đa số (Luật Người khuyết tật, Điều 16 khoản 3).")
