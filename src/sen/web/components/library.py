"""How a typed function becomes a component: a wrong use fails when the template is compiled."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.template.library import InclusionNode
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

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


def kept(func: _Context) -> _Context:
    """Register a component that is drawn alike for the same arguments in the same language.

    Such as stand in every row of a list: drawn once a process, as long as others do not push it
    out. Its arguments are plain values; nothing else, such as the hour, may show in it.
    """
    return _keeping(func, _KeptNode)


def kept_while_empty(func: _Context) -> _Context:
    """Register a field that is `kept` while its `value` is empty; what people typed never is."""
    return _keeping(func, _KeptWhileEmptyNode)


def _keeping(func: _Context, kind: type[_KeptNode]) -> _Context:
    component(func)
    checked = register.tags[func.__name__]

    def compiled(parser: Parser, token: Token) -> Node:
        node: Any = checked(parser, token)
        return kind(node.func, node.takes_context, node.args, node.kwargs, node.filename)

    register.tags[func.__name__] = compiled
    return func


class _KeptNode(InclusionNode):
    """A component with what was drawn of it before, by language and arguments."""

    def render(self, context: Context) -> SafeString:
        _positional, given = self.get_resolved_arguments(context)
        key = _key(self.func, given)
        found = _drawings.get(key)
        if found is None:
            found = _keep(key, SafeString(super().render(context)))
        return found


class _KeptWhileEmptyNode(_KeptNode):
    """A field with what was drawn of it before anything was typed in it."""

    def render(self, context: Context) -> SafeString:
        value = self.kwargs.get("value")
        if value is not None and value.resolve(context):
            return SafeString(InclusionNode.render(self, context))
        return super().render(context)


def _key(drawn_by: object, given: Mapping[str, Any]) -> tuple[object, ...]:
    # what is markup and what is only text are equal as strings: their types tell them apart
    told = ((name, type(value), _plain(value)) for name, value in given.items())
    return (drawn_by, get_language(), *told)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return str(value) if isinstance(value, Promise) else value


def _keep(key: tuple[object, ...], drawing: SafeString) -> SafeString:
    if len(drawing) <= _LONGEST_DRAWING:
        if len(_drawings) >= _MOST_DRAWINGS:
            _drawings.clear()
        _drawings[key] = drawing
    return drawing


_drawings: dict[tuple[object, ...], SafeString] = {}
_MOST_DRAWINGS = 4096
_LONGEST_DRAWING = 4096


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


def around(name: str, content: SafeString, **context: Any) -> SafeString:
    """Do as `drawn` for what is drawn alike around any content: once a process, as `kept` does."""
    key = _key(name, context)
    drawing = _drawings.get(key)
    if drawing is None:
        drawing = _keep(key, drawn(name, _CONTENT, **context))
    return mark_safe(content.join(drawing.split(_CONTENT)))  # noqa: S308 - a template's, both


_CONTENT = SafeString("\N{NULL}")
"""Stands for the content: HTML has no such character."""


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
