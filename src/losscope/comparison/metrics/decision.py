"""Metrics of decisions: accuracy, balanced accuracy, F1, Hamming loss.

Shapes are those of `losscope.comparison.metrics.probability`. A binary or multi-label decision is
positive above 0.5; a multi-class decision is the largest probability, the first one on ties.
"""

from __future__ import annotations

import numpy as np

from losscope.comparison.metrics._mean import Array, over_defined, over_rows


def accuracy(Y: Array, P: Array, w: Array | None) -> Array:
    """Share of rows decided rightly; for labels, of rows with *all* labels right (scikit-learn)."""
    wrong = np.abs(_decided(P) - Y).sum(axis=2) > 0
    return over_rows(1.0 - wrong, w)


def accuracy_classes(Y: Array, P: Array, w: Array | None) -> Array:
    """Share of rows whose largest probability is the true class's."""
    return over_rows((P.argmax(axis=2) == Y.argmax(axis=1)).astype(np.float64), w)


def balanced_accuracy(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean recall over the classes present, as ``sklearn.metrics.balanced_accuracy_score``."""
    Y, decided = _as_classes(Y, P)
    hits, _, actual = _counts(Y, decided, w)
    return over_defined(_ratio(hits, actual))


def f1(Y: Array, P: Array, w: Array | None) -> Array:
    """F1 of the positive class; NaN when it is neither present nor predicted."""
    hits, predicted, actual = _counts(Y, _decided(P), w)
    return _ratio(2 * hits, predicted + actual)[:, 0]


def f1_macro(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean F1 over the classes that are present or predicted, as scikit-learn's ``f1_macro``."""
    Y, decided = _as_classes(Y, P)
    hits, predicted, actual = _counts(Y, decided, w)
    return over_defined(_ratio(2 * hits, predicted + actual))


def f1_labels(Y: Array, P: Array, w: Array | None) -> Array:
    """Mean over labels of F1; labels neither present nor predicted are left out."""
    hits, predicted, actual = _counts(Y, _decided(P), w)
    return over_defined(_ratio(2 * hits, predicted + actual))


def hamming_loss(Y: Array, P: Array, w: Array | None) -> Array:
    """Share of single labels decided wrongly, as ``sklearn.metrics.hamming_loss``."""
    return over_rows(np.abs(_decided(P) - Y).mean(axis=2), w)


def _decided(P: Array) -> Array:
    return (P > 0.5).astype(np.float64)


def _as_classes(Y: Array, P: Array) -> tuple[Array, Array]:
    """Targets and decisions as one-hot columns, one a class; binary gets two of them."""
    if Y.shape[1] == 1:
        decided = _decided(P)
        return np.hstack([1 - Y, Y]), np.concatenate([1 - decided, decided], axis=2)
    chosen = P.argmax(axis=2)[:, :, np.newaxis]
    return Y, (chosen == np.arange(Y.shape[1])).astype(np.float64)


def _counts(Y: Array, decided: Array, w: Array | None) -> tuple[Array, Array, Array]:
    """Weighted counts (R, K): rightly positive, predicted positive, actually positive."""
    weights = np.ones(len(Y)) if w is None else w
    shaped = weights[np.newaxis, :, np.newaxis]
    hits = (Y * decided * shaped).sum(axis=1)
    predicted = (decided * shaped).sum(axis=1)
    actual = np.broadcast_to((Y * weights[:, np.newaxis]).sum(axis=0), hits.shape)
    return hits, predicted, actual


def _ratio(above: Array, below: Array) -> Array:
    defined = below > 0
    return np.where(defined, above / np.where(defined, below, 1.0), np.nan)
