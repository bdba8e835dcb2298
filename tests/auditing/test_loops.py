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


SERIES = """
import numpy as np
rng = np.random.default_rng(10)
series = np.zeros(60)
for t in range(2, 60):
    series[t] = 0.6 * series[t - 1] - 0.3 * series[t - 2] + rng.normal()
lags = np.stack([series[1:-1], series[:-2]], axis=1)
following = series[2:]
phi, const = np.zeros(2), 0.0
for k in range(20):
    rest = following - lags @ phi - const
    print("SSE", rest @ rest)
    phi += 0.2 * lags.T @ rest / len(following)
    const += 0.2 * rest.mean()
"""
CLOSED = """
import numpy as np
rng = np.random.default_rng(5)
X = rng.normal(size=(30, 4))
y = X @ np.array([1.0, 2.0, 0.0, -1.0])


def trainer(rate):
    w = np.zeros(4)

    def step():
        nonlocal w
        r = X @ w - y
        w = w - rate * X.T @ r / 30
        return 0.5 * np.mean(r ** 2)

    return step


step = trainer(0.1)
for k in range(20):
    print(step())
"""
NORMED = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(30, 5))
Y = X @ rng.normal(size=(5, 3))
W = 0.1 * rng.normal(size=(5, 3))
for k in range(20):
    E = X @ W - Y
    print(0.5 * np.sum(E ** 2) / 30)
    W -= 0.5 * X.T @ E / 30
    W *= np.minimum(1, 0.8 / np.linalg.norm(W, axis=0))
"""
MIXTURE = """
import numpy as np
rng = np.random.default_rng(13)
x = np.r_[rng.normal(-2, 0.7, 30), rng.normal(1.5, 1.0, 40)]
mu, sd = np.array([-1.0, 1.0]), np.ones(2)
for it in range(20):
    p = np.exp(-0.5 * ((x[:, None] - mu) / sd) ** 2) / sd
    print(np.log(p.sum(axis=1)).sum())
    r = p / p.sum(axis=1, keepdims=True)
    mu = (r * x[:, None]).sum(axis=0) / r.sum(axis=0)
    sd = np.sqrt((r * (x[:, None] - mu) ** 2).sum(axis=0) / r.sum(axis=0))
"""


@pytest.mark.parametrize("text", [SERIES, CLOSED, NORMED, MIXTURE])
def test_nothing_is_said_of_a_right_program(text):
    """Data made in a loop, weights in a closure, columns kept short, a fit without gradients."""
    assert audit_text(text, experiments=False)["findings"] == []


ONE_SIGN = """
import numpy as np
rng = np.random.default_rng(0)
x = rng.uniform(0, 5, 50)
y = 2 * x + 1 + rng.normal(0, 0.3, 50)
w, b = 0.0, 0.0
for i in range(100):
    r = w * x + b - y
    loss = np.mean(np.abs(r))
    g = np.sign(r) / 50
    w = w - 0.02 * np.sum(g * x)
    b = b - 0.02 * np.sum(g)
    print(loss)
"""


def test_while_all_errors_have_one_sign_the_labels_still_teach():
    """No input is called the target where the printed cost, held against labels, is descended."""
    assert audit_text(ONE_SIGN, experiments=False).get("findings", []) == []
