"""The closed list of functions: NumPy values, and derivatives, against definitions in mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from losscope.calculus import functions as f
from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW, TARGETS
from losscope.calculus.gradient import derivative, gradient
from tests.losses import naive

EPSILON = float(np.finfo(np.float64).eps)
GRID = [0.0]
GRID += [
    s * v for v in (1e-300, 1e-17, 1e-8, 0.01, 0.3, 0.5, 1.0, 3.0, 36.0, 40.0) for s in (1, -1)
]
GRID += [745.0, -745.0, 1000.0, -1000.0]
POSITIVE = [v for v in GRID if v >= 0]
HALF = sp.Rational(1, 2)

# function -> (its arguments, epsilons, derivative's epsilons)
ONE = {
    f.sigmoid: (GRID, 2, 4),
    f.softplus: (GRID, 2, 3),
    f.relu: (GRID, 0, 0),
    f.step: (GRID, 0, 0),
    f.sign: (GRID, 0, 0),
    f.tanh: ([v for v in GRID if abs(v) < 30], 2, 6),
    f.logcosh: (GRID, 3, 2),
    f.log1p: (POSITIVE, 2, 2),
    f.expm1: ([v for v in GRID if abs(v) < 700], 2, 2),
    f.sqrt1pm1: (POSITIVE, 3, 3),
    f.log1p_gap: (POSITIVE, 6, 3),
    f.exp: ([v for v in GRID if abs(v) < 700], 1, 1),
}


@pytest.mark.parametrize("function", ONE, ids=lambda function: function.__name__)
def test_a_function_and_its_derivative_are_right_to_a_few_ulps(function):
    """At any argument, tiny and huge ones among them; 0 only where the number underflows."""
    arguments, bound, steeper = ONE[function]
    for expr, epsilons in ((function(RAW), bound), (derivative(function(RAW), RAW), steeper)):
        found = np.broadcast_to(run(expr, np.array(arguments)), (len(arguments),))
        for x, value in zip(arguments, found, strict=True):
            with mp.workdps(naive.digits([x]) if abs(x) > 1e-20 else 700):
                (true,) = naive.evaluate(expr, [x], [0.0])
            error = abs(mp.mpf(float(value)) - true)
            assert error <= max(epsilons * EPSILON * abs(true), mp.mpf(2.3e-308)), (x, value)


@pytest.mark.parametrize("function", ONE, ids=lambda function: function.__name__)
def test_a_declared_derivative_is_the_slope(function):
    """mpmath's differences of the definition, away from kinks."""
    arguments = [x for x in ONE[function][0] if 0.01 <= abs(x) <= 36]
    slope = derivative(function(RAW), RAW)
    for x in arguments:
        with mp.workdps(80):
            h = mp.mpf(10) ** -25
            low, high = (naive.evaluate(function(RAW), [x + s * h], [0.0])[0] for s in (-1, 1))
            (declared,) = naive.evaluate(slope, [x], [0.0])
            assert abs((high - low) / (2 * h) - declared) <= abs(declared) * mp.mpf(10) ** -20


@pytest.mark.parametrize("q", [0.25, 1.0, 3.0])
def test_powers_of_a_sigmoid_keep_their_complement(q):
    """log (1 − σ(x)^q) and its slope, where σ is all but 0 or 1; the second slope likewise."""
    power = sp.Rational(q)
    expr = f.log_copower(RAW, power)
    xs = np.array([-700.0, -40.0, -1.0, -1e-8, 0.0, 1.0, 36.0, 40.0, 41.0, 700.0])
    for order, bound in ((0, 8), (1, 16)):
        found = run(derivative(expr, RAW) if order else expr, xs)
        for x, value in zip(xs, found, strict=True):
            with mp.workdps(naive.digits([x])):
                here = lambda t: mp.log(1 - (1 / (1 + mp.exp(-t))) ** mp.mpf(q))
                h = mp.mpf(10) ** (-naive.digits([x]) // 6)
                true = (here(x + h) - here(x - h)) / (2 * h) if order else here(mp.mpf(x))
            size = max(abs(true), abs(x) * abs(true) * q)  # the power's exponent is rounded once
            assert abs(mp.mpf(float(value)) - true) <= max(bound * EPSILON * size, 1e-307), x


def test_xexp_is_nothing_times_infinity_is_nothing():
    """x e^u is 0 where x is, however large u; elsewhere it is the product."""
    found = run(f.xexp(TARGETS["real"], RAW), np.array([1e4, 2.0]), np.array([0.0, 3.0]))
    assert found.tolist() == [0.0, 3.0 * np.exp(2.0)]


def test_three_numbers_add_up_to_an_ulp():
    """1 + 1e-8 − 1 is 1e-8, in whatever order, and no digit of a plain sum is lost."""
    three = f.sum3(RAW, TARGETS["real"], sp.Rational(-1))
    stream = np.random.default_rng(0)
    x = np.concatenate([[1e-8, 1.0, 1e-8, 1e-300], stream.normal(size=200)])
    y = np.concatenate([[1.0, 1e-8, 1e16, 1.0], 1.0 - x[4:] + 1e-12 * stream.normal(size=200)])
    for a, b, found in zip(x, y, run(three, x, y), strict=True):
        with mp.workdps(400):
            true = mp.mpf(a) + mp.mpf(b) - 1
            assert abs(mp.mpf(found) - true) <= 1.01 * EPSILON * abs(true), (a, b)


def test_frozen_numbers_have_no_slope():
    """The value stays; differentiation takes it as a constant."""
    expr = f.frozen(RAW) * RAW
    assert run(expr, np.array([3.0])) == [9.0]
    assert gradient(expr, RAW) == f.frozen(RAW)


ROWS = np.array(
    [[0.0, 1.0, -2.0], [40.0, 0.0, 39.0], [-1000.0, 0.0, 0.5], [3.0, 3.0, 3.0], [1e-8, 0.0, -1e-8]]
)
ROW_FUNCTIONS = {
    "softmax": (f.softmax(RAW), 3),
    "log_softmax": (f.log_softmax(RAW), 4),
    "log_cosoftmax": (f.log_cosoftmax(RAW), 24),  # e^−40: the exponent is rounded
    "Others": (f.Others(f.softmax(RAW)), 4),
    "Total": (f.Total(RAW**2), 2),
    "Peak": (f.Peak(RAW), 0),
    "at_peak": (f.at_peak(RAW), 0),
    "sparsemax": (f.sparsemax(RAW), 4),
    "SparsePeak": (f.SparsePeak(RAW), 4),
    "unit": (f.unit(RAW), 3),
    "inverse_length": (f.inverse_length(RAW), 3),
    "MarginPairs": (f.MarginPairs(RAW, TARGETS["unit"]), 4),
}
LABELS = [1.0, 0.0, 1.0]


@pytest.mark.parametrize("name", ROW_FUNCTIONS)
def test_a_row_function_is_right_row_by_row(name):
    """Against its definition, with classes that are all but certain and all but impossible."""
    expr, bound = ROW_FUNCTIONS[name]
    found = np.asarray(run(expr, ROWS, np.tile(LABELS, (len(ROWS), 1))))
    for z, row in zip(ROWS, found, strict=True):
        with mp.workdps(naive.digits(list(z))):
            true = naive.evaluate(expr, list(z), LABELS)
        largest = 1e-8 if name in ("sparsemax", "SparsePeak") else 0.0  # differences of scores
        for value, exact in zip(row, true, strict=True):
            size = max(abs(exact), largest)
            error = abs(mp.mpf(float(value)) - exact)
            assert error <= max(bound * EPSILON * float(size), 2.3e-308), (z, value)


@pytest.mark.parametrize("name", [n for n in ROW_FUNCTIONS if n != "at_peak"])
def test_a_row_function_is_differentiated_right(name):
    """The gradient of a weighted sum of its elements, by differences at many digits."""
    expr, _ = ROW_FUNCTIONS[name]
    weights = f.per_class(1, 3, -2)
    loss = f.Total(weights * expr) if not f.is_row_scalar(expr) else expr * 2
    z = [0.3, 1.1, -0.2]
    found = np.asarray(run(gradient(loss, RAW), np.array([z]), np.array([LABELS])))
    for k in range(3):
        with mp.workdps(80):
            h = mp.mpf(10) ** -25
            ends = []
            for step in (h, -h):
                moved = [mp.mpf(v) for v in z]
                moved[k] += step
                ends.append(naive.evaluate(loss, moved, LABELS)[0])
            true = (ends[0] - ends[1]) / (2 * h)
        assert abs(float(np.broadcast_to(found, (1, 3))[0, k]) - float(true)) < 1e-13, k


def test_heads_are_taken_and_put_back():
    """Blocks of columns, and the gradient of each in its own block."""
    z = np.array([[1.0, 2.0, 10.0, 20.0]])
    assert run(f.Head(RAW, 1, 2), z).tolist() == [[10.0, 20.0]]
    product = f.Total(f.Head(RAW, 0, 2) * f.Head(RAW, 1, 2))
    assert run(product, z).tolist() == [[50.0]]
    assert run(gradient(product, RAW), z).tolist() == [[10.0, 20.0, 1.0, 2.0]]


def test_a_projection_is_a_probability():
    """sparsemax rows sum to 1, are never negative, and keep the order of the scores."""
    stream = np.random.default_rng(0)
    z = stream.normal(0, 3, (200, 6))
    p = np.asarray(run(f.sparsemax(RAW), z))
    assert np.allclose(p.sum(axis=1), 1.0, atol=1e-15)
    assert np.all(p >= 0)
    assert (p == 0).any()
    assert np.array_equal(np.argmax(p, axis=1), np.argmax(z, axis=1))


def test_numbers_leave_a_sum_and_known_sums_are_known():
    """Σ 1 = K, Σ c x = c Σ x, Σ y = 1 over exclusive classes, Σ softmax = 1."""
    y = TARGETS["simplex"]
    assert f.Total(sp.S(1)) == f.K
    assert f.Total(3 * RAW) == 3 * f.Total(RAW)
    assert f.Total(y) == 1
    assert f.Others(y) == 1 - y
    assert f.Total(f.softmax(RAW)) == 1
    assert f.Total(TARGETS["unit"]) != 1


def run(expr: sp.Expr, z, y=None):
    """Evaluate an expression of z and y on arrays."""
    names = (RAW, *sorted(expr.free_symbols - {RAW, f.K}, key=str))
    if not expr.has(RAW):
        return np.zeros_like(z) + float(expr)
    with np.errstate(all="ignore"):
        return compiled(expr, names)(z, *([] if len(names) == 1 else [y]))
