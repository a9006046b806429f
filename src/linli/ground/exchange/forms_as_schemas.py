"""The schema of a request, derived from the forms of the pages: what is asked of people is asked of programs.

The schema says as much as a form says without its matter. Choices that depend on one are checked by the form itself,
which reads the request after the schema has.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django import forms
from django.forms import Form
from django.utils.translation import override
from ninja import Field
from pydantic import BaseModel, create_model

from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import Asked, Text

# The first kind that fits: a special kind stands before the one that it is a kind of.
KINDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.BooleanField, bool),
    (forms.IntegerField, int),  # DecimalField and FloatField are kinds of it
    (forms.DateTimeField, datetime),
    (forms.DateField, date),
    (forms.CharField, Text),
)
NUMBERS: tuple[tuple[type[forms.Field], Any], ...] = ((forms.DecimalField, Decimal), (forms.FloatField, float))


def schema_of(name: str, *sources: type[Form], without: Collection[str] = (), more: Any = None) -> type[Asked]:
    """The schema of what the forms ask for together; a field is required if each form requires it.

    Args:
        without: fields that are no part of the request, such as uploads.
        more: further fields, as for pydantic's `create_model`.
    """
    asked: dict[str, list[forms.Field]] = {}
    for source in sources:
        for field_name, field in source.base_fields.items():
            if field_name not in without:
                asked.setdefault(field_name, []).append(field)
    fields: dict[str, Any] = {}
    for field_name, found in asked.items():
        required = len(found) == len(sources) and all(each.required for each in found)
        fields[field_name] = _member(found, required=required)
    made: type[Asked] = create_model(name, __base__=Asked, **(fields | dict(more or {})))
    return made


def joined_schema(name: str, *sources: type[Form], without: Collection[str] = (), more: Any = None) -> type[Asked]:
    """The schema of forms that are filled in one after the other: a field is required if its form requires it."""
    fields: dict[str, Any] = {
        field_name: _member([field], required=field.required)
        for source in sources
        for field_name, field in source.base_fields.items()
        if field_name not in without
    }
    made: type[Asked] = create_model(name, __base__=Asked, **(fields | dict(more or {})))
    return made


def given_to(form: type[Form], request: BaseModel | None) -> dict[str, Any]:
    """What a form is filled with: its own part of the request, as a page would have sent it."""
    given = request.model_dump(exclude_none=True) if request is not None else {}
    return {name: value for name, value in given.items() if name in form.base_fields}


def checked(*filled: Form) -> None:
    """Refuse a request whose forms are not in order.

    Raises:
        Problem: with the sentences of the forms, field by field.
    """
    wrong = [error for form in filled if not form.is_valid() for error in _errors(form)]
    if wrong:
        raise Problem("invalid", errors=wrong)


def _errors(form: Form) -> Iterable[WrongField]:
    for name, texts in form.errors.items():
        for text in texts:
            yield WrongField(field="" if name == "__all__" else name, detail=str(text))


def _member(found: list[forms.Field], *, required: bool) -> tuple[Any, Any]:
    limits: dict[str, Any] = {}
    for limit, attribute, choose in (
        ("max_length", "max_length", max),
        ("ge", "min_value", min),
        ("le", "max_value", max),
    ):
        values: list[Any] = [getattr(each, attribute, None) for each in found]
        if None not in values:
            limits[limit] = choose(values)
    if required and isinstance(found[0], forms.CharField):
        limits["min_length"] = 1
    with override("en"):
        limits["description"] = _words(found[0])
    kind: Any = Annotated[_kind_of(found), Field(**limits)]
    if required:
        return (kind, ...)
    if isinstance(found[0], forms.BooleanField):
        return (kind, bool(found[0].initial))  # as the box stands when the page opens
    return (kind | None, None)


def _kind_of(found: list[forms.Field]) -> Any:
    field = found[0]
    if isinstance(field, forms.ChoiceField):
        choice = _choice_of(found)
        return list[choice] if isinstance(field, forms.MultipleChoiceField) else choice  # type: ignore[valid-type]
    for kind, annotation in (*NUMBERS, *KINDS):
        if isinstance(field, kind):
            return annotation
    raise TypeError(f"no schema for {type(field).__name__}: add its kind")


def _choice_of(found: list[forms.Field]) -> Any:
    """The choices that never change; a text where they depend on rows, and the form has to say."""
    listed: list[Any] = [
        each.choices
        for each in found
        if isinstance(each, forms.ChoiceField) and not isinstance(each, forms.ModelChoiceField)
    ]
    keys = [key for choices in listed for key, _ in choices if key != ""]
    return Literal[tuple(dict.fromkeys(_plain(key) for key in keys))] if keys else Text


def _plain(key: Any) -> Any:
    """A choice as JSON writes it: a member of a vocabulary is its value."""
    return int(key) if isinstance(key, int) else str(key)


def _words(field: forms.Field) -> str:
    return " — ".join(str(part) for part in (field.label, field.help_text) if part)
