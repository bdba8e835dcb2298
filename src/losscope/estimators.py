"""The scikit-learn face: one network, one loss, as a classifier and as a regressor.

Both are trained by the same derived equations as a comparison is. Three things to know:

* **X is not scaled.** Put a `StandardScaler` before, as for any network; a comparison does it.
* **The regressor's target is centred and scaled inside** (`scale_target=True`) and predictions
  are in its own unit, as in a comparison: a loss with a length in it, such as Huber's delta, is
  meant in standard deviations of the target. Counts (`loss="poisson"`) are never scaled.
* **Rows of weight 0 are left out**; other weights are divided by their mean. So a weight of 2 is
  the same as a row given twice where each step sees all rows, but not in minibatches, whose rows
  then differ.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state, column_or_1d
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.network import Network
from losscope.network.initialisers import log_mean
from losscope.training import Run, Stack, train

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


class _NetworkEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """What both estimators do: check, train one network, predict with it."""

    loss: str | Loss
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


def _resolve(loss: str | Loss, tasks: tuple[str, ...]) -> tuple[Loss, str]:
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
            return _resolve(loss, tasks[1:])
        raise


def _gives_probabilities(estimator: NetworkClassifier) -> bool:
    """Whether predictions are probabilities: not under a loss of raw scores, such as hinge."""
    return not _resolve(estimator.loss, ("binary", "multiclass", "multilabel"))[0].score


class NetworkClassifier(ClassifierMixin, _NetworkEstimator):  # type: ignore[misc]
    """A dense network that classifies, trained under the loss of your choice.

    Two classes meet one sigmoid output, several classes a softmax, label indicators (N, K) one
    sigmoid each; a loss of raw scores (hinge) meets the identity and gives no probabilities.
    X is not scaled: put a `StandardScaler` before.

    Parameters
    ----------
    loss : any name that `losscope losses` knows, such as "ce" or "focal(gamma=2)", or a Loss.
    hidden : widths of the hidden layers; () for none.
    activation : of the hidden layers.
    initializer : how weights start.
    optimizer : "adam", "momentum" or "sgd".
    learning_rate : length of a step, as the optimizer understands it.
    epochs : passes over the rows.
    batch_size : rows in a step; all rows where it is not smaller than their number.
    l2 : penalty ½ λ Σ W² on the weights, not on the biases.
    class_weight : None, "balanced" or {class: weight}; multiplies `sample_weight`.
    precision : "float64" or "float32".
    random_state : fixes initial weights and batches; a number is what a comparison calls seed.

    Attributes
    ----------
    classes_ : class labels; for label indicators the column numbers.
    loss_, network_ : what was trained.
    coefs_, intercepts_ : W (n_in, n_out) and b (n_out,) of each layer.
    train_cost_ : (epochs,) mean cost over each epoch's batches.
    n_features_in_, feature_names_in_ : as everywhere in scikit-learn.
    """

    classes_: NDArray[Any]

    def __init__(
        self,
        loss: str | Loss = "ce",
        *,
        hidden: int | Sequence[int] = (32,),
        activation: str = "relu",
        initializer: str = "glorot_uniform",
        optimizer: str = "adam",
        learning_rate: float = 0.01,
        epochs: int = 100,
        batch_size: int = 32,
        l2: float = 0.0,
        class_weight: str | Mapping[Any, float] | None = None,
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
        self.class_weight = class_weight
        self.precision = precision
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the network.

        Parameters
        ----------
        X : (N, d) finite numbers.
        y : (N,) class labels, or (N, K) label indicators; a column (N, 1) is ravelled,
            with a warning.
        sample_weight : (N,) from 0 up.

        Raises
        ------
        ValueError : for input that cannot be used; `LosscopeError` is one.
        """
        rows, labels, weights = self._prepare(X, y, sample_weight)
        check_classification_targets(labels)
        Y, task = self._encode(labels, type_of_target(labels, input_name="y"))
        if self.class_weight is not None:
            by_class = compute_sample_weight(self.class_weight, labels)
            weights = by_class if weights is None else weights * by_class
            weights = weights / weights.mean()
        self.loss_, _ = _resolve(self.loss, (task,))
        self._train(rows, Y, task, weights)
        return self

    def _encode(self, y: Any, kind: str) -> tuple[Floats, str]:
        """Turn labels into 0 and 1: one column for two classes, else one for each."""
        if kind == "multiclass-multioutput":
            raise LosscopeError(
                "y has several columns with classes of their own; expected labels (N,) or label "
                "indicators of 0 and 1 (N, K): fit one classifier for each column"
            )
        if kind == "multilabel-indicator":
            self.classes_ = np.arange(y.shape[1])
            self._multilabel = True
            return np.asarray(y, dtype=np.float64), "multilabel"
        self._multilabel = False
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise LosscopeError(
                f"expected at least 2 classes in the rows of weight above 0, got 1 class: "
                f"{self.classes_.tolist()[0]!r}"
            )
        if len(self.classes_) == 2:
            return codes[:, None].astype(np.float64), "binary"
        return np.eye(len(self.classes_))[codes], "multiclass"

    def decision_function(self, X: ArrayLike) -> Floats:
        """Raw predictions z: (N,) for two classes, (N, K) otherwise."""
        raw = self._raw(X)
        return raw[:, 0] if raw.shape[1] == 1 else raw

    @available_if(_gives_probabilities)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probabilities: (N, K), a column for each class; for label indicators, of each label."""
        predicted = self._predicted(X)
        return np.hstack([1 - predicted, predicted]) if predicted.shape[1] == 1 else predicted

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likelier class of each row; for label indicators 0 and 1 (N, K)."""
        raw = self._raw(X)
        if self._multilabel:
            return (raw > 0).astype(int)
        codes = (raw[:, 0] > 0).astype(int) if raw.shape[1] == 1 else raw.argmax(axis=1)
        found: NDArray[Any] = self.classes_[codes]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


class NetworkRegressor(RegressorMixin, _NetworkEstimator):  # type: ignore[misc]
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
        self.loss_, task = _resolve(self.loss, ("regression", "counts"))
        self._single = numbers.ndim == 1
        targets: Floats = np.asarray(numbers, dtype=np.float64).reshape(len(numbers), -1)
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
