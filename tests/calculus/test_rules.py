"""Rewriting: general rules, each of which leaves the value as it was and mends one cancellation."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp

from losscope.calculus import functions as f
from losscope.calculus.functions import RAW, TARGETS
from losscope.calculus.pretty import readable
from losscope.calculus.rules import complement, spell_gaps, stabilise
from tests.losses import naive

z = RAW
Y = TARGETS["unit"]
P = f.sigmoid(z)
S = f.softmax(z)
q = sp.Rational(1, 3)

RULES = {
    "log σ": (sp.log(P), -f.softplus(-z)),
    "log (1 − σ)": (sp.log(1 - P), -f.softplus(z)),
    "1 − σ": (1 - P, f.sigmoid(-z)),
    "3 − 3σ": (3 - 3 * P, 3 * f.sigmoid(-z)),
    "log softmax": (sp.log(S), f.log_softmax(z)),
    "log (1 − softmax)": (sp.log(1 - S), f.log_cosoftmax(z)),
    "log e^x": (sp.log(sp.exp(z) + 0), z),
    "log (1 + e^x)": (sp.log(1 + sp.exp(z)), f.softplus(z)),
    "log (1 + x²)": (sp.log(1 + z**2), f.log1p(z**2)),
    "log cosh": (sp.log(sp.cosh(z)), f.logcosh(z)),
    "log of a product": (sp.log(P * S), f.log_softmax(z) - f.softplus(-z)),
    "log of a power": (sp.log(P**q), -q * f.softplus(-z)),
    "e^x − 1": (sp.exp(z) - 1, f.expm1(z)),
    "2 − 2e^x": (2 - 2 * sp.exp(z), -2 * f.expm1(z)),
    "√(1 + x²) − 1": (sp.sqrt(1 + z**2) - 1, f.sqrt1pm1(z**2)),
    "1 − σ^q": (1 - P**q, -f.expm1(-q * f.softplus(-z))),
    "1 − softmax^q": (1 - S**q, -f.expm1(q * f.log_softmax(z))),
    "log (1 − σ^q)": (sp.log(1 - P**q), f.log_copower(z, q)),
    "1 − tanh²": (1 - f.tanh(z) ** 2, 4 * f.sigmoid(2 * z) * f.sigmoid(-2 * z)),
    "σ − y": (P - Y, f.Gap(P, Y)),
    "1 / (1 + e^−x)": (1 / (1 + sp.exp(-z)), P),
    "x − log (1 + x)": (2 * z**2 - 2 * sp.log(1 + z**2), 2 * f.log1p_gap(z**2)),
    "[x > 0] max(0, x)": (f.step(z) * f.relu(z) ** 2, f.relu(z) ** 2),
    "y e^x": (3 * Y * sp.exp(z), 3 * f.xexp(Y, z)),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_rewrites_and_keeps_the_value(name):
    """To the stable form, which is the same function at 50 digits."""
    before, after = RULES[name]
    assert stabilise(before) == after
    for x in (-3.0, -0.25, 0.125, 2.0):
        with mp.workdps(60):
            one, other = (naive.evaluate(e, [x, 0.5], [0.25, 0.75])[0] for e in (before, after))
            assert abs(one - other) < mp.mpf(10) ** -45


@pytest.mark.parametrize(
    "expr", [z - 1, 1 + z, sp.exp(z) + 1, sp.log(z**2 + 2), 2 - P, P - 2 * Y, z * sp.exp(2) + 0]
)
def test_what_does_not_cancel_is_left_alone(expr):
    """A rule fires on its own pattern only."""
    assert stabilise(expr) == expr


def test_rules_reach_inside_branches_and_are_finished():
    """Each branch is rewritten; a second pass finds nothing to do."""
    branches = f.where(z > 0, 1 - P, sp.exp(z) - 1)
    once = stabilise(branches)
    assert once == f.where(z > 0, f.sigmoid(-z), f.expm1(z))
    assert stabilise(once) == once


def test_a_product_of_e_to_a_sum_is_taken_apart_once():
    """e^(u − v) is found in a product though dividing by it would not cancel."""
    u = f.frozen(z) - 2 * z
    assert stabilise(Y * sp.exp(u)) == f.xexp(Y, u)


def test_what_all_classes_share_is_not_shown_where_it_does_not_count():
    """Π (z − Σ y z) is Π z, and the largest class stays the largest."""
    y = TARGETS["simplex"]
    moved = z - f.Total(y * z) + 1
    assert readable(f.sparsemax(moved), z, z) == f.sparsemax(z)
    assert readable(f.at_peak(moved - y), z, z) == f.at_peak(z - y)


def test_gaps_are_spelled_without_cancelling():
    """P (1 − y) − (1 − p) y; exact for y = 0 and y = 1."""
    assert spell_gaps(f.Gap(P, Y)) == P * (1 - Y) - f.sigmoid(-z) * Y
    assert spell_gaps(f.Gap(S, Y)) == S * (1 - Y) - f.Others(S) * Y
    assert complement(P) == f.sigmoid(-z)


@pytest.mark.parametrize(
    ("stable", "activation", "shown"),
    [
        (-Y * f.sigmoid(-z) + (1 - Y) * P, P, sp.Symbol("a", positive=True) - Y),
        (1 - f.xexp(Y, -z), sp.exp(z), 1 - Y / sp.Symbol("a", positive=True)),
    ],
)
def test_what_is_shown_is_short(stable, activation, shown):
    """The page's form of what runs."""
    assert sp.simplify(readable(stable, z, activation) - shown) == 0
