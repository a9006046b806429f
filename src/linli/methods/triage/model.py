"""The model: one linear score per label over all views, and probabilities: p(label) ∝ exp(factor · score).

How it is learnt stands in `learning`, which alone needs the large library for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.methods.triage.features import Features

AT_ONCE = 500
"""Texts per step of prediction: few enough for the processor's cache, enough to be worth a step."""

SPOKEN = 6
Numbers = NDArray[np.float64]


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
