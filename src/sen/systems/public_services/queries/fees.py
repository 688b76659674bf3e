"""What a filing costs on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sen.kernel.legal import public as legal
from sen.systems.public_services.data import FeeLineValue
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.rules import dossiers as rules


def computed(case: Case, answers: Mapping[str, Any], *, on: dt.date) -> list[FeeLineValue]:
    """Return the charges of a filing with these answers, at the amounts in force on a day."""
    fee_rules = catalogue.fee_rules(case)
    amounts = {rule.amount_key: int(legal.value(rule.amount_key, on)) for rule in fee_rules}
    return rules.fee_lines(fee_rules, amounts=amounts, answers=answers)
