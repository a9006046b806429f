"""What a clerk types when taking a demand down for somebody."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.ground.matters.models import Visibility
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import complainable
from linli.ground.territory.facade import Level, Unit, unit_names, units, units_as_of
from linli.kernel.identity import normalize_phone
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.step_forms import LONG, long_text
from linli.services.cases.wording import CHANNELS

Choices = list[tuple[str, Any]]


def place_choices(area_path: str, *, key: str = "pk", day: date | None = None) -> Choices:
    """Communities by name under their streets, the street around `area_path` first; each street stands too.

    Args:
        key: the attribute that a choice stands for.
        day: the places of this day, under their names of then, which stand for their codes.
    """
    own_street = area_path[: Unit.steplen * 2]
    communities, streets = _places(Level.COMMUNITY, day), _places(Level.STREET, day)
    below: dict[str, list[tuple[str, str]]] = {}
    for each in communities:
        below.setdefault(each.path[: Unit.steplen * 2], []).append((str(getattr(each, key)), each.name))
    groups: Choices = []
    for street in sorted(streets, key=lambda each: (each.path != own_street, each.code)):
        whole = (str(getattr(street, key)), street.name)
        groups.append((street.name, [whole, *below.get(street.path, ())]))
    return groups


def _places(level: Level, day: date | None) -> list[Any]:
    return list(unit_names(level)) if day is None else [each.place for each in units_as_of(day, level)]


class CounterForm(forms.Form):
    """A demand that a clerk takes down for somebody."""

    channel = forms.ChoiceField(label=_("来源"), choices=[], widget=forms.RadioSelect)
    outside_number = forms.CharField(label=_("外部编号（如12345工单号）"), max_length=60, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    name = forms.CharField(label=_("怎么称呼"), max_length=40, required=False)
    title = forms.CharField(label=_("标题"), max_length=100)
    text = long_text(_("反映的内容"), most=LONG)
    place = forms.ChoiceField(label=_("所在社区（不清楚就选街道）"), required=False)
    place_text = forms.CharField(label=_("详细地点"), max_length=200, required=False)
    identity_shown = forms.BooleanField(label=_("承办单位可以看到反映人"), required=False, initial=True)
    public = forms.BooleanField(label=_("反映人愿意公开（会隐去个人信息）"), required=False)
    complained_of = forms.ModelChoiceField(
        label=_("投诉的是哪个单位（该单位不会看到反映人）"),
        empty_label=_("不是投诉单位"),
        queryset=Organization.objects.none(),
        required=False,
    )

    once = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)  # the same form sent twice

    def __init__(self, *args: Any, area_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken_down = ("counter", "phone", "letter", "hotline_12345")
        self.fields["channel"].choices = [(name, CHANNELS[name]) for name in taken_down]  # type: ignore[attr-defined]
        own = area_path[: Unit.steplen * 2]
        unclear = ("", gettext("不清楚（由本单位受理）"))
        self.fields["place"].choices = [unclear, *place_choices(area_path)]  # type: ignore[attr-defined]
        self.fields["place"].initial = next((str(each.pk) for each in units(Level.STREET) if each.path == own), "")
        self.fields["once"].initial = secrets.token_hex(16)
        self.fields["complained_of"].queryset = complainable(None)  # type: ignore[attr-defined]

    def clean_place(self) -> Unit | None:
        """The chosen street or community; None where it is not clear."""
        chosen = self.cleaned_data["place"]
        return Unit.objects.get(pk=chosen) if chosen else None

    def clean_phone(self) -> str:
        """A phone number that can be called."""
        typed = str(self.cleaned_data["phone"])
        if typed and normalize_phone(typed) is None:
            raise ValidationError(_("这个电话号码不对：手机是 11 位，座机请带区号，如 025-84401234。"))
        return typed

    def clean_outside_number(self) -> str:
        """Each outside number is taken down once per channel."""
        number = str(self.cleaned_data["outside_number"]).strip()
        channel = self.data.get("channel", "")
        if number and Case.objects.filter(channel=channel, outside_number=number).exists():
            raise ValidationError(_("这个外部编号已经登记过，请在收件箱搜索。"))
        return number

    def inputs(self) -> dict[str, Any]:
        """Inputs of `receive_case`, without the filer."""
        data = self.cleaned_data
        return {
            "channel": Channel(data["channel"]),
            "outside_number": data["outside_number"],
            "title": data["title"],
            "text": data["text"],
            "place_text": data["place_text"],
            "identity_shown": data["identity_shown"],
            "visibility": Visibility.PUBLIC if data["public"] else Visibility.PRIVATE,
            "complained_of": data["complained_of"],
        }
