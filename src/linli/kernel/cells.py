"""Cells of a spreadsheet as texts and days."""

import re
from datetime import date, datetime
from typing import Any

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def cell_text(cell: Any) -> str:
    """A cell as one line of text, whole numbers without a decimal point."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def cell_day(cell: Any) -> date | None:
    """The day in a cell, as the spreadsheet's own date or as people write it; None for anything else."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = DAY.fullmatch(cell_text(cell))
    try:
        return date(*map(int, written.groups())) if written else None
    except ValueError:
        return None
