"""The published rates on the residents' face."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.ground.look.days import asked_day
from linli.ground.look.pages import render_page
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request, public
from linli.insight.indicators.rules.rates import LEAST_SHOWN, Quarter
from linli.insight.indicators.selectors import all_rates, is_published, newest_by, published_quarters, rate_table
from linli.insight.indicators.wording import MEANINGS, RATES


@public
@require_safe
def rates(request: Request) -> HttpResponse:
    """The rates of the district and of what stands directly below it, in one quarter."""
    return _page(request, None)


@public
@require_safe
def rates_of(request: Request, organization: int) -> HttpResponse:
    """The rates of one organization and of what stands directly below it.

    Raises:
        Http404: nothing of it was published.
    """
    return _page(request, organization)


def _page(request: Request, organization: int | None) -> HttpResponse:
    quarters = published_quarters()
    quarter = _chosen(request, quarters)
    rows = rate_table(request.actor, quarter, organization) if quarter else []
    if organization and not rows:
        raise Http404
    context = {
        "quarters": quarters,
        "quarter": quarter,
        "rows": rows,
        "at_top": organization is None,
        "rates": RATES,
        "meanings": MEANINGS,
        "least": LEAST_SHOWN,
        "here_url": reverse("rates_of", kwargs={"organization": organization}) if organization else reverse("rates"),
    }
    return render_page(request, "indicators/rates.html", context)


@public
@require_safe
def rates_sheet(request: Request) -> HttpResponse:
    """Everything that was published of a quarter."""
    quarter = _chosen(request, published_quarters())
    if quarter is None:
        raise Http404
    columns = {
        "organization": _("单位"),
        "scope": _("范围"),
        "rate": _("指标"),
        "part": _("其中"),
        "whole": _("总数"),
        "percent": "%",
        "low": _("区间下限 %"),
        "high": _("区间上限 %"),
    }
    scope = {True: _("本级"), False: _("含下属")}
    rows = (
        row | {"rate": str(RATES[row["rate"]]), "scope": scope[row["own"]]} for row in all_rates(request.actor, quarter)
    )
    return spreadsheet(f"rates-{quarter}.xlsx", rows, columns)


def _chosen(request: Request, quarters: list[Quarter]) -> Quarter | None:
    """The quarter asked for, or the newest; with `as_of` the newest that had ended by that day.

    Raises:
        Http404: it was not published.
    """
    asked, today = request.GET.get("quarter", ""), local_day(request.now)
    day = asked_day(request.GET, today)
    if not asked:
        return newest_by(day) if day < today else next(iter(quarters), None)
    try:
        quarter = Quarter.parse(asked)
    except ValueError as error:
        raise Http404 from error
    if not is_published(quarter):
        raise Http404
    return quarter
