"""Steps that are not a gradient alone: Newton's, shrunk, bounded, a look ahead; a climb."""

from __future__ import annotations

import pytest

from tests.auditing.planted.grid import audit_text
from tests.auditing.told import told

HEAD = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(30, 5))
y = X @ np.array([2.0, -1.0, 1.5, 0.0, 0.0]) + 0.1 * rng.normal(size=30)
w, v = 0.1 * rng.normal(size=5), np.zeros(5)
for k in range(30):
"""
NEWTON = """
    p = 1 / (1 + np.exp(-X @ w))
    t = (y > 0).astype(float)
    print(-np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)))
    H = X.T * (p * (1 - p)) @ X + 0.1 * np.eye(5)
    w -= 0.3 * np.linalg.solve(H, X.T @ (p - t))
"""
SHRUNK = """
    z = w - 0.1 * X.T @ (X @ w - y) / 30
    w = np.sign(z) * np.maximum(np.abs(z) - 0.1 * 0.2, 0)
    print(0.5 * np.mean((X @ w - y) ** 2) + 0.2 * np.abs(w).sum())
"""
BOUNDED = """
    w = np.clip(w - 0.1 * X.T @ (X @ w - y) / 30, -0.2, 0.2)
    print(0.5 * np.mean((X @ w - y) ** 2))
"""
AHEAD = """
    look = w + 0.9 * v
    v = 0.9 * v - 0.05 * X.T @ (X @ look - y) / 30
    w = w + v
    print(0.5 * np.mean((X @ w - y) ** 2))
"""
CLIMBED = """
    p = np.exp(w) / np.exp(w).sum()
    value = p @ y[:5]
    w += 0.5 * p * (y[:5] - value)
    print("expected reward", value)
"""
LION = """
    g = X.T @ (X @ w - y) / 30
    print(0.5 * np.mean((X @ w - y) ** 2))
    w, v = w - 0.01 * np.sign(0.9 * v + 0.1 * g), 0.99 * v + 0.01 * g
"""
SIGNS = """
    loss = np.mean((X @ w - y) ** 2)
    w -= 0.05 * 0.97 ** k * np.sign(2 * X.T @ (X @ w - y))
    print(loss)
"""
ONE_ENTRY = """
    j = k % 5
    w[j] -= 0.8 * (X[:, j] @ (X @ w - y)) / (X[:, j] @ X[:, j])
    print(np.sum((X @ w - y) ** 2))
"""
HUBER = """
    r = X @ w - y
    print(np.mean(np.where(np.abs(r) < 0.3, 0.5 * r ** 2, 0.3 * (np.abs(r) - 0.15))))
    w -= 0.1 * X.T @ np.clip(r, -0.3, 0.3) / 30
"""


@pytest.mark.parametrize("body", [NEWTON, SHRUNK, BOUNDED, AHEAD, CLIMBED, LION, SIGNS, ONE_ENTRY])
def test_a_right_step_of_another_kind_is_no_fault(body):
    """A matrix, a bound, a velocity that is looked along, a climb, signs, one entry at a time."""
    assert told(HEAD + body) == []


def test_a_wrong_gradient_shows_behind_a_matrix():
    """What Newton's method starts from is held against the printed loss."""
    assert [code for code, _ in told(HEAD + NEWTON.replace("(p - t))", "((p - t) * p))"))]


def test_a_loss_may_have_a_threshold_of_the_programs_own():
    """Huber's loss is known with any number that stands in the program."""
    assert audit_text(HEAD + HUBER, experiments=False)["loss"].startswith("1/m Σ Huber")


RIDGE = """
    grad = X.T @ (X @ w - y) / 30 + 0.1 * w
    w = w - 0.3 * grad / (k + 3)
    print(0.5 * np.mean((X @ w - y) ** 2) + 0.05 * np.sum(w[:4] ** 2))
"""


def test_a_rate_that_is_divided_by_the_pass_is_no_other_factor():
    """A whole number counts the passes and shows in the steps, beside a penalty."""
    assert told(HEAD + RIDGE.replace("0.1 * w", "0.1 * w * (np.arange(5) < 4)")) == []
