"""The kinds of characters, as one of Django's password rules."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.ground.people.rules.passwords import kinds_of_characters


class KindsOfCharacters:
    """A password mixes at least so many kinds of characters."""

    def __init__(self, least: int) -> None:
        self.least = least

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse one that mixes fewer."""
        if kinds_of_characters(password) < self.least:
            raise ValidationError(self.get_help_text(), code="password_few_kinds")

    def get_help_text(self) -> str:
        """What is asked, in words."""
        return _("密码至少要有 %(n)s 类字符：小写字母、大写字母、数字、汉字、符号") % {"n": self.least}
