"""Weights in a list, logits, a cost that is worked out after each epoch: what goes wrong there."""

from __future__ import annotations

import pytest

from tests.auditing.told import told

PROGRAM = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(24, 2))
y = (X[:, :1] * X[:, 1:] > 0).astype(float)
params = [rng.normal(size=(2, 3)), rng.normal(size=(3, 1))]
for epoch in range(8):
    for rows in np.array_split(rng.permutation(24), 2):
        h = np.tanh(X[rows] @ params[0])
        logits = h @ params[1]
        d = (1 / (1 + np.exp(-logits)) - y[rows]) / 12
        grads = [X[rows].T @ (d @ params[1].T * (1 - h ** 2)), h.T @ d]
        params = [p - 0.5 * g for p, g in zip(params, grads)]
    z = np.tanh(X @ params[0]) @ params[1]
    print("loss", np.mean(np.logaddexp(0, z) - y * z))
"""
FAULTS = [
    ("(1 / (1 + np.exp(-logits)) - y[rows])", "(logits - y[rows])", "LS019", "d = "),
    ("        params = [p", "        fresh = [p", "LS010", "fresh = "),
    ("0, z) - y * z)", "0, z) - y.ravel() * z)", "LS018", "print("),
]


def test_nothing_is_said_of_the_right_program():
    """What is printed is the cross-entropy, worked out from logits."""
    assert told(PROGRAM) == []


@pytest.mark.parametrize(("old", "new", "code", "begins"), FAULTS)
def test_what_is_wrong_is_named(old, new, code, begins):
    """Another loss than the printed logits', a list that nothing reads, a cost that spreads."""
    found = set(told(PROGRAM.replace(old, new)))
    assert {code} == {c for c, _ in found}
    assert all(line.startswith(begins) for _, line in found)
