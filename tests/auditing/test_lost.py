"""Updates that are worked out and lost, by whatever name the array goes; and steps uphill."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auditing.planted.grid import audit_text

HEAD = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X @ np.array([1.0, -2.0, 0.5]) > 0).astype(float)
W = 0.1 * rng.normal(size=3)
b = 0
params = [W]
for epoch in range(12):
    p = 1 / (1 + np.exp(-(X @ W + b)))
    d = (p - y) / len(y)
    dW = X.T @ d
"""
COST = "    print('cost', -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))\n"
ITEMS = "    for i in range(1):\n        params[i] = params[i] - 0.1 * [dW][i]\n"
NAMES = "    for w, g in zip(params, [dW]):\n        w = w - 0.1 * g\n"


def _found(text: str) -> list[tuple[str, str]]:
    report: dict[str, Any] = audit_text(text, experiments=False)
    lines = [line.strip() for line in text.splitlines()]
    return [(f["code"], lines[f["line"] - 1]) for f in report.get("findings", [])]


@pytest.mark.parametrize("update", [ITEMS, NAMES])
def test_a_list_of_parameters_parts_from_them(update: str) -> None:
    """An item or a name of a list that is bound anew leaves the network's array as it is."""
    assert _found(HEAD + update + COST) == [("LS010", update.splitlines()[1].strip())]


def test_a_bias_that_stays_the_whole_number_zero() -> None:
    """A bias begun as 0 is a parameter that never moves, where its new value is lost."""
    lost = "new = b - 0.1 * d.sum()"
    assert _found(f"{HEAD}    W -= 0.1 * dW\n    {lost}\n{COST}") == [("LS010", lost)]


def test_going_uphill_shows_without_a_printed_cost() -> None:
    """A known loss that every parameter climbs is no loss of another kind."""
    turned = HEAD.replace("p - y", "y - p") + "    W -= 0.1 * dW\n"
    assert _found(turned) == [("LS011", "d = (y - p) / len(y)")]


def test_work_that_trains_nothing_is_no_lost_update() -> None:
    """An array that a loop only computes with is not taken for a parameter."""
    assert not _found(HEAD + "    seen = p - 0.1 * X[:, 0]\n" + COST)


MASKED = """
import numpy as np
rng = np.random.default_rng(1)
known = rng.random((8, 6)) < 0.7
R = rng.normal(size=(8, 6))
U, V, lr, history = rng.normal(size=(8, 2)), rng.normal(size=(6, 2)), 0.02, []
for epoch in range(15):
    E = known * (U @ V.T - R)
    loss = 0.5 * np.sum(E ** 2) + 0.05 * (np.sum(U ** 2) + np.sum(V ** 2))
    dU, dV = E @ V + 0.1 * U, E.T @ U + 0.1 * V
    U -= lr * dU
    V -= lr * dV
    lr *= 0.99
    print(loss)
"""


def test_a_rate_that_falls_beside_a_loss_of_no_known_kind() -> None:
    """Steps that follow a printed number, but for the rate of each pass, descend it."""
    assert not _found(MASKED)


HIDDEN = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(40, 3))
y = np.sin(X[:, :1])
W1, W2, lr = 0.4 * rng.normal(size=(3, 6)), 0.4 * rng.normal(size=(6, 1)), 0.1
for epoch in range(12):
    h = np.tanh(X @ W1)
    out = h @ W2
    d = (out - y) / len(y)
    dW2 = h.T @ d
    dW1 = X.T @ (d @ W2.T * (1 - h ** 2)) / h.shape[1]
    W1 -= lr * dW1
    W2 -= lr * dW2
    print('loss', np.mean((out - y) ** 2))
"""


def test_a_size_of_the_network_is_no_rate() -> None:
    """A factor that is how long an array is, under one and the same rate, is a fault of a layer."""
    assert [code for code, _ in _found(HIDDEN)] == ["LS004"]
    own = HIDDEN.replace(" / h.shape[1]", "").replace("W1 -= lr", "W1 -= lr / 6")
    assert not _found(own)


REBUILT = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(30, 3))
y = X @ np.array([[1.0], [-2.0], [0.5]]) + 0.1 * rng.normal(size=(30, 1))
weights = [0.5 * rng.normal(size=(3, 4)), 0.5 * rng.normal(size=(4, 1))]
for epoch in range(30):
    h = np.tanh(X @ weights[0])
    e = h @ weights[1] - y
    grads = [X.T @ (e @ weights[1].T * (1 - h * h)), h.T @ e]
    weights = [w - 0.01 * (g / len(X) + 0.1 * w) for w, g in zip(weights, grads)]
    h = np.tanh(X @ weights[0])
    penalty = sum((w ** 2).sum() for w in weights)
    print(0.5 * np.mean((h @ weights[1] - y) ** 2) + 0.05 * penalty)
"""


def test_weights_that_a_list_is_built_of_anew_before_the_cost() -> None:
    """A cost that is printed after such an update is that of the next parameters: no fault."""
    assert _found(REBUILT) == []


TWO_TARGETS = """
import numpy as np
rng = np.random.default_rng(3)
seen = rng.normal(size=(40, 2))
wanted = np.tanh(seen[:, ::-1] * 2)
W = 0.3 * rng.normal(size=(2, 2))
for epoch in range(20):
    out = seen @ W
    print(0.5 * np.sum((out - wanted) ** 2) / 40)
    W -= 0.05 * seen.T @ (out - seen) / 40
"""


def test_the_same_loss_against_other_numbers_is_another_loss() -> None:
    """The printed squares are held against one array, the descended ones against another."""
    codes = [code for code, _ in _found(TWO_TARGETS)]
    assert codes and codes[0] in ("LS007", "LS019")


@pytest.mark.parametrize(
    "told",
    [
        'f"cost {fit + decay:.4f}"',
        pytest.param('"cost", fit + decay', marks=pytest.mark.slow),
        pytest.param('"%d: %.4f" % (epoch, fit + decay)', marks=pytest.mark.slow),
    ],
)
def test_a_sum_that_is_told_as_it_is_worked_out_is_one_cost(told: str) -> None:
    """Not two numbers: the penalty in it counts, and the update leaves it out."""
    fit = "    fit = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))\n"
    update = "    W -= 0.1 * dW\n    b -= 0.1 * d.sum()\n"
    body = f"{fit}    decay = 0.5 * 0.2 * np.sum(W ** 2)\n    print({told})\n"
    assert [code for code, _ in _found(HEAD.replace("b = 0\n", "b = 0.0\n") + body + update)] == [
        "LS009"
    ]


NET = """
import numpy as np
rng = np.random.default_rng(4)
X = rng.normal(size=(60, 3))
y = (X[:, 0] - X[:, 1] ** 2 + 0.5 > 0).astype(float).reshape(-1, 1)


class Net:
    def __init__(self):
        self.W = rng.normal(size=(3, 4))
        self.b = np.zeros(4)
        self.v = rng.normal(size=(4, 1))
        self.c = 0.0

    def forward(self, X):
        self.h = np.tanh(X @ self.W + self.b)
        return 1 / (1 + np.exp(-(self.h @ self.v + self.c)))

    def backward(self, p):
        d = (p - y) / len(y)
        e = d @ self.v.T * (1 - self.h ** 2)
        return {"W": X.T @ e, "b": e.sum(axis=0), "v": self.h.T @ d, "c": float(d.sum())}

    def apply(self, w, dw):
        w = w - 0.3 * dw

    def update(self, g):
        self.W -= 0.3 * g["W"]
        self.v -= 0.3 * g["v"]


net = Net()
for epoch in range(20):
    p = net.forward(X)
    print("loss", -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
    net.update(net.backward(p))
"""
ALIAS = "c = self.c\n        c -= 0.3 * g['c']"
EACH = "for k in ('b', 'c'):\n            setattr(self, k * 2, getattr(self, k) - 0.3 * g[k])"


@pytest.mark.parametrize(
    ("kept", "lost", "line"),
    [
        ('self.c -= 0.3 * g["c"]', 'self.apply(self.b, g["b"])', "w = w - 0.3 * dw"),
        ('self.b -= 0.3 * g["b"]', ALIAS, ALIAS.splitlines()[1]),
        pytest.param("", EACH, EACH.splitlines()[1], marks=pytest.mark.slow),
        ('self.b -= 0.3 * g["b"]', "", 'return {"W": X.T @ e, "b": e.sum(axis=0), "v": self.h.T @ d, "c": float(d.sum())}'),  # noqa: E501 - a line of the program
    ],
)  # fmt: skip
def test_a_new_value_that_no_word_ties_to_its_array(kept: str, lost: str, line: str) -> None:
    """A helper's own name, a loop's, a number read out before: what is kept there goes nowhere.

    Nor does a gradient that is worked out and never used.
    """
    text = NET.replace("\n\n\nnet =", f"\n        {kept}\n        {lost}\n\n\nnet =")
    assert set(_found(text)) == {("LS010", line.strip())}


def test_a_frozen_parameter_is_no_lost_one() -> None:
    """Where the program says that a layer is frozen, its unused gradient is no fault."""
    text = NET.replace("\n\n\nnet =", '\n        self.c -= 0.3 * g["c"]  # b is frozen\n\n\nnet =')
    assert not _found(text)


GATES = """
import numpy as np
rng = np.random.default_rng(0)
table = rng.integers(0, 2, size=(20, 3))
answers = np.eye(3)[rng.integers(0, 3, size=20)]
V, W = rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
for i in range(20):
    h = 1 / (1 + np.exp(-table @ V))
    out = 1 / (1 + np.exp(-h @ W))
    d = (table - out) * out * (1 - out)
    e = d @ W.T * h * (1 - h)
    W += 0.1 * h.T @ d
    V += 0.1 * table.T @ e
    print(np.mean((answers - out) ** 2))
"""


def test_an_input_of_whole_numbers_as_target() -> None:
    """What the printed loss compares with teaches nothing: that is said once, whatever its name."""
    assert _found(GATES) == [("LS007", "d = (table - out) * out * (1 - out)")]
    assert not _found(GATES.replace("answers - out", "table - out"))


SLEEPING = NET.replace(
    "\n\n\nnet =", '\n        self.b -= 0.3 * g["b"]\n        self.c -= 0.3 * g["c"]\n\n\nnet ='
)


def test_a_step_that_is_always_zero_is_said_where_it_is_made() -> None:
    """An array that is written back as it was, though the loss answers to it, never moves."""
    zero = 'self.W -= 0.3 * getattr(self, "kept", 0.0 * self.W)'
    assert _found(SLEEPING.replace('self.W -= 0.3 * g["W"]', zero)) == [("LS010", zero)]


NEAR = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X @ np.array([1.0, -2.0, 0.5]) > 0).astype(float)
w = 0.02 * rng.normal(size=3)
for epoch in range(12):
    p = 1 / (1 + np.exp(-X @ w))
    print(0.5 * np.sum((y - p) ** 2))
    d = p - y
    w -= 0.003 * X.T @ d
"""


def test_two_losses_that_are_nearly_along_are_two() -> None:
    """While a sigmoid is near ½, the slopes of squared error and cross-entropy hardly differ."""
    assert [code for code, _ in _found(NEAR)] == ["LS019"]


def test_a_network_whose_relus_are_all_off_never_moves() -> None:
    """Its gradient is exactly zero; what is left of y in a printed cost is y, and no update."""
    text = """import numpy as np
X = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
y = np.array([[1.0], [0.0], [1.0]])
class Net:
    def __init__(self):
        self.W = -np.ones((2, 1))
    def forward(self):
        self.out = np.maximum(0, X @ self.W)
        return self.out
    def step(self):
        self.W += X.T @ (2 * (y - self.out) * (self.out > 0))
net = Net()
for i in range(40):
    print("Loss: " + str(np.mean(np.square(y - net.forward()))))
    net.step()
"""
    report = audit_text(text, experiments=False)
    assert [(f["code"], f["line"]) for f in report["findings"]] == [("LS010", 11)]
    assert "net.W" in report["findings"][0]["text"]


def test_a_bias_whose_summed_gradient_cancels_is_told_where_it_is_summed() -> None:
    """The errors of a softmax add up to nothing: the bias stays to the bit, the sum is to blame."""
    text = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(4, 30))
Y = np.eye(3)[rng.integers(0, 3, 30)].T
W, b = rng.normal(size=(3, 4)), rng.random((3, 1)) - 0.5
for step in range(40):
    Z = W @ X + b
    P = np.exp(Z) / np.exp(Z).sum(axis=0)
    print(-np.mean(np.sum(Y * np.log(P), axis=0)))
    dZ = P - Y
    dW = 1 / 30 * dZ @ X.T
    db = 1 / 30 * np.sum(dZ)
    W = W - 0.1 * dW
    b = b - 0.1 * db
"""
    found = audit_text(text, experiments=False)["findings"]
    assert [(f["code"], f["line"]) for f in found] == [("LS005", 12)]
