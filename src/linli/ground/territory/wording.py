"""Codes of the territory in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.ground.territory.rules.changes import ChangeFault, ChangeKind
from linli.ground.territory.rules.places import PlaceProblem

CHANGES: Mapping[str, Promise] = {
    ChangeKind.MERGE: gettext_lazy("合并"),
    ChangeKind.SPLIT: gettext_lazy("拆分"),
    ChangeKind.RENAME: gettext_lazy("更换代码"),
    ChangeKind.TRANSFER: gettext_lazy("划转"),
    ChangeKind.REDRAW: gettext_lazy("调整边界"),
}


def place_problem_words(problem: PlaceProblem) -> str:
    """Why a point could not be placed."""
    return {
        PlaceProblem.OUTSIDE_DISTRICT: _("这个位置不在本区范围内"),
        PlaceProblem.NO_OUTLINE: _("这一级的边界还没有录入"),
        PlaceProblem.GAP: _("这个位置在各单位的边界之间，没有归属"),
        PlaceProblem.OVERLAP: _("这个位置落在几个单位重叠的边界内"),
        PlaceProblem.LEVELS_DISAGREE: _("这个位置上下级的边界不一致"),
    }[problem]


def change_fault_words(fault: ChangeFault) -> str:
    """What keeps a change of units from being carried out, and what to do about it."""
    words = {
        "unknown_unit": _("没有正在使用的单位“%(code)s”，请核对代码"),
        "too_young": _("“%(code)s”今天才设立，最早明天可以调整"),
        "wrong_number": _(
            "单位数与调整方式不符：合并是几个变一个，拆分是一个变几个，改码和划转是一个变一个，调整边界前后是同几个"
        ),
        "no_heir": _("请写明由哪个新单位保管历史（heir）“%(code)s”，并且每个代码只写一次"),
        "no_name": _("请填写“%(code)s”的名称"),
        "wrong_level": _("这一级不能这样调整：街道可以合并、改码，社区都可以，网格不能调整边界；一次调整里要是同一级"),
        "bad_code": _("代码“%(code)s”不合规，或者上级不存在"),
        "code_taken": _("代码“%(code)s”已经用过，不能再用"),
        "wrong_parent": _("“%(code)s”的上级不对：只有划转才换上级，合并到其中一个的上级之下"),
        "not_below": _("“%(code)s”不是要撤销的街道下面的社区，请核对 codes"),
        "no_code_left": _("“%(code)s”在新街道没有可用的代码，请在 codes 里写明"),
        "not_drawn": _("“%(code)s”有边界，调整后的每个单位也要有边界"),
        "source_not_drawn": _("“%(code)s”还没有边界，请先导入边界，再调整"),
        "not_divided": _(
            "调整后的边界没有正好分完“%(code)s”，相差约 %(area)s 平方米，在经度 %(longitude)s、纬度 %(latitude)s 附近"
        ),
        "nothing_moves": _("调整前后的边界、网格和地址都一样，请核对"),
        "grids_not_divided": _("每个网格要正好分给一个新单位，请核对：%(codes)s"),
        "grids_not_fitting": _(
            "“%(code)s”的网格合起来与它的边界不符，相差约 %(area)s 平方米，在经度 %(longitude)s、纬度 %(latitude)s "
            "附近；边界穿过网格的，请先拆分网格"
        ),
        "households_not_divided": _("“%(code)s”共有 %(households)s 户，调整后的户数加起来要一样多"),
        "grid_households": _("“%(code)s”写了 %(households)s 户，与它的网格户数加起来不一样"),
    }
    return words[fault.code] % fault.values
