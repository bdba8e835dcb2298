"""The change that is offered is the one that the author would make, on the line of the slip."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.auditing.planted.grid import audit_text


def _told(text: str) -> list[tuple[str, str]]:
    """Give the code of each finding, and the line that it names."""
    lines = text.splitlines()
    found = audit_text(text, experiments=False)["findings"]
    return [(f["code"], lines[f["line"] - 1].strip()) for f in found]


_PENALISED = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X[:, :1] + 0.3 * rng.normal(size=(40, 1)) > 0) * 1.0
w = np.full((3, 1), 0.1)
lam = 0.7

def cost_and_gradient(w):
    m = X.shape[0]
    a = 1 / (1 + np.exp(-X @ w))
    cost = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / m + lam / (2 * m) * np.sum(w ** 2)
    grad = X.T @ (a - y) / m + lam / m * w
    return cost, grad

for step in range(30):
    cost, grad = cost_and_gradient(w)
    w = w - 0.5 * grad
    if step % 10 == 0:
        print(cost)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (" / m + lam / m * w", " / m", "grad = X.T @ (a - y) / m"),
        (" / m + lam / m * w", " / m + lam * w", "grad = X.T @ (a - y) / m + lam * w"),
    ],
)
def test_a_penalty_over_the_number_of_examples_is_mended_in_the_gradient(
    right: str, wrong: str, line: str
) -> None:
    """The course's lambda / m · w, forgotten or of another size, is offered where it belongs."""
    assert _told(_PENALISED) == []
    assert _told(_PENALISED.replace(right, wrong)) == [("LS009", line)]


def test_a_penalty_forgotten_in_a_step_is_mended_in_the_step() -> None:
    """Where the gradient has no name of its own, the penalty's belongs inside the brackets."""
    text = _PENALISED.replace("    return cost, grad", "    return cost, a").replace(
        "    grad = X.T @ (a - y) / m + lam / m * w\n", ""
    )
    step = "w = w - 0.5 * (X.T @ (a - y) / len(X) + lam / len(X) * w)"
    text = text.replace("cost, grad = ", "cost, a = ").replace("w = w - 0.5 * grad", step)
    assert _told(text) == []
    wrong = step.replace(" + lam / len(X) * w", "")
    assert _told(text.replace(step, wrong)) == [("LS009", wrong)]


_LAYERS = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, :1] - 0.5 * X[:, 1:2] ** 2

class Dense:
    def __init__(self, n, k):
        self.W = rng.normal(size=(n, k)) * 0.5
    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs @ self.W
    def backward(self, dvalues):
        self.dW = self.inputs.T @ dvalues
        self.dinputs = dvalues @ self.W.T

class Relu:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)
    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0

one, relu, two = Dense(3, 5), Relu(), Dense(5, 1)
for step in range(30):
    one.forward(X)
    relu.forward(one.output)
    two.forward(relu.output)
    loss = np.mean((two.output - y) ** 2)
    if step % 10 == 0:
        print(loss)
    two.backward(2 * (two.output - y) / len(X))
    relu.backward(two.dinputs)
    one.backward(relu.dinputs)
    for layer in (one, two):
        layer.W -= 0.05 * layer.dW
"""


def test_an_activation_left_out_between_two_layers_is_a_derivative_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is handed to a method is seen though the call gives nothing back."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # pytest's is a library
    assert _told(_LAYERS) == []
    wrong = _LAYERS.replace("one.backward(relu.dinputs)", "one.backward(two.dinputs)")
    assert _told(wrong) == [("LS003", "one.backward(two.dinputs)")]


_SLOPE = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X[:, :1] + 0.3 * rng.normal(size=(40, 1)) > 0) * 1.0

class Layer:
    def __init__(self, n, k, kind):
        self.W, self.kind = rng.normal(size=(n, k)) * 0.5, kind
    def forward(self, x):
        self.x, z = x, x @ self.W
        self.a = np.tanh(z) if self.kind == "tanh" else 1 / (1 + np.exp(-z))
        return self.a
    def backward(self, d):
        if self.kind == "tanh":
            dz = d * (1 - self.a ** 2)
        else:
            dz = d * self.a * (1 - self.a)
        self.dW = self.x.T @ dz
        return dz @ self.W.T

layers = [Layer(3, 4, "tanh"), Layer(4, 1, "sigmoid")]
for step in range(30):
    p = X
    for layer in layers:
        p = layer.forward(p)
    loss = {printed}
    if step % 10 == 0:
        print(loss)
    d = {slope} / len(X)
    for layer in reversed(layers):
        d = layer.backward(d)
    for layer in layers:
        layer.W -= 0.5 * layer.dW
"""
_BCE, _MAE = "-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", "np.mean(np.abs(p - y))"


@pytest.mark.parametrize(
    ("printed", "right"), [(_BCE, "(p - y) / (p * (1 - p))"), (_MAE, "np.sign(p - y)")]
)
def test_another_loss_s_slope_is_named_where_the_target_is_read(printed: str, right: str) -> None:
    """The slope that the printed loss asks for is offered there, not a change to the layers."""
    assert _told(_SLOPE.format(printed=printed, slope=right)) == []
    wrong = _SLOPE.format(printed=printed, slope="2 * (p - y)")
    assert _told(wrong) == [("LS019", "d = 2 * (p - y) / len(X)")]


_DICT = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, :1] - 0.5 * X[:, 1:2] ** 2
params = {k: rng.normal(size=s) * 0.5 for k, s in [("W1", (3, 4)), ("b1", 4), ("W2", (4, 4)),
                                                   ("b2", 4), ("W3", (4, 1))]}

def gradients(p):
    a1 = np.tanh(X @ p["W1"] + p["b1"])
    a2 = np.tanh(a1 @ p["W2"] + p["b2"])
    d3 = 2 * (a2 @ p["W3"] - y) / len(X)
    d2 = d3 @ p["W3"].T * (1 - a2 ** 2)
    d1 = d2 @ p["W2"].T * (1 - a1 ** 2)
    db1, db2 = d1.sum(axis=0), d2.sum(axis=0)
    loss = np.mean((a2 @ p["W3"] - y) ** 2)
    return loss, {"W1": X.T @ d1, "b1": db1, "W2": a1.T @ d2, "b2": db2, "W3": a2.T @ d3}

for step in range(30):
    loss, grads = gradients(params)
    for name in params:
        params[name] = params[name] - 0.1 * grads[name]
    if step % 10 == 0:
        print(loss)
"""


@pytest.mark.parametrize("places", [("db2", "db2"), ("db2", "db1")])
def test_a_gradient_is_mended_where_a_function_gives_several_back(places: tuple[str, str]) -> None:
    """A gradient in another one's place is named where gradients are given back."""
    one, two = places
    assert one == two or _told(_DICT) == []
    wrong = _DICT.replace('"b1": db1', f'"b1": {one}').replace('"b2": db2', f'"b2": {two}')
    line = next(line for line in wrong.splitlines() if "return" in line).strip()
    assert _told(wrong) == [("LS016", line)]


_HELPERS = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, :1] - 0.5 * X[:, 1:2] ** 2
W1, W2 = rng.normal(size=(3, 4)) * 0.5, rng.normal(size=(4, 1)) * 0.5

def activate(kind, z):
    return np.tanh(z) if kind == "tanh" else 1 / (1 + np.exp(-z))

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def backward(kind, da, z):
    if kind == "tanh":
        return da * (1 - np.tanh(z) ** 2)
    return da * sigmoid(z) * (1 - sigmoid(z))

kind = "sigmoid"
for step in range(30):
    z = X @ W1
    h = activate(kind, z)
    error = (h @ W2 - y) / len(X)
    loss = 0.5 * np.mean((h @ W2 - y) ** 2)
    da = error @ W2.T
    dz = backward(kind, da, z)
    W1 = W1 - 0.5 * (X.T @ dz)
    W2 = W2 - 0.5 * (h.T @ error)
    if step % 10 == 0:
        print(loss)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("dz = backward(kind, da, z)", "dz = da", "LS003"),
        ("dz = backward(kind, da, z)", "dz = backward(kind, da, activate(kind, z))", "LS002"),
        ("dz = backward(kind, da, z)", "dz = da * sigmoid(h) * (1 - sigmoid(h))", "LS002"),
        ("error = (h @ W2 - y) / len(X)", "error = (y - h @ W2) / len(X)", "LS011"),
    ],
)
def test_the_line_of_the_slip_is_named_among_helpers(right: str, wrong: str, code: str) -> None:
    """A helper not called, called with f(z) for z, or done by hand; and a difference turned.

    `W = W - rate * step` is how steps are written: what they are made of was turned.
    """
    assert _told(_HELPERS.replace(right, wrong)) == [(code, wrong)]


_ATTENTION = """import numpy as np
rng = np.random.default_rng(0)
x = rng.normal(size=(8, 4, 3))
y = x[:, 0, :1] * x[:, 1, :1] + x[:, 3, 1:2]
params = {k: rng.normal(size=s) for k, s in [("Q", (3, 3)), ("V", (3, 3)), ("O", (3, 1))]}

def forward(p, x):
    scores = x @ p["Q"] @ x.transpose(0, 2, 1)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    att = e / e.sum(axis=-1, keepdims=True)
    v = x @ p["V"]
    pooled = (att @ v).mean(axis=1)
    return pooled @ p["O"], {"att": att, "v": v, "pooled": pooled, "x": x}

def backward(p, c, d):
    dpooled = d @ p["O"].T
    dcontext = np.repeat(dpooled[:, None, :], 4, axis=1) / 4
    datt = dcontext @ c["v"].transpose(0, 2, 1)
    dscores = c["att"] * (datt - (datt * c["att"]).sum(axis=-1, keepdims=True))
    dv = c["att"].transpose(0, 2, 1) @ dcontext
    dQ = np.einsum("bti,btj->ij", c["x"], dscores @ c["x"])
    return {"Q": dQ, "V": np.einsum("bti,btj->ij", c["x"], dv), "O": c["pooled"].T @ d}

for step in range(30):
    out, cache = forward(params, x)
    loss = np.mean((out - y) ** 2)
    if step % 10 == 0:
        print(loss)
    grads = backward(params, cache, 2 * (out - y) / len(x))
    for name in params:
        params[name] -= 0.05 * grads[name]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('dv = c["att"].transpose(0, 2, 1) @ dcontext', 'dv = c["att"] @ dcontext', "LS015"),
        (
            '(datt - (datt * c["att"]).sum(axis=-1, keepdims=True))',
            '(1 - c["att"]) * datt',
            "LS006",
        ),
    ],
)
def test_stacks_of_matrices_are_mended_as_matrices_are(right: str, wrong: str, code: str) -> None:
    """What a function reads of a table that it is handed has the name that it uses itself."""
    assert _told(_ATTENTION) == []
    text = _ATTENTION.replace(right, wrong)
    assert [c for c, line in _told(text) if wrong in line] == [code]


_LOOKUP = """import numpy as np
rng = np.random.default_rng(0)
rows = rng.integers(0, 5, size=30)
y = rng.normal(size=(30, 2))
C, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)) * 0.3
for step in range(30):
    found = C[rows]
    loss = np.mean((found @ W - y) ** 2)
    if step % 10 == 0:
        print(loss)
    d = (found @ W - y) / len(y)
    dfound = d @ W.T
    dC = np.zeros_like(C)
    for k in range(30):
        dC[rows[k]] += dfound[k]
    W -= 0.1 * found.T @ d
    C -= 0.1 * dC
"""


def test_a_part_that_is_not_added_to_the_others_is_named() -> None:
    """`=` for `+=` in a loop over examples leaves all but the last of each row out."""
    assert _told(_LOOKUP) == []
    wrong = _LOOKUP.replace("dC[rows[k]] += dfound[k]", "dC[rows[k]] = dfound[k]")
    assert _told(wrong) == [("LS014", "dC[rows[k]] = dfound[k]")]


_CLASS = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, :1] - 0.5 * X[:, 1:2]

class Model:
    def __init__(self, eta=0.3, mu=0.8, reg=0.1):
        self.eta, self.mu, self.reg = eta, mu, reg
        self.w, self.b = np.full((3, 1), 0.1), np.full(1, 0.1)
        self.vw, self.vb = np.zeros((3, 1)), np.zeros(1)
    def step(self):
        error = (X @ self.w + self.b - y) / len(X)
        cost = 0.5 * len(X) * np.sum(error ** 2) + 0.5 * self.reg * np.sum(self.w ** 2)
        dw = X.T @ error + self.reg * self.w
        db = error.sum(axis=0)
        before = self.vw
        self.vw = self.mu * self.vw - self.eta * dw
        self.w += -self.mu * before + (1 + self.mu) * self.vw
        before = self.vb
        self.vb = self.mu * self.vb - self.eta * db
        self.b += -self.mu * before + (1 + self.mu) * self.vb
        return cost

model = Model()
for step in range(30):
    cost = model.step()
    if step % 10 == 0:
        print(cost)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("vb - self.eta * db", "vb - db", "LS004"),
        ("error + self.reg * self.w", "error", "LS009"),
    ],
)
def test_a_method_speaks_of_the_object_s_own_numbers(right: str, wrong: str, code: str) -> None:
    """A rate or the size of a penalty that is an attribute is offered under the method's name."""
    text = _CLASS.replace(right, wrong)
    assert [c for c, line in _told(text) if line.endswith(wrong)] == [code]


_TURNED = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(1, 40))
Y = np.sin(2 * X)
W1, W2, b1 = rng.normal(size=(5, 1)), rng.normal(size=(1, 5)), np.zeros((5, 1))
for step in range(30):
    A1 = np.tanh(W1.dot(X) + b1)
    E = W2.dot(A1) - Y
    loss = np.mean(E ** 2)
    if step % 10 == 0:
        print(loss)
    d2 = 2 * E / 40
    d1 = W2.T.dot(d2) * (1 - A1 ** 2)
    dW1 = d1.dot(X.T)
    dW2 = d2.dot(A1.T)
    db1 = d1.sum(axis=1, keepdims=True)
    W1 -= 0.1 * dW1
    W2 -= 0.1 * dW2
    b1 -= 0.1 * db1
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("d1 = W2.T.dot(d2)", "d1 = W1.dot(d2)", "LS014"),
        ("db1 = d1.sum(axis=1, keepdims=True)", "db1 = W2.T", "LS016"),
        ("dW1 = d1.dot(X.T)", "dW1 = W1 * d2.sum()", "LS014"),
    ],
)
def test_a_gradient_is_formed_anew(right: str, wrong: str, code: str) -> None:
    """Where no array that is there has the shape, products, sums and transposes are offered."""
    text = _TURNED.replace(right, wrong)
    assert [c for c, line in _told(text) if wrong in line] == [code]
