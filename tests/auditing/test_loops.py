"""Loops within loops: which of them trains, and what only passes through a network."""

from __future__ import annotations

import pytest

from tests.auditing.planted.grid import audit_text

RESIDUAL = """
import numpy as np
rng = np.random.default_rng(5)
X = rng.normal(size=(30, 3))
y = X[:, :1] * X[:, 1:2]
layers, head = [0.3 * rng.normal(size=(3, 3)) for _ in range(2)], 0.3 * rng.normal(size=(3, 1))
for step in range(20):
    x, seen = X, []
    for W in layers:
        h = np.tanh(x @ W)
        seen.append((x, h))
        x = x + h
    e = (x @ head - y) / 30
    print("loss", 15 * np.sum(e ** 2))
    d = e @ head.T
    head -= 0.1 * x.T @ e
    for W, (x, h) in zip(layers[::-1], seen[::-1]):
        dz = d * (1 - h ** 2)
        d = d + dz @ W.T
        W -= 0.1 * x.T @ dz
"""
SEARCH = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 3))
y = X @ np.array([1.0, -2.0, 0.5])
for rate in (0.01, 0.05, 0.1):
    w = np.zeros(3)
    for epoch in range(20):
        r = X @ w - y
        w = w - rate * X.T @ r / 30
    print(rate, np.mean((X @ w - y) ** 2))
"""


@pytest.mark.parametrize(("text", "loop"), [(RESIDUAL, "for step in"), (SEARCH, "for epoch in")])
def test_what_each_pass_around_begins_anew_is_a_state_or_a_network(text, loop):
    """What runs through the layers is no parameter; weights that are trained several times are."""
    report = audit_text(text, experiments=False)
    line = next(k for k, row in enumerate(text.split("\n"), 1) if row.strip().startswith(loop))
    assert report["loop_line"] == line and report["findings"] == []
