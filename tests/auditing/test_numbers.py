"""A line fitted with two numbers: what is wrong with one of them shows, however far it leaps."""

from __future__ import annotations

import pytest

from tests.auditing.planted.grid import audit_text

PROGRAM = """
import random

random.seed(2)
points = []
for _ in range(40):
    years = random.uniform(0, 5)
    points.append((years, 2.5 + 0.9 * years + random.gauss(0, 0.3)))


def step(b, m, points, rate):
    b_gradient, m_gradient = 0, 0
    n = len(points)
    for x, y in points:
        b_gradient += -(2 / n) * (y - (m * x + b))
        m_gradient += -(2 / n) * x * (y - (m * x + b))
    new_b = b - rate * b_gradient
    new_m = m - rate * m_gradient
    return new_b, new_m


RATE = 0.03
b, m = 0.0, 0.0
for i in range(60):
    b, m = step(b, m, points, RATE)
    print(i, b, m, sum((y - (m * x + b)) ** 2 for x, y in points) / len(points))
"""
FAULTS = {
    ("-(2 / n) * (y", "-2 * (y"): ("LS004", "new_b ="),
    ("rate * b_gradient", "b_gradient"): ("LS004", "new_b ="),
    ("-(2 / n) * x * (y", "-(2 / n) * y * (y"): ("LS014", "m_gradient +="),
    ("rate * m_gradient", "rate * b_gradient"): ("LS014", "new_m ="),
    ("return new_b, new_m", "return b, new_m"): ("LS010", "new_b ="),
}


def test_nothing_is_said_of_the_right_program():
    """Both numbers descend the mean of the squares."""
    assert audit_text(PROGRAM)["findings"] == []


@pytest.mark.parametrize("edit", FAULTS)
def test_a_slip_in_one_number_is_named_on_its_line(edit):
    """A rate far too large, the wrong array, another's gradient, a number that is never updated."""
    code, begins = FAULTS[edit]
    text = PROGRAM.replace(*edit)
    line = next(k for k, row in enumerate(text.split("\n"), 1) if row.strip().startswith(begins))
    assert [(f["code"], f["line"]) for f in audit_text(text)["findings"]] == [(code, line)]
