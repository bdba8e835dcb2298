"""Programs that take their examples one by one, out of lists of plain numbers."""

from __future__ import annotations

import pytest

from tests.auditing.planted.grid import audit_text

PAIRS = """
import math
data = [((0.1, -0.7), 1), ((1.2, 0.4), 0), ((0.5, 0.9), 0), ((-0.8, -0.1), 1), ((0.3, -1.1), 1)]
w1, w2, w3, b1, b2, lr = 0.4, -0.9, 0.7, 0.1, -0.2, 0.1
for epoch in range(12):
    total = 0.0
    for (x1, x2), y in data:
        h = math.tanh(w1 * x1 + w2 * x2 + b1)
        p = 1 / (1 + math.exp(-(w3 * h + b2)))
        total -= y * math.log(p) + (1 - y) * math.log(1 - p)
        d = p - y
        dh = d * w3 * (1 - h ** 2)
        w3 -= lr * d * h
        b2 -= lr * d
        w1 -= lr * dh * x1
        w2 -= lr * dh * x2
        b1 -= lr * dh
    print(epoch, total / len(data))
"""

LISTS = """
xs = [1.0, 2.0, 3.5, 4.2, 5.9, 7.1]
ys = [2, 4, 7, 8, 12, 14]
m, c, rate = 0.1, 0.0, 0.01
for step in range(30):
    dm = dc = cost = 0.0
    for x, y in zip(xs, ys):
        pred = m * x + c
        dm += -2 * x * (y - pred) / len(xs)
        dc += -2 * (y - pred) / len(xs)
        cost += (y - pred) ** 2 / len(xs)
    m -= rate * dm
    c -= rate * dc
    print(cost)
"""


@pytest.mark.parametrize(
    ("text", "target", "loss"),
    [(PAIRS, "y", "Σ binary cross-entropy"), (LISTS, "ys", "1/m Σ")],
)
def test_plain_numbers_teach(text: str, target: str, loss: str) -> None:
    """Labels that are whole numbers, in a list or drawn by the loop, are found as the target."""
    report = audit_text(text, experiments=False)
    assert not report["findings"]
    assert report["target"] == target
    assert report["loss"].startswith(loss)
