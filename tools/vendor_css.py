"""Reduce a style sheet to the rules whose classes Sen's components use (vendoring time only)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinycss2  # type: ignore[import-untyped]  # carries no types

_CLASS_ATTRIBUTE = re.compile(r"""\bclass=(["'])(.*?)\1""", re.DOTALL)
_TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z][\w-]*")
_VAR = re.compile(r"var\(\s*(--[\w-]+)")


def used_classes(templates: Iterable[Path]) -> set[str]:
    """Return every class name written in the class attributes of templates.

    Words inside template tags count too (`{% if main %}btn-primary{% endif %}` is seen by its
    text, `{{ tone }}` is not: such names belong on the allow list).
    """
    names: set[str] = set()
    for path in templates:
        for match in _CLASS_ATTRIBUTE.finditer(path.read_text(encoding="utf-8")):
            names |= set(_WORD.findall(_TEMPLATE_TAG.sub(" ", match[2])))
    return names


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What stays of a style sheet: rules of these classes, and rules of bare elements."""

    classes: frozenset[str]
    drop_selectors: tuple[re.Pattern[str], ...]
    drop_properties: tuple[re.Pattern[str], ...]
    layer: str

    def reduce(self, css: str) -> str:
        """Return the reduced sheet, one rule a line, wrapped in a cascade layer."""
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        lines = self._rules(rules)
        while (fewer := _without_unused_variables(lines)) != lines:
            lines = fewer
        return f"@layer {self.layer}{{\n" + "\n".join(lines) + "\n}\n"

    def _rules(self, rules: list[Any]) -> list[str]:
        lines: list[str] = []
        for rule in rules:
            if rule.type == "qualified-rule":
                line = self._style_rule(rule)
            elif rule.type == "at-rule" and rule.at_keyword in {"media", "supports"}:
                line = self._conditional(rule)
            else:
                line = ""  # keyframes, font faces and charsets are written by Sen itself
            if line:
                lines.append(line)
        return lines

    def _conditional(self, rule: Any) -> str:
        if "print" in _text(rule.prelude):
            return ""  # paper has its own sheet
        inner = self._rules(
            tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        )
        return f"@{rule.at_keyword} {_text(rule.prelude)}{{{''.join(inner)}}}" if inner else ""

    def _style_rule(self, rule: Any) -> str:
        selectors = [one for one in _split(_text(rule.prelude)) if self._keeps(one)]
        if not selectors:
            return ""
        declarations = [
            f"{item.name}:{_text(item.value)}{'!important' if item.important else ''}"
            for item in tinycss2.parse_declaration_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if item.type == "declaration" and not self._dropped(item.name)
        ]
        return f"{','.join(selectors)}{{{';'.join(declarations)}}}" if declarations else ""

    def _dropped(self, name: str) -> bool:
        return any(pattern.search(name) for pattern in self.drop_properties)

    def _keeps(self, selector: str) -> bool:
        if any(pattern.search(selector) for pattern in self.drop_selectors):
            return False
        return set(re.findall(r"\.([A-Za-z][\w-]*)", selector)) <= self.classes


def _text(tokens: list[Any]) -> str:
    """Serialise tokens with single spaces and none around commas."""
    text = tinycss2.serialize([token for token in tokens if token.type != "comment"])
    return re.sub(r"\s*,\s*", ",", re.sub(r"\s+", " ", text)).strip()


def _split(prelude: str) -> list[str]:
    """Split a selector list at its top-level commas."""
    parts, depth, current = [], 0, ""
    for letter in prelude:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    return [*parts, current.strip()]


def _without_unused_variables(lines: list[str]) -> list[str]:
    used = set(_VAR.findall("\n".join(lines)))
    kept = []
    for line in lines:
        cleaned = re.sub(
            r"(?<=[{;])(--[\w-]+):((?:url\(\"[^\"]*\"\)|[^;}\"])*);?",
            lambda match: match[0] if match[1] in used else "",
            line,
        )
        if not re.search(r"\{;?\}", cleaned):
            kept.append(cleaned)
    return kept
