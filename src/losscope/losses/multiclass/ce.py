"""Categorical cross-entropy."""

from __future__ import annotations

import math

import sympy as sp

from losscope.calculus.functions import Total, log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import SIMPLEX


class CrossEntropy(Loss):
    """Negative log-likelihood of one class among many exclusive ones.

    Also called softmax cross-entropy, multinomial log loss, negative log-likelihood.
    """

    name = "ce"
    title = "categorical cross-entropy"
    aliases = (
        "cce",
        "cross-entropy",
        "crossentropy",
        "categorical_crossentropy",
        "categorical_cross_entropy",
        "sparse_categorical_crossentropy",
        "softmax_cross_entropy",
        "log_loss",
        "logloss",
        "nll",
        "NLLLoss",
        "CrossEntropyLoss",
    )
    tasks = ("multiclass",)
    output = "softmax"
    vector = True
    target = SIMPLEX
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {"bce": "which treats each class as a question of its own"}
    sources = ("Good, Rational Decisions, 1952", "Bridle, Probabilistic Interpretation, 1990")
    dialects = (
        Dialect(
            "torch",
            "torch.nn.CrossEntropyLoss()",
            "raw_prediction",
            ("softmax",),
            target="index",
            names=("F.cross_entropy",),
            options={
                "label_smoothing": "label_smoothing",
                "weight": "class_weights",
                "ignore_index": "ignore",
            },
            divisor="Σw",
            note="also takes rows of probabilities; with weight= a mean then divides by N, not Σw",
        ),
        Dialect(
            "torch",
            "torch.nn.NLLLoss()",
            "log_prediction",
            ("softmax",),
            target="index",
            names=("F.nll_loss",),
            options={"weight": "class_weights", "ignore_index": "ignore"},
            divisor="Σw",
            note="log_softmax first",
        ),
        Dialect(
            "keras",
            "keras.losses.CategoricalCrossentropy(from_logits=True)",
            "raw_prediction",
            ("softmax",),
            defaults={"from_logits": False},
            options={"label_smoothing": "label_smoothing"},
        ),
        Dialect(
            "keras",
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
            "raw_prediction",
            ("softmax",),
            target="index",
            defaults={"from_logits": False},
            options={"ignore_class": "ignore"},
        ),
        Dialect(
            "keras",
            "keras.losses.CategoricalCrossentropy()",
            names=("categorical_crossentropy",),
            defaults={"from_logits": False},
            options={"label_smoothing": "label_smoothing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            note="no gradient beyond its clip at 1e-7",
        ),
        Dialect(
            "keras",
            "keras.losses.SparseCategoricalCrossentropy()",
            names=("sparse_categorical_crossentropy",),
            target="index",
            defaults={"from_logits": False},
            options={"ignore_class": "ignore"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            note="no gradient beyond its clip at 1e-7",
        ),
        Dialect(
            "optax",
            "optax.softmax_cross_entropy(logits, labels)",
            "raw_prediction",
            ("softmax",),
            names=("optax.losses.safe_softmax_cross_entropy",),
            rewrites={"label_smoothing": "optax.smooth_labels({0}, {1})"},
        ),
        Dialect(
            "optax",
            "optax.softmax_cross_entropy_with_integer_labels(logits, labels)",
            "raw_prediction",
            ("softmax",),
            target="index",
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfMultinomialLoss()",
            "raw_prediction",
            ("softmax",),
            target="index",
            names=(
                'sklearn.ensemble.HistGradientBoostingClassifier(loss="log_loss")',
                'sklearn.ensemble.GradientBoostingClassifier(loss="log_loss")',
                "sklearn.linear_model.LogisticRegression()",
            ),
        ),
        Dialect(
            "sklearn",
            "sklearn.neural_network.MLPClassifier()",
            "raw_prediction",
            ("softmax",),
            note="probabilities are clipped at machine epsilon in the value, not in the gradient",
        ),
        Dialect(
            "sklearn", "sklearn.metrics.log_loss(y_true, y_proba)", target="index", role="metric"
        ),
        Dialect(
            "lightgbm",
            'dict(objective="multiclass")',
            "raw_prediction",
            ("softmax",),
            target="index",
            names=("softmax",),
            role="objective",
        ),
        Dialect(
            "xgboost",
            'dict(objective="multi:softprob")',
            "raw_prediction",
            ("softmax",),
            target="index",
            names=("multi:softmax",),
            role="objective",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """‖a − y‖ ≤ √2."""
        return math.sqrt(2.0)

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−Σ y_k log a_k."""
        return -Total(y * log(a))
