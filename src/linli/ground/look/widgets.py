"""Draws the inputs of forms as Django's templates do, without a template for each of a hundred choices."""

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.forms.widgets import Select
from django.http import HttpRequest
from django.utils.choices import BaseChoiceIterator
from django.utils.safestring import SafeString
from markupsafe import escape

Choices = Iterable[tuple[Any, Any]]


class Widgets(DjangoTemplates):
    """The renderer of every form: lists and single-line inputs are written here, the rest by Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """One input."""
        draw = DRAWN.get(template_name)
        if draw is None:
            return SafeString(super().render(template_name, context, request))
        return SafeString(draw(context["widget"]))


class Ready(BaseChoiceIterator):
    """Choices that are pairs, or groups of pairs, already: Django need not look at each of them to find that out."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def __iter__(self) -> Iterator[Any]:
        yield from self._choices


class SelectWidget(Select):
    """A list of many choices, drawn without a dictionary for each."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The list as the renderer above would write it."""
        chosen = set(self.format_value(value))
        parts = [f'<select name="{escape(name)}"{_attributes({"attrs": self.build_attrs(self.attrs, attrs)})}>']
        for key, words in self.choices:
            if isinstance(words, list | tuple):
                parts.append(f'\n  <optgroup label="{escape(key)}">')
                parts += [_option(each, label, chosen) for each, label in words]
                parts.append("\n  </optgroup>")
            else:
                parts.append(_option(key, words, chosen))
        parts.append("\n</select>")
        return SafeString("".join(parts))


def _option(key: object, words: object, chosen: set[str]) -> str:
    mark = " selected" if str(key) in chosen else ""
    return f'\n  <option value="{html.escape(str(key))}"{mark}>{html.escape(str(words))}</option>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget)}>']
    for name, options, _ in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{escape(name)}">')
        parts += [
            f'\n  <option value="{escape(str(each["value"]))}"{_attributes(each)}>{escape(each["label"])}</option>'
            for each in options
        ]
        if name:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{_attributes(widget)}>'


def _attributes(widget: Mapping[str, Any]) -> str:
    """Those that are set; one that is simply there has no value."""
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "django/forms/widgets/select.html": _select,
    **dict.fromkeys(
        (
            f"django/forms/widgets/{kind}.html"
            for kind in ("input", "text", "number", "email", "url", "password", "hidden", "date")
        ),
        _input,
    ),
}
