"""What others may import of indicators."""

from linli.insight.indicators.actions.publish_rates import NotEnded, publish_rates
from linli.insight.indicators.board import (
    Asked,
    by_day,
    by_place,
    by_topic,
    heat,
    open_by_age,
    place_asked,
    places_of,
    topic_asked,
    total,
)
from linli.insight.indicators.board_rows import NUMBERS, rows_behind
from linli.insight.indicators.checking import check_figures, last_check
from linli.insight.indicators.hot_topics import find_hot_topics, newest_night
from linli.insight.indicators.hottest import HotTopicShown, demands_of, hot_topic_asked, hottest
from linli.insight.indicators.models import HotTopicsNight
from linli.insight.indicators.rules.board import (
    AGES,
    OF_PROPOSALS,
    PARTS,
    Grain,
    Ratio,
    Share,
    Standing,
    Sums,
    grain_of,
    standing_of,
)
from linli.insight.indicators.rules.hot_topics import Change
from linli.insight.indicators.rules.rates import Quarter
from linli.insight.indicators.rules.rulebook import rulebook
from linli.insight.indicators.tasks import check_figures_at_night, find_hot_topics_at_night, publish_last_quarter

__all__ = [
    "AGES",
    "NUMBERS",
    "OF_PROPOSALS",
    "PARTS",
    "Asked",
    "Change",
    "Grain",
    "HotTopicShown",
    "HotTopicsNight",
    "NotEnded",
    "Quarter",
    "Ratio",
    "Share",
    "Standing",
    "Sums",
    "by_day",
    "by_place",
    "by_topic",
    "check_figures",
    "check_figures_at_night",
    "demands_of",
    "find_hot_topics",
    "find_hot_topics_at_night",
    "grain_of",
    "heat",
    "hot_topic_asked",
    "hottest",
    "last_check",
    "newest_night",
    "open_by_age",
    "place_asked",
    "places_of",
    "publish_last_quarter",
    "publish_rates",
    "rows_behind",
    "rulebook",
    "standing_of",
    "topic_asked",
    "total",
]
