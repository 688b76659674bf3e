"""Sen's components as template tags; a built-in library, no `{% load %}` needed.

Every component takes keyword arguments only. A wrong, missing or repeated argument, a value that
is not among the allowed ones and an unknown icon fail when the template is compiled. All of them
with all their states stand on `/ui/`.
"""

from __future__ import annotations

from sen.web.components.actions import action_bar, button, copy_code, dialog, link_button
from sen.web.components.fields import (
    act_fields,
    check_field,
    checks_field,
    choice_field,
    date_field,
    error_summary,
    file_field,
    form_field,
    form_page,
    number_field,
    place_field,
    select_field,
    text_field,
    textarea_field,
)
from sen.web.components.library import register
from sen.web.components.pages import (
    bell,
    breadcrumbs,
    demo_banner,
    empty_state,
    filters,
    icon,
    language_switch,
    link_cards,
    lotus,
    message,
    page_head,
    panel,
    search_box,
    skip_link,
    stepper,
    tabs,
    theme_switch,
)
from sen.web.components.records import (
    clock_badge,
    facts,
    paper_list,
    party_card,
    qr,
    status_badge,
    table,
    timeline,
)

__all__ = [
    "act_fields",
    "action_bar",
    "bell",
    "breadcrumbs",
    "button",
    "check_field",
    "checks_field",
    "choice_field",
    "clock_badge",
    "copy_code",
    "date_field",
    "demo_banner",
    "dialog",
    "empty_state",
    "error_summary",
    "facts",
    "file_field",
    "filters",
    "form_field",
    "form_page",
    "icon",
    "language_switch",
    "link_button",
    "link_cards",
    "lotus",
    "message",
    "number_field",
    "page_head",
    "panel",
    "paper_list",
    "party_card",
    "place_field",
    "qr",
    "register",
    "search_box",
    "select_field",
    "skip_link",
    "status_badge",
    "stepper",
    "table",
    "tabs",
    "text_field",
    "textarea_field",
    "theme_switch",
    "timeline",
]
