"""Slips in short plain code: array scripts, tables of gradients, layers as objects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from losscope.auditing import rules
from tests.auditing.told import told


def test_a_rate_that_decays_is_one_rate_at_the_start_and_at_the_end_of_a_pass() -> None:
    """Both explain a step; where one weight took the other, no repair of a line was seen."""
    path, rates = ("global", "alpha"), [0.3]
    for _ in range(6):
        rates.append(rates[-1] * 0.999)
    starts = [{path: rate} for rate in rates[:-1]]
    ends = [SimpleNamespace(after={path: rate}) for rate in rates[1:]]
    ends[0].trace = SimpleNamespace(events={})
    measured = SimpleNamespace(starts=starts, bases=ends, reached=set())
    assert rules._series(cast("Any", measured)) == [("alpha", rates[:-1])]


_SHOWN = """import numpy as np
rng = np.random.default_rng(1)
X = rng.normal(size=(20, 2))
y = (X[:, :1] > 0) * 1.0

def gradients(params, X, y):
    W1, b1, W2 = params
    h = np.tanh(X @ W1 + b1)
    d2 = (1 / (1 + np.exp(-(h @ W2))) - y) / len(X)
    d1 = d2 @ W2.T * (1 - h ** 2)
    return [
        X.T @ d1,
        d1.sum(0),
        h.T @ d2,
    ]

def cost(params):
    W1, b1, W2 = params
    p = 1 / (1 + np.exp(-np.tanh(X @ W1 + b1) @ W2))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

params = [rng.normal(size=(2, 3)), np.zeros(3), rng.normal(size=(3, 1))]
for i in range(20):
    params = [p - 0.5 * g for p, g in zip(params, gradients(params, X, y))]
    print(cost(params))
"""


@pytest.mark.slow
def test_what_is_worked_out_where_several_gradients_are_given_back() -> None:
    """A list of gradients is as many lines: each is looked at by itself."""
    text = _SHOWN.replace("h.T @ d2,", "(X @ W1 + b1).T @ d2,")
    assert told(text) == [("LS014", "(X @ W1 + b1).T @ d2,")]


_LAYERS = """import numpy as np
rng = np.random.default_rng(3)

class Weight:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)

class Linear:
    def __init__(self, n, k):
        self.weight = Weight(rng.normal(size=(n, k)))
    def forward(self, x):
        self.x = x
        return x @ self.weight.data
    def backward(self, d):
        self.weight.grad = self.x.T @ d
        return d @ self.weight.data.T

class ELU:
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)
    def backward(self, d):
        return d * np.where(self.x > 0, 1.0, np.exp(np.minimum(self.x, 0)))

X = rng.normal(size=(20, 2))
Y = X[:, :1] ** 2
layers = [Linear(2, 4), ELU(), Linear(4, 4), ELU(), Linear(4, 1)]
for step in range(20):
    out = X
    for layer in layers:
        out = layer.forward(out)
    print(np.mean((out - Y) ** 2))
    d = 2 * (out - Y) / len(X)
    for layer in reversed(layers):
        d = layer.backward(d)
    for layer in layers[::2]:
        layer.weight.data -= 0.001 * layer.weight.grad
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        ("d @ self.weight.data.T", "d @ self.weight.grad.T", "LS014", "return d @ self.weight.gr"),
        (
            "x\n        return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)",
            "np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)\n        return self.x",
            "LS002",
            "return d * np.where(self.x > 0",
        ),
    ],
)
def test_layers_as_objects_whose_weights_are_objects(
    right: str, wrong: str, code: str, line: str
) -> None:
    """A method can read what lies two steps deep, and a slope is taken of what has a name."""
    assert _LAYERS.count(right) == 1
    [(found, where)] = told(_LAYERS.replace(right, wrong))
    assert (found, where[: len(line)]) == (code, line)


_ONLINE = """import numpy as np
rng = np.random.default_rng(5)
X = rng.normal(size=(30, 3))
T = np.eye(2)[(X[:, 0] > 0).astype(int)]
V, c, W, b = rng.normal(size=(4, 3)), np.zeros(4), rng.normal(size=(2, 4)), np.zeros(2)
for epoch in range(3):
    total = 0.0
    for x, t in zip(X, T):
        h = np.tanh(V @ x + c)
        e = np.exp(W @ h + b)
        p = e / e.sum()
        total += -np.log(p[t.argmax()])
        d = p - t
        dh = W.T @ d * (1 - h ** 2)
        W -= 0.1 * np.outer(d, h)
        b -= 0.1 * d
        V -= 0.1 * np.outer(dh, x)
        c -= 0.1 * dh
    print(total / len(X))
"""


def test_the_errors_of_one_example_are_summed_to_a_number() -> None:
    """There is no axis to sum over: the errors themselves are the gradient."""
    text = _ONLINE.replace("0.1 * dh\n", "0.1 * dh.sum()\n")
    assert told(text) == [("LS005", "c -= 0.1 * dh.sum()")]


_TABLES = """import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(24, 3))
Y = X[:, :1] * X[:, 1:2]

class Net:
    def __init__(self, sizes):
        self.layers = [
            {"W": rng.normal(size=s), "b": np.zeros(s[1])} for s in zip(sizes, sizes[1:])
        ]

    def forward(self, x):
        for layer in self.layers:
            layer["x"] = x
            layer["z"] = x @ layer["W"] + layer["b"]
            x = np.maximum(layer["z"], 0)
        return layer["z"]

    def backward(self, d):
        for i in reversed(range(len(self.layers))):
            layer = self.layers[i]
            grads = dict(W=layer["x"].T @ d, b=d.sum(axis=0))
            if i > 0:
                d = (d @ layer["W"].T) * (self.layers[i - 1]["z"] > 0)
            for k in ("W", "b"):
                layer[k] -= 0.02 * grads[k]

net = Net([3, 6, 6, 1])
for step in range(20):
    out = net.forward(X)
    print(np.mean((out - Y) ** 2))
    net.backward(2 * (out - Y) / len(X))
"""


def test_a_slope_is_taken_of_what_the_forward_pass_put_away() -> None:
    """The backward pass reads layer["W"], and so may speak of layer["x"] too."""
    text = _TABLES.replace(' * (self.layers[i - 1]["z"] > 0)', "")
    assert told(text) == [("LS003", 'd = (d @ layer["W"].T)')]


def test_a_hinge_s_slope_where_the_square_of_one_is_printed() -> None:
    """Where slack > 0 stands, the slack itself was meant."""
    text = """import numpy as np
rng = np.random.default_rng(4)
X = rng.normal(size=(30, 3))
t = np.where(X[:, 0] + X[:, 1] ** 2 > 0, 1.0, -1.0)
w, b = np.zeros(3), 0.0
for i in range(20):
    slack = np.maximum(0, 1 - t * (X @ w + b))
    print("loss", np.mean(slack ** 2))
    d = -2 * (slack > 0) * t / len(X)
    w -= 0.1 * X.T @ d
    b -= 0.1 * d.sum()
"""
    assert told(text) == [("LS019", "d = -2 * (slack > 0) * t / len(X)")]


_CLASS = """import numpy as np

def sigmoid(x):
    return 1.0 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    return x * (1.0 - x)

class NeuralNetwork:
    def __init__(self, x, y):
        rng = np.random.default_rng(7)
        self.input, self.y = x, y
        self.weights1, self.weights2 = rng.random((3, 4)), rng.random((4, 1))

    def train(self):
        self.layer1 = sigmoid(np.dot(self.input, self.weights1))
        self.output = sigmoid(np.dot(self.layer1, self.weights2))
        d_output = 2 * (self.y - self.output) * sigmoid_derivative(self.output)
        d_hidden = np.dot(d_output, self.weights2.T) * sigmoid_derivative(self.layer1)
        self.weights2 += np.dot(self.layer1.T, d_output)
        self.weights1 += np.dot(self.input.T, d_hidden)

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1], [1, 0, 0]])
net = NeuralNetwork(X, np.array([[0], [1], [1], [0], [1]]))
for i in range(40):
    net.train()
    print(np.sum((net.y - net.output) ** 2))
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("sigmoid_derivative(self.layer1)", "sigmoid_derivative(self.output)", "LS002"),
        ("np.dot(d_output, self.weights2.T)", "d_output", "LS014"),
    ],
)
def test_a_column_of_errors_is_spread_over_a_layer(right: str, wrong: str, code: str) -> None:
    """It runs all the same: a slope of another layer, or an error without the weights."""
    [(found, line)] = told(_CLASS.replace(right, wrong))
    assert (found, line[:10]) == (code, "d_hidden =")


_SISTERS = """from math import exp
from random import gauss, seed

seed(1)
rows = [[gauss(1.5 * (k % 2), 1.0), gauss(0.5, 1.0), k % 2] for k in range(20)]
coef = [0.0, 0.0, 0.0]
for epoch in range(8):
    total = 0
    for row in rows:
        yhat = 1.0 / (1.0 + exp(-(coef[0] + coef[1] * row[0] + coef[2] * row[1])))
        error = row[-1] - yhat
        total += error ** 2
        coef[0] = coef[0] + 0.3 * error * yhat * (1.0 - yhat)
        for i in range(2):
            coef[i + 1] = coef[i + 1] + 0.3 * error * yhat * (1.0 - yhat) * row[i]
    print(epoch, total)
"""


@pytest.mark.parametrize(
    "wrong",
    [
        "yhat * row[i]",
        pytest.param("(1.0 - yhat ** 2) * row[i]", marks=pytest.mark.slow),
    ],
)
def test_a_sister_shows_the_factors_of_a_step(wrong: str) -> None:
    """The intercept's step has the slope that the other coefficients' step has by half."""
    text = _SISTERS.replace("yhat * (1.0 - yhat) * row[i]", wrong)
    [(code, line)] = told(text)
    assert (code, line[:11]) == ("LS013", "coef[i + 1]")
