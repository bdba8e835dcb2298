"""Binary cross-entropy."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import log
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect
from losscope.losses.domains import UNIT


class BinaryCrossEntropy(Loss):
    """Negative log-likelihood of a Bernoulli target.

    Also called logistic loss, log loss, binomial deviance / 2.
    """

    name = "bce"
    title = "binary cross-entropy"
    aliases = (
        "ce",
        "cross-entropy",
        "crossentropy",
        "binary_crossentropy",
        "binary_cross_entropy",
        "log_loss",
        "logloss",
        "logistic",
        "BCELoss",
        "BCEWithLogitsLoss",
        "CrossEntropyLoss",
        "sigmoid_binary_cross_entropy",
    )
    tasks = ("binary", "multilabel", "multiclass")
    output = "sigmoid"
    target = UNIT
    proper, convex, bounded, robust = True, True, False, False
    elicits = "mean"
    not_to_be_confused_with = {
        "ce": "the cross-entropy of many exclusive classes, under a softmax",
        "hinge": "which wants targets −1 and +1 and a raw score",
    }
    sources = (
        "Good, Rational Decisions, 1952",
        "Cox, Regression Analysis of Binary Sequences, 1958",
    )
    dialects = (
        Dialect(
            "torch",
            "torch.nn.BCEWithLogitsLoss()",
            "raw_prediction",
            ("sigmoid",),
            names=("F.binary_cross_entropy_with_logits",),
            options={"weight": "sample_weight", "pos_weight": "pos_weight"},
            weights="weight",
            divisor="N",
        ),
        Dialect(
            "torch",
            "torch.nn.BCELoss()",
            names=("F.binary_cross_entropy",),
            options={"weight": "sample_weight"},
            weights="weight",
            divisor="N",
            note="each log is cut at −100",
        ),
        Dialect(
            "torch",
            "torch.nn.SoftMarginLoss()",
            "raw_prediction",
            ("sigmoid",),
            target="signs",
            names=("F.soft_margin_loss",),
            note="a 0 gets no gradient",
        ),
        Dialect(
            "torch",
            "torch.nn.MultiLabelSoftMarginLoss()",
            "raw_prediction",
            ("sigmoid",),
            names=("F.multilabel_soft_margin_loss",),
            options={"weight": "class_weights"},
            unit="row",
        ),
        Dialect(
            "keras",
            "keras.losses.BinaryCrossentropy(from_logits=True)",
            "raw_prediction",
            ("sigmoid",),
            defaults={"from_logits": False},
            options={"label_smoothing": "label_smoothing"},
        ),
        Dialect(
            "keras",
            "keras.losses.BinaryCrossentropy()",
            names=("binary_crossentropy", "bce", "BCE"),
            defaults={"from_logits": False},
            options={"label_smoothing": "label_smoothing"},
            guard={"a": "clip(a, 1e-7, 1 - 1e-7)"},
            note="no gradient beyond its clip at 1e-7",
        ),
        Dialect(
            "optax",
            "optax.sigmoid_binary_cross_entropy(logits, labels)",
            "raw_prediction",
            ("sigmoid",),
        ),
        Dialect(
            "sklearn",
            "sklearn._loss.loss.HalfBinomialLoss()",
            "raw_prediction",
            ("sigmoid",),
            names=(
                'sklearn.ensemble.HistGradientBoostingClassifier(loss="log_loss")',
                'sklearn.ensemble.GradientBoostingClassifier(loss="log_loss")',
                "sklearn.linear_model.LogisticRegression()",
            ),
            note="half the deviance is the whole cross-entropy",
        ),
        Dialect(
            "sklearn",
            'sklearn.linear_model.SGDClassifier(loss="log_loss")',
            "raw_prediction",
            ("sigmoid",),
            role="objective",
        ),
        Dialect(
            "sklearn",
            "sklearn.neural_network.MLPClassifier()",
            "raw_prediction",
            ("sigmoid",),
            factor="K",
            names=("MLPClassifier",),
            note="several labels are summed, not averaged",
        ),
        Dialect("sklearn", "sklearn.metrics.log_loss(y_true, y_proba)", role="metric"),
        Dialect(
            "lightgbm",
            'dict(objective="binary")',
            "raw_prediction",
            ("sigmoid",),
            role="objective",
        ),
        Dialect(
            "lightgbm",
            'dict(objective="cross_entropy")',
            "raw_prediction",
            ("sigmoid",),
            names=("xentropy",),
            role="objective",
            note="takes targets between 0 and 1 as well",
        ),
        Dialect(
            "xgboost",
            'dict(objective="binary:logistic")',
            "raw_prediction",
            ("sigmoid",),
            names=("binary:logitraw", "reg:logistic"),
            options={"scale_pos_weight": "pos_weight"},
            role="objective",
        ),
    )

    @property
    def lipschitz(self) -> float:
        """|a − y| ≤ 1."""
        return 1.0

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """−y log a − (1 − y) log(1 − a)."""
        return -y * log(a) - (1 - y) * log(1 - a)
