"""What others may import of indicators."""

from linli.insight.indicators.actions.publish_rates import NotEnded, publish_rates
from linli.insight.indicators.rules.rates import Quarter
from linli.insight.indicators.tasks import check_figures_at_night, publish_last_quarter

__all__ = ["NotEnded", "Quarter", "check_figures_at_night", "publish_last_quarter", "publish_rates"]
