"""Tags of the catalogue page alone: an entry shows a component's name, signature and docstring."""

from __future__ import annotations

import inspect

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sen.web.components.library import signature
from sen.web.templatetags import ui

register = template.Library()


@register.simple_block_tag
def entry(content: SafeString, *, name: str) -> SafeString:
    """Draw one entry of the catalogue around its examples."""
    text = inspect.getdoc(getattr(ui, name)) or ""
    return render_to_string(
        "web/catalogue/entry.html",
        {"content": content, "name": name, "signature": signature(name), "text": text},
    )
