"""Commands: the catalogue of topics."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from linli.kernel.access import SYSTEM
from linli.services.catalogue.facade import CataloguePreview, import_topics, preview_topics
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(catalogue)


@click.group()
def catalogue() -> None:
    """The catalogue of topics (事项分类) of demands."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", "only_preview", is_flag=True, help="Tell what would happen; write nothing.")
@with_json
def import_catalogue(file: Path, *, only_preview: bool, as_json: bool) -> None:
    """Import topics from an .xlsx file: whole, or not at all.

    Columns: 一级分类, 二级分类, 三级分类; optional 责任层级, 责任单位 (of that level), 街道责任单位, 区责任单位,
    承诺工作日, 可免复核. 街道责任单位 and 区责任单位 name a unit for each level, whichever answers: what the district
    itself has in hand goes to its department. Topics and cells that the file does not mention are left alone.
    """
    preview = preview_topics(file.read_bytes())
    if only_preview or preview.faults:
        content: dict[str, Any] = {
            "columns": preview.columns,
            "topics": len(preview.topics),
            "faults": preview.faults,
        }
        report(content, as_json=as_json, lines=lambda: preview_lines(preview))
        if preview.faults:
            raise click.exceptions.Exit(1)
        return
    done = import_topics(preview, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    report(
        asdict(done),
        as_json=as_json,
        lines=lambda: [
            f"New topics: {done.created}, new branches: {done.branches}",
            f"Changed: {done.changed}, unchanged: {done.unchanged}",
        ],
    )


def preview_lines(preview: CataloguePreview) -> list[str]:
    """A preview for people."""
    lines = [f"Columns: {', '.join(preview.columns)}", f"Topics: {len(preview.topics)}"] if preview.columns else []
    return lines + [
        f"Row {fault.row}, {fault.column}: {fault.problem} {fault.value!r} → {fault.remedy}" for fault in preview.faults
    ]
