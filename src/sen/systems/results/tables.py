"""Shapes of the results store for pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sen.kernel.organisations import public as organisations
from sen.systems.results.choices import ResultState, Verdict
from sen.systems.results.data import KeptResult, Verification
from sen.web import wording
from sen.web.data import Fact, Paper, Tone

_TONES: dict[str, Tone] = {
    Verdict.AUTHENTIC: "done",
    Verdict.REVOKED: "late",
    Verdict.ALTERED: "late",
    Verdict.UNKNOWN: "soon",
}


def papers(kept: list[KeptResult]) -> list[Paper]:
    """Return kept results as a list of papers."""
    return [
        Paper(
            title=one.title,
            href=reverse("results:result", args=[one.key]),
            detail=_("Số %(number)s · cấp ngày %(day)s")
            % {"number": one.number, "day": wording.day(one.issued_on)},
            signature="valid" if one.state == ResultState.VALID else "invalid",
        )
        for one in kept
    ]


def facts(kept: KeptResult) -> list[Fact]:
    """Return what is to be known of a result."""
    lines = [
        Fact(label=_("Số"), value=kept.number),
        Fact(label=_("Ngày cấp"), value=wording.day(kept.issued_on)),
        Fact(label=_("Nơi cấp"), value=organisations.unit_name(kept.unit, kept.issued_on)),
        Fact(label=_("Hồ sơ"), value=kept.source_code),
        Fact(label=_("Tình trạng"), value=str(ResultState(kept.state).label)),
    ]
    if kept.valid_to is not None:
        lines.append(Fact(label=_("Có giá trị đến"), value=wording.day(kept.valid_to)))
    return lines


def verification(found: Verification) -> dict[str, Any]:
    """Return what a verification says, signature by signature; no name beyond the signers'."""
    signatures = [
        {
            "signer": one.signer_name or one.organisation,
            "facts": [
                Fact(label=_("Cơ quan"), value=one.organisation),
                Fact(
                    label=_("Thời điểm ký"),
                    value=wording.moment(one.signed_at) if one.signed_at else "",
                    note=str(one.time_source.label),
                ),
                Fact(label=_("Chứng thư"), value=str(one.trust.label)),
                Fact(
                    label=_("Sau khi ký"),
                    value=str(one.modification.label)
                    if one.intact
                    else _("Nội dung đã bị thay đổi"),
                ),
            ],
        }
        for one in (found.report.signatures if found.report else ())
    ]
    known = found.result
    return {
        "verdict": str(Verdict(found.verdict).label),
        "tone": _TONES[found.verdict],
        "facts": [
            Fact(label=_("Loại"), value=known.title),
            Fact(label=_("Số"), value=known.number),
            Fact(label=_("Ngày cấp"), value=wording.day(known.issued_on)),
            Fact(label=_("Nơi cấp"), value=found.unit_name),
        ]
        if known
        else [],
        "signatures": signatures,
        "is_unknown": found.verdict == Verdict.UNKNOWN,
    }
