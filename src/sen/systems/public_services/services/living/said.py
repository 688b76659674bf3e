"""What somebody says in a form: answers that hold, put together from the data file's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from sen.base.errors import Conflict
from sen.kernel.forms import public as forms
from sen.systems.public_services.rules import invented
from sen.systems.public_services.services.living.cast import Names, Somebody
from sen.systems.public_services.services.living.told import told

_TRIES = 6


class DoesNotHold(Conflict):
    """The words of the data file do not fit a form; the message names form and questions."""

    code = "does_not_hold"


class Saying:
    """One person's answers on one day: what each kind of word in the data file stands for."""

    def __init__(self, owner: Somebody, on: dt.date, names: Names, random: Random) -> None:
        """Say who answers, and when."""
        self.owner, self.on, self._names, self._random = owner, on, names, random
        self._dates: dict[str, str] = {}

    def answers(
        self, form: forms.Form, declared: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return answers as the form cleans them, with those declared. Raises DoesNotHold."""
        known = declared or {}
        problems: Mapping[str, object] = {}
        for _try in range(_TRIES):
            said = {
                key: known[key] if key in known else self._answer(one)
                for key, one in form.questions.items()
            }
            given = {key: value for key, value in said.items() if value is not None}
            cleaned, problems = forms.clean(form, given, on=self.on)
            if not problems:
                return dict(cleaned)
        raise DoesNotHold(f"{form.code}: {dict(problems)}")

    def _answer(self, question: forms.Question) -> Any:
        if question.key not in told().answers:
            return self._usual(question)
        rule = told().answers[question.key]
        if rule is None:
            return None
        [kind, *_rest] = rule
        says = _KINDS.get(kind)
        return says(self, question, rule) if says else self._person(kind, rule[kind])

    def _between(self, _question: forms.Question, rule: Mapping[str, Any]) -> int:
        return self._random.randint(*rule["between"]) * int(rule.get("times", 1))

    def _pattern(self, _question: forms.Question, rule: Mapping[str, Any]) -> str:
        return str(rule["pattern"]).format(number=self._random.randint(10, 9999))

    def _number_of(self, _question: forms.Question, rule: Mapping[str, Any]) -> str:
        born = dt.date.fromisoformat(self._dates[rule["number_of"]])
        return self._names.number(born=born, is_male=self._is_heads())

    def _stranger_number(self, _question: forms.Question, rule: Mapping[str, Any]) -> str:
        youngest, oldest = rule["stranger_number"]
        born = invented.birthday(self._random, self.on, (youngest, oldest))
        return self._names.number(born=born, is_male=self._is_heads())

    def _tax_code(self, _question: forms.Question, _rule: Mapping[str, Any]) -> str:
        return invented.tax_code(self._names.serial())

    def _person(self, role: str, fact: str) -> Any:
        """Return what is said of somebody: the owner, a parent, a child, a stranger."""
        owner = self.owner
        if role == "owner":
            return _fact(owner, fact)
        if role == "parent":
            return "father" if owner.is_male else "mother"
        if role in {"mother", "father"}:
            is_male = role == "father"
            one = owner if owner.is_male == is_male else owner.spouse
            return self._unknown(fact, is_male) if one is None else _fact(one, fact)
        return (
            self._names.child() if role == "child" else self._names.full(is_male=self._is_heads())
        )

    def _unknown(self, fact: str, is_male: bool) -> Any:  # noqa: FBT001 - as in the loop above
        """Return what is said of a parent whom nobody here knows: no number, all else invented."""
        if fact == "national_number":
            return None
        return self._names.full(is_male=is_male) if fact == "full_name" else _fact(self.owner, fact)

    def _usual(self, question: forms.Question) -> Any:
        """Return an answer to a question of which the data file says nothing."""
        kind = question.type.value
        if kind == "choice":
            chosen = self._random.choice(question.options).code
            return [chosen] if question.is_multiple else chosen
        least = next((one.value for one in question.validate if one.rule == "min"), 1)
        return {
            "number": least,
            "money": 1_000_000,
            "date": self._day(question.key, 5, 20),
            "yes_no": False,
            "national_number": self.owner.number,
            "person_name": self.owner.full_name,
            "area": self.owner.area,
            "address": _fact(self.owner, "address"),
            "phone": self.owner.phone,
            "text": "Ví dụ",
            "textarea": "Ví dụ",
        }.get(kind)

    def _one_of(self, question: forms.Question, rule: Mapping[str, Any]) -> Any:
        choices = rule["one_of"]
        known = {option.code for option in question.options}
        fitting = [one for one in choices if not known or one in known]
        if not fitting:
            return self._usual(question)
        chosen = self._random.choice(fitting)
        return [chosen] if question.is_multiple else chosen

    def _day(self, key: str, first: int, last: int) -> str:
        day = self.on + dt.timedelta(days=self._random.randint(first, last))
        self._dates[key] = day.isoformat()
        return self._dates[key]

    def _days(self, question: forms.Question, rule: Mapping[str, Any]) -> str:
        return self._day(question.key, *rule["days"])

    def _born(self, question: forms.Question, rule: Mapping[str, Any]) -> str:
        youngest, oldest = rule["born"]
        born = invented.birthday(self._random, self.on, (youngest, oldest))
        self._dates[question.key] = born.isoformat()
        return self._dates[question.key]

    def _is_heads(self) -> bool:
        return self._random.random() < 0.5  # noqa: PLR2004 - a coin


def _fact(one: Somebody, name: str) -> Any:
    """Return a fact of somebody as a form takes it."""
    return {
        "full_name": one.full_name,
        "national_number": one.number,
        "birth_date": one.born.isoformat(),
        "phone": one.phone,
        "address": {"line": one.line, "code": one.area},
    }[name]


_KINDS: Mapping[str, Callable[[Saying, forms.Question, Mapping[str, Any]], Any]] = {
    "one_of": Saying._one_of,  # noqa: SLF001 - one table of the class's own kinds of words
    "days": Saying._days,  # noqa: SLF001
    "born": Saying._born,  # noqa: SLF001
    "between": Saying._between,  # noqa: SLF001
    "pattern": Saying._pattern,  # noqa: SLF001
    "number_of": Saying._number_of,  # noqa: SLF001
    "stranger_number": Saying._stranger_number,  # noqa: SLF001
    "tax_code": Saying._tax_code,  # noqa: SLF001
}
