"""A comparison result as `Comparison.to_dict()` gives it, made without training anything.

The figures are drawn from plausible curves; what is held here is the schema and the awkward
cases: names with markup in them, runs that failed, a loss with its own output activation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LATEX = {
    "ce": r"dZ_2 = \tfrac{1}{m}(A_2 - Y)",
    "mse": r"dZ_2 = \tfrac{2}{m}(A_2 - Y) \odot A_2 \odot (1 - A_2)",
    "mae": r"dZ_2 = \tfrac{1}{m}\,\mathrm{sign}(A_2 - Y) \odot A_2 \odot (1 - A_2)",
}
TEXT = {
    "ce": "(A2 − Y) / m",
    "mse": "2 (A2 − Y) ∘ A2 ∘ (1 − A2) / m",
    "mae": "sign(A2 − Y) ∘ A2 ∘ (1 − A2) / m",
}
SHARED = [
    ("Z1", ("m", 16), r"Z_1 = X W_1 + b_1", "X W1 + b1"),
    ("A1", ("m", 16), r"A_1 = \mathrm{relu}(Z_1)", "relu(Z1)"),
    ("Z2", ("m", 1), r"Z_2 = A_1 W_2 + b_2", "A1 W2 + b2"),
    ("A2", ("m", 1), r"A_2 = \sigma(Z_2)", "σ(Z2)"),
    ("dW2", (16, 1), r"dW_2 = A_1^\top dZ_2", "A1ᵀ dZ2"),
    ("db2", (1, 1), r"db_2 = \textstyle\sum_{\text{rows}} dZ_2", "Σ over rows of dZ2"),
    ("dZ1", ("m", 16), r"dZ_1 = dZ_2 W_2^\top \odot [Z_1 > 0]", "dZ2 W2ᵀ ∘ [Z1 > 0]"),
    ("dW1", (30, 16), r"dW_1 = X^\top dZ_1", "Xᵀ dZ1"),
    ("db1", (1, 16), r"db_1 = \textstyle\sum_{\text{rows}} dZ_1", "Σ over rows of dZ1"),
]
FLOOR = {"ce": 0.08, "mse": 0.09, "mae": 0.16}
SPEED = {"ce": 1.0, "mse": 0.6, "mae": 0.3}
CODE = {
    "ce": ("nn.BCEWithLogitsLoss()", "losses.BinaryCrossentropy(from_logits=True)"),
    "mse": ("nn.MSELoss()(torch.sigmoid(z), y)", "losses.MeanSquaredError()"),
    "mae": (None, None),
}
GRID = [0.001, 0.003, 0.01, 0.03, 0.1]
METRICS = [
    ("log_loss", "log-loss", False),
    ("accuracy", "accuracy", True),
    ("brier", "Brier", False),
]


def result(
    *, losses: tuple[str, ...] = ("ce", "mse", "mae"), seeds: int = 10, epochs: int = 30
) -> dict[str, Any]:
    """Give one whole result; any label that is not ce, mse or mae behaves like mse."""
    rng = np.random.default_rng(7)
    runs = [r for label in losses for r in _runs(label, seeds, epochs, rng)]
    table = [_row(label, runs, losses[0], seeds) for label in losses]
    return {
        "losscope": "0.1.0",
        "name": "3f9a12bc",
        "plan": {"data": "breast-cancer", "losses": list(losses), "epochs": epochs, "seeds": seeds},
        "environment": {
            "python": "3.11.9",
            "numpy": "2.3.1",
            "blas": "OpenBLAS Haswell",
            "platform": "Linux x86_64",
            "precision": "float64",
        },
        "data": {
            "name": "breast-cancer",
            "task": "binary",
            "rows": 569,
            "columns": ["mean radius", *(f"measure {k}" for k in range(2, 31))],
            "features": 30,
            "classes": ["benign", "malignant"],
            "class_counts": [357, 212],
            "positive": "malignant",
            "target_names": ["diagnosis"],
            "fingerprint": "9c1e" * 16,
            "notices": ["positive: malignant, the rarer class (--positive to change)"],
            "split": "56/19/25 % stratified",
        },
        "network": {
            "layers": [30, 16, 1],
            "activation": "relu",
            "output": "sigmoid",
            "initializer": "glorot_uniform",
            "optimizer": "adam",
            "epochs": epochs,
            "batch_size": 32,
        },
        "metric": {
            "name": "log_loss",
            "title": "log-loss",
            "greater_is_better": False,
            "chosen": "default",
            "margin": 0.01,
        },
        "metrics": [{"name": n, "title": t, "greater_is_better": g} for n, t, g in METRICS],
        "losses": [_loss(label) for label in losses],
        "learning_rates": {"mode": "tuned", "grid": GRID, "extended": {}},
        "seeds": list(range(seeds)),
        "runs": runs,
        "table": table,
        "baselines": [
            _baseline("logistic regression", (0.105, 0.973, 0.02), seeds),
            _baseline("constant prediction", (0.660, 0.627, 0.234), seeds),
        ],
        "cross_table": {
            "losses": list(losses),
            "rows": [
                [0.08 + 0.05 * i + 0.01 * j for j in range(len(losses))] for i in range(len(losses))
            ],
            "constant": [0.66, 0.234, 0.37, *[0.5] * 20][: len(losses)],
        },
        "verdict": _verdict(losses),
        "equations": {
            "shared": [_equation(*row) for row in SHARED],
            "differing": {
                label: [
                    _equation(
                        "dZ2",
                        ("m", 1),
                        LATEX.get(label, LATEX["mse"]),
                        TEXT.get(label, TEXT["mse"]),
                    )
                ]
                for label in losses
            },
        },
        "notices": ["ce → bce (binary cross-entropy): the task is binary"],
        "command": "losscope compare breast-cancer --losses " + ",".join(losses),
        "seconds": 12.4,
    }


def failed(base: dict[str, Any]) -> dict[str, Any]:
    """Let two runs of the last loss fail, at its largest learning rate and at its chosen one."""
    mine = [r for r in base["runs"] if r["loss"] == base["losses"][-1]["label"]]
    for run in (max(mine, key=lambda r: r["learning_rate"]), next(r for r in mine if r["chosen"])):
        run.update(
            status="failed",
            message="loss became NaN at epoch 3, step 17",
            best_epoch=None,
            last={"valid": {}, "test": {}},
            best={"valid": {}, "test": {}},
            curves={"valid_metric": [0.7, None], "train_cost": [float("nan")]},
        )
    base["table"][-1]["metrics"]["log_loss"]["per_seed"][0] = None
    base["notices"].append("mae, learning rate 0.1, seed 0: loss became NaN at epoch 3, step 17")
    return base


def _runs(label: str, seeds: int, epochs: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw curves that fall fastest at a learning rate of 0.01."""
    made = []
    for seed in range(seeds):
        luck = 1 + 0.15 * np.random.default_rng(seed).standard_normal()
        best = min(GRID[1:4], key=lambda lr: abs(np.log(lr / 0.01)) + 0.9 * rng.random())
        for lr in GRID:
            pace = SPEED.get(label, 0.5) * 4 * np.exp(-(np.log(lr / 0.01) ** 2) / 6)
            t = np.arange(epochs + 1) / epochs
            floor = FLOOR.get(label, 0.1) * luck
            curve = floor + (0.72 - floor) * np.exp(-pace * 4 * t) * (
                1 + 0.03 * rng.standard_normal(epochs + 1)
            )
            end = float(curve[-1])
            measured = {"log_loss": end, "accuracy": 1 - end / 3, "brier": end / 4}
            made.append(
                {
                    "loss": label,
                    "learning_rate": lr,
                    "seed": seed,
                    "chosen": lr == best,
                    "status": "ok",
                    "message": None,
                    "best_epoch": int(curve.argmin()),
                    "last": {"valid": measured, "test": {k: v * 1.02 for k, v in measured.items()}},
                    "best": {"valid": measured, "test": measured},
                    "curves": {
                        "valid_metric": [float(v) for v in curve],
                        "train_cost": [float(v) for v in curve[1:]],
                    },
                }
            )
    return made


def _row(label: str, runs: list[dict[str, Any]], reference: str, seeds: int) -> dict[str, Any]:
    mine = [r for r in runs if r["loss"] == label and r["chosen"]]
    theirs = [r for r in runs if r["loss"] == reference and r["chosen"]]
    metrics = {n: _spread([r["last"]["test"][n] for r in mine]) for n, _, _ in METRICS}
    counts: dict[str, int] = {}
    for run in mine:
        key = f"{run['learning_rate']:g}"
        counts[key] = counts.get(key, 0) + 1
    deltas = [
        a["last"]["test"]["log_loss"] - b["last"]["test"]["log_loss"]
        for a, b in zip(mine, theirs, strict=True)
    ]
    against = {
        "difference": float(np.mean(deltas)),
        "low": float(np.mean(deltas)) - 0.02,
        "high": float(np.mean(deltas)) + 0.02,
        "wins": sum(d < 0 for d in deltas),
        "seeds": seeds,
        "p": 0.004,
        "p_holm": 0.008,
    }
    return {
        "loss": label,
        "learning_rates": {
            "median": float(np.median([r["learning_rate"] for r in mine])),
            "counts": counts,
        },
        "metrics": metrics,
        "best_epoch": {"metrics": metrics},
        "relative_to_constant": {},
        "minus_reference": None if label == reference else against,
    }


def _spread(values: list[float]) -> dict[str, Any]:
    return {
        "mean": float(np.mean(values)),
        "std": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "per_seed": values,
    }


def _baseline(title: str, means: tuple[float, ...], seeds: int) -> dict[str, Any]:
    return {
        "title": title,
        "metrics": {
            n: {"mean": m, "per_seed": [m] * seeds}
            for (n, _, _), m in zip(METRICS, means, strict=True)
        },
    }


def _loss(label: str) -> dict[str, Any]:
    torch, keras = CODE.get(label, CODE["mse"])
    name = {"ce": "bce"}.get(label, label)
    title = {
        "ce": "Binary cross-entropy",
        "mse": "Mean squared error",
        "mae": "Mean absolute error",
    }
    return {
        "label": label,
        "name": name,
        "spelling": name,
        "title": title.get(label, label),
        "output": "identity" if label == "hinge" else "sigmoid",
        "own_output": label == "hinge",
        "resolution": f"{label} → {name}",
        "torch": torch,
        "keras": keras,
        "takes": {
            "torch": torch and "raw predictions, before the sigmoid",
            "keras": keras and "raw predictions, before the sigmoid",
        },
    }


def _equation(name: str, shape: tuple[Any, ...], latex: str, text: str) -> dict[str, Any]:
    return {
        "name": name,
        "shape": [str(s) for s in shape],
        "latex": latex,
        "text": text,
        "mathml": None,
    }


def _verdict(losses: tuple[str, ...]) -> dict[str, Any]:
    outcomes = ["cannot tell", "better", "equivalent"]
    pairs = []
    for i, a in enumerate(losses):
        for j, b in enumerate(losses[i + 1 :], start=i + 1):
            outcome = outcomes[len(pairs) % 3]
            pairs.append(
                {
                    "a": a,
                    "b": b,
                    "outcome": outcome,
                    "better": a if outcome == "better" else None,
                    "difference": -0.02 * (j - i),
                    "low": -0.02 * (j - i) - 0.015,
                    "high": -0.02 * (j - i) + 0.015,
                    "p": 0.02,
                    "p_holm": 0.06,
                }
            )
    return {
        "learning": {
            "changed": True,
            "sentences": [
                (
                    "The loss changed how the network learned: after one epoch the log-loss is "
                    "0.31 under ce, 0.52 under mse and 0.61 under mae, from the same start."
                )
            ],
        },
        "result": {
            "pairs": pairs,
            "sentences": [
                (
                    "ce and mse: cannot tell them apart (difference −0.012, 95 % from −0.031 to "
                    "0.007, Holm p = 0.21); about 40 seeds would settle it."
                ),
                (
                    "ce is better than mae by 0.081 log-loss (95 % from 0.060 to 0.102, "
                    "10 of 10 seeds, Holm p = 0.001)."
                ),
            ],
        },
        "what_differed": {
            "equations": ["dZ2"],
            "sentence": "One equation differs, dZ2; the other 9 are the same.",
        },
        "chosen": losses[0],
    }
