"""Refusals in the form of RFC 9457: a code for programs, a sentence for people, and what is missing."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from linli.ground.matters.action import Refused
from linli.kernel.procedure import Blocker

MEDIA_TYPE = "application/problem+json"

# What can go wrong at any address: the status, and what it means.
PROBLEMS: Mapping[str, tuple[int, Promise]] = {
    "unreadable": (400, _("请求不是有效的 JSON。")),
    "token_missing": (401, _("请在 Authorization 头里出示令牌：Bearer linli_…")),
    "token_unknown": (401, _("没有这个令牌，请检查是否抄全。")),
    "token_expired": (401, _("令牌已过有效期，请重新申请。")),
    "token_revoked": (401, _("令牌已被撤销。")),
    "token_closed": (401, _("令牌所属的账号已停用。")),
    "scope_missing": (403, _("这个令牌没有这项用途，请用有相应用途的令牌。")),
    "not_granted": (403, _("账号的岗位不能办理这一步。")),
    "out_of_scope": (403, _("这件事不在账号的办理范围内。")),
    "not_found": (404, _("没有找到，或者账号不能知道它是否存在。")),
    "method_not_allowed": (405, _("这个地址不接受这种请求方法。")),
    "not_open": (409, _("当前状态不能进行这一步。")),
    "blocked": (409, _("还缺条件，见 blockers。")),
    "changed": (409, _("预览已经更新，没有实施。请重新核对后再确认。")),
    "not_the_day": (409, _("还没有到（或已经过了）方案写明的日子，请在当天确认。")),
    "own_account": (409, _("自己的账号请由另一位安全管理员处理。")),
    "in_browser": (409, _("这一项只能由本人登录网页办理。")),
    "too_many_webhooks": (409, _("一个令牌最多订阅五个地址，请先停用不用的。")),
    "too_large": (413, _("请求太大。")),
    "invalid": (422, _("有几项内容不对，见 errors。")),
    "key_reused": (422, _("这个 Idempotency-Key 已经用于另一个请求，请换一个。")),
    "emergency": (422, _("像是紧急情况：有人有危险请立即拨打 110、119、120；确认没有的，请带上 safe 再提交。")),
    "too_many": (429, _("请求太频繁，请按 Retry-After 的秒数等候。")),
    "broken": (500, _("系统出错，没有办成；已经记录，请稍后再试。")),
}


class Missing(Schema):
    """One thing that is missing before a step can be taken."""

    code: str
    detail: str = Field(description="What is missing and what to do, for people.")
    values: dict[str, Any] = Field(default_factory=dict, description="What the sentence speaks of.")


class WrongField(Schema):
    """What is wrong with one field of the request."""

    field: str = Field(description="Name of the field; empty for the request as a whole.")
    detail: str


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str = Field(description="Where the code is explained.")
    title: str = Field(description="What the status means.")
    status: int
    code: str = Field(description="For programs; it does not change with the language.")
    detail: str = Field(description="For people, in the language asked for with `Accept-Language`.")
    instance: str
    blockers: list[Missing] = Field(default_factory=list)
    errors: list[WrongField] = Field(default_factory=list)


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered as asked; an API view raises it and nothing has changed."""

    code: str
    detail: str = ""
    blockers: Sequence[Missing] = ()
    errors: Sequence[WrongField] = ()
    wait: int = 0

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.code][0]


RefusalWords = Callable[[str, tuple[Blocker, ...]], list[str]]


def refusal(refused: Refused, words: RefusalWords) -> Problem:
    """A refused act as a problem, in the feature's own words."""
    return Problem(refused.reason, " ".join(words(refused.reason, refused.blockers)), missing(refused.blockers, words))


def missing(blockers: Sequence[Blocker], words: RefusalWords) -> list[Missing]:
    """What is missing, each with its sentence."""
    return [
        Missing(code=each.code, detail=" ".join(words("blocked", (each,))), values=dict(each.values))
        for each in blockers
    ]


def problem_answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response."""
    status, words = PROBLEMS[problem.code]
    out = ProblemOut(
        type=f"{reverse('api_docs')}#{problem.code}",
        title=str(words),
        status=status,
        code=problem.code,
        detail=problem.detail or str(words),
        instance=request.path,
        blockers=list(problem.blockers),
        errors=list(problem.errors),
    )
    body = json.dumps(out.model_dump(), cls=DjangoJSONEncoder, ensure_ascii=False)
    answer = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="linli"'
    if problem.wait:
        answer["Retry-After"] = str(problem.wait)
    answer["Cache-Control"] = "no-store"
    return answer
