"""Reforms at the desk: upload a plan, look at what it would do, confirm it by its digest, and see what happened."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from linli.ground.look.pages import render_page, say
from linli.ground.people.doors import Request, staff
from linli.ground.people.rules.administration import ADMINISTRATION
from linli.ground.people.selectors import local_day
from linli.ground.reforms.actions.confirm_reform import NotConfirmable, confirm_reform
from linli.ground.reforms.actions.discard_reform import discard_reform
from linli.ground.reforms.actions.preview_again import preview_again
from linli.ground.reforms.actions.upload_reform import MAX_BYTES, PlanUnusable, upload_reform
from linli.ground.reforms.desk import is_lost, past_reforms, problem_words, reform_file, reform_files
from linli.ground.reforms.models import ReformFile

UNUSABLE = {
    "missing": gettext_lazy("请先选择一个方案文件（.json）。"),
    "empty": gettext_lazy("文件是空的，请另选一个。"),
    "too_large": gettext_lazy("文件超过 10 MB。请把边界画得简单一些，或按文件分开上传。"),
    "not_utf8": gettext_lazy("文件不是 UTF-8 编码的文本，请用 UTF-8 另存后再上传。"),
}
PHASES = {
    "reading": gettext_lazy("核对中"),
    "faulty": gettext_lazy("有问题"),
    "previewed": gettext_lazy("待确认"),
    "confirmed": gettext_lazy("实施中"),
    "done": gettext_lazy("已实施"),
}
NOT_CONFIRMED = {
    "changed": gettext_lazy("预览已经更新，没有实施。请重新核对后再确认。"),
    "not_the_day": gettext_lazy("还没有到（或已经过了）方案写明的日子，请在当天确认。"),
}
MET_BY_WORKER = {
    "no_office": gettext_lazy("确认的人已经不是系统管理员，没有实施。请由现任系统管理员重新预览并确认。"),
    "failed": gettext_lazy("实施时出了意外，全部退回，什么也没有改变。请重新预览；再不行请把时间告诉维护人员。"),
}


@staff
@never_cache
def administered_reforms(request: Request) -> HttpResponse:
    """The form for a plan, plans that wait, and the reforms that were carried out."""
    files, past, problem = reform_files(request.actor), past_reforms(request.actor), ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        name, content = (upload.name or "", upload.read(MAX_BYTES + 1)) if upload else ("", b"")
        try:
            row = upload_reform(name, content, actor=request.actor, now=request.now)
            return redirect("administered_reform", reform=row.pk)
        except PlanUnusable as unusable:
            problem = str(UNUSABLE[unusable.code if upload else "missing"])
    context = {"files": files, "past": past, "phases": PHASES, "problem": problem}
    return render_page(request, "desk/administration/reforms.html", context, status=422 if problem else 200)


@staff
@never_cache
def administered_reform(request: Request, reform: int) -> HttpResponse:
    """One plan: what it would do, what is wrong with it, or what it did."""
    row = reform_file(request.actor, reform)
    if row is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        if not ADMINISTRATION.is_granted(request.actor, "confirm_reform"):
            raise PermissionDenied
        try:
            return _decide(request, row)
        except NotConfirmable as refusal:
            problem = str(NOT_CONFIRMED[refusal.code])
            row.refresh_from_db()
    context = _context(request, row) | {"problem": problem}
    if problem:
        return render_page(request, "desk/administration/reform.html", context, status=422)
    return render_page(request, "desk/administration/reform.html", context, block="progress")


def _decide(request: Request, row: ReformFile) -> HttpResponse:
    """What the buttons do: throw away, preview once more, or confirm."""
    actor, now = request.actor, request.now
    if "discard" in request.POST:
        if discard_reform(row, actor=actor, now=now):
            return say(redirect("administered_reforms"), _("已放弃，没有改变任何内容。"))
        return redirect("administered_reform", reform=row.pk)
    if "again" in request.POST:
        preview_again(row, actor=actor, now=now)
        return redirect("administered_reform", reform=row.pk)
    confirm_reform(row, request.POST.get("digest", ""), actor=actor, now=now)
    return say(redirect("administered_reform", reform=row.pk), _("已确认，正在后台实施。"))


def _context(request: Request, row: ReformFile) -> dict[str, Any]:
    result = row.result or {}
    extra = {code: str(words) for code, words in MET_BY_WORKER.items()}
    return {
        "row": row,
        "result": result,
        "matters": sum(result.get("matters", {}).values()),
        "problems": problem_words(row.problems, extra),
        "today": result.get("day") == local_day(request.now).isoformat(),
        "lost": is_lost(row, request.now),
        "works": row.phase in ("reading", "confirmed"),
    }
