"""Programs as people write them: correct in an unusual way is no fault; standing still is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auditing.planted.grid import audit_text

_DATA = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, :1] - 0.5 * X[:, 1:2] + 0.1 * rng.normal(size=(40, 1))
W1, b1 = rng.normal(size=(3, 6)) * 0.5, np.zeros(6)
W2, b2 = rng.normal(size=(6, 1)) * 0.5, np.zeros(1)
"""
_BACK = """    h = np.tanh(X @ W1 + b1)
    out = h @ W2 + b2
    loss = np.mean((out - y) ** 2)
    print(loss)
    d = 2 * (out - y) / len(X)
    dh = (d @ W2.T) * (1 - h ** 2)
    grads = [X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)]
"""
_LOOP = _DATA + "params = [W1, b1, W2, b2]\n"
_STEPS = {
    "Nesterov momentum": (
        "v = [np.zeros_like(p) for p in params]\n",
        """    for i in range(4):
        before = v[i].copy()
        v[i] = 0.9 * v[i] - 0.05 * grads[i]
        params[i] += -0.9 * before + 1.9 * v[i]
""",
    ),
    "weight decay beside Adam": (
        "m = [np.zeros_like(p) for p in params]\nv = [np.zeros_like(p) for p in params]\nt = 0\n",
        """    t += 1
    for i in range(4):
        m[i] = 0.9 * m[i] + 0.1 * grads[i]
        v[i] = 0.999 * v[i] + 0.001 * grads[i] ** 2
        params[i] -= 0.01 * 0.01 * params[i]
        params[i] -= 0.01 * (m[i] / (1 - 0.9 ** t)) / (np.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8)
""",
    ),
    "a rate that decays, a length that is clipped": (
        "t = 0\n",
        """    t += 1
    rate = 0.3 / (1 + 0.1 * t)
    length = np.sqrt(sum((g ** 2).sum() for g in grads))
    for i in range(4):
        params[i] -= rate * grads[i] * min(1.0, 0.5 / length)
""",
    ),
}


@pytest.mark.parametrize("style", _STEPS)
def test_a_correct_update_rule_is_no_fault(style: str) -> None:
    """Whatever stands between gradient and step, the loss is named and nothing is found."""
    before, step = _STEPS[style]
    text = _LOOP + before + "for epoch in range(60):\n" + _BACK + step
    report = audit_text(text, experiments=False)
    assert report.get("findings") == [], report
    assert report["loss_name"] == "mse"


def test_single_precision_is_measured_in_double() -> None:
    """A float32 program is audited as sharply as any other."""
    text = _LOOP.replace("W1, b1 =", "X, y = X.astype(np.float32), y.astype(np.float32)\nW1, b1 =")
    text = text.replace(
        "params = [W1, b1, W2, b2]", "params = [p.astype(np.float32) for p in (W1, b1, W2, b2)]"
    )
    text += "for epoch in range(60):\n    W1, b1, W2, b2 = params\n" + _BACK
    text += "    params = [p - np.float32(0.1) * g for p, g in zip(params, grads)]\n"
    report = audit_text(text, experiments=False)
    assert report.get("findings") == [], report
    assert all(p["residual"] < 1e-7 for p in report["parameters"])


_ONE_BY_ONE = """import numpy as np
x = np.array([1.0, 1.7, 2.0, 2.5, 3.0, 3.2])
y = np.array([250, 300, 480, 430, 630, 730.0])


def gradient(w, b):
    dw = db = 0.0
    for i in range(len(x)):
        f = w * x[i] + b
        dw += (f - y[i]) * x[i]
        db += f - y[i]
    return dw / len(x), db / len(x)


w = b = 0.0
for i in range(100):
    dw, db = gradient(w, b)
    w = w - 0.01 * dw
    b = b - 0.01 * db
"""


def test_a_loop_over_the_examples_within_a_pass_is_one_cost() -> None:
    """What each example gives is laid on top of the others: ½/m Σ over all of them."""
    report = audit_text(_ONE_BY_ONE, experiments=False)
    assert report["findings"] == []
    assert report["loss"] == "½/m Σ (f − y)²"


def _still(update: str, rate: str) -> dict[str, Any]:
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(30, 2))\ny = X @ np.array([2.0, -1.0])\n"
        f"w, rate = np.ones(2), {rate}\nfor i in range(20):\n    p = X @ w\n"
        f"    print(np.mean((p - y) ** 2))\n    {update}\n"
    )
    return audit_text(text, experiments=False)


def test_a_program_in_which_nothing_moves_gives_a_finding() -> None:
    """A rate that came out as 0, and a new value that is never used: LS010 on that line."""
    zero = _still("w -= rate * X.T @ (p - y)", "1 // 10")
    assert [(f["code"], f["line"]) for f in zero["findings"]] == [("LS010", 9)]
    assert "exactly zero" in zero["findings"][0]["text"]
    lost = _still("w_new = w - rate * X.T @ (p - y)", "0.01")
    assert [(f["code"], f["line"]) for f in lost["findings"]] == [("LS010", 9)]


def test_early_stopping_is_what_reads_the_printed_cost() -> None:
    """A cost that ends the training is used, and the line that reads it is named."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(30, 2))\ny = X @ np.array([2.0, -1.0])\n"
        "w, last = np.ones(2), np.inf\nwhile True:\n    p = X @ w\n"
        "    cost = np.mean((p - y) ** 2)\n    print(cost)\n"
        "    if abs(last - cost) < 1e-4:\n        break\n    last = cost\n"
        "    w -= 0.01 * 2 * X.T @ (p - y) / len(y)\n"
    )
    report = audit_text(text)
    (printed,) = report["printed"]
    assert printed["used"] is True
    assert {"line": 10, "text": "if abs(last - cost) < 1e-4:"} in printed["readers"]
    assert report["findings"] == []


def test_a_fault_in_a_lambda_is_named_on_its_line() -> None:
    """`dsig = lambda z: …` is watched and mended as any function is."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "sig = lambda z: 1 / (1 + np.exp(-z))\ndsig = lambda z: sig(z) * (1 + sig(z))\n"
        "X = rng.normal(size=(30, 2))\ny = (X[:, :1] > 0) * 1.0\n"
        "W1, W2 = rng.normal(size=(2, 5)), rng.normal(size=(5, 1))\nfor i in range(50):\n"
        "    z1 = X @ W1\n    a1 = sig(z1)\n    a2 = sig(a1 @ W2)\n"
        "    print(-np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2)))\n"
        "    d2 = (a2 - y) / len(X)\n    d1 = d2 @ W2.T * dsig(z1)\n"
        "    W2 -= 0.5 * a1.T @ d2\n    W1 -= 0.5 * X.T @ d1\n"
    )
    (finding,) = audit_text(text, experiments=False)["findings"]
    assert finding["line"] == 4
    assert finding["repair"]["after"].startswith("dsig = lambda z: ")


def test_signs_of_gradients_have_no_common_factor() -> None:
    """Sign descent is right whatever the scale of each gradient: X.T @ d beside a mean."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(80, 3))\ny = (X @ [1.0, -2.0, 0.5] > 0) * 1.0\n"
        "w, b = rng.normal(size=3) * 0.1, 0.1\nfor epoch in range(200):\n"
        "    p = 1 / (1 + np.exp(-(X @ w + b)))\n"
        "    print(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))\n"
        "    w -= 0.01 * np.sign(X.T @ (p - y))\n    b -= 0.01 * np.sign(np.mean(p - y))\n"
    )
    report = audit_text(text, experiments=False)
    assert report["findings"] == []
    assert {p["rule"] for p in report["parameters"]} == {"clipped"}


def test_examples_taken_one_by_one_are_one_prediction_each() -> None:
    """A pass that sees one number of one example is measured against that number's target."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(4)\n"
        "X = rng.normal(size=(40, 2))\nY = (X[:, 0] > 0) * 1.0\n"
        "W, b = rng.normal(size=(5, 2)), np.zeros(5)\nv, c = rng.normal(size=5), np.zeros(1)\n"
        "for epoch in range(5):\n    total = 0.0\n    for x, y in zip(X, Y):\n"
        "        h = np.tanh(W @ x + b)\n        p = 1 / (1 + np.exp(-(h @ v + c)))\n"
        "        total += np.sum((p - y) ** 2)\n        d = (p - y) * p * (1 - p)\n"
        "        e = d * v * (1 - h ** 2)\n        v -= 0.5 * d * h\n        c -= 0.5 * d\n"
        "        W -= 0.5 * np.outer(e, x)\n        b -= 0.5 * e\n    print(total)\n"
    )
    report = audit_text(text, experiments=False)
    assert report["findings"] == []
    assert report["notices"] == []


@pytest.mark.parametrize(
    ("total", "found"),
    [pytest.param("mean", ["LS008"], marks=pytest.mark.slow), ("sum", [])],
)
def test_one_mean_beside_a_printed_sum_is_no_second_mean(total: str, found: list[str]) -> None:
    """A loss outside the catalogue: 1/m twice beside its mean is said, once beside its sum not."""
    divisors = " / len(y)" if total == "sum" else " / len(y) / len(y)"
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(40, 3))\ny = X @ [1.0, -2.0, 0.5] + rng.normal(size=40)\n"
        "w, b = rng.normal(size=3) * 0.1, np.zeros(1)\nrate = 0.001\nfor epoch in range(200):\n"
        "    error = X @ w + b - y\n    cost = np." + total + "(error ** 4)\n"
        "    print(cost)\n    d = 4 * error ** 3" + divisors + "\n"
        "    w -= rate * X.T @ d\n    b -= rate * d.sum()\n"
    )
    assert [f["code"] for f in audit_text(text, experiments=False)["findings"]] == found


def test_an_array_written_in_two_parts_has_the_line_of_the_larger() -> None:
    """Weights and bias in one array, w[1:] and w[0]: the parameter is named with w[1:]'s line."""
    report = audit_text(
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(30, 2))\ny = X @ np.array([2.0, -1.0]) + 0.5\n"
        "w = np.zeros(3)\nfor i in range(20):\n    off = y - (X @ w[1:] + w[0])\n"
        "    w[0] += 0.01 * off.sum()\n    w[1:] += 0.01 * X.T @ off\n"
        "    print(0.5 * (off ** 2).sum())\n",
        experiments=False,
    )
    assert [p["line"] for p in report["parameters"]] == [9]


_FLAT = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = X[:, 0] - 0.5 * X[:, 1] + 0.1 * rng.normal(size=40)
theta = np.concatenate([rng.normal(size=12), np.zeros(4), rng.normal(size=4)])
for step in range(40):
    W, b, v = theta[:12].reshape(3, 4), theta[12:16], theta[16:]
    h = np.tanh(X @ W + b)
    off = h @ v - y
    cost = (off ** 2).mean() / 2 + 0.01 * (W ** 2).sum() + 0.01 * (v ** 2).sum()
    back = np.outer(off, v) * (1 - h ** 2) / len(y)
    grads = (X.T @ back + 0.02 * W).ravel(), back.sum(0), h.T @ off / len(y) + 0.02 * v
    theta = theta - 0.1 * np.concatenate(grads)
    print(cost)
"""


def test_a_cost_of_no_one_form_is_named_as_the_programs_own() -> None:
    """All parameters in one array, a penalty on some of them: the printed cost is descended."""
    report = audit_text(_FLAT, experiments=False)
    assert report["findings"] == []
    assert report["loss"] == "cost, as the program works it out"
    assert [p["answer"] for p in report["parameters"]] == ["yes"]
    wrong = audit_text(_FLAT.replace("(1 - h ** 2)", "(1 - h)"), experiments=False)
    assert wrong["loss"] == ""


_RECURRENT = """import numpy as np
rng = np.random.default_rng(0)
xs, y = rng.normal(size=(3, 20, 2)), rng.normal(size=(20, 1))
U, W, V = (rng.normal(size=s) * 0.5 for s in ((2, 3), (3, 3), (3, 1)))
for epoch in range(30):
    hs = {-1: np.zeros((20, 3))}
    for t in range(3):
        hs[t] = np.tanh(xs[t] @ U + hs[t - 1] @ W)
    off = [hs[t] @ V - y for t in range(3)]
    cost = sum((o ** 2).mean() for o in off)
    print(cost)
    dU, dW, dV, later = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V), 0.0
    for t in reversed(range(3)):
        d = 2 * off[t] / len(y)
        dV += hs[t].T @ d
        dh = d @ V.T + later
        raw = (1 - hs[t] ** 2) * dh
        dU += xs[t].T @ raw
        dW += hs[t - 1].T @ raw
        later = raw @ W.T
    for p, g in zip((U, W, V), (dU, dW, dV)):
        p -= 0.1 * g
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        pytest.param(
            "raw = (1 - hs[t] ** 2) * dh",
            "raw = (1 - hs[t]) * dh",
            "LS013",
            marks=pytest.mark.slow,
        ),
        ("dh = d @ V.T + later", "dh = d @ V.T", "LS014"),
    ],
)
def test_a_cause_in_a_loop_over_time_is_found(right: str, wrong: str, code: str) -> None:
    """A slope written first, and what comes back from later steps and is not read."""
    text = _RECURRENT.replace(right, wrong)
    found = audit_text(text, experiments=True)["findings"]
    line = text[: text.index(wrong)].count("\n") + 1
    assert [(f["code"], f["line"]) for f in found] == [(code, line)]


def test_an_outer_product_that_is_written_as_one_is_no_slip() -> None:
    """As many hidden units as inputs: d * x[:, None] is an outer product, on purpose."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "X, y = rng.normal(size=(20, 3)), rng.normal(size=20)\n"
        "W, v = rng.normal(size=(3, 3)), rng.normal(size=3)\n"
        "for step in range(20):\n    dW, dv, cost = np.zeros_like(W), np.zeros_like(v), 0.0\n"
        "    for x, t in zip(X, y):\n        h = np.tanh(x @ W)\n        off = h @ v - t\n"
        "        cost += off ** 2 / len(y)\n        d = 2 * off * v * (1 - h ** 2)\n"
        "        dv += 2 * off * h\n        dW += d * x[:, None]\n"
        "    W -= 0.02 * dW / len(y)\n    v -= 0.02 * dv / len(y)\n    print(cost)\n"
    )
    assert audit_text(text, experiments=False)["findings"] == []


def test_momentum_of_a_slope_that_no_small_move_changes_is_seen() -> None:
    """A hinge has one gradient wherever the weights move a little, and momentum all the same."""
    text = """import numpy as np
rng = np.random.default_rng(0)
y = rng.integers(0, 3, 40)
X = rng.normal(size=(40, 4)) + np.eye(3, 4)[y]
W, b = 0.1 * rng.normal(size=(4, 3)), np.zeros(3)
vW, vb = np.zeros_like(W), np.zeros_like(b)
for step in range(60):
    scores = X @ W + b
    margins = np.maximum(0, scores - scores[np.arange(40), y][:, None] + 1.0)
    margins[np.arange(40), y] = 0
    print(np.sum(margins) / 40)
    d = (margins > 0) * 1.0
    d[np.arange(40), y] = -d.sum(axis=1)
    dW, db = X.T @ d / 40, d.sum(axis=0) / 40
    vW = 0.9 * vW - 0.05 * dW
    vb = 0.9 * vb - 0.05 * db
    W = W + vW
    b = b + vb
"""
    report = audit_text(text, experiments=False)
    assert report["findings"] == []
    assert [p["rule"] for p in report["parameters"]] == ["momentum", "momentum"]
