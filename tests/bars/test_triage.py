"""The bars of triage on the real labelled messages: accuracy, F1, calibration, speed; figures on raw text."""

import time
from pathlib import Path

import pytest

from linli.methods.similarity import likeness_of, runs_of
from linli.methods.triage.evaluation import cross_validated, figures_of
from linli.methods.triage.learning import train
from linli.methods.triage.reading import Messages, read_messages, unique_rows, without_contradictions

SEEN_BEFORE = 0.5


def unseen(segmented: Messages, raw: Messages) -> tuple[list[str], list[str]]:
    """Texts and labels of the segmented file without those that are a raw message in other clothes."""
    holders: dict[int, list[int]] = {}
    runs = [runs_of(text) for text in raw.texts]
    for place, each in enumerate(runs):
        for run in each.tolist():
            holders.setdefault(run, []).append(place)
    texts, labels = [], []
    for text, label in zip(*unique_rows([segmented]), strict=True):
        own = runs_of(text)
        near = {place for run in own.tolist() for place in holders.get(run, ()) if len(holders[run]) < 20}
        if all(likeness_of(own, runs[place]) < SEEN_BEFORE for place in near):
            texts.append(text)
            labels.append(label)
    return texts, labels


@pytest.mark.bar
@pytest.mark.real_data
def test_triage_of_the_real_messages(real_data: Path) -> None:
    file = read_messages(real_data / "messages/labelled-segmented.csv.gz", labelled=True)
    raw = read_messages(real_data / "messages/labelled-raw.csv", labelled=True)
    figures = cross_validated(*unique_rows([file]))

    texts, labels, _ = without_contradictions([file])
    began = time.process_time()
    model = train(texts, labels)
    trained = time.process_time() - began
    began = time.process_time()
    model.predict(texts)
    speed = len(texts) / (time.process_time() - began)
    began = time.process_time()
    model.predict(read_messages(real_data / "messages/labelled-raw.csv", labelled=False).texts)
    raw_speed = len(raw.texts) / (time.process_time() - began)
    seen = figures_of(model.labels, raw.labels, model.probabilities(raw.texts), 0.6)
    others = unseen(file, raw)
    model = train(*others)
    fresh = figures_of(model.labels, raw.labels, model.probabilities(raw.texts), 0.6)
    print(
        f"\n{figures.texts} unique rows, 5-fold: accuracy {figures.accuracy:.4f}, macro F1 {figures.macro_f1:.4f}, "
        f"calibration error {figures.calibration_error:.4f}; {figures.to_person:.1%} to a person, the others "
        f"{figures.accuracy_above:.4f}\ntrained in {trained:.0f} s of processor time; {speed:.0f} segmented texts/s, "
        f"{raw_speed:.0f} raw texts/s with reading and segmenting\n{len(raw.texts)} raw messages: trained on the whole "
        f"segmented file, which holds them all, {seen.accuracy:.4f} and {seen.macro_f1:.4f}; trained on the "
        f"{len(others[0])} rows that are none of them, {fresh.accuracy:.4f} and {fresh.macro_f1:.4f}, "
        f"calibration error {fresh.calibration_error:.4f}"
    )
    assert figures.accuracy >= 0.93
    assert figures.macro_f1 >= 0.925
    assert figures.calibration_error <= 0.03
    assert speed >= 2000
