"""How a loss of the catalogue reads two arrays: in which shape they meet, and with which slope."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.losses import Loss

Array = np.ndarray[Any, Any]


@lru_cache(maxsize=8192)
def may_fit(target: tuple[int, ...], prediction: tuple[int, ...]) -> bool:
    """Tell from their shapes whether a target may be brought to a prediction's (`fit_shape`)."""
    size = math.prod(target)
    if size == math.prod(prediction):
        return True
    single = len(prediction) == 1 and size == 1 and prediction[0] > 2
    return single or (len(prediction) == 2 and size in prediction)


def fit_shape(target: Array, prediction: Array) -> Array | None:
    """Bring a target to its prediction's shape: squeezed, or labels as one-hot."""
    if target.shape == prediction.shape:
        return target
    if target.size == prediction.size:
        squeezed = tuple(n for n in prediction.shape if n > 1)
        return (
            target.reshape(prediction.shape)
            if tuple(n for n in target.shape if n > 1) == squeezed
            else None
        )
    return _one_hot(target.ravel(), prediction) if 1 in (*target.shape, 1) else None


def _one_hot(labels: Array, prediction: Array) -> Array | None:
    if prediction.ndim == 1 and labels.size == 1 and prediction.size > 2:
        prediction = prediction.reshape(1, -1)
        hot = _one_hot(labels, prediction)
        return None if hot is None else hot.ravel()
    if prediction.ndim != 2 or labels.size not in prediction.shape:
        return None
    rows = labels.size == prediction.shape[0]
    classes = prediction.shape[1] if rows else prediction.shape[0]
    whole = np.all(labels == np.floor(labels)) and labels.min() >= 0 and labels.max() < classes
    if not whole or classes < 2:
        return None
    hot = np.eye(classes)[labels.astype(int)]
    return np.asarray(hot if rows else hot.T)


def slope_of(
    loss: Loss, value: Array, hot: Array, count: int, *, raw: bool
) -> tuple[Array, int] | None:
    """Give d(sum of the loss)/d(array), and the number of examples."""
    turned = _turned(hot) if loss.vector else False
    shape = (-1, 1) if not loss.vector else None
    y, a = (hot.T, value.T) if turned else (hot, value)
    if loss.vector:
        if y.ndim == 1:
            y, a = y.reshape(1, -1), a.reshape(1, -1)
        if y.ndim != 2 or y.shape[1] < 2:
            return None
        count = y.shape[0]
    else:
        assert shape is not None
        y, a = y.reshape(shape), a.reshape(shape)
    if loss.signs and not set(np.unique(y)) <= {-1.0, 1.0}:
        return None
    if not np.all(loss.target.contains(y)):
        return None
    link = _link(loss.output, a) if not raw else (a, np.ones_like(a))
    if link is None:
        return None
    z, rate = link
    try:
        with np.errstate(all="ignore"):
            slope = loss.gradient(target=y, raw_prediction=z, exact=False) * rate
    except (LosscopeError, FloatingPointError):
        return None
    if not np.all(np.isfinite(slope)):
        return None
    back = slope.reshape(value.T.shape if turned else value.shape)
    return (back.T if turned else back), count


def _turned(hot: Array) -> bool:
    """Tell whether columns are examples, from where the classes' probabilities sum to 1."""
    if hot.ndim != 2:
        return False
    return not np.allclose(hot.sum(axis=1), 1) and bool(np.allclose(hot.sum(axis=0), 1))


def _link(output: str, a: Array) -> tuple[Array, Array] | None:
    """Give the raw prediction behind a prediction, and dz/da."""
    if output == "identity":
        return a, np.ones_like(a)
    if output == "sigmoid":
        if a.min() <= 1e-12 or a.max() >= 1 - 1e-12:
            return None
        return np.log(a) - np.log1p(-a), 1 / (a * (1 - a))
    if output == "softmax":
        if a.min() <= 1e-300 or a.ndim != 2 or not np.allclose(a.sum(axis=1), 1):
            return None
        return np.log(a), 1 / a
    if output == "exp":
        if a.min() <= 1e-300:
            return None
        return np.log(a), 1 / a
    return None
