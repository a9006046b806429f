"""What is typed at the doorstep."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.faces.portal.consent_words import RELATIONS
from linli.ground.people.rules.purposes import Guardian, Relation
from linli.kernel.identity import normalize_phone


class SignInForm(forms.Form):
    """Login name and password."""

    login = forms.CharField(
        label=_("登录名或手机号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("请输入登录名或手机号")},
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


WEAK = {
    "password_too_short": _("密码太短，至少 %(length)s 个字符"),
    "password_few_kinds": _("密码至少要有 %(kinds)s 类字符：小写字母、大写字母、数字、汉字、符号"),
    "password_too_common": _("这个密码太常见，容易被猜中，请换一个"),
    "password_entirely_numeric": _("密码不能全是数字，请加上字母或汉字"),
}


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请设一个密码")},
    )


def _present() -> forms.CharField:
    return forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入现在的密码")},
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("怎么称呼您"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请写下怎么称呼您")},
    )


def _email() -> forms.EmailField:
    return forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=200,
        help_text=_("可以不填。填了，有新进展时也发邮件给您。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("这不像一个电子邮箱，请检查")},
    )


class PhoneForm(forms.Form):
    """The telephone that a code is sent to."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        help_text=_("短信验证码发到这个号码，以后凭它登录。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请输入手机号")},
    )

    def clean_phone(self) -> str:
        """A mobile number in one form: text messages reach no others."""
        normal = normalize_phone(str(self.cleaned_data["phone"]))
        if normal is None or not normal.startswith("1"):
            raise ValidationError(_("这不像一个手机号：11 位数字，1 开头"))
        return normal


class NewPhoneForm(PhoneForm):
    """Another telephone, and the password once more."""

    present = _present()


class RegisterForm(PhoneForm):
    """The telephone, and consent before anything is kept of it."""

    consent = forms.BooleanField(
        label=_("我同意《个人信息说明》"),
        help_text=_("您的手机号和称呼只用来办理您反映的事、答复您，不作别的用途。"),
        error_messages={"required": _("同意以后才能注册；不注册也能反映和查询")},
    )


class NewPasswordForm(forms.Form):
    """A new password."""

    password = _new_password()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _("至少 %(length)s 个字符，不要全是数字，也不要太常见。一句只有您记得住的话最好。")
        if settings.PASSWORD_KINDS > 1:
            asked = _("至少 %(length)s 个字符，小写字母、大写字母、数字、汉字、符号中至少有 %(kinds)s 类，不要太常见。")
        self.fields["password"].help_text = asked % _limits()

    def clean_password(self) -> str:
        """Strong enough."""
        typed = str(self.cleaned_data["password"])
        try:
            validate_password(typed)
        except ValidationError as weak:
            first = weak.error_list[0]
            words = WEAK.get(first.code or "")
            raise ValidationError(words % _limits() if words else first) from weak
        return typed


def _limits() -> dict[str, int]:
    return {"length": settings.PASSWORD_LENGTH, "kinds": settings.PASSWORD_KINDS}


class GuardianForm(forms.Form):
    """Who consents for somebody under fourteen (PIPL art. 31)."""

    under_14 = forms.BooleanField(label=_("我未满十四周岁，由监护人填写"), required=False)
    guardian_name = forms.CharField(label=_("监护人姓名"), max_length=30, required=False)
    guardian_relation = forms.ChoiceField(
        label=_("与本人的关系"),
        required=False,
        choices=[("", "—"), *((str(key), words) for key, words in RELATIONS.items())],
    )

    def clean(self) -> dict[str, Any]:
        """Both, where a guardian consents."""
        given = super().clean() or {}
        if given.get("under_14"):
            for name in ("guardian_name", "guardian_relation"):
                if not given.get(name):
                    self.add_error(name, _("未满十四周岁的，请监护人填写"))
        return given

    def guardian(self) -> Guardian | None:
        """The guardian, for somebody under fourteen."""
        given = self.cleaned_data
        if not given["under_14"]:
            return None
        return Guardian(given["guardian_name"], Relation(given["guardian_relation"]))


class DetailsForm(NewPasswordForm, GuardianForm):
    """The last step of registering."""

    name = _name()
    email = _email()
    field_order = ("name", "password", "email")


class ProfileForm(forms.Form):
    """What one may change of oneself."""

    name = _name()
    email = _email()


class CloseAccountForm(forms.Form):
    """The password once more, before everything is deleted."""

    present = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入密码")},
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password, and a new one."""

    present = _present()
    field_order = ("present", "password")

    def clean(self) -> dict[str, Any]:
        """Another one than before."""
        given = super().clean() or {}
        if given.get("password") and given["password"] == given.get("present"):
            self.add_error("password", _("新密码不能和现在的一样"))
        return given


class SignInCodeForm(forms.Form):
    """The code after the password."""

    code = forms.CharField(
        label=_("动态验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("请输入验证码")},
    )


class NewFactorForm(SignInCodeForm):
    """The first code of a new authenticator, and the password once more."""

    present = _present()
    field_order = ("code", "present")
