"""The second row of the inbox's filters; a new token."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.ground.exchange.scopes import SCOPES, Scope
from linli.ground.look.days import day_input
from linli.ground.look.widgets import Ready, SelectWidget
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.kernel.access import Actor
from linli.services.cases.facade import CHANNELS, place_choices, topic_choices

ORDERS = (("", _("按时限")), ("received", _("按收到时间")))
SIZES = (("20", _("20 件")), ("60", _("60 件")))


class MoreFilters(forms.Form):
    """What the list is narrowed to beyond its tabs; every field lives in the address."""

    topic = forms.ChoiceField(label=_("事项分类"), required=False, widget=SelectWidget)
    place = forms.ChoiceField(label=_("街道、社区"), required=False, widget=SelectWidget)
    channel = forms.ChoiceField(label=_("来源"), required=False)
    since = forms.DateField(label=_("收到日期从"), required=False, widget=day_input())
    until = forms.DateField(label=_("到"), required=False, widget=day_input())
    order = forms.ChoiceField(
        label=_("排序"), required=False, choices=[("", _("按时限")), ("received", _("按收到时间"))]
    )
    as_of = forms.DateField(label=_("截至哪一天"), required=False, widget=day_input())
    size = forms.ChoiceField(label=_("每页"), required=False, choices=[("20", _("20 件")), ("60", _("60 件"))])

    def __init__(self, *args: Any, area_path: str, today: date, day: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()
        if day is not None:
            del self.fields["order"]  # of a day: what had moved last comes first
        everything = ("", _("不限"))
        choices = {
            "topic": [everything, *topic_choices()],
            "place": [everything, *place_choices(area_path, key="code", day=day)],
            "channel": [everything, *CHANNELS.items()],
        }
        for name, given in choices.items():
            self.fields[name].choices = Ready(given)  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A new token: what it is called, what for, and how long. Administration is offered to administrators alone."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("给哪个系统用，例如：12345 对接。"))
    scopes = forms.MultipleChoiceField(
        label=_("用途"),
        choices=[(str(scope), words) for scope, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项")},
    )
    days = forms.ChoiceField(
        label=_("有效期"),
        choices=[("30", _("30 天")), ("90", _("90 天")), ("180", _("180 天")), ("365", _("365 天"))],
        initial="90",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not any(ADMINISTRATION.is_granted(actor, action) for action in ADMINISTRATION.grants):
            field: Any = self.fields["scopes"]
            field.choices = [choice for choice in field.choices if choice[0] != Scope.ADMINISTER]
