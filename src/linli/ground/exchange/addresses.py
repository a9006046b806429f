"""Parts of addresses: the number of a matter is digits, so that `/cases/public` is never taken for one."""

from typing import Annotated

from django.urls import register_converter
from django.urls.converters import StringConverter
from ninja import Field

DIGITS = "[0-9]{1,24}"


class NumberConverter(StringConverter):
    """The number of a matter."""

    regex = DIGITS


register_converter(NumberConverter, "matter_number")
NUMBER = "{matter_number:number}"
Number = Annotated[str, Field(pattern=f"^{DIGITS}$", description="Number of a matter.")]
