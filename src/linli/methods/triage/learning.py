"""Learning a model: linear support vector machines, one label against the rest, and the factor of the probabilities.

The factor is fitted on scores of texts that the machines had not seen, inside the training texts, so the order of the
labels stays and no text for evaluation is touched. One part in n + 2 of every text's label is taken as undecided, so
that few texts, all scored rightly, do not make the model certain of everything.

Sources: T. Joachims, “Text categorization with support vector machines”, ECML 1998; C. Guo, G. Pleiss, Y. Sun,
K. Weinberger, “On calibration of modern neural networks”, ICML 2017 (temperature scaling);
J. Platt, “Probabilistic outputs for support vector machines”, 1999 (undecided part).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from linli.methods.triage.features import Features
from linli.methods.triage.model import Model, probabilities_of

COST = 0.5
"""What a training text on the wrong side costs, against the size of the weights."""

INNER_PARTS = 3
LEAST_PER_LABEL = 2
LEAST_PROBABILITY = 1e-12


class NotEnoughTexts(ValueError):
    """What is given cannot be learnt from."""


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
