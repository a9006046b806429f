"""What residents type: the steps of filing, looking up, recovering a code, and the acts of the filer."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.ground.look.widgets import Ready
from linli.ground.matters.models import Visibility
from linli.ground.organizations.selectors import complainable_names
from linli.ground.territory.facade import Level, Located, Unit, atlas, by_code, unit_names, units_as_of
from linli.kernel.identity import normalize_phone
from linli.services.cases.rules.vocabulary import Rating
from linli.services.cases.rules.whereabouts import CHOSEN, POINT, Clash, Drawn, drawn_around, fault_codes, whereabouts
from linli.services.cases.wording import RATINGS, STATES

LONGEST_TEXT = 4000
MOST_PHOTOS = 9
YES, NO = "yes", "no"
NO_CHOICE = ("", _("请选择"))
NOTHING_SAID = _("请在地图上点一下、选街道，或者写下地址；有一样就可以")
NOT_DRAWN = _("本区的边界还没有录入，单凭图上的点不知道属于哪个社区；请再选街道，或者写下地址")


class FileInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files sent under the name."""
        return files.getlist(name)


class Files(forms.FileField):
    """Several uploaded files; what they may be is decided where they are stored."""

    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Each file checked like one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(each, initial) for each in given if each]


def offer_choices(form: forms.Form, field: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Fill a list that depends on the district's data."""
    cast(forms.ChoiceField, form.fields[field]).choices = Ready(list(choices))


def long_text(label: Any, *, required: bool = True, most: int = 1000, **kwargs: Any) -> forms.CharField:
    """A text area with a limit that the page counts down."""
    return forms.CharField(label=label, required=required, max_length=most, widget=forms.Textarea(), **kwargs)


class WhatForm(forms.Form):
    """First step: what it is about."""

    text = long_text(
        _("您要反映什么事？"),
        most=LONGEST_TEXT,
        min_length=5,
        help_text=_("写清楚什么事、什么时候、希望怎样解决。请不要写与此事无关的他人隐私。"),
        error_messages={
            "required": _("请写下要反映的事，几句话就可以"),
            "min_length": _("写得太短，我们看不明白；请再多写几个字"),
        },
    )
    title = forms.CharField(
        label=_("标题"), required=False, max_length=60, help_text=_("不填也可以，我们会取内容的第一句。")
    )
    photos = Files(
        label=_("照片"),
        required=False,
        widget=FileInput(attrs={"accept": "image/*"}),
        help_text=_("最多 9 张。照片里的拍摄位置等信息会自动去掉。"),
    )


class WhereForm(forms.Form):
    """Second step: a point, a street and community, or an address; any one of them is enough."""

    longitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    street = forms.ChoiceField(label=_("街道"), required=False)
    community = forms.ChoiceField(label=_("社区"), required=False)
    meant = forms.ChoiceField(
        label=_("以哪个为准？"),
        required=False,
        choices=[(POINT, _("图上的点")), (CHOSEN, _("选的街道和社区"))],
        widget=forms.RadioSelect,
    )
    place_text = forms.CharField(
        label=_("详细地址"),
        required=False,
        max_length=200,
        help_text=_("例如：某某路 12 号门前，某某小区 3 幢旁。"),
    )

    def __init__(self, *args: Any, street: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clash: Clash | None = None
        self._atlas = atlas()
        self._places = {place.code: place for place in self._atlas.places}
        chosen = self._places.get(street or str(self.data.get("street", "")))
        streets = [(place.code, place.name) for place in self._places.values() if place.level is Level.STREET]
        below = [
            (place.code, place.name)
            for place in self._places.values()
            if chosen and place.level is Level.COMMUNITY and chosen.holds(place)
        ]
        self.has_communities = bool(below)
        offer_choices(self, "street", [NO_CHOICE, *streets])
        offer_choices(self, "community", [("", _("不确定")), *below])

    def clean(self) -> dict[str, Any]:
        """At least one way to find the place; a point must lie within the district, and where it was chosen."""
        given = super().clean() or {}
        if self.errors:
            return given
        point, words = self._point(given), given.get("place_text")
        chosen = self._places.get(given.get("community") or given.get("street") or "")
        if point and drawn_around(point) is Drawn.OUTSIDE:
            raise ValidationError(_("地图上选的位置不在本区，请重新选，或者改用下面的街道和地址。"))
        if not chosen and not words and (not point or drawn_around(point) is Drawn.UNKNOWN):
            self.add_error("street", NOT_DRAWN if point else NOTHING_SAID)
            return given
        named = self._atlas.gazetteer.resolve(words).unit if words else None
        found = whereabouts(point, chosen, named, meant=given.get("meant", ""))
        if found.clash:
            self._ask(found.clash)
        if not found.uses_point:
            given["longitude"] = given["latitude"] = None
        faults = fault_codes(point) if point and found.uses_point else ()
        return given | {"place": found.place, "place_faults": faults}

    def _point(self, given: dict[str, Any]) -> Located | None:
        longitude, latitude = given.get("longitude"), given.get("latitude")
        return (
            self._atlas.coverage.locate(longitude, latitude) if longitude is not None and latitude is not None else None
        )

    def _ask(self, clash: Clash) -> None:
        """Which of two places is meant is for the one who typed them to say."""
        self.clash = clash
        words = {"pointed": clash.pointed.name, "chosen": clash.chosen.name}
        meant = [(POINT, _("图上的点，在%(pointed)s") % words), (CHOSEN, _("选的%(chosen)s") % words)]
        offer_choices(self, "meant", meant)
        self.fields["meant"].required = True
        self.add_error("meant", _("图上的点在%(pointed)s，选的却是%(chosen)s，请选以哪个为准，或者改一下") % words)


class PublicityForm(forms.Form):
    """The part of the third step that everybody answers."""

    visibility = forms.ChoiceField(
        label=_("办完以后，可以公开吗？"),
        choices=[(Visibility.PRIVATE, _("不公开，只有办理的人看")), (Visibility.PUBLIC, _("可以公开，供邻居参考"))],
        initial=Visibility.PRIVATE,
        widget=forms.RadioSelect,
        help_text=_("公开前，工作人员会遮去姓名、电话、门牌等个人信息。"),
        error_messages={"required": _("请选一项")},
    )
    identity_shown = forms.ChoiceField(
        label=_("承办单位可以知道您是谁吗？"),
        choices=[(YES, _("可以，方便联系我")), (NO, _("不可以，只由受理窗口联系我"))],
        initial=YES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项")},
    )
    complained_of = forms.ChoiceField(
        label=_("是对某个单位不满意吗？"),
        required=False,
        help_text=_("选了以后，这件事不由它受理，它也看不到您是谁。"),
    )

    def __init__(self, *args: Any, place: Unit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = [(str(key), name) for key, name in complainable_names(place)]
        offer_choices(self, "complained_of", [("", _("不是")), *holders])


class ContactForm(PublicityForm):
    """Third step for somebody without an account: who to call is theirs to say."""

    name = forms.CharField(
        label=_("怎么称呼您"), required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("可以不留。留了电话，我们能回访；查询码丢了，也能凭它找回。"),
    )
    field_order = ("name", "phone", "visibility", "identity_shown", "complained_of")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.fields["identity_shown"]
        shown.required = False
        shown.help_text = _("留了称呼和电话，这一项才有用；都不留，我们也不知道您是谁。")

    def clean_phone(self) -> str:
        """A number in one form."""
        typed = str(self.cleaned_data.get("phone", ""))
        normal = normalize_phone(typed) if typed else ""
        if normal is None:
            raise ValidationError(_("这不像一个电话号码：手机 11 位；座机请加区号，如 025-84401234"))
        return normal

    def clean(self) -> dict[str, Any]:
        """A name alone cannot be called; who leaves a telephone says who may know it."""
        given = super().clean() or {}
        if given.get("phone") and not given.get("identity_shown") and "identity_shown" not in self.errors:
            self.add_error("identity_shown", _("请选一项"))
        if given.get("name") and not given.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("留了称呼，请同时留电话；或者两项都不填"))
        return given


class NumberField(forms.CharField):
    """The number of a matter, however it was spaced."""

    def to_python(self, value: Any) -> str:
        """Without spaces."""
        return "".join(str(super().to_python(value)).split())


def number_field() -> forms.CharField:
    """The number of a matter."""
    return NumberField(
        label=_("受理编号"),
        max_length=40,
        help_text=_("16 位数字，在提交后的回执上。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("请输入受理编号")},
    )


class LookUpForm(forms.Form):
    """Number and secret code."""

    number = number_field()
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("10 个字母和数字，大小写都可以。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请输入查询码")},
    )


class RecoverForm(forms.Form):
    """Number and the telephone that was left when filing."""

    number = number_field()
    phone = forms.CharField(
        label=_("提交时留的电话"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请输入提交时留的电话")},
    )

    def clean_phone(self) -> str:
        """A number in one form."""
        normal = normalize_phone(str(self.cleaned_data["phone"]))
        if normal is None:
            raise ValidationError(_("这不像一个电话号码，请检查"))
        return normal


def _streets_on(day: date) -> list[tuple[str, str]]:
    return [(each.place.code, each.place.name) for each in units_as_of(day, Level.STREET)]


class PublicFilters(forms.Form):
    """How the public list is narrowed; every field lives in the address."""

    q = forms.CharField(label=_("找什么"), required=False, max_length=60)
    place = forms.ChoiceField(label=_("街道"), required=False)
    state = forms.ChoiceField(label=_("进展"), required=False)

    SHOWN_STATES = ("replied", "verified", "closed", "accepted")

    def __init__(self, *args: Any, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = unit_names(Level.STREET) if day is None else []
        self._paths = {street.code: street.path for street in named}
        streets = [(street.code, street.name) for street in named] if day is None else _streets_on(day)
        offer_choices(self, "place", [("", _("全区")), *streets])
        offer_choices(self, "state", [("", _("全部")), *((each, STATES[each]) for each in self.SHOWN_STATES)])

    @property
    def place_path(self) -> str:
        """Path of the street that was chosen; empty for the whole district."""
        code = self.cleaned_data.get("place", "")
        return (self._paths.get(code) or by_code(code).path) if code else ""


class NothingForm(forms.Form):
    """An act that asks for nothing but a yes."""


class UrgeForm(forms.Form):
    """Urging."""

    note = long_text(_("想说的话"), required=False, most=500)


class SupplementForm(forms.Form):
    """What was asked for."""

    text = long_text(_("补充的内容"), most=LONGEST_TEXT, error_messages={"required": _("请写下要补充的内容")})
    uploads = Files(label=_("照片或文件"), required=False)


class ReasonForm(forms.Form):
    """Why it is not solved."""

    reason = long_text(_("哪里没有解决？"), error_messages={"required": _("请说说哪里没有解决，承办单位好接着办")})


class WithdrawForm(forms.Form):
    """Why it is taken back, if the filer likes to say."""

    reason = long_text(_("原因"), required=False, most=500)


class RateForm(forms.Form):
    """Five levels."""

    rating = forms.TypedChoiceField(
        label=_("您对这次办理满意吗？"),
        choices=[(int(each), RATINGS[each]) for each in Rating],
        coerce=lambda value: Rating(int(value)),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项")},
    )
    comment = long_text(_("想说的话"), required=False, most=500)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "supply_supplement": SupplementForm,
    "confirm_solved": NothingForm,
    "reopen_case": ReasonForm,
    "request_reopening": ReasonForm,
    "rate_case": RateForm,
    "urge_case": UrgeForm,
    "renew_code": NothingForm,
    "withdraw_case": WithdrawForm,
}
