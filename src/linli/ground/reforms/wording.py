"""Codes of reforms in the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.ground.reforms.reading import PlanProblem
from linli.ground.territory.facade import ChangeFault, change_fault_words


def reform_fault_words(fault: ChangeFault) -> str:
    """What keeps a reform from being carried out, and what to do about it."""
    words = {
        "no_document": _("请写明批准文件（document）"),
        "nothing_changes": _("文件里没有任何调整"),
        "changed_twice": _("“%(code)s”在文件里出现了两次，一次调整只能写一次"),
        "no_boundary": _("“%(name)s”是机构，没有边界可以调整，请改写 kind"),
        "not_the_day": _("这份调整自 %(day)s 起生效，请在当天确认"),
        "unknown_office": _("没有叫“%(name)s”的在用机构，或有几个同名"),
        "name_taken": _("已经有叫“%(name)s”的机构，请写成接替者（不写 new），或换一个名称"),
        "unknown_area": _("没有正在使用的单位“%(code)s”，请核对机构的服务范围"),
        "no_successor": _("请写明由哪个机构接替"),
        "not_active": _("“%(name)s”已经撤销"),
        "office_too_young": _("“%(name)s”今天才设立，最早明天可以撤销"),
        "stands_for_district": _("“%(name)s”代表全区，只能由同类机构接替"),
        "serves_ended": _("“%(name)s”的服务范围已经撤销，请在文件里写明由谁接替"),
        "still_below": _("“%(name)s”的上级机构已经撤销，请在文件里写明由谁接替"),
    }
    return words[fault.code] % fault.values if fault.code in words else change_fault_words(fault)


def plan_problem_words(problem: PlanProblem) -> str:
    """What cannot be read in a file, where, and what to write instead."""
    line, _colon, column = problem.where.partition(":")
    where = {"where": problem.where, "line": line, "column": column, "said": problem.said}
    words = {
        "not_json": _("第 %(line)s 行第 %(column)s 个字符读不通：检查这里的逗号、引号和括号"),
        "not_utf8": _("文件不是 UTF-8 编码，请用 UTF-8 另存后再上传"),
        "missing": _("%(where)s：缺少这一项，请补上"),
        "extra_forbidden": _("%(where)s：不认识这一项，请核对拼写，或删去"),
        "enum": _("%(where)s：不能这样写，请用说明里列出的词"),
        "too_short": _("%(where)s：至少要写一个"),
        "string_too_short": _("%(where)s：不能空着"),
        "string_too_long": _("%(where)s：太长了，请写短一些"),
        "string_type": _("%(where)s：请写成带引号的文字"),
        "int_parsing": _("%(where)s：请写整数"),
        "int_type": _("%(where)s：请写整数"),
        "greater_than_equal": _("%(where)s：不能是负数"),
        "outline": _("“%(where)s”的边界读不出一块完整的面，请写 GeoJSON 的 Polygon 或 MultiPolygon，不能自己相交"),
    }
    if problem.code.startswith("date"):
        return _("%(where)s：请写成 2026-07-01 这样的日期") % where
    return words.get(problem.code, _("%(where)s：这样写读不懂（%(said)s），请对照说明")) % where
