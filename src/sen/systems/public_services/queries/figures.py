"""The figures of public services: each is declared here once and computed by query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sen.kernel.figures.public import Figure, Period
from sen.systems.public_services.queries import standing
from sen.systems.public_services.queries.standing import Flow

_LAW = _("Nghị định 118/2025/NĐ-CP, Điều 17 (sửa đổi: Nghị định 309/2026/NĐ-CP)")
_INDEX = _("Quyết định 766/QĐ-TTg ngày 23/6/2022, nhóm chỉ số về tiến độ giải quyết")


def _summed(what: Callable[[Flow], int]) -> Callable[[Period, Sequence[UUID]], dict[UUID, float]]:
    """Return how a figure is computed that adds up over the days of a period."""

    def compute(period: Period, units: Sequence[UUID]) -> dict[UUID, float]:
        found: dict[UUID, float] = {}
        for flow in standing.flows(units, first=period.first, last=period.last):
            found[flow.unit] = found.get(flow.unit, 0) + what(flow)
        return found

    return compute


def _on_time(period: Period, units: Sequence[UUID]) -> dict[UUID, float]:
    settled: dict[UUID, int] = {}
    late: dict[UUID, int] = {}
    for flow in standing.flows(units, first=period.first, last=period.last):
        settled[flow.unit] = settled.get(flow.unit, 0) + flow.settled
        late[flow.unit] = late.get(flow.unit, 0) + flow.late
    return {unit: 100 * (all_ - late[unit]) / all_ for unit, all_ in settled.items() if all_}


RECEIVED = Figure(
    code="public_services.dossiers_received",
    title=_("Hồ sơ tiếp nhận"),
    unit_of_measure=_("hồ sơ"),
    counted=_("Hồ sơ được tiếp nhận trong kỳ, tính cho cơ quan có thẩm quyền giải quyết."),
    source=_LAW,
    compute=_summed(lambda flow: flow.received),
)
SETTLED = Figure(
    code="public_services.dossiers_settled",
    title=_("Hồ sơ giải quyết"),
    unit_of_measure=_("hồ sơ"),
    counted=_(
        "Hồ sơ đã phát hành kết quả hoặc văn bản từ chối trong kỳ. Không tính hồ sơ công dân rút."
    ),
    source=_LAW,
    compute=_summed(lambda flow: flow.settled),
)
SETTLED_LATE = Figure(
    code="public_services.dossiers_settled_late",
    title=_("Giải quyết trễ hạn"),
    unit_of_measure=_("hồ sơ"),
    counted=_(
        "Trong số hồ sơ giải quyết: kết quả phát hành sau ngày hẹn trả, đã cộng thời gian tạm dừng."
    ),
    source=_LAW,
    compute=_summed(lambda flow: flow.late),
)
ON_TIME = Figure(
    code="public_services.dossiers_on_time_pct",
    title=_("Tỷ lệ giải quyết đúng hạn"),
    unit_of_measure="%",
    counted=_("Hồ sơ giải quyết không trễ hạn, chia cho hồ sơ giải quyết trong kỳ."),
    source=_INDEX,
    compute=_on_time,
)
FIGURES = (RECEIVED, SETTLED, SETTLED_LATE, ON_TIME)
