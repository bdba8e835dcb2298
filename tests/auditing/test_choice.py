"""Which line and which cause is named, where several repairs mend as much."""

from __future__ import annotations

import ast

import pytest

from losscope.auditing.causes.edit import exchange
from losscope.auditing.causes.places import Place
from tests.auditing.planted.grid import audit_text

_START = """import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
Y = (X[:, :2] > 0) * 1.0
W1 = rng.normal(size=(3, 4))
W2 = rng.normal(size=(4, 2))
"""
_LOOP = """for step in range(30):
    Z = X @ W1
    A = {activation}
    out = A @ W2
    loss = np.mean(np.sum((out - Y) ** 2, axis=1))
    delta = 2 * (out - Y) / len(X)
    back = {back}
    W1 -= 0.02 * (X.T @ back)
    W2 -= 0.02 * {second}
    if step % 10 == 0:
        print(loss)
"""


def _told(text: str) -> list[tuple[str, str]]:
    """Give the code of each finding, and the line that it names."""
    lines = text.splitlines()
    found = audit_text(text, experiments=False)["findings"]
    return [(f["code"], lines[f["line"] - 1].strip()) for f in found]


def _program(activation: str, back: str, second: str = "A.T @ delta", head: str = "") -> str:
    return _START + head + _LOOP.format(activation=activation, back=back, second=second)


def test_a_table_of_lambdas_is_mended_where_the_slope_stands() -> None:
    """Two lambdas on one line are two functions, and each can be mended by itself."""
    table = "act = {{'softplus': (lambda z: np.log1p(np.exp(z)), lambda a: {})}}\n"
    back = "delta @ W2.T * act['softplus'][1]({})"
    for slope, argument, told in (
        ("a * (1 - a)", "Z", ("LS013", table.format("a * (1 - a)").strip())),
        ("1 / (1 + np.exp(-a))", "A", ("LS002", f"back = {back.format('A')}")),
    ):
        head = table.format(slope)
        text = _program("act['softplus'][0](Z)", back.format(argument), head=head)
        assert _told(text) == [told]


@pytest.mark.parametrize(
    ("activation", "back", "code"),
    [
        ("np.arctan(Z)", "delta @ W2.T * (1 - A ** 2)", "LS013"),
        ("np.exp(Z)", "delta @ W2.T", "LS003"),
        ("np.tanh(Z)", "delta @ W2.T * (1 - np.power(Z, 2))", "LS002"),
    ],
)
def test_a_slope_is_told_from_another_array(activation: str, back: str, code: str) -> None:
    """Slopes of NumPy's functions, exp as its own slope, and powers written as calls."""
    assert _told(_program(activation, back)) == [(code, f"back = {back}")]


def test_a_line_like_its_fellows_is_not_the_slip() -> None:
    """A missing 1/m could be mended in either of two lines; one of them reads as others do."""
    text = _START + _LOOP.format(
        activation="np.tanh(Z)", back="delta @ W2.T * (1 - A ** 2)", second="A.T @ delta"
    )
    text = text.replace("delta = 2 * (out - Y) / len(X)", "error = 2 * (out - Y)")
    text = text.replace("    back = delta", "    delta = error / len(X)\n    back = error")
    assert _told(text) == [("LS004", "back = error @ W2.T * (1 - A ** 2)")]


def test_another_sign_before_a_penalty_is_the_penalty_s_fault() -> None:
    """And another sign before the rest is none of it."""
    penal = "(A.T @ delta {sign} 0.02 * W2)"
    for sign, delta, told in (
        ("-", "2 * (out - Y) / len(X)", ("LS009", f"W2 -= 0.02 * {penal.format(sign='-')}")),
        ("+", "2 * (Y - out) / len(X)", ("LS011", "delta = 2 * (Y - out) / len(X)")),
    ):
        text = _program("np.tanh(Z)", "delta @ W2.T * (1 - A ** 2)", penal.format(sign=sign))
        text = text.replace("2 * (out - Y) / len(X)", delta)
        text = text.replace("axis=1))", "axis=1)) + 0.01 * np.sum(W2 ** 2)")
        assert _told(text) == [told]


_NUMBERS = """import numpy as np
rng = np.random.default_rng(1)
load = rng.uniform(0, 2, 30)
length = 0.4 + 1.1 * load + 0.05 * rng.normal(size=30)
a, b, c = 0.0, 0.0, 0.1
for step in range(30):
    error = a + np.tanh(b * load + c) - length
    cost = np.mean(error ** 2) / 2
    grad_a = np.mean(error)
    grad_b = np.mean(error * load * (1 - np.tanh(b * load + c) ** 2))
    grad_c = np.mean(error * (1 - np.tanh(b * load + c) ** 2))
    a = a - 0.1 * grad_a
    b = b - 0.1 * grad_b
    c = c - 0.1 * grad_c
    if step % 10 == 0:
        print(cost)
"""


def test_parameters_that_are_single_numbers_are_mended_too() -> None:
    """Another number of the pass was meant; both start at 0, and take the same step at first."""
    assert _told(_NUMBERS) == []
    wrong = _NUMBERS.replace("b - 0.1 * grad_b", "b - 0.1 * grad_a")
    assert _told(wrong) == [("LS016", "b = b - 0.1 * grad_a")]


def test_two_updates_that_read_each_other_s_parameter_are_no_order_s_fault() -> None:
    """Neither can go first; the later one must read what the other was.

    But where each works its own error out, they are steps taken in turn, and no fault.
    """
    text = """import numpy as np
rng = np.random.default_rng(0)
R = rng.normal(size=(12, 8))
P = rng.random((12, 3))
Q = rng.random((8, 3))
for step in range(60):
    E = P @ Q.T - R
    loss = 0.5 * np.sum(E ** 2)
    P -= 0.02 * (E @ Q)
    Q -= 0.02 * (E.T @ P)
    if step % 20 == 0:
        print(step, loss)
"""
    assert _told(text) == [("LS001", "P -= 0.02 * (E @ Q)")]
    turns = text.replace("E @", "(P @ Q.T - R) @").replace("E.T @", "(P @ Q.T - R).T @")
    assert _told(turns) == []


def test_a_fault_is_found_beside_a_rate_that_decays() -> None:
    """A step that fits nothing shows no rate; mended, it goes by the rate of the others."""
    text = _program("np.tanh(Z)", "delta @ W2.T * (1 - A ** 2)").replace(
        "0.02 *", "0.5 / (1 + 0.05 * step) *"
    )
    assert _told(text) == []
    wrong = text.replace("(1 - A ** 2)", "(1 - Z ** 2)")
    assert _told(wrong) == [("LS002", "back = delta @ W2.T * (1 - Z ** 2)")]


def test_a_step_is_added_or_subtracted_as_those_beside_it_are() -> None:
    """Of `v = m * v - rate g` and `b -= v`, the second is unlike the line above it."""
    head = "speed, pace = np.zeros_like(W1), np.zeros_like(W2)\n"
    text = _program("np.tanh(Z)", "delta @ W2.T * (1 - A ** 2)", head=head)
    text = text.replace(
        "    W1 -= 0.02 * (X.T @ back)", "    speed = 0.8 * speed - 0.02 * (X.T @ back)"
    )
    text = text.replace("    W2 -= 0.02 *", "    pace = 0.8 * pace - 0.02 *")
    text = text.replace("    if step", "    W1 += speed\n    W2 -= pace\n    if step")
    assert _told(text) == [("LS011", "W2 -= pace")]
    assert _told(text.replace("W2 -= pace", "W2 += pace")) == []


_VELOCITY = """v1, v2 = np.zeros_like(W1), np.zeros_like(W2)
for step in range(30):
    A = np.tanh(X @ W1)
    out = A @ W2
    delta = 2 * (out - Y) / len(X)
    back = delta @ W2.T * (1 - A ** 2)
    grads = [X.T @ back, A.T @ delta]
    for w, v, g in zip((W1, W2), (v1, v2), grads):
        v[...] = 0.9 * v {sign} 0.02 * g
        w += v
    print(np.mean(np.sum((out - Y) ** 2, axis=1)))
"""


def test_a_velocity_that_adds_the_gradient_is_turned_where_it_is_added() -> None:
    """Of v = m * v + rate * g and w += v, the minus was meant before the rate."""
    text = (
        (_START + _VELOCITY)
        .replace("0.02 * g", "rate * g")
        .replace("v1, v2", "rate = 0.02\nv1, v2", 1)
    )
    assert _told(text.format(sign="-")) == []
    assert _told(text.format(sign="+")) == [("LS011", "v[...] = 0.9 * v + rate * g")]


def test_a_statement_that_a_kept_repair_exchanged_stands_no_longer() -> None:
    """Later searches leave it alone: it is in no block that the program runs."""
    body = ast.parse("total = 0\ntotal += 1").body
    place = Place(body[1], body, "", 0)
    assert place.stands
    edit = exchange("LS014", body, 1, ast.parse("total = 1").body[0])
    edit.make()
    assert not place.stands
    edit.take_back()
    assert place.stands
