"""What residents are asked to agree to, in the words that they read; the edition changes whenever the words do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.ground.people.rules.purposes import ACCOUNT, PROGRESS_MAIL, PUBLIC_NAME, Relation

PRIVACY_NOTICE = "2026-11"


@dataclass(frozen=True)
class Words:
    """A purpose as its page tells it.

    Args:
        edition: of these words; it stands in the row of whoever agrees.
        without: what remains possible without it.
    """

    edition: str
    title: Any
    about: Any
    without: Any


CONSENTS: Mapping[str, Words] = {
    ACCOUNT: Words(
        PRIVACY_NOTICE,
        _("保存手机号和称呼，开立账号"),
        _("按《个人信息说明》保存，只用来办理您反映的事、答复您。"),
        _("不同意就没有账号，一样可以反映和查询。撤回就是注销账号。"),
    ),
    PROGRESS_MAIL: Words(
        PRIVACY_NOTICE,
        _("有新进展也发电子邮件"),
        _("用您留的电子邮箱，把您反映的事的新进展发给您。"),
        _("不同意也照常收到短信和站内通知。"),
    ),
    PUBLIC_NAME: Words(
        PRIVACY_NOTICE,
        _("公开时写出我的称呼"),
        _("您愿意公开的事，公开的文字里可以写出您的称呼，谁都能看到。电话、住址和别人的信息仍然不公开。"),
        _("不同意就遮去称呼再公开。撤回以后，写着您称呼的那些会马上撤下。"),
    ),
}

RELATIONS: Mapping[str, Any] = {
    Relation.PARENT: _("父母"),
    Relation.GRANDPARENT: _("祖父母、外祖父母"),
    Relation.OTHER: _("其他监护人"),
}
