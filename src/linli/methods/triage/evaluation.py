"""How good predictions are: accuracy, F1, calibration error, confusion; and cross-validation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from linli.methods.triage.learning import require_texts, train

BINS = 15
"""Bins of equal width for the calibration error."""


@dataclass(frozen=True)
class LabelFigures:
    """One label: of the texts said to have it, how many do (precision); of those that have it, how many were found."""

    precision: float
    recall: float
    f1: float
    texts: int


@dataclass(frozen=True)
class Figures:
    """How good a set of predictions is. Shares lie between 0 and 1."""

    texts: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    calibration_bins: int
    threshold: float
    to_person: float
    """Share of texts whose highest probability is under the threshold."""
    accuracy_above: float
    """Accuracy of the others; 0 where there are none."""
    labels: dict[str, LabelFigures]
    confusion: dict[str, dict[str, int]]
    """True label → predicted label → texts."""


def figures_of(
    labels: Sequence[str], truth: Sequence[str], probabilities: NDArray[np.float64], threshold: float
) -> Figures:
    """The figures of predictions.

    Args:
        labels: names of the columns of `probabilities`.
        truth: the true label of each text; each one of `labels`.
        probabilities: texts × labels.
        threshold: under it a person decides.

    Raises:
        ValueError: no text, or a true label that is not in `labels`.

    The macro F1 is the mean over labels that occur in the truth or the predictions.
    """
    if not len(truth):
        raise ValueError("there is no text to evaluate")
    places = {label: place for place, label in enumerate(labels)}
    if unknown := sorted(set(truth) - set(labels)):
        raise ValueError(f"the model does not know {', '.join(unknown)}")
    wanted = np.array([places[label] for label in truth])
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(table, (wanted, said), 1)
    each = {label: _label_figures(table, place) for label, place in places.items()}
    occurring = [each[label].f1 for label, place in places.items() if table[place].sum() + table[:, place].sum()]
    above = sure >= threshold
    return Figures(
        texts=len(truth),
        accuracy=float(np.mean(said == wanted)),
        macro_f1=float(np.mean(occurring)),
        calibration_error=calibration_error(sure, said == wanted),
        calibration_bins=BINS,
        threshold=threshold,
        to_person=float(np.mean(~above)),
        accuracy_above=float(np.mean((said == wanted)[above])) if above.any() else 0.0,
        labels=each,
        confusion={
            label: {other: int(count) for other, count in zip(labels, table[place], strict=True)}
            for label, place in places.items()
        },
    )


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """The expected calibration error: |share right − mean probability| per bin, weighted by the texts in the bin.

    Args:
        sure: the probability of the predicted label of each text, in (0, 1].
        right: whether the prediction was right.
        bins: of equal width; bin k holds ((k − 1)/bins, k/bins].

    Source: M. Naeini, G. Cooper, M. Hauskrecht, “Obtaining well calibrated probabilities using Bayesian binning”,
    AAAI 2015.
    """
    if not len(sure):
        return 0.0
    places = np.clip(np.ceil(sure * bins).astype(np.int64) - 1, 0, bins - 1)
    gaps = np.bincount(places, weights=right - sure, minlength=bins)
    return float(np.abs(gaps).sum() / len(sure))


def cross_validated(
    texts: Sequence[str], labels: Sequence[str], *, parts: int = 5, seed: int = 0, threshold: float = 0.6
) -> Figures:
    """Figures over all texts, each predicted by a model that learnt from the other parts alone.

    Parts are drawn by label (stratified) with the seed; probabilities are fitted inside the training part.

    Raises:
        NotEnoughTexts: fewer than two labels, or one with fewer texts than parts (and than 4).
    """
    require_texts(labels, max(parts, 4))
    names = sorted(set(labels))
    places = {label: place for place, label in enumerate(names)}
    probabilities = np.zeros((len(texts), len(names)))
    for learn, ask in StratifiedKFold(parts, shuffle=True, random_state=seed).split(np.zeros(len(texts)), labels):
        model = train([texts[place] for place in learn], [labels[place] for place in learn])
        columns = [places[label] for label in model.labels]
        probabilities[np.ix_(ask, columns)] = model.probabilities([texts[place] for place in ask])
    return figures_of(names, labels, probabilities, threshold)


def _label_figures(table: NDArray[np.int64], place: int) -> LabelFigures:
    right, said, there = int(table[place, place]), int(table[:, place].sum()), int(table[place].sum())
    return LabelFigures(
        precision=right / said if said else 0.0,
        recall=right / there if there else 0.0,
        f1=2 * right / (said + there) if said + there else 0.0,
        texts=there,
    )
