"""A dense network as a scikit-learn regressor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import RegressorMixin

from losscope.errors import LosscopeError
from losscope.estimators.base import NetworkEstimator, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import RandomState
    from numpy.typing import ArrayLike

    from losscope.estimators.base import Floats
    from losscope.losses import Loss


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    """A dense network that predicts numbers, trained under the loss of your choice.

    The output is the identity, and under a loss of counts ("poisson") the exponential. X is not
    scaled: put a `StandardScaler` before. Other parameters are those of `NetworkClassifier`.

    Parameters
    ----------
    loss : any name that `losscope losses` knows, such as "mse" or "huber(delta=0.5)", or a Loss.
    scale_target : whether y is centred and scaled for training, by its (weighted) mean and standard
        deviation; predictions are in its own unit either way. Never done for counts.

    Attributes
    ----------
    target_mean_, target_scale_ : (K,); 0 and 1 where the target was not scaled.
    """

    def __init__(
        self,
        loss: str | Loss = "mse",
        *,
        hidden: int | Sequence[int] = (32,),
        activation: str = "relu",
        initializer: str = "glorot_uniform",
        optimizer: str = "adam",
        learning_rate: float = 0.01,
        epochs: int = 100,
        batch_size: int = 32,
        l2: float = 0.0,
        scale_target: bool = True,
        precision: str = "float64",
        random_state: int | RandomState | None = None,
    ) -> None:
        self.loss = loss
        self.hidden = hidden
        self.activation = activation
        self.initializer = initializer
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.l2 = l2
        self.scale_target = scale_target
        self.precision = precision
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : (N, d) finite numbers.
        y : (N,) or (N, K) numbers; a column (N, 1) is ravelled, with a warning.
        sample_weight : (N,) from 0 up.

        Raises
        ------
        ValueError : for input that cannot be used; `LosscopeError` is one.
        """
        rows, numbers, weights = self._prepare(X, y, sample_weight, y_numeric=True)
        self.loss_, task = resolve(self.loss, ("regression", "counts"))
        if self.loss_.heads > 1:
            raise LosscopeError(
                f"loss {self.loss_.name!r} predicts {self.loss_.heads} numbers for each target, "
                "and this estimator predicts one; take another loss"
            )
        self._single = numbers.ndim == 1
        targets: Floats = _as_numbers(numbers).reshape(len(numbers), -1)
        self.loss_.check_target(targets)
        self.target_mean_, self.target_scale_ = (
            np.zeros(targets.shape[1]),
            np.ones(targets.shape[1]),
        )
        if self.scale_target and task == "regression":
            self.target_mean_ = np.average(targets, axis=0, weights=weights)
            spread = np.average((targets - self.target_mean_) ** 2, axis=0, weights=weights)
            self.target_scale_ = np.where(spread > 0, np.sqrt(spread), 1.0)
        self._train(rows, (targets - self.target_mean_) / self.target_scale_, task, weights)
        return self

    def predict(self, X: ArrayLike) -> Floats:
        """Predictions in the target's own unit: (N,), or (N, K) where it had several columns."""
        predicted = self._predicted(X) * self.target_scale_ + self.target_mean_
        return predicted[:, 0] if self._single else predicted

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _as_numbers(target: Any) -> Floats:
    """Targets as float64, or one line that says they are none."""
    try:
        return np.asarray(target, dtype=np.float64)
    except (TypeError, ValueError):
        first = np.ravel(target)[0]
        raise LosscopeError(
            f"y: expected numbers, got {str(first)!r} in row 0; for classes take NetworkClassifier"
        ) from None
