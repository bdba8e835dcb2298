"""Slips in code whose activations, biases and tables are written out, as people write them."""

from __future__ import annotations

import pytest

from tests.auditing.told import told

_INLINE = """import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(30, 4))
Y = (X @ rng.normal(size=(4, 2)) > 0) * 1.0

class Net:
    def __init__(self):
        self.params = {"W1": 0.5 * rng.normal(size=(4, 5)), "W2": 0.5 * rng.normal(size=(5, 2))}
        self.params["b1"] = np.zeros((1, 5))
        self.grads = {}

    def forward(self, x):
        p = self.params
        self.z = x @ p["W1"] + p["b1"]
        self.a = np.log(1 + np.exp(self.z))
        self.out = 1 / (1 + np.exp(-(self.a @ p["W2"])))
        return self.out

    def backward(self, x, y, decay):
        p, g = self.params, self.grads
        d2 = (self.out - y) / len(y)
        g["W2"] = self.a.T @ d2 + decay * p["W2"]
        d1 = (d2 @ p["W2"].T) / (1 + np.exp(-self.z))
        g["W1"] = x.T @ d1 + decay * p["W1"]
        g["b1"] = d1.sum(axis=0, keepdims=True)

net = Net()
for step in range(20):
    p = net.forward(X)
    cost = -(Y * np.log(p) + (1 - Y) * np.log(1 - p)).sum() / len(Y)
    cost = cost + 0.005 * ((net.params["W1"] ** 2).sum() + (net.params["W2"] ** 2).sum())
    net.backward(X, Y, decay=0.01)
    for name in net.params:
        net.params[name] -= 0.3 * net.grads[name]
    if step % 10 == 0:
        print(cost)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        pytest.param(
            ' / (1 + np.exp(-self.z))\n        g["W1"]',
            '\n        g["W1"]',
            "LS003",
            marks=pytest.mark.slow,
        ),
        ("np.exp(-self.z))\n        g", "np.exp(-self.a))\n        g", "LS002"),
        pytest.param(
            " / (1 + np.exp(-self.z))\n        g",
            " * (self.z > 0)\n        g",
            "LS013",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_slope_of_an_activation_that_is_written_out(right: str, wrong: str, code: str) -> None:
    """A softplus has no helper and no name: its slope is taken from the forward pass."""
    text = _INLINE.replace(right, wrong)
    assert text != _INLINE
    [(found, line)] = told(text)
    assert (found, line[:4]) == (code, "d1 =")


def test_a_penalty_is_known_under_a_short_name_of_the_table() -> None:
    """In `p = self.params`, p["W1"] is a parameter: its sign is a penalty's, not a wrong array."""
    text = _INLINE.replace('decay * p["W1"]', 'decay * np.sign(p["W1"])')
    assert told(text) == [("LS009", 'g["W1"] = x.T @ d1 + decay * np.sign(p["W1"])')]


_COLUMNS = """import numpy as np
rng = np.random.default_rng(1)
X = rng.normal(size=(3, 24))
Y = (X[:1] - X[1:2] > 0) * 1.0
m = X.shape[1]
W1, b1 = 0.5 * rng.normal(size=(4, 3)), np.zeros((4, 1))
W2, b2 = 0.5 * rng.normal(size=(1, 4)), np.zeros((1, 1))
for step in range(30):
    A1 = np.tanh(W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    cost = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    dZ2 = A2 - Y
    dZ1 = W2.T @ dZ2 * (1 - A1 ** 2)
    dW2, dW1 = dZ2 @ A1.T / m, dZ1 @ X.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    W1 = W1 - 0.5 * dW1
    b1 = b1 - 0.5 * db1
    W2 = W2 - 0.5 * dW2
    b2 = b2 - 0.5 * db2
    if step % 10 == 0:
        print(cost)
"""


@pytest.mark.parametrize("name", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_a_bias_that_grows_to_an_entry_for_each_example(name: str) -> None:
    """A gradient (1, m) spreads the bias in the first pass: it is seen as the bias it was."""
    right = f"db{name} = np.sum(dZ{name}, axis=1, keepdims=True) / m"
    wrong = right.replace("axis=1", "axis=0")
    assert told(_COLUMNS) == []
    assert told(_COLUMNS.replace(right, wrong)) == [("LS005", wrong)]


_ROWS = """import numpy as np
rng = np.random.default_rng(5)
pairs = [(i, j, float(rng.normal())) for i in range(5) for j in range(4)]
P, bi = 0.3 * rng.normal(size=(5, 2)), 0.1 * rng.normal(size=4)
Q = 0.3 * rng.normal(size=(4, 2))
reg = 0.1
for epoch in range(10):
    total = 0.0
    for u, i, r in pairs:
        err = r - (bi[i] + P[u] @ Q[i])
        total += 0.5 * err ** 2 + 0.5 * reg * (P[u] @ P[u] + Q[i] @ Q[i] + bi[i] ** 2)
        dP = -err * Q[i] + reg * P[u]
        dQ = -err * P[u] + reg * Q[i]
        dbi = -err + reg * bi[i]
        P[u] -= 0.05 * dP
        Q[i] -= 0.05 * dQ
        bi[i] -= 0.05 * dbi
    print(total)
"""


@pytest.mark.parametrize(
    "gone", [" + reg * bi[i]", pytest.param(" + reg * P[u]", marks=pytest.mark.slow)]
)
def test_a_penalty_left_out_of_a_row_s_gradient(gone: str) -> None:
    """What the step takes the gradient from is what the penalty is laid on: one entry, one row."""
    head, tail = _ROWS.rsplit(gone, 1)
    [(code, line)] = told(head + tail)
    assert (code, line) == ("LS009", "dbi = -err" if "bi" in gone else "dP = -err * Q[i]")


_UNROLLED = """import numpy as np
rng = np.random.default_rng(2)
seq = rng.normal(size=(20, 4, 2))
y = seq[:, :, :1].sum(axis=1)
Wx, Wh, Wy = (0.5 * rng.normal(size=s) for s in ((2, 3), (3, 3), (3, 1)))
for step in range(20):
    h = [np.zeros((20, 3))]
    for t in range(4):
        h.append(np.tanh(seq[:, t] @ Wx + h[-1] @ Wh))
    out = h[-1] @ Wy
    cost = np.mean((out - y) ** 2)
    d = 2 * (out - y) / len(y)
    dWx, dWh, dWy = np.zeros_like(Wx), np.zeros_like(Wh), h[-1].T @ d
    dh = d @ Wy.T
    for t in reversed(range(4)):
        dz = dh * (1 - h[t + 1] ** 2)
        dWx += seq[:, t].T @ dz
        dWh += h[t].T @ dz
        dh = dz @ Wh.T
    Wx = Wx - 0.05 * dWx
    Wh = Wh - 0.05 * dWh
    Wy = Wy - 0.05 * dWy
    print(cost)
"""


def test_a_slope_of_the_step_beside_in_a_recurrent_network() -> None:
    """The state that a slope is taken of stands one index further than any other that is read."""
    text = _UNROLLED.replace("dz = dh * (1 - h[t + 1] ** 2)", "dz = dh")
    assert told(text) == [("LS003", "dz = dh")]


_HINGE = """import numpy as np
rng = np.random.default_rng(4)
X = rng.normal(size=(40, 3))
y = np.sign(X[:, 0] - 0.4 * X[:, 1] + 0.3 * rng.normal(size=40))

class Svm:
    def __init__(self, C=0.1):
        self.C, self.w = C, 0.1 * np.ones(3)

    def loss(self, X, y):
        return np.mean(np.maximum(0, 1 - y * (X @ self.w))) + 0.5 * self.C * np.sum(self.w ** 2)

    def gradient(self, X, y):
        near = y * (X @ self.w) < 1
        return -X.T @ (y * near) / len(y) + self.C * self.w

svm = Svm()
for step in range(30):
    cost = svm.loss(X, y)
    grad = svm.gradient(X, y)
    svm.w -= 0.1 * grad
    print(cost)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        pytest.param(
            " + self.C * self.w\n\nsvm",
            "\n\nsvm",
            "LS009",
            "return -X.T @ (y * near) / len(y)",
            marks=pytest.mark.slow,
        ),
        ("self.w) < 1", "self.w) < 0", "LS019", "near = y * (X @ self.w) < 0"),
    ],
)
def test_a_size_of_any_name_and_a_bound(right: str, wrong: str, code: str, line: str) -> None:
    """What multiplies the sum of squares is the penalty's size; a hinge bends at 1, not at 0."""
    assert told(_HINGE.replace(right, wrong)) == [(code, line)]


_SHARED = """import numpy as np
rng = np.random.default_rng(6)
X = rng.normal(size=(40, 3))
y = X @ np.array([1.0, -2.0, 0.5]) + rng.normal(size=40)
w, delta = np.zeros(3), 0.7
for step in range(30):
    residual = X @ w - y
    small = np.abs(residual) <= delta
    cost = np.mean(np.where(small, 0.5 * residual ** 2, delta * (np.abs(residual) - 0.5 * delta)))
    g = np.clip(residual, -delta, delta) / len(y)
    w = w - 0.3 * (X.T @ g)
    print(cost)
"""


def test_another_loss_enters_behind_what_both_read() -> None:
    """The residual is in the printed cost too; at fault is what only learning reads."""
    text = _SHARED.replace("np.clip(residual, -delta, delta)", "residual")
    assert told(text) == [("LS019", "g = residual / len(y)")]


_SQUARE = """import numpy as np
rng = np.random.default_rng(8)
X = rng.normal(size=(30, 3))
y = (X[:, :1] * X[:, 1:2] > 0) * 1.0

def leaky(z, slope=0.1):
    return np.where(z > 0, z, slope * z)

def leaky_prime(z, slope=0.1):
    return np.where(z > 0, 1.0, slope)

class Layers:
    def softplus(self, z):
        return np.log1p(np.exp(z))

    def squash(self, z):
        return 1 / (1 + np.exp(-z))

net = Layers()
W1, b1 = 0.6 * rng.normal(size=(3, 4)), np.zeros((1, 4))
W2, W3 = 0.6 * rng.normal(size=(4, 4)), 0.6 * rng.normal(size=(4, 1))
b3 = np.zeros((1, 1))
for step in range(30):
    z1 = X @ W1 + b1
    a1 = leaky(z1)
    z2 = a1 @ W2
    a2 = net.softplus(z2)
    p = net.squash(a2 @ W3 + b3)
    print(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    d3 = (p - y) / len(y)
    d2 = (d3 @ W3.T) * net.squash(z2)
    d1 = (d2 @ W2.T) * leaky_prime(z1)
    dW1, dW2, dW3 = X.T @ d1, a1.T @ d2, a2.T @ d3
    W1 -= 0.3 * dW1
    b1 -= 0.3 * d1.sum(axis=0, keepdims=True)
    W2 -= 0.3 * dW2
    W3 -= 0.3 * dW3
    b3 -= 0.3 * d3.sum(axis=0, keepdims=True)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        pytest.param(
            "(d2 @ W2.T) * leaky_prime(z1)",
            "d2 * leaky_prime(z1)",
            "LS014",
            marks=pytest.mark.slow,
        ),
        pytest.param("(d3 @ W3.T) * net", "d3 * net", "LS014", marks=pytest.mark.slow),
        pytest.param(
            "np.where(z > 0, 1.0, slope)",
            "np.where(z > 0, 1.0, 0.0)",
            "LS013",
            marks=pytest.mark.slow,
        ),
        ("net.squash(z2)", "net.squash(a2)", "LS002"),
    ],
)
def test_an_error_sent_back_and_slopes_of_helpers(right: str, wrong: str, code: str) -> None:
    """Weights that are left out; a leaky slope; a wrong argument in the call, not the helper."""
    text = _SQUARE.replace(right, wrong)
    assert text != _SQUARE
    [(found, line)] = told(text)
    assert found == code
    assert wrong in line
