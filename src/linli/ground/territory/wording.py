"""Codes of the territory in the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.ground.territory.rules.places import PlaceProblem


def place_problem_words(problem: PlaceProblem) -> str:
    """Why a point could not be placed."""
    return {
        PlaceProblem.OUTSIDE_DISTRICT: _("这个位置不在本区范围内"),
        PlaceProblem.NO_OUTLINE: _("这一级的边界还没有录入"),
        PlaceProblem.GAP: _("这个位置在各单位的边界之间，没有归属"),
        PlaceProblem.OVERLAP: _("这个位置落在几个单位重叠的边界内"),
        PlaceProblem.LEVELS_DISAGREE: _("这个位置上下级的边界不一致"),
    }[problem]
