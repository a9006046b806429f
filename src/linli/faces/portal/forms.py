"""What is typed at the doorstep."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Login name and password."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("请输入登录名")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入密码")},
    )


class ReceiptForm(forms.Form):
    """A receipt, as it was printed or saved."""

    receipt = forms.CharField(
        label=_("回执"),
        max_length=4000,
        help_text=_("把回执上那一长串字符整段粘贴到这里，换行和空格不影响。"),
        widget=forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请把回执粘贴到这里")},
    )
