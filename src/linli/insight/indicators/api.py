"""The published rates for programs; the face finds `router` here. They are for everyone."""

from datetime import date

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from linli.ground.exchange.days import past_day_asked
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import OPEN, Asked, Text
from linli.ground.people.doors import Request
from linli.insight.indicators.rules.rates import LEAST_SHOWN, Quarter, Rate
from linli.insight.indicators.selectors import RateRow, is_published, newest_by, published_quarters, rate_table
from linli.insight.indicators.wording import MEANINGS, RATES

router = Router()
LARGEST_ID = 2**63 - 1


class RatesAsked(Asked):
    """Which quarter, and below which organization."""

    quarter: Text = Field("", max_length=6, description="Such as 2026Q1; the newest where none is named.")
    as_of: date | None = Field(None, description="Instead: the newest quarter that had ended by this day.")
    organization: int | None = Field(None, ge=1, le=LARGEST_ID, description="The district where none is named.")


class RateOut(Schema):
    """A rate in whole per cent with its interval (Wilson, 95 %); all null where too few were asked."""

    rate: Rate
    rate_words: str
    percent: int | None
    low: int | None
    high: int | None
    part: int | None
    whole: int | None


class OrganizationRates(Schema):
    """An organization with its rates; a rate that is missing had nothing to count."""

    organization: int
    name: str
    own: bool = Field(description="Only what it held itself, without what stands below it.")
    has_parts: bool = Field(description="Ask with its id for what stands below it.")
    rates: list[RateOut]


class RatesOut(Schema):
    """The rates of an organization and of what stands directly below it."""

    quarter: str = Field(description="Empty where nothing was published yet.")
    quarters: list[str] = Field(description="The newest twelve that were published.")
    least: int = Field(description="Of fewer answers nothing is shown.")
    meanings: dict[Rate, str]
    rows: list[OrganizationRates]


@router.get("/rates", auth=None, response={200: RatesOut, **OPEN}, summary="Published rates")
def rates(request: Request, asked: Query[RatesAsked]) -> RatesOut:
    """The rates of one quarter: the district or an organization, and what stands directly below. No token is needed."""
    quarters = published_quarters()
    quarter = _chosen(request, asked, quarters)
    rows = rate_table(request.actor, quarter, asked.organization) if quarter else []
    if asked.organization and not rows:
        raise Problem("not_found")
    return RatesOut(
        quarter=str(quarter) if quarter else "",
        quarters=[str(each) for each in quarters],
        least=LEAST_SHOWN,
        meanings={Rate(code): str(words) for code, words in MEANINGS.items()},
        rows=[_row(row) for row in rows],
    )


def _chosen(request: Request, asked: RatesAsked, quarters: list[Quarter]) -> Quarter | None:
    """As on the page: the quarter asked for, or the newest by a day.

    Raises:
        Problem: it is no quarter, or was not published.
    """
    if not asked.quarter:
        day = past_day_asked(request, asked.as_of)
        return newest_by(day) if day else next(iter(quarters), None)
    try:
        quarter = Quarter.parse(asked.quarter)
    except ValueError as error:
        raise Problem("invalid", errors=[WrongField(field="quarter", detail=_("这一项的值不对"))]) from error
    if not is_published(quarter):
        raise Problem("not_found")
    return quarter


def _row(row: RateRow) -> OrganizationRates:
    return OrganizationRates(
        organization=row.organization,
        name=row.name,
        own=row.own,
        has_parts=row.has_parts,
        rates=[
            RateOut(rate=Rate(code), rate_words=str(RATES[code]), **vars(shown)) for code, shown in row.rates.items()
        ],
    )
