"""The model: one linear score per label over all views, and probabilities that mean what they say.

Scores are those of linear support vector machines, one label against the rest. One factor turns them into
probabilities: p(label) ∝ exp(factor · score). It is fitted on scores of texts that the machines had not seen, inside
the training texts, so the order of the labels stays and no text for evaluation is touched. One part in n + 2 of every
text's label is taken as undecided, so that few texts, all scored rightly, do not make the model certain of everything.

Sources: T. Joachims, “Text categorization with support vector machines”, ECML 1998; C. Guo, G. Pleiss, Y. Sun,
K. Weinberger, “On calibration of modern neural networks”, ICML 2017 (temperature scaling);
J. Platt, “Probabilistic outputs for support vector machines”, 1999 (undecided part).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from linli.methods.triage.features import Features

COST = 0.5
"""What a training text on the wrong side costs, against the size of the weights."""

INNER_PARTS = 3
LEAST_PER_LABEL = 2
AT_ONCE = 500
"""Texts per step of prediction: few enough for the processor's cache, enough to be worth a step."""

SPOKEN = 6
LEAST_PROBABILITY = 1e-12
Numbers = NDArray[np.float64]


class NotEnoughTexts(ValueError):
    """What is given cannot be learnt from."""


@dataclass(frozen=True)
class Prediction:
    """What the model says of one text."""

    label: str
    probability: float
    second: str
    second_probability: float

    def for_person(self, threshold: float) -> bool:
        """Whether a person decides, because the probability is under the threshold."""
        return self.probability < threshold


@dataclass(frozen=True)
class Model:
    """Learnt labels, features, weights and the factor of the probabilities."""

    labels: tuple[str, ...]
    features: Features
    weights: NDArray[np.float32]
    """Features × labels."""
    offsets: NDArray[np.float32]
    """Per label."""
    factor: float
    card: Mapping[str, Any]
    """The model card: when and from what it was learnt, with which figures."""

    def probabilities(self, texts: Sequence[str]) -> Numbers:
        """Probabilities of segmented texts, texts × labels; every row sums to 1.

        A text of which the model knows no feature at all gets the same probability for every label.
        """
        parts = [self._probabilities(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.labels)))

    def _probabilities(self, texts: Sequence[str]) -> Numbers:
        vectors = self.features.vectors(texts)
        scores = np.asarray(vectors @ self.weights + self.offsets, dtype=np.float64)
        scores[np.diff(vectors.indptr) == 0] = 0
        return probabilities_of(scores, self.factor)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """The two likeliest labels of each segmented text."""
        probabilities = self.probabilities(texts)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
        return [
            Prediction(self.labels[first], float(row[first]), self.labels[second], float(row[second]))
            for row, (first, second) in zip(probabilities, order, strict=True)
        ]

    def spoken(
        self, texts: Sequence[str], labels: Sequence[str], most: int = SPOKEN
    ) -> Iterator[list[tuple[str, float]]]:
        """For each text, the features that spoke most for its label against the mean of all labels.

        Yields:
            (feature, part of the score) in falling order, positive parts alone; a feature that another one contains is
            left out, so that one word is not told in all its pieces, and so is a single character.

        Raises:
            KeyError: a label that the model does not know.
        """
        numbers = {label: number for number, label in enumerate(self.labels)}
        for start in range(0, len(texts), AT_ONCE):
            vectors = self.features.vectors(texts[start : start + AT_ONCE])
            for place, label in enumerate(labels[start : start + AT_ONCE]):
                columns = vectors.indices[vectors.indptr[place] : vectors.indptr[place + 1]]
                values = vectors.data[vectors.indptr[place] : vectors.indptr[place + 1]]
                weights = self.weights[columns]
                parts = values * (weights[:, numbers[label]] - weights.mean(axis=1))
                yield self._loudest(columns, parts, most)

    def _loudest(self, columns: NDArray[np.int32], parts: NDArray[np.float32], most: int) -> list[tuple[str, float]]:
        order = [place for place in np.argsort(-parts, kind="stable")[: 5 * most] if parts[place] > 0]
        told: list[tuple[str, float]] = []
        cores: list[str] = []
        for name, place in zip(self.features.names([int(columns[each]) for each in order]), order, strict=True):
            core = name.strip("^〔〕").strip("_").replace(" ", "")
            if len(core) > 1 and len(told) < most and not any(core in other or other in core for other in cores):
                told.append((name, float(parts[place])))
                cores.append(core)
        return told


def probabilities_of(scores: Numbers, factor: float) -> Numbers:
    """exp(factor · score), made to sum to 1 in every row."""
    raised = np.exp(factor * (scores - scores.max(axis=1, keepdims=True)))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def train(texts: Sequence[str], labels: Sequence[str], card: Mapping[str, Any] | None = None) -> Model:
    """Learn from segmented texts and their labels. The same input gives the same model.

    Args:
        texts: words with single spaces between.
        labels: one per text; at least two different ones, each at least twice.
        card: what to remember of the data, the day and the figures.

    Raises:
        NotEnoughTexts: fewer than two labels, or a label that occurs once; the message names them.
        ValueError: not as many labels as texts.
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and {len(labels)} labels")
    counts = require_texts(labels, LEAST_PER_LABEL)
    names = tuple(sorted(counts))
    places = {label: place for place, label in enumerate(names)}
    wanted = np.array([places[label] for label in labels])
    factor = _factor(texts, wanted, min(INNER_PARTS, *counts.values()))
    features, weights, offsets = _learn(texts, wanted)
    if not features.width:
        raise NotEnoughTexts("no word and no run of characters stands in two texts")
    return Model(names, features, weights, offsets, factor, dict(card or {}))


def require_texts(labels: Sequence[str], least: int) -> Counter[str]:
    """How many texts each label has.

    Raises:
        NotEnoughTexts: fewer than two labels, or one with fewer than `least` texts; the message names them.
    """
    counts = Counter(labels)
    if len(counts) < 2:
        raise NotEnoughTexts(f"at least two labels are needed, there is {', '.join(counts) or 'none'}")
    if rare := sorted(label for label, count in counts.items() if count < least):
        raise NotEnoughTexts(f"at least {least} texts of each label are needed; too few of {', '.join(rare)}")
    return counts


def _learn(
    texts: Sequence[str], wanted: NDArray[np.int64]
) -> tuple[Features, NDArray[np.float32], NDArray[np.float32]]:
    features = Features.learnt_from(texts)
    if not features.width:
        return features, np.zeros((0, 0), np.float32), np.zeros(0, np.float32)
    machine = LinearSVC(C=COST, random_state=0).fit(features.vectors(texts), wanted)
    weights, offsets = machine.coef_.T, machine.intercept_
    if weights.shape[1] == 1:  # of two labels the library gives the second one's score alone
        weights, offsets = np.hstack((-weights, weights)), np.concatenate((-offsets, offsets))
    return features, np.ascontiguousarray(weights, dtype=np.float32), offsets.astype(np.float32)


def _factor(texts: Sequence[str], wanted: NDArray[np.int64], parts: int) -> float:
    """The factor under which unseen texts are likeliest; machines that learnt from the other parts score each part."""
    scores = np.zeros((len(texts), int(wanted.max()) + 1))
    for learn, ask in StratifiedKFold(parts, shuffle=True, random_state=0).split(np.zeros(len(texts)), wanted):
        features, weights, offsets = _learn([texts[place] for place in learn], wanted[learn])
        if features.width:
            scores[ask] = features.vectors([texts[place] for place in ask]) @ weights + offsets

    doubt = 1 / (len(texts) + 2)

    def surprise(log_factor: float) -> float:
        surprises = -np.log(np.maximum(probabilities_of(scores, float(np.exp(log_factor))), LEAST_PROBABILITY))
        right = surprises[np.arange(len(wanted)), wanted].mean()
        return float((1 - doubt) * right + doubt * surprises.mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3.0, 4.0), method="bounded").x))
