"""Run a dialect in scikit-learn: its loss classes, and one step of its public estimators."""

import inspect
import warnings

import numpy as np
import sklearn.linear_model
import sklearn.metrics
import sklearn.neural_network
from sklearn._loss import loss as _  # noqa: F401  (makes sklearn._loss.loss reachable by name)

from tests.oracles.cases import Outcome, with_argument

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "exp": np.exp,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


def run(case, dtype, *, weighted):
    """By what the dialect names: a class, a metric, SGD or a network."""
    z, y, w = case.inputs(dtype)
    weights = w if weighted else None
    if case.dialect.role == "metric":
        return _metric(case, z, y, weights)
    if "linear_model" in case.code:
        return _sgd(case, z, y, weights)
    if "neural_network" in case.code:
        return _network(case, z, y, weights)
    return _class(case, z, y, weights)


def _class(case, z, y, w):
    maker = eval(case.code.partition("(")[0], {"sklearn": sklearn})
    many = "n_classes" in inspect.signature(maker).parameters
    code = with_argument(case.code, f"n_classes={case.outputs}") if many else case.code
    loss = eval(code, {"sklearn": sklearn})
    raw = z if case.loss.vector else z[:, 0]
    target = case.encoded(y).astype(z.dtype)
    target = target if target.ndim == 1 else target[:, 0]
    given = {"y_true": np.ascontiguousarray(target), "raw_prediction": np.ascontiguousarray(raw)}
    total = len(z) if w is None else float(w.astype(np.float64).sum())
    slopes = loss.gradient(**given, sample_weight=w).reshape(z.shape) / total
    mean = loss(**given, sample_weight=w)
    return Outcome(loss.loss(**given), mean, slopes, "Σw")


def _metric(case, z, y, w):
    arrays = case.dialect.template.data
    a = z if case.dialect.takes == "raw_prediction" else ACTIVATIONS[case.output](z)
    target = case.encoded(y)
    target, a = (v[:, 0] if v.ndim == 2 and v.shape[1] == 1 else v for v in (target, a))
    names = {"sklearn": sklearn, arrays[0]: target, arrays[1]: a, "w": w}
    mean = eval(with_argument(case.code, "sample_weight=w"), names)
    return Outcome(None, float(mean), None, "Σw")


def _sgd(case, z, y, w):
    """One step of rate 64 on one example x = 1 from coefficient z ends at z − 64 slope."""
    slopes = np.empty_like(z)
    for i, (start, target) in enumerate(zip(z[:, 0], case.encoded(y)[:, 0], strict=True)):
        call = "fit_intercept=False, alpha=0.0, eta0=64.0, learning_rate='constant'"
        code = case.code
        for argument in call.split(", "):
            code = with_argument(code, argument)
        learner = eval(code, {"sklearn": sklearn})
        x, label = np.array([[1.0]], dtype=z.dtype), np.array([target])
        classes = {"classes": [0.0, 1.0]} if "Classifier" in code else {}
        learner.partial_fit(0 * x, label, **classes)  # lays out the coefficients
        learner.coef_[...] = start
        weight = None if w is None else w[i : i + 1]
        learner.partial_fit(x, label, sample_weight=weight)
        slopes[i] = (start - learner.coef_.ravel()[0]) / 64
    return Outcome(None, None, slopes / len(z), "N")


def _network(case, z, y, w):
    """A network without hidden layer, one feature an example: its weights are the scores."""
    code = case.code
    for argument in (
        *("hidden_layer_sizes=()", "solver='sgd'", "alpha=0.0", "momentum=0.0"),
        *(f"batch_size={len(z)}", "learning_rate_init=1024.0", "shuffle=False", "max_iter=1"),
    ):
        code = with_argument(code, argument)
    learner = eval(code, {"sklearn": sklearn})
    x = np.eye(len(z), dtype=z.dtype)
    target = np.argmax(y, axis=1) if case.loss.vector else y
    target = target[:, 0] if target.ndim == 2 and target.shape[1] == 1 else target
    kinds = np.arange(case.outputs) if case.outputs > 1 else np.array([0.0, 1.0])
    classes = {"classes": kinds} if "Classifier" in code else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one step is no convergence
        learner.partial_fit(x, target, **classes)
        learner.coefs_[0][...] = z
        learner.intercepts_[0][...] = 0
        learner.partial_fit(x, target, sample_weight=w)
    return Outcome(None, learner.loss_, (z - learner.coefs_[0]) / 1024, "Σw")
