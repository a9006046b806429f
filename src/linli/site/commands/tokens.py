"""Commands: the tokens of other programs."""

from typing import Any
from uuid import UUID

import click
from django.conf import settings

from linli.ground.exchange.actions.revoke_token import revoke_token
from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.tokens import holding, why_ended
from linli.kernel.access import SYSTEM
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(tokens)


@click.group()
def tokens() -> None:
    """Tokens under which other programs use the API. People make their own at the desk."""


@tokens.command("list")
@click.option("--login", default="", help="Only those of this account.")
@click.option("--all", "ended_too", is_flag=True, help="Ended ones too.")
@with_json
def list_tokens(*, login: str, ended_too: bool, as_json: bool) -> None:
    """List tokens: whose, what for, until when, last used. No token itself is kept anywhere."""
    now = settings.LINLI_CLOCK.now()
    rows = ApiToken.objects.select_related("account").order_by("account__login", "-made_at")
    if login:
        rows = rows.filter(account__login=login)
    if not ended_too:
        rows = rows.filter(holding(now))
    found: list[dict[str, Any]] = [
        {
            "id": str(row.pk),
            "login": row.account.login,
            "name": row.name,
            "scopes": row.scopes,
            "expires_at": row.expires_at,
            "last_used_at": row.last_used_at,
            "ended": why_ended(row, now),
        }
        for row in rows
    ]
    report(found, as_json=as_json, lines=lambda: [_line(each) for each in found] or ["no tokens"])


@tokens.command()
@click.argument("token", type=click.UUID)
@with_json
def revoke(*, token: UUID, as_json: bool) -> None:
    """End the token with the id TOKEN (see `linli tokens list`) at once."""
    found = ApiToken.objects.filter(pk=token).first()
    if found is None:
        raise click.ClickException(f"no token has the id {token}")
    done = revoke_token(found, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    words = f"{token} is revoked" if done else f"{token} was revoked before"
    report({"id": str(token), "revoked": done}, as_json=as_json, lines=lambda: [words])


def _line(row: dict[str, Any]) -> str:
    used = f"last used {row['last_used_at']:%Y-%m-%d}" if row["last_used_at"] else "never used"
    ended = f", {row['ended']}" if row["ended"] else ""
    about = f"{row['id']}  {row['login']}  {row['name']}  {' '.join(row['scopes'])}"
    return f"{about}  until {row['expires_at']:%Y-%m-%d}, {used}{ended}"
