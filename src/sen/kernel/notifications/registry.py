"""The checked list of templates that systems contribute."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.notifications.data import Template

_templates: dict[str, Template] = {}


def register_templates(*templates: Template) -> None:
    """Register templates. Raises ImproperlyConfigured for a wrong one or a code taken twice."""
    for template in templates:
        if not isinstance(template, Template):
            raise ImproperlyConfigured(f"a template is a Template, not {type(template).__name__}")
        problems = template.problems()
        if problems:
            raise ImproperlyConfigured(f"template {template.code}: {', '.join(problems)}")
        if _templates.setdefault(template.code, template) != template:
            raise ImproperlyConfigured(f"two templates are called {template.code}")


def templates() -> Mapping[str, Template]:
    """Return every registered template by code."""
    return MappingProxyType(_templates)


def template(code: str) -> Template:
    """Return a registered template. Raises ImproperlyConfigured for an unknown code."""
    try:
        return _templates[code]
    except KeyError:
        raise ImproperlyConfigured(f"no notification template is called {code}") from None
