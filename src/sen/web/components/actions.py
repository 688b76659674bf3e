"""What people press: buttons, links that look like buttons, bars of them, dialogs."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.safestring import SafeString

from sen.web.components.library import around, block, component, drawn, kept
from sen.web.icons import NO_ICON, IconName

Look = Literal["main", "plain", "quiet", "danger"]
"""main: the one thing to do here, in lotus red. plain: other things. quiet: looks like a link.
danger: cannot be undone."""


@kept
def button(  # noqa: PLR0913 - the attributes of a button
    *,
    label: str,
    look: Look = "plain",
    icon: IconName = NO_ICON,
    kind: Literal["submit", "button", "reset"] = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    is_disabled: bool = False,
    is_wide: bool = False,
    opens: str = "",
) -> dict[str, Any]:
    """Draw a button. At most one of look="main" a page.

    name, value: what is sent when it submits. form: the id of a form it stands outside of.
    opens: the id of a dialog it opens (then kind is "button"). is_wide: full width on a phone.
    """
    return {**locals(), "kind": "button" if opens else kind}


@component
def link_button(
    *,
    label: str,
    href: str,
    look: Look = "plain",
    icon: IconName = NO_ICON,
    is_wide: bool = False,
    opens: str = "",
    is_download: bool = False,
) -> dict[str, Any]:
    """Draw a link that looks like a button, for going somewhere that matters.

    opens: the id of a dialog that shows the same as `href`, for whoever has scripts.
    """
    return locals()


@block
def action_bar(content: SafeString, *, is_sticky: bool = False) -> SafeString:
    """Draw the row of buttons that ends a form; sticky ones stay in reach on a phone."""
    return around("action_bar", content, is_sticky=is_sticky)


@block
def dialog(content: SafeString, *, id: str, title: str, is_open: bool = False) -> SafeString:  # noqa: A002 - the HTML attribute's name
    """Draw a native dialog, opened by a button or link whose `opens` is its id.

    is_open: shown at once and not modal (a page whose form failed inside the dialog).
    """
    return drawn("dialog", content, id=id, title=title, is_open=is_open)


@component
def confirm_button(
    *,
    label: str,
    id: str,  # noqa: A002 - the HTML attribute's name
    title: str,
    text: str,
    look: Look = "danger",
    icon: IconName = NO_ICON,
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """Draw a submit button for what cannot be undone: a dialog asks once more before it is sent.

    id: of the dialog, one a page. title: the question. text: what follows from it. Without
    scripts the button submits at once.
    """
    return locals()


@component
def copy_code(*, value: str, label: str) -> dict[str, Any]:
    """Draw a code to be read out, compared or copied (a dossier's, a document's).

    label: what the code is, for screen readers and above it.
    """
    return locals()
