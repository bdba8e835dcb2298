"""Costs that are told once the parameters have moved, and moves that drown in rounding."""

from __future__ import annotations

from tests.auditing.planted.grid import audit_text
from tests.auditing.told import told

_RIDGE = """import numpy as np

rng = np.random.default_rng(0)
X, w, lam = rng.normal(size=(40, 3)), rng.normal(size=3), 0.1
y = X @ np.array([1.0, -2.0, 0.5])


def cost(w):
    return np.mean((X @ w - y) ** 2) + lam * np.sum(w**2)


costs = []
for step in range(40):
    gradient = 2 * X.T @ (X @ w - y) / len(y) + {penalty}
    w = w - 0.05 * gradient
    costs.append(cost(w))
"""


def test_a_penalty_is_told_from_a_cost_that_is_worked_out_after_the_update() -> None:
    """What is printed after the update is measured where the pass began."""
    good = audit_text(_RIDGE.format(penalty="2 * lam * w"), experiments=False)
    bad = audit_text(_RIDGE.format(penalty="lam * w"), experiments=False)
    assert good["findings"] == []
    assert [(f["code"], f["line"]) for f in bad["findings"]] == [("LS009", 14)]


_TINY = """import numpy as np

rng = np.random.default_rng(1)
X, y = rng.normal(size=(2, 60)), np.arange(60).reshape(1, 60) % 2
W1, b1 = 0.01 * rng.normal(size=(3, 2)), np.zeros((3, 1))
W2, b2 = 0.01 * rng.normal(size=(1, 3)), np.zeros((1, 1))
for step in range(40):
    a1 = np.tanh(W1 @ X + b1)
    a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
    print(-np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2)))
    dz2 = (a2 - y) / 60
    dz1 = W2.T @ dz2 * (1 - a1**2)
    W1, b1 = W1 - dz1 @ X.T, b1 - dz1.sum(axis=1, keepdims=True)
    W2, b2 = W2 - dz2 @ a1.T, b2 - dz2.sum(axis=1, keepdims=True)
"""


def test_gradients_that_nearly_cancel_are_no_fault() -> None:
    """Balanced classes and tiny weights: the first biases hardly move, and rightly."""
    assert audit_text(_TINY, experiments=False)["findings"] == []


FACTORS = """
import numpy as np
rng = np.random.default_rng(0)
R = rng.normal(size=(8, 6))
U, V = rng.normal(size=(8, 2)), rng.normal(size=(6, 2))
for it in range(20):
    E = U @ V.T - R
    print(0.5 * np.sum(E ** 2))
    U -= 0.02 * (E @ V)
    E = U @ V.T - R
    V -= 0.02 * (E.T @ U)
"""


def test_one_factor_may_move_after_the_other() -> None:
    """Where the error is worked out anew in between, the second step is that of a gradient."""
    assert not told(FACTORS)
    old = FACTORS.replace("    E = U @ V.T - R\n    V", "    V")
    assert told(old) == [("LS001", "U -= 0.02 * (E @ V)")]
