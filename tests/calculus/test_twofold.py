"""Numbers of two doubles: NumPy's functions, right to thirty digits or so."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from losscope.calculus import numpy_functions
from losscope.calculus.evaluate import compiled, exactly
from losscope.calculus.functions import RAW, ndtr
from losscope.calculus.twofold import Twofold, constant

ANY = np.array([0.3, -1.7, 40.25, -39.5, 1e-9, -1e-9, 212.7, -300.1, 0.347, -0.346])
FUNCTIONS = {
    "exp": (np.exp, mp.exp, ANY),
    "expm1": (np.expm1, mp.expm1, ANY),
    "log": (np.log, mp.log, np.abs(ANY)),
    "log1p": (np.log1p, mp.log1p, np.abs(ANY)),
    "sqrt": (np.sqrt, mp.sqrt, np.abs(ANY)),
    "tanh": (np.tanh, mp.tanh, ANY),
    "sinh": (np.sinh, mp.sinh, ANY),
    "cosh": (np.cosh, mp.cosh, ANY),
    "1/x": (lambda x: 1.0 / x, lambda x: 1 / x, ANY),
    "x³ − x": (lambda x: x**3 - x, lambda x: x**3 - x, ANY),
    "x^0.7": (lambda x: x**0.7, lambda x: x ** mp.mpf(0.7), np.abs(ANY)),
    "|x|": (np.abs, abs, ANY),
    "(1 + x) − 1": (lambda x: (1.0 + x) - 1.0, lambda x: x, ANY),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_right_to_twenty_seven_digits(name):
    """hi + lo against mpmath; hi alone is the nearest double."""
    function, true, at = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        found = function(Twofold(at))
    for x, hi, lo in zip(at, found.hi, found.lo, strict=True):
        with mp.workdps(60):
            exact = true(mp.mpf(x))
            assert abs(mp.mpf(hi) + mp.mpf(lo) - exact) <= abs(exact) * mp.mpf("1e-27"), x
            assert hi == float(exact), x


def test_ends_of_the_range_are_those_of_doubles():
    """Overflow, underflow and 0 give what a double gives, never NaN in their place."""
    at = np.array([np.inf, -np.inf, 1000.0, -1000.0, 0.0, 1e305])
    with np.errstate(all="ignore"):
        assert np.exp(Twofold(at)).hi.tolist() == np.exp(at).tolist()
        assert np.log(Twofold(np.abs(at))).hi.tolist() == np.log(np.abs(at)).tolist()
        assert (Twofold(at) * 3.0 + 1.0).hi.tolist() == (at * 3.0 + 1.0).tolist()
        assert np.isnan(np.exp(Twofold([np.nan])).hi).all()


def test_rows_are_summed_sorted_and_searched():
    """Along the classes, with what differs in the last digits told apart."""
    tiny = 1e-25
    x = Twofold([[1.0, 1.0, 2.0**60]]) + Twofold([[tiny, 0.0, 0.0]])
    assert np.argmax(x[..., :2]).tolist() == [0]
    assert np.sort(x).lo[0, 1] == tiny
    assert (np.sum(x, axis=-1, keepdims=True) - 2.0**60).hi.tolist() == [[2.0]]
    others = numpy_functions.Others(Twofold([[1e-40, 1.0, 1e-30]]))
    assert others.hi.tolist() == [[1.0 + 1e-30, 1e-30 + 1e-40, 1.0]]
    assert np.cumsum(Twofold([[1.0, 2.0, 3.0, 4.0, 5.0]]), axis=-1).hi.tolist() == [
        [1, 3, 6, 10, 15]
    ]


def test_a_constant_keeps_forty_digits():
    """One tenth is no double: two of them hold it."""
    with mp.workdps(50):
        tenth = constant(mp.mpf(1) / 10)
        assert abs(mp.mpf(float(tenth.hi)) + mp.mpf(float(tenth.lo)) - mp.mpf(1) / 10) < 1e-33


def test_what_two_doubles_do_not_know_is_computed_in_one():
    """Φ has no such form: the result is that of one double, and no error."""
    z = np.array([[0.5], [-2.0]])
    expression = RAW * ndtr(RAW)
    assert np.array_equal(exactly(expression, (RAW,))(z), compiled(expression, (RAW,))(z))
