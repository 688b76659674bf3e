"""The checked list of paper templates that systems contribute at start."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.papers import rules
from sen.kernel.papers.data import TEMPLATE_ROOT, PaperTemplate, SchemaField

_templates: dict[str, tuple[PaperTemplate, ...]] = {}


def register_templates(*templates: PaperTemplate) -> None:
    """Add templates. Raises ImproperlyConfigured for another type, an edition twice, no file."""
    for template in templates:
        if not isinstance(template, PaperTemplate):
            raise ImproperlyConfigured(f"not a PaperTemplate: {template!r}")
        editions = _templates.get(template.code, ())
        if template in editions:
            continue
        if any(other.version == template.version for other in editions):
            raise ImproperlyConfigured(
                f"the paper {template.code} has its edition {template.version} twice"
            )
        if not (TEMPLATE_ROOT / template.source).is_file():
            raise ImproperlyConfigured(f"the paper {template.code} has no file {template.source}")
        schema(template.source)
        _templates[template.code] = tuple(
            sorted((*editions, template), key=lambda one: one.version, reverse=True)
        )


def templates() -> Mapping[str, tuple[PaperTemplate, ...]]:
    """Return every registered template by code, the newest edition first."""
    return MappingProxyType(_templates)


def edition(code: str, on: dt.date) -> PaperTemplate:
    """Return the newest edition of a paper that is valid on a day.

    Raises ImproperlyConfigured for a code that nobody registered, or if none is valid.
    """
    for template in _templates.get(code, ()):
        if template.valid_from <= on and (template.valid_to is None or on <= template.valid_to):
            return template
    raise ImproperlyConfigured(f"the paper {code} is not registered, or not valid on {on}")


@cache
def schema(source: str) -> tuple[SchemaField, ...]:
    """Return the schema beside a template. Raises ImproperlyConfigured for a broken one."""
    path = (TEMPLATE_ROOT / source).with_suffix(".json")
    try:
        return rules.read_schema(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ImproperlyConfigured(f"the paper's schema {path.name}: {problem}") from problem
