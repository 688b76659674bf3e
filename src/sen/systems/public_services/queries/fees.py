"""What a filing costs on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sen.kernel.legal import public as legal
from sen.systems.public_services.data import FeeLineValue, FeeRule
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.rules import dossiers as rules


def computed(case: Case, answers: Mapping[str, Any], *, on: dt.date) -> list[FeeLineValue]:
    """Return the charges of a filing with these answers, at the amounts in force on a day.

    What nobody has confirmed is not demanded.
    """
    fee_rules = [rule for rule in catalogue.fee_rules(case) if is_demanded(rule, on)]
    keys = {key for rule in fee_rules for key in (rule.amount_key, rule.cap_key) if key}
    amounts = {key: int(legal.value(key, on)) for key in keys}
    return rules.fee_lines(fee_rules, amounts=amounts, answers=answers)


def is_demanded(rule: FeeRule, on: dt.date) -> bool:
    """Tell whether a charge is demanded on a day: its amount and its limit rest on a text."""
    return all(legal.is_verified(key, on) for key in (rule.amount_key, rule.cap_key) if key)
