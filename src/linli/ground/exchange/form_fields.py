"""What a form asks for here and now, for programs: the values that a field takes may depend on the matter."""

from collections.abc import Collection
from typing import Any

from django import forms
from ninja import Field, Schema


class Choice(Schema):
    """One of the values that a field takes."""

    value: str
    label: str


class FieldOut(Schema):
    """One thing that a form asks for."""

    name: str
    label: str
    help: str
    required: bool
    choices: list[Choice] | None = Field(description="Null where anything may be written.")


class FieldsOut(Schema):
    """Everything that a form asks for."""

    fields: list[FieldOut]


def fields_of(*sources: forms.Form, without: Collection[str] = ()) -> list[FieldOut]:
    """The fields of the forms, without those that are no part of a request."""
    return [
        FieldOut(
            name=name,
            label=str(field.label or name),
            help=str(field.help_text),
            required=field.required,
            choices=_choices(field) if isinstance(field, forms.ChoiceField) else None,
        )
        for form in sources
        for name, field in form.fields.items()
        if name not in without
    ]


def _choices(field: forms.ChoiceField) -> list[Choice]:
    flat: list[Choice] = []
    choices: Any = field.choices
    for key, label in choices:
        pairs = label if isinstance(label, list | tuple) else [(key, label)]
        flat += [Choice(value=str(value), label=str(words)) for value, words in pairs if str(value)]
    return flat
