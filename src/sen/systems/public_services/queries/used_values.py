"""Which dossiers were computed with a value of the law, for whoever corrects it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.kernel.legal.public import Span, ValueUse

_COUNT = """
SELECT count(*) FROM (
    SELECT dossier.id FROM public_services_dossier dossier
    JOIN public_services_case ca ON ca.id = dossier.case_id
    CROSS JOIN LATERAL jsonb_array_elements(ca.fees) AS fee
    JOIN public_services_feeline line
        ON line.dossier_id = dossier.id AND line.code = fee ->> 'code'
    WHERE %(key)s IN (fee ->> 'amount_key', fee ->> 'cap_key')
        AND dossier.submitted_at >= %(first)s AND dossier.submitted_at < %(end)s
    UNION
    SELECT dossier.id FROM public_services_dossier dossier
    JOIN public_services_case ca ON ca.id = dossier.case_id
    JOIN public_services_council council ON council.dossier_id = dossier.id
    CROSS JOIN LATERAL jsonb_each_text(ca.council -> 'quorum') AS quorum
    WHERE quorum.value = %(key)s
        AND council.concluded_at >= %(first)s AND council.concluded_at < %(end)s
) used"""


def count(span: Span) -> int:
    """Return how many dossiers have a charge, or a council's conclusion, by the value of a span.

    A charge is computed on the day of filing, a quorum on the day of the conclusion.
    """
    values: dict[str, Any] = {
        "key": span.key,
        "first": clock.moment(span.first),
        "end": "infinity" if span.end is None else clock.moment(span.end),
    }
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return int(cursor.fetchone()[0])


USE = ValueUse(
    code="public_services.dossiers", title=_("Hồ sơ đã tính phí, đã kết luận"), count=count
)
