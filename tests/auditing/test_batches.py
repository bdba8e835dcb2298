"""Batches: what divides by their size, by that of all the data, or by the last one's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auditing.planted.grid import audit_text

PROGRAM = """
import numpy as np
np.random.seed(0)
N, batch_size = 100, 32
X = np.random.randn(N, 4)
y = (X[:, :1] * X[:, 1:2] > 0).astype(float)
W1, b1 = 0.5 * np.random.randn(4, 5), np.zeros(5)
W2, b2 = 0.5 * np.random.randn(5, 1), np.zeros(1)
for epoch in range(8):
    total = 0.0
    for i in range(0, N, batch_size):
        xb, yb = X[i:i + batch_size], y[i:i + batch_size]
        h = np.tanh(xb @ W1 + b1)
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        loss = -np.mean(yb * np.log(p) + (1 - yb) * np.log(1 - p))
        total += loss * len(xb)
        dz2 = p - yb
        dW2 = h.T @ dz2 / len(xb)
        db2 = dz2.sum(axis=0) / len(xb)
        dz1 = dz2 @ W2.T * (1 - h ** 2)
        dW1 = xb.T @ dz1 / len(xb)
        db1 = dz1.sum(axis=0) / len(xb)
        W1, b1 = W1 - 0.5 * dW1, b1 - 0.5 * db1
        W2, b2 = W2 - 0.5 * dW2, b2 - 0.5 * db2
    print(epoch, total / N)
"""
RIGHT = "db1 = dz1.sum(axis=0) / len(xb)"
BY_ALL = PROGRAM.replace("N, batch_size = 100, 32", "N, batch_size = 100, 25")


def _found(text: str) -> list[tuple[str, str, str]]:
    report: dict[str, Any] = audit_text(text, experiments=False)
    lines = [line.strip() for line in text.splitlines()]
    return [
        (f["code"], lines[f["line"] - 1], f["repair"]["after"] if f["repair"] else "")
        for f in report["findings"]
    ]


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("len(xb)", "total / N"),
        pytest.param("batch_size", "loss", marks=pytest.mark.slow),
        pytest.param("N", "total / N", marks=pytest.mark.slow),
    ],
)
def test_the_last_batch_may_be_smaller(size: str, told: str) -> None:
    """A mean over all the data is descended by means, and sums, of batches that differ in size."""
    assert not _found(PROGRAM.replace("/ len(xb)", f"/ {size}").replace("total / N", told))


@pytest.mark.parametrize(
    ("text", "divisor"),
    [pytest.param(PROGRAM, "batch_size", marks=pytest.mark.slow), (BY_ALL, "N")],
)
def test_one_gradient_by_another_size_is_mended(text: str, divisor: str) -> None:
    """The rows of all the data, or of a full batch, are no divisor beside those of this one."""
    wrong = f"db1 = dz1.sum(axis=0) / {divisor}"
    assert _found(text.replace(RIGHT, wrong)) == [("LS004", wrong, RIGHT)]


SPREAD = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.uniform(-2, 2, size=(30, 2))
y = np.sin(X[:, 0]) + 0.1 * rng.normal(size=30)
W, v = rng.normal(size=(2, 6)), rng.normal(size=6)
for step in range(20):
    h = np.tanh(X @ W)
    r = h @ v - y
    print(np.mean(np.abs(r)))
    g = np.clip(r, -1, 1) / 30
    dv, dW = h.T @ g, X.T @ (np.outer(g, v) * (1 - h ** 2))
    W, v = W - 0.1 * dW, v - 0.1 * dv
"""


@pytest.mark.parametrize(
    "wrong",
    [
        "(h @ v - y.reshape(-1, 1)).mean(axis=0)",
        pytest.param(
            "np.mean((h @ v).reshape(1, -1) - y[:, np.newaxis], axis=0)", marks=pytest.mark.slow
        ),
    ],
)
def test_all_pairs_of_predictions_and_targets_are_no_residual(wrong: str) -> None:
    """However a column is made of a flat array, nobody wants each target beside each prediction."""
    text = SPREAD.replace("h @ v - y\n", f"{wrong}\n")
    assert [found[:2] for found in _found(text)] == [("LS018", f"r = {wrong}")]


ADAM = """
import numpy as np
rng = np.random.default_rng(5)
X = rng.normal(size=(50, 4))
y = (X[:, 0] + 0.5 * rng.normal(size=50) > 0).astype(float)
w, b, lam = rng.normal(size=4), np.zeros(1), 0.1
m, s, mb, sb = np.zeros(4), np.zeros(4), np.zeros(1), np.zeros(1)
for t in range(1, 20):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    print(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + 0.5 * lam * np.sum(w ** 2))
    gw = X.T @ (p - y) / 50
    gb = np.sum(p - y, keepdims=True) / 50
    m, mb = 0.9 * m + 0.1 * gw, 0.9 * mb + 0.1 * gb
    s, sb = 0.99 * s + 0.01 * gw ** 2, 0.99 * sb + 0.01 * gb ** 2
    w -= 0.05 * m / (np.sqrt(s) + 1e-8)
    b -= 0.05 * mb / (np.sqrt(sb) + 1e-8)
"""


@pytest.mark.slow
def test_a_penalty_left_out_of_a_gradient_shows_behind_a_rule() -> None:
    """Adam starts from a gradient, which is to hold what the cost holds."""
    wrong = "gw = X.T @ (p - y) / 50"
    assert _found(ADAM) == [("LS009", wrong, f"{wrong} + lam * w")]
    assert not _found(ADAM.replace(wrong, f"{wrong} + lam * w"))
