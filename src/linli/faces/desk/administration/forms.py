"""What administrators type."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.faces.desk.administration.reads import LogFilters
from linli.faces.desk.administration.words import EVENTS, GROUPS
from linli.ground.look.days import day_input
from linli.ground.people.selectors import account_by_login
from linli.ground.privacy.assessments import Findings

NOBODY = UUID(int=0)


class LogForm(forms.Form):
    """The filters of the log; every field lives in the address."""

    login = forms.CharField(label=_("登录名或手机号"), max_length=60, required=False)
    since = forms.DateField(label=_("从哪天"), required=False, widget=day_input())
    until = forms.DateField(label=_("到哪天"), required=False, widget=day_input())
    group = forms.ChoiceField(label=_("类别"), required=False)
    event = forms.ChoiceField(label=_("发生了什么"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("不限"))
        self.fields["group"].choices = [everything, *GROUPS.items()]  # type: ignore[attr-defined]
        self.fields["event"].choices = [everything, *EVENTS.items()]  # type: ignore[attr-defined]

    def filters(self) -> LogFilters:
        """A field that is not sound narrows nothing; a name that nobody bears finds nothing."""
        self.is_valid()
        given = self.cleaned_data
        typed = given.get("login", "").strip()
        account = account_by_login(typed, active_only=False)[1] if typed else None
        return LogFilters(
            account=(account.pk if account else NOBODY) if typed else None,
            since=given.get("since"),
            until=given.get("until"),
            group=given.get("group", ""),
            event=given.get("event", ""),
        )


def _long(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        help_text=_("不要写具体某个人的信息。"),
        widget=forms.Textarea,
        error_messages={"required": _("请填写这一项")},
    )


class ReasonForm(forms.Form):
    """Why, for the record."""

    why = forms.CharField(
        label=_("理由"),
        max_length=200,
        help_text=_("写明是谁提出、为什么，审计管理员会看到。不要写证件号码等个人信息。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写明理由")},
    )


class AssessmentForm(forms.Form):
    """What an impact assessment found (PIPL art. 56)."""

    assessed_on = forms.DateField(
        label=_("评估日期"),
        widget=day_input(),
        error_messages={"required": _("请填写评估日期"), "invalid": _("请填写日期")},
    )
    necessity = _long(_("目的和方式是否合法、正当、必要"))
    impact = _long(_("对个人权益的影响和安全风险"))
    measures = _long(_("保护措施是否合法、有效，与风险相适应"))
    acceptable = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("1", _("可以这样处理")), ("0", _("整改以后再评估"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择结论")},
    )

    def findings(self) -> Findings:
        """As the register takes them."""
        return Findings(**self.cleaned_data)


class LinkForm(ReasonForm):
    """How the single sign-on calls somebody."""

    identifier = forms.CharField(
        label=_("统一身份的标识"),
        max_length=200,
        required=False,
        help_text=_("由统一身份认证的管理方提供，不是邮箱或姓名。留空就取消关联。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("identifier", "why")
