"""What both estimators do: check rows, resolve the loss, train one network, predict with it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state, column_or_1d
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.network import Network
from losscope.network.initialisers import log_mean
from losscope.training import Run, Stack, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import RandomState
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.floating[Any]]

_OUTPUTS = {
    "binary": "sigmoid",
    "multilabel": "sigmoid",
    "multiclass": "softmax",
    "regression": "identity",
    "counts": "exp",
}
_SEEDS = 2**31 - 1


class NetworkEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """What both estimators do: check, train one network, predict with it."""

    loss: str | Loss
    loss_: Loss
    hidden: int | Sequence[int]
    activation: str
    initializer: str
    optimizer: str
    learning_rate: float
    epochs: int
    batch_size: int
    l2: float
    precision: str
    random_state: int | RandomState | None

    def _seed(self) -> int:
        """Take a whole number as it is, so that it names the same start as a comparison's seed."""
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(_SEEDS))

    def _prepare(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, **checks: bool
    ) -> tuple[Floats, Any, Floats | None]:
        """Check arrays; ravel a column, leave out rows of weight 0, scale weights to mean 1."""
        rows, target = validate_data(
            self, X, y, multi_output=True, dtype=(np.float64, np.float32), **checks
        )
        target = target.toarray() if hasattr(target, "toarray") else target
        if target.ndim == 2 and target.shape[1] == 1:
            target = column_or_1d(target, warn=True)
        weights = _checked_weights(sample_weight, rows)
        if weights is None:
            return rows, target, None
        kept = weights > 0
        return rows[kept], target[kept], weights[kept] / weights[kept].mean()

    def _train(self, X: Floats, Y: Floats, task: str, weights: Floats | None) -> None:
        """Train one network on X (m, d) and Y (m, K); W and b become attributes."""
        self.loss_ = self.loss_.fitted(self.loss_.encode(Y))
        output = "identity" if self.loss_.score else _OUTPUTS[task]
        hidden = (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)
        self.network_ = Network(
            (X.shape[1], *hidden, Y.shape[1]),
            activation=self.activation,
            output=output,
            initializer=self.initializer,
        )
        trained = train(
            self.network_.layers,
            [Run(self.loss_, self.learning_rate, output)],
            X,
            Y,
            activation=self.network_.activation,
            initializer=self.network_.initializer,
            seed=self._seed(),
            epochs=self.epochs,
            batch_size=self.batch_size,
            optimizer=self.optimizer,
            precision=self.precision,
            l2=self.l2,
            sample_weight=weights,
            output_bias=log_mean(Y, weights) if task == "counts" else None,
        )
        if trained.failures:
            raise LosscopeError(trained.failures[0])
        self.coefs_, self.intercepts_ = map(list, zip(*trained.stack.parameters(0), strict=True))
        self.train_cost_ = trained.train_cost[0]

    def _stack(self) -> Stack:
        """Make the trained network anew from its parameters: a fitted estimator never changes."""
        run = Run(self.loss_, self.learning_rate, str(self.network_.output))
        stack = Stack(self.network_, [run], self.coefs_[0].dtype, 0.0, weighted=False)
        for layer, (W, b) in enumerate(zip(self.coefs_, self.intercepts_, strict=True), start=1):
            stack.parameters_.arrays[f"W{layer}"][...] = W
            stack.parameters_.arrays[f"b{layer}"][...] = b
        return stack

    def _rows(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        rows: Floats = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        return rows

    def _raw(self, X: ArrayLike) -> Floats:
        """Raw predictions, shape (m, K)."""
        rows = self._rows(X)
        raw: Floats = self._stack().predict_raw(rows)[0]
        return raw

    def _predicted(self, X: ArrayLike) -> Floats:
        """Predictions after the output activation, shape (m, K)."""
        rows = self._rows(X)
        predicted: Floats = self._stack().predict(rows)[0]
        return predicted


def _checked_weights(sample_weight: ArrayLike | None, X: Floats) -> Floats | None:
    """Check weights of rows; None stays None."""
    if sample_weight is None:
        return None
    weights: Floats = _check_sample_weight(sample_weight, X, dtype=np.float64)
    if weights.min() < 0:
        row = int(weights.argmin())
        raise LosscopeError(
            f"sample_weight must not be negative, got {weights[row]:g} in row {row}"
        )
    if weights.max() == 0:
        raise LosscopeError("sample_weight is zero in every row: give some row a weight above 0")
    return weights


def resolve(loss: str | Loss, tasks: tuple[str, ...]) -> tuple[Loss, str]:
    """Return the loss that is meant in the first of these tasks that it is for, and that task."""
    if isinstance(loss, Loss):
        fitting = [task for task in tasks if task in loss.tasks]
        if not fitting:
            raise LosscopeError(
                f"loss {loss.name!r} is for {' or '.join(loss.tasks)} targets, "
                f"this task is {tasks[0]}"
            )
        return loss, fitting[0]
    try:
        return losses.get(loss, task=tasks[0]), tasks[0]
    except LosscopeError:
        if len(tasks) == 1:
            raise
        with contextlib.suppress(LosscopeError):
            return resolve(loss, tasks[1:])
        raise
