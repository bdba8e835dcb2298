"""A dense network as a scikit-learn classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from losscope.errors import LosscopeError
from losscope.estimators.base import NetworkEstimator, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import RandomState
    from numpy.typing import ArrayLike, NDArray

    from losscope.estimators.base import Floats
    from losscope.losses import Loss


def _gives_probabilities(estimator: NetworkClassifier) -> bool:
    """Whether predictions are probabilities: not under a loss of raw scores, such as hinge."""
    return not resolve(estimator.loss, ("binary", "multiclass", "multilabel"))[0].score


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
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
        self.loss_, _ = resolve(self.loss, (task,))
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
