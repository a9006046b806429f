"""A catalogue of topics comes in from a spreadsheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.ground.record.writing import keep
from linli.kernel.access import Actor
from linli.services.catalogue.importing import CataloguePreview, PlannedTopic
from linli.services.catalogue.models import Responsible, Topic


class CatalogueRefused(ValueError):
    """The preview has faults; nothing was written."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did, in leaves; `branches` counts new topics above them."""

    created: int
    changed: int
    unchanged: int
    branches: int


@transaction.atomic
def import_topics(preview: CataloguePreview, *, actor: Actor, now: datetime) -> ImportResult:
    """Bring the catalogue in line with a preview: whole or not at all.

    Topics are known by the names from the top down. New ones are added in the order of the file, what the file says
    of known ones is brought up to date, and topics that it does not mention are left alone. An import that changes
    nothing leaves no record either, so that it can be repeated.

    Raises:
        CatalogueRefused: the preview has faults.
    """
    if preview.faults:
        raise CatalogueRefused(f"the file has {len(preview.faults)} faults; correct them and try again")
    tree = _Tree(Topic.objects.select_for_update().order_by("path"))
    for planned in preview.topics:
        tree.bring_in(planned)
    result = tree.save()
    if result.created or result.changed or result.branches:
        keep(
            "import_topics",
            actor=actor,
            now=now,
            subject="catalogue",
            codes={"created": result.created, "changed": result.changed, "branches": result.branches},
        )
    return result


class _Tree:
    """The catalogue in memory while a file is laid over it: saved with three statements, whatever its size."""

    def __init__(self, rows: Iterable[Topic]) -> None:
        self._known: dict[tuple[str, ...], Topic] = {}
        self._last: dict[str, str] = {}
        self._new: list[Topic] = []
        self._changed: dict[str, Topic] = {}
        self._widened: dict[str, Topic] = {}
        self._leaves = {"created": 0, "changed": 0, "unchanged": 0}
        names: dict[str, tuple[str, ...]] = {"": ()}
        for row in rows:
            parent = row.path[: -Topic.steplen]
            names[row.path] = (*names[parent], row.name)
            self._known.setdefault(names[row.path], row)
            self._last[parent] = row.path

    def bring_in(self, planned: PlannedTopic) -> None:
        """Add a leaf with the branches above it, or bring a known one up to date."""
        parent: Topic | None = None
        for depth in range(1, len(planned.path)):
            parent = self._known.get(planned.path[:depth]) or self._add(planned.path[:depth], parent)
        row = self._known.get(planned.path)
        wanted = _wanted(planned, row)
        if row is None:
            row = self._add(planned.path, parent)
            self._leaves["created"] += 1
            for name, value in wanted.items():
                setattr(row, name, value)
            return
        different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        self._leaves["changed" if different else "unchanged"] += 1
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self._changed[row.path] = row

    def save(self) -> ImportResult:
        """Write what is new and what has changed."""
        Topic.objects.bulk_create(self._new)
        Topic.objects.bulk_update(
            self._changed.values(),
            ["responsible", "street_unit", "department", "promised_days", "waives_second_person", "active"],
        )
        Topic.objects.bulk_update(self._widened.values(), ["numchild"])
        branches = len(self._new) - self._leaves["created"]
        return ImportResult(**self._leaves, branches=branches)

    def _add(self, names: tuple[str, ...], parent: Topic | None) -> Topic:
        above = parent.path if parent else ""
        last = self._last.get(above)
        path = Topic(path=last)._inc_path() if last else Topic._get_path(above, len(names), 1)
        row = Topic(name=names[-1], path=path, depth=len(names), numchild=0)
        self._known[names] = row
        self._last[above] = path
        self._new.append(row)
        if parent is not None:
            parent.numchild += 1
            if parent.pk is not None:
                self._widened[parent.path] = parent
        return row


def _wanted(planned: PlannedTopic, present: Topic | None) -> dict[str, Any]:
    """The columns that the file speaks of. A topic that moves to another level leaves its old unit behind."""
    said: dict[str, Any] = {
        "responsible": planned.responsible,
        "street_unit": planned.street_unit,
        "department_id": planned.department,
        "promised_days": planned.promised_days,
        "waives_second_person": planned.waives_second_person,
        "active": True,
    }
    wanted = {name: value for name, value in said.items() if value is not None}
    if planned.responsible is not None and present is not None and present.responsible != planned.responsible:
        if present.responsible == Responsible.STREET:
            wanted.setdefault("street_unit", "")
        elif present.responsible == Responsible.DISTRICT:
            wanted.setdefault("department_id", None)
    return wanted
