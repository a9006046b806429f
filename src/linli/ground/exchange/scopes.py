"""What a token may be used for. Within that it opens what its account may see and do, and nothing more.

Administration has a use of its own, for reading too: a token that an administrator made to handle demands, and that
another system holds, administers nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(StrEnum):
    """One use of a token."""

    READ = "read"
    WRITE = "write"
    FEED = "feed"
    ADMINISTER = "administer"


SCOPES: Mapping[Scope, Promise] = {
    Scope.READ: _("读取：列表、详情、办理经过和可办的步骤，与账号在页面上看到的相同"),
    Scope.WRITE: _("办理：以账号的名义提交诉求、办理步骤，每一步都留下记录"),
    Scope.FEED: _("变更：按顺序取得或订阅办理动态的编号和代码，不含文字和个人信息"),
    Scope.ADMINISTER: _("管理：以管理员的名义查看和处理账号、日志、个人信息保护和区划调整，不超过账号的管理岗位"),
}
