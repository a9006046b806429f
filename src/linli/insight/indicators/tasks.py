"""What the clock does for indicators."""

from datetime import datetime

from django.utils.timezone import localtime

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.insight.indicators.actions.publish_rates import publish_rates
from linli.insight.indicators.checking import check_figures, last_check
from linli.insight.indicators.hot_topics import find_hot_topics, newest_night
from linli.insight.indicators.rules.rates import Quarter
from linli.insight.indicators.selectors import is_published
from linli.kernel.access import SYSTEM

FIRST_HOUR = 1


def publish_last_quarter(now: datetime) -> bool:
    """Publish the quarter that ended last, unless it is published or before anything happened; True if done now."""
    quarter = Quarter.of(local_day(now)).previous
    first = Matter.objects.order_by("id").values_list("opened_at", flat=True).first()
    if first is None or local_day(first) > quarter.last_day or is_published(quarter):
        return False
    publish_rates(quarter, actor=SYSTEM, now=now)
    return True


def check_figures_at_night(now: datetime) -> bool:
    """Check the figures once a day, after one in the morning when nobody waits for the database; True if done now."""
    newest = last_check()
    if localtime(now).hour < FIRST_HOUR or (newest is not None and local_day(newest.at) >= local_day(now)):
        return False
    check_figures(now)
    return True


def find_hot_topics_at_night(now: datetime) -> bool:
    """Find the hot topics once a day, after one in the morning; True if done now."""
    newest = newest_night()
    if localtime(now).hour < FIRST_HOUR or (newest is not None and newest.night >= local_day(now)):
        return False
    return find_hot_topics(now)
