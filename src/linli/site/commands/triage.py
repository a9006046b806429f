"""Commands: the category or the responsible unit of texts, learnt from labelled ones."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from linli.ground.look.spreadsheets import write_workbook
from linli.ground.matters.clocks import local_day
from linli.methods.triage.evaluation import Figures, cross_validated, figures_of
from linli.methods.triage.learning import NotEnoughTexts, train
from linli.methods.triage.model import Model
from linli.methods.triage.reading import Messages, read_messages, unique_rows, without_contradictions
from linli.methods.triage.storing import UnusableModel, load_model, save_model
from linli.site.commands.refusing import NewFile, read_or_stop, write_whole
from linli.site.commands.reporting import report, with_json

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PERSON_BELOW = 0.6
"""Under this probability a person decides, until the district's rules say otherwise."""

COLUMNS = {
    "id": "编号",
    "label": "类别",
    "probability": "概率",
    "second": "次选类别",
    "second_probability": "次选概率",
    "person": "转人工",
    "words": "依据",
}

with_threshold = click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=PERSON_BELOW,
    show_default=True,
    help="Under this probability a person decides.",
)
with_label_column = click.option(
    "--label-column", default="label", show_default=True, help="What is learnt: category, or responsible unit."
)


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(triage)


@click.group()
def triage() -> None:
    """Category or responsible unit of a text, with a calibrated probability."""


@triage.command("train")
@click.argument("files", type=EXISTING_FILE, nargs=-1, required=True)
@click.option("--out", type=NewFile(), required=True, help="Where the model is written.")
@click.option("--folds", type=click.IntRange(0, 20), default=5, show_default=True, help="Of the evaluation; 0: none.")
@with_label_column
@with_threshold
@with_json
def train_model(
    *, files: tuple[Path, ...], out: Path, folds: int, label_column: str, threshold: float, as_json: bool
) -> None:
    """Learn from FILES (csv, csv.gz, xlsx: title, detail, label; or segmented: text, label) and write a model.

    Texts that stand in several rows count once; those with two different labels are left out and named.
    """
    messages = read_or_stop(
        lambda: [read_messages(file, labelled=True, label_column=label_column) for file in files], as_json=as_json
    )
    texts, labels, left_out = without_contradictions(messages)
    card: dict[str, Any] = {
        "learnt_on": local_day(settings.LINLI_CLOCK.now()).isoformat(),
        "files": [file.name for file in files],
        "label_column": label_column,
        "texts": len(texts),
        "contradictory_rows_left_out": left_out,
        "method": "linear support vector machines over words and characters; docs/methods/triage.md",
    }
    try:
        if folds > 1:
            card["figures"] = asdict(cross_validated(texts, labels, parts=folds, threshold=threshold))
            card["figures_from"] = f"{folds}-fold cross-validation, stratified"
        model = train(texts, labels, card)
    except (NotEnoughTexts, ValueError) as error:
        raise click.ClickException(str(error)) from error
    save_model(model, out)
    report({"model": str(out), "labels": model.labels, **card}, as_json=as_json, lines=lambda: _trained(model, out))


@triage.command()
@click.argument("model", type=EXISTING_FILE)
@click.argument("file", type=EXISTING_FILE)
@with_label_column
@with_threshold
@with_json
def evaluate(*, model: Path, file: Path, label_column: str, threshold: float, as_json: bool) -> None:
    """Compare what MODEL says of the messages in FILE with their labels. A row that is repeated counts once."""
    learnt = _loaded(model)
    messages = read_or_stop(
        lambda: read_messages(file, labelled=True, label_column=label_column, known=learnt.labels), as_json=as_json
    )
    texts, labels = unique_rows([messages])
    figures = figures_of(learnt.labels, labels, learnt.probabilities(texts), threshold)
    content = {**asdict(figures), "repeated_rows": len(messages.rows) - len(texts)}
    report(content, as_json=as_json, lines=lambda: figure_lines(figures))


@triage.command()
@click.argument("model", type=EXISTING_FILE)
@click.argument("file", type=EXISTING_FILE)
@click.option("--out", type=NewFile(".xlsx"), required=True, help="Spreadsheet with one row per message.")
@with_threshold
@with_json
def predict(*, model: Path, file: Path, out: Path, threshold: float, as_json: bool) -> None:
    """Write to a spreadsheet what MODEL says of each message in FILE, how surely, by which words, and who decides."""
    learnt = _loaded(model)
    messages = read_or_stop(lambda: read_messages(file, labelled=False), as_json=as_json)
    rows = list(_predicted(learnt, messages, threshold))
    write_whole(out, lambda target: write_workbook(target, rows, COLUMNS))
    persons = sum(row["person"] == "是" for row in rows)
    line = f"{out}: {len(rows)} messages, {persons} of them for a person (probability under {threshold:g})"
    report({"file": str(out), "messages": len(rows), "for_person": persons}, as_json=as_json, lines=lambda: [line])


def _predicted(model: Model, messages: Messages, threshold: float) -> Iterator[dict[str, Any]]:
    predictions = model.predict(messages.texts)
    reasons = model.spoken(messages.texts, [each.label for each in predictions])
    for number, said, spoken in zip(messages.numbers, predictions, reasons, strict=True):
        yield {
            "id": number,
            **asdict(said),
            "probability": round(said.probability, 4),
            "second_probability": round(said.second_probability, 4),
            "person": "是" if said.for_person(threshold) else "否",
            "words": "、".join(dict.fromkeys(name.strip("^〔〕_") for name, _ in spoken)),
        }


def _loaded(path: Path) -> Model:
    try:
        return load_model(path)
    except UnusableModel as error:
        raise click.ClickException(str(error)) from error


def _trained(model: Model, out: Path) -> list[str]:
    left_out = model.card["contradictory_rows_left_out"]
    lines = [f"{out}: learnt {len(model.labels)} labels from {model.card['texts']} texts"]
    if left_out:
        lines.append(f"left out, because the same text has two labels: {', '.join(left_out[:20])}")
    if figures := model.card.get("figures"):
        lines.append(
            f"{model.card['figures_from']}: accuracy {figures['accuracy']:.4f}, macro F1 {figures['macro_f1']:.4f}, "
            f"calibration error {figures['calibration_error']:.4f}"
        )
    return lines


def figure_lines(figures: Figures) -> list[str]:
    """The figures for people."""
    whole = (
        f"texts {figures.texts}, accuracy {figures.accuracy:.4f}, macro F1 {figures.macro_f1:.4f}, "
        f"calibration error {figures.calibration_error:.4f} ({figures.calibration_bins} bins)"
    )
    persons = (
        f"under {figures.threshold:g}, for a person: {figures.to_person:.1%}; "
        f"accuracy of the others {figures.accuracy_above:.4f}"
    )
    lines = [whole, persons]
    for label, each in figures.labels.items():
        others = {other: count for other, count in figures.confusion[label].items() if count and other != label}
        taken = "; taken for " + ", ".join(f"{other} {count}" for other, count in others.items()) if others else ""
        lines.append(
            f"{label}: precision {each.precision:.3f}, recall {each.recall:.3f}, F1 {each.f1:.3f}, "
            f"{each.texts} texts{taken}"
        )
    return lines
