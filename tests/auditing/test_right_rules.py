"""Right code whose update rule, or first passes, show little: none of it may be accused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auditing.planted.grid import audit_text

LISTS = """
import numpy as np
rng = np.random.default_rng(9)
X = rng.uniform(-2, 2, (40, 3))
y = np.sin(X[:, :1]) * X[:, 1:2] + 0.1 * rng.normal(size=(40, 1))

def forward_backward(W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    out = h @ W2 + b2
    d_out = (out - y) / len(y)
    d_h = d_out @ W2.T * (1 - h ** 2)
    return 0.5 * np.mean((out - y) ** 2), X.T @ d_h, d_h.sum(axis=0), h.T @ d_out, d_out.sum(axis=0)

params = [rng.normal(0, 0.6, (3, 5)), np.zeros(5), rng.normal(0, 0.6, (5, 1)), np.zeros(1)]
s = [np.zeros_like(p) for p in params]
for t in range(15):
    loss, *grads = forward_backward(*params)
    RULE
    print(loss)
"""
MOMENTUM = """s = [0.8 * a + g for a, g in zip(s, grads)]
    params = [p - 0.02 * a for p, a in zip(params, s)]"""
ADAGRAD = """s = [a + g ** 2 for a, g in zip(s, grads)]
    params = [p - 0.05 * g / (np.sqrt(a) + 1e-8) for p, g, a in zip(params, grads, s)]"""
MEDIAN = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(40, 3))
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = 5 + X @ np.array([1.0, -2.0, 0.5])
w, b = np.zeros(3), 0.0
for epoch in range(60):
    r = X @ w + b - y
    print(np.abs(r).mean())
    w, b = w - 0.05 * X.T @ np.sign(r) / 40, b - 0.05 * np.sign(r).mean()
"""

RIDGE = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(60, 3))
y = (X[:, 0] > 0).astype(float)
w, b, lr, lam = rng.normal(size=3), 0.0, 0.2, 0.1
for epoch in range(20):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    print(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + 0.5 * lam * np.sum(w ** 2))
    d = (p - y) / 300
    w, b = w - lr * (X.T @ d + lam * w), b - lr * d.sum()
"""


@pytest.mark.parametrize(
    "text", [*(LISTS.replace("RULE", rule) for rule in (MOMENTUM, ADAGRAD)), MEDIAN, RIDGE]
)
def test_right_code_is_not_accused(text: str) -> None:
    """Lists rebuilt by comprehension, passes in which nothing moves yet, a divisor of one's own."""
    report: dict[str, Any] = audit_text(text, experiments=False)
    assert not report["findings"]


def test_another_size_of_the_penalty_is_a_fault_beside_a_divisor_of_one_s_own() -> None:
    """The loss may be another multiple; a penalty that is twice what the cost has may not."""
    wrong = RIDGE.replace("+ lam * w)", "+ 2 * lam * w)")
    report: dict[str, Any] = audit_text(wrong, experiments=False)
    assert {f["code"] for f in report["findings"]} == {"LS009"}
