"""Labelled and unlabelled messages from files, raw or segmented."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from linli.methods.segmenting import as_segmented, segmented
from linli.methods.tables import InputFault, Table, UnreadableInput, read_table, require_columns, text_of

HEADINGS = {
    "留言主题": "title",
    "标题": "title",
    "留言详情": "detail",
    "内容": "detail",
    "一级标签": "label",
    "一级分类": "label",
    "标签": "label",
    "分类": "label",
    "留言编号": "id",
    "编号": "id",
}


@dataclass(frozen=True)
class Messages:
    """The messages of one file, in its order."""

    file: str
    rows: tuple[int, ...]
    """Row of each message in the file; the heading is row 1."""
    numbers: tuple[str, ...]
    """Number of each message (column `id`); its row where the file has none."""
    texts: tuple[str, ...]
    """Words with single spaces between."""
    labels: tuple[str, ...]
    """One per message, or none at all."""


def read_messages(
    path: Path, *, labelled: bool, label_column: str = "label", known: Container[str] | None = None
) -> Messages:
    """Read a csv, csv.gz or xlsx file with the columns `title` and `detail`, or `text` (segmented: taken as it is).

    Args:
        path: the file.
        labelled: whether the label is needed; otherwise it is not looked at.
        label_column: what is learnt: `label` for the category, another column for the responsible unit.
        known: labels that may occur; any may where it is None.

    Raises:
        UnreadableInput: with every missing column, empty text, empty label and unknown label.
    """
    table = read_table(path, HEADINGS)
    by_text = "text" in table.columns
    require_columns(table, [*(["text"] if by_text else ["title", "detail"]), *([label_column] if labelled else [])])
    faults: list[InputFault] = []
    texts, labels, rows, numbers = [], [], [], []
    for number, values in table.rows:
        if by_text:
            text = as_segmented(text_of(values["text"]))
        else:
            text = segmented(f"{text_of(values['title'])} {text_of(values['detail'])}")
        if not text:
            faults.append(table.fault(number, "text" if by_text else "title, detail", "holds no words"))
        texts.append(text)
        rows.append(number)
        numbers.append(text_of(values.get("id")) or str(number))
        if labelled:
            label = text_of(values[label_column])
            faults.extend(_label_faults(table, number, label_column, label, known))
            labels.append(label)
    if not texts:
        faults.append(table.fault(0, "", "holds no message below the heading"))
    if faults:
        raise UnreadableInput(faults)
    return Messages(table.file, tuple(rows), tuple(numbers), tuple(texts), tuple(labels))


def _label_faults(table: Table, row: int, column: str, label: str, known: Container[str] | None) -> list[InputFault]:
    if not label:
        return [table.fault(row, column, "is empty")]
    if known is not None and label not in known:
        return [table.fault(row, column, f"{label!r} is no label of the model")]
    return []


def unique_rows(files: Iterable[Messages]) -> tuple[list[str], list[str]]:
    """Texts and labels of all files; a text that comes again with the same label counts once."""
    rows = dict.fromkeys(pair for each in files for pair in zip(each.texts, each.labels, strict=True))
    return [text for text, _ in rows], [label for _, label in rows]


def without_contradictions(files: Iterable[Messages]) -> tuple[list[str], list[str], list[str]]:
    """What can be learnt from: unique rows but those whose text also stands with another label.

    Returns:
        texts, labels, and where the rows left out stand (`file:row`).
    """
    kept = list(files)
    labels_of: dict[str, set[str]] = defaultdict(set)
    for each in kept:
        for text, label in zip(each.texts, each.labels, strict=True):
            labels_of[text].add(label)
    left_out = [
        f"{each.file}:{row}"
        for each in kept
        for row, text in zip(each.rows, each.texts, strict=True)
        if len(labels_of[text]) > 1
    ]
    clear = {text: next(iter(labels)) for text, labels in labels_of.items() if len(labels) == 1}
    return list(clear), list(clear.values()), left_out
