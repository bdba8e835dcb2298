"""The frameworks whose spellings are known: version, conventions, and how they count a mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Framework:
    """What holds for all losses of one framework unless a dialect says otherwise.

    Parameters
    ----------
    name, title : "keras" and "Keras".
    version : the version in which the dialects were executed (or read).
    prefixes : what may stand before a loss's name in code.
    order : the arguments in the order in which the framework takes them.
    reduction : what its losses do with a batch when nothing is said: "mean", "sum", "none", or
        "rows" where the framework adds up gradients of rows by itself (boosters, SGD).
    reductions : its own word for "mean", "sum" and "none".
    unit : what one value covers before reduction, for a loss that is a mean over outputs:
        "elements" (one value an output) or "row" (their mean).
    weights : the argument that takes sample weights ("" for none), and
    divisor : what the weighted mean divides by: "N", "Σw", or "caller" where the user reduces.
    neutral : arguments that change no value.
    """

    name: str
    title: str
    version: str
    prefixes: tuple[str, ...]
    order: str
    reduction: str
    reductions: tuple[tuple[str, str], ...] = ()
    unit: str = "elements"
    weights: str = ""
    divisor: str = "caller"
    neutral: tuple[str, ...] = ("name", "dtype", "inplace")


FRAMEWORKS = {
    framework.name: framework
    for framework in (
        Framework(
            name="torch",
            title="PyTorch",
            version="2.13.0",
            prefixes=("torch.nn.functional", "nn.functional", "torch.nn", "nn", "F", "torch"),
            order="(input, target)",
            reduction="mean",
            reductions=(("mean", '"mean"'), ("sum", '"sum"'), ("none", '"none"')),
        ),
        Framework(
            name="keras",
            title="Keras",
            version="3.15.1",
            prefixes=(
                *("tensorflow.keras.losses", "tf.keras.losses", "keras.losses", "tf.losses"),
                *("losses", "tf.keras", "keras"),
            ),
            order="(y_true, y_pred)",
            reduction="mean",
            reductions=(("mean", '"sum_over_batch_size"'), ("sum", '"sum"'), ("none", "None")),
            unit="row",
            weights="sample_weight",
            divisor="N",
        ),
        Framework(
            name="optax",
            title="optax",
            version="0.2.8",
            prefixes=("optax.losses", "optax"),
            order="(predictions or logits, targets or labels)",
            reduction="none",
        ),
        Framework(
            name="sklearn",
            title="scikit-learn",
            version="1.9.1",
            prefixes=(
                *("sklearn._loss.loss", "sklearn._loss", "sklearn.metrics", "metrics"),
                *("sklearn.linear_model", "sklearn.neural_network", "sklearn.ensemble"),
                *("linear_model", "neural_network", "ensemble", "sklearn"),
            ),
            order="(y_true, raw_prediction)",
            reduction="mean",
            unit="row",
            weights="sample_weight",
            divisor="Σw",
        ),
        Framework(
            name="lightgbm",
            title="LightGBM",
            version="4.7.0",
            prefixes=("lightgbm", "lgb", "lgbm"),
            order="(label, score)",
            reduction="rows",
            unit="row",
            weights="weight",
        ),
        Framework(
            name="xgboost",
            title="XGBoost",
            version="3.2.0",
            prefixes=("xgboost", "xgb"),
            order="(label, margin)",
            reduction="rows",
            unit="row",
            weights="weight",
        ),
    )
}

# Words by which people call them.
SYNONYMS = {
    "pytorch": "torch",
    "tensorflow": "keras",
    "tf": "keras",
    "jax": "optax",
    "flax": "optax",
    "scikit-learn": "sklearn",
    "scikitlearn": "sklearn",
    "lgbm": "lightgbm",
    "xgb": "xgboost",
}

# What an estimator does where the setting that chooses its loss is left out.
UNWRITTEN = {
    ("MLPRegressor", "loss"): "squared_error",
    ("SGDRegressor", "loss"): "squared_error",
    ("GradientBoostingRegressor", "loss"): "squared_error",
    ("HistGradientBoostingRegressor", "loss"): "squared_error",
    ("SGDClassifier", "loss"): "hinge",
    ("GradientBoostingClassifier", "loss"): "log_loss",
    ("HistGradientBoostingClassifier", "loss"): "log_loss",
    ("TweedieRegressor", "link"): "log",
}

# Estimators that are spelled by their objective: framework, objective where none is written.
BOOSTERS = {
    "LGBMRegressor": ("lightgbm", "regression"),
    "LGBMClassifier": ("lightgbm", ""),
    "XGBRegressor": ("xgboost", "reg:squarederror"),
    "XGBRFRegressor": ("xgboost", "reg:squarederror"),
    "XGBClassifier": ("xgboost", ""),
    "XGBRFClassifier": ("xgboost", ""),
}

__all__ = ["BOOSTERS", "FRAMEWORKS", "SYNONYMS", "UNWRITTEN", "Framework"]
