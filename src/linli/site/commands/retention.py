"""Commands: erasing what has been kept long enough."""

from typing import Any

import click
from django.conf import settings

from linli.ground.privacy.actions.run_retention import PlanChanged, run_retention
from linli.ground.privacy.retention import Plan, retention_plan
from linli.ground.record.alone import UnderWay
from linli.kernel.access import SYSTEM
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(retention)


@click.group()
def retention() -> None:
    """Data whose term of keeping has ended."""


@retention.command("plan")
@with_json
def show_plan(*, as_json: bool) -> None:
    """Show what would be erased today, kind by kind, and the digest that confirms it. Writes nothing."""
    plan = retention_plan(SYSTEM, settings.LINLI_CLOCK.now())
    report(_content(plan), as_json=as_json, lines=lambda: _lines(plan))


@retention.command()
@click.option("--confirm", "confirmed", required=True, metavar="DIGEST", help="The digest that the plan ends with.")
@with_json
def run(*, confirmed: str, as_json: bool) -> None:
    """Erase what the plan with this digest names, and nothing where there is another plan by now. Nobody can undo it.

    Backups hold the data until they are thrown away themselves.
    """
    try:
        erased = run_retention(confirmed, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    except PlanChanged as changed:
        raise click.ClickException(
            "this is not the plan of today, nothing was erased; look at `linli retention plan` again"
        ) from changed
    except UnderWay as error:
        raise click.ClickException(str(error)) from error
    report(erased, as_json=as_json, lines=lambda: [f"{code}: {rows} erased" for code, rows in erased.items()])


def _content(plan: Plan) -> dict[str, Any]:
    kinds = [
        {
            "kind": kind.code,
            "title": kind.rule.title,
            "term": kind.rule.value,
            "unit": kind.rule.unit,
            "source": kind.rule.source,
            "verified": kind.rule.verified,
            "before": kind.before,
            "rows": kind.rows,
        }
        for kind in plan.kinds
    ]
    return {"kinds": kinds, "rows": plan.rows, "digest": plan.digest}


def _lines(plan: Plan) -> list[str]:
    lines = []
    for kind in plan.kinds:
        doubt = "" if kind.rule.verified else ", unconfirmed"
        lines.append(f"{kind.code}: {kind.rows} rows from before {kind.before:%Y-%m-%d}")
        lines.append(f"  {kind.rule.title} {kind.rule.value} {kind.rule.unit} ({kind.rule.source}{doubt})")
    return [*lines, f"{plan.rows} rows in all; to erase them: linli retention run --confirm {plan.digest}"]
