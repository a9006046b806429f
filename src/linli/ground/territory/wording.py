"""Codes of the territory in the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.ground.territory.rules.levels import Kind, Level
from linli.ground.territory.rules.places import How, PlaceProblem, Resolved


def level_words(level: Level) -> str:
    """What a level is called."""
    return {
        Level.DISTRICT: _("区"),
        Level.STREET: _("街道"),
        Level.COMMUNITY: _("社区"),
        Level.GRID: _("网格"),
    }[level]


def kind_words(kind: Kind) -> str:
    """What a kind of unit is called."""
    return {
        Kind.DISTRICT: _("区"),
        Kind.STREET: _("街道"),
        Kind.TOWN: _("镇"),
        Kind.TOWNSHIP: _("乡"),
        Kind.FUNCTIONAL_AREA: _("功能区"),
        Kind.COMMITTEE: _("社区"),
        Kind.VILLAGE: _("村"),
        Kind.VIRTUAL: _("虚拟社区"),
        Kind.GRID: _("网格"),
        Kind.OTHER: _("其他区域"),
    }[kind]


def place_problem_words(problem: PlaceProblem) -> str:
    """Why a point could not be placed."""
    return {
        PlaceProblem.OUTSIDE_DISTRICT: _("这个位置不在本区范围内"),
        PlaceProblem.NO_OUTLINE: _("这一级的边界还没有录入"),
        PlaceProblem.GAP: _("这个位置在各单位的边界之间，没有归属"),
        PlaceProblem.OVERLAP: _("这个位置落在几个单位重叠的边界内"),
        PlaceProblem.LEVELS_DISAGREE: _("这个位置上下级的边界不一致"),
    }[problem]


def resolved_words(resolved: Resolved) -> str:
    """On what ground a place was read out of a text, so that a clerk can judge it."""
    names = {"unit": resolved.unit.name, "words": resolved.words}
    match resolved.how:
        case How.FULL_NAME:
            return _("文中写明“%(words)s”") % names
        case How.SHORT_NAME:
            return _("文中提到“%(words)s”，应指%(unit)s") % names
        case How.AMBIGUOUS:
            return _("文中的“%(words)s”所指不止一处，暂归%(unit)s") % names
        case How.NOT_NAMED:
            return _("文中没有提到社区或街道，暂归%(unit)s") % names
