"""How a typed function becomes a component: a wrong use fails when the template is compiled."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sen.web.icons import IconName, drawings

register = template.Library()
names: list[str] = []
"""The names of all components, in the order they are made; `/ui/` must show each."""

_Context = Callable[..., dict[str, Any]]
_Block = TypeVar("_Block", bound=Callable[..., SafeString])


def component(func: _Context) -> _Context:
    """Register a function that returns the context of `ui/<its name>.html`.

    Django itself refuses unknown, missing and repeated arguments when it compiles a template; on
    top of that, literal values are checked against `Literal` and `IconName` annotations.
    """
    name = func.__name__
    register.inclusion_tag(f"ui/{name}.html", name=name)(func)
    _check_literals(name, func)
    return func


def block(func: _Block) -> _Block:
    """Register a function that takes the content between its tags and draws around it."""
    name = func.__name__
    register.simple_block_tag(name=name)(func)
    _check_literals(name, func)
    return func


def inline(func: _Block) -> _Block:
    """Register a function that returns a few characters of markup itself."""
    name = func.__name__
    register.simple_tag(name=name)(func)
    _check_literals(name, func)
    return func


def drawn(name: str, content: SafeString, **context: Any) -> SafeString:
    """Render `ui/<name>.html` around the content of a block component."""
    return render_to_string(f"ui/{name}.html", {"content": content, **context})


def _check_literals(name: str, func: Callable[..., Any]) -> None:
    """Wrap the tag's compiler so that it also looks at values written in the template."""
    names.append(name)
    stock = register.tags[name]
    hints = get_type_hints(func)

    def compiled(parser: Parser, token: Token) -> Node:
        node: Any = stock(parser, token)
        given: dict[str, FilterExpression] = node.kwargs
        for key, expression in given.items():
            if not expression.is_var and not expression.filters:
                _check(name, key, str(expression.var), hints[key])
        return node  # type: ignore[no-any-return]  # the stock compiler returns a Node

    register.tags[name] = compiled


def _check(name: str, key: str, value: str, hint: Any) -> None:
    allowed: tuple[str, ...] | None = None
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
    elif hint is IconName:
        allowed = ("", *drawings())
    if allowed is not None and value not in allowed:
        raise TemplateSyntaxError(f"{name}: {key}={value!r} is none of {', '.join(allowed)}")


def signature(name: str) -> str:
    """Return the signature of a component as the catalogue prints it."""
    from sen.web.templatetags import ui  # the library imports every component's module

    func = getattr(ui, name)
    parameters = inspect.signature(func).parameters.values()
    return ", ".join(
        one.name if one.default is inspect.Parameter.empty else f"{one.name}={one.default!r}"
        for one in parameters
        if one.name != "content"
    )
