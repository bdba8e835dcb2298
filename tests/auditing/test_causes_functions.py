"""Programs made of small functions, as courses have them: the slip is named where it is."""

from __future__ import annotations

import pytest

from tests.auditing.planted.grid import audit_text


def _told(text: str) -> list[tuple[str, str]]:
    """Give the code of each finding, and the line that it names."""
    lines = text.splitlines()
    found = audit_text(text, experiments=False)["findings"]
    return [(f["code"], lines[f["line"] - 1].strip()) for f in found]


_AFFINE = """import numpy as np
rng = np.random.RandomState(0)
X = rng.randn(40, 3)
y = X[:, :1] - 0.5 * X[:, 1:2] ** 2
W1, b1, W2 = 0.5 * rng.randn(3, 6), 0.1 * rng.randn(6), 0.5 * rng.randn(6, 1)

def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    return dx, dw, dout.sum(axis=0)

def relu_backward(dout, cache):
    x = cache
    return dout * (x > 0)

def loss_and_slope(out, y):
    n = len(y)
    dx = 2 * (out - y)
    dx = dx / n
    return np.mean((out - y) ** 2), dx

for step in range(30):
    z = X.dot(W1) + b1
    h = np.maximum(0, z)
    loss, dout = loss_and_slope(h.dot(W2), y)
    dh, dW2, _ = affine_backward(dout, (h, W2))
    dz = relu_backward(dh, z)
    _, dW1, db1 = affine_backward(dz, (X, W1))
    W1 -= 0.05 * dW1
    b1 -= 0.05 * db1
    W2 -= 0.05 * dW2
    if step % 10 == 0:
        print(loss)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("return dout * (x > 0)", "return dout", "LS003"),
        ("return dout * (x > 0)", "return dout * (x < 0)", "LS013"),
        ("affine_backward(dz, (X, W1))", "affine_backward(dh, (X, W1))", "LS003"),
    ],
)
def test_a_helper_s_own_slip_is_named_in_the_helper(right: str, wrong: str, code: str) -> None:
    """What is handed past a helper lacks its slope; what the helper leaves out is named in it."""
    assert [c for c, line in _told(_AFFINE.replace(right, wrong)) if wrong in line] == [code]


_INTERCEPT = """import numpy as np
rng = np.random.RandomState(0)
X = np.hstack([np.ones((60, 1)), rng.randn(60, 3)])
y = (X[:, 1] + 0.5 * X[:, 2] + 0.3 * rng.randn(60) > 0.3) * 1.0
theta = np.array([0.1, -0.2, 0.3, 0.2])
lam = 1.5
for step in range(40):
    h = 1 / (1 + np.exp(-X.dot(theta)))
    J = -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + lam / 120 * np.sum(theta[1:] ** 2)
    grad = X.T.dot(h - y) / 60
    grad[1:] += lam / 60 * theta[1:]
    theta = theta - 0.4 * grad
    if step % 10 == 0:
        print(J)
"""


@pytest.mark.slow
def test_a_penalty_that_spares_the_intercept_is_mended() -> None:
    """Its gradient left out, or the sign of the weights in their place."""
    term = "    grad[1:] += lam / 60 * theta[1:]\n"
    wrong = _INTERCEPT.replace(term, "")
    assert _told(wrong) == [("LS009", "grad = X.T.dot(h - y) / 60")]
    sign = term.replace("theta[1:]", "np.sign(theta[1:])")
    assert _told(_INTERCEPT.replace(term, sign)) == [("LS009", sign.strip())]
