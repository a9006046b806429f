"""What the pictures of the board are drawn from, and the same in one sentence for who does not see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.insight.indicators.facade import Sums

Steps = Sequence[tuple[str, Sums]]


def trend_chart(steps: Steps) -> tuple[dict[str, Any], str]:
    """Received and closed, step by step."""
    received = [sums["received"] for _day, sums in steps]
    closed = [sums["closed"] for _day, sums in steps]
    data = {
        "steps": [step for step, _sums in steps],
        "series": [{"name": _("收到"), "values": received}, {"name": _("办结"), "values": closed}],
    }
    if not any(received):
        return data, _("这段时间没有收到诉求。")
    most = received.index(max(received))
    return data, _("共收到 %(received)s 件，办结 %(closed)s 件；收到最多的是 %(step)s，%(most)s 件。") % {
        "received": f"{sum(received):,}",
        "closed": f"{sum(closed):,}",
        "step": steps[most][0],
        "most": f"{received[most]:,}",
    }


def ages_chart(ages: Sequence[tuple[str, int]]) -> tuple[dict[str, Any], str]:
    """Open demands by age."""
    data = {"names": [words for words, _number in ages], "values": [number for _words, number in ages]}
    words, oldest = ages[-1]
    total = sum(number for _words, number in ages)
    return data, _("现在有 %(total)s 件未办结，其中 %(oldest)s 件%(words)s。") % {
        "total": f"{total:,}",
        "oldest": f"{oldest:,}",
        "words": words,
    }


def topics_chart(topics: Sequence[tuple[str, Sums]]) -> tuple[dict[str, Any], str]:
    """What was asked for most."""
    data = {"names": [name for name, _sums in topics], "values": [sums["received"] for _name, sums in topics]}
    named = [_("%(name)s（%(number)s 件）") % {"name": name, "number": sums["received"]} for name, sums in topics[:3]]
    return data, _("最多的是：%(topics)s。") % {"topics": "、".join(named)} if named else ""


def heat_chart(
    places: Sequence[tuple[str, str]], topics: Sequence[tuple[str, str]], numbers: Mapping[tuple[str, str], int]
) -> tuple[dict[str, Any], str]:
    """Topics by places.

    Args:
        places: path and name of each; topics likewise.
        numbers: by the paths of place and topic.
    """
    cells = [
        [across, down, numbers.get((place, topic), 0)]
        for down, (place, _name) in enumerate(places)
        for across, (topic, _topic_name) in enumerate(topics)
    ]
    data = {
        "places": [name for _path, name in places],
        "topics": [name for _path, name in topics],
        "cells": cells,
        "most": max((number for _a, _d, number in cells), default=0),
    }
    if not data["most"]:
        return data, _("这段时间没有可以比较的。")
    across, down, number = max(cells, key=lambda cell: cell[2])
    return data, _("最集中的是%(place)s的“%(topic)s”，%(number)s 件。") % {
        "place": places[down][1],
        "topic": topics[across][1],
        "number": f"{number:,}",
    }
