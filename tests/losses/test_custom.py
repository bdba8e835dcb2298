"""Formulas in text: read as mathematics, derived like any loss, and unable to run anything."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses import Loss
from losscope.losses.formulas import FUNCTIONS
from tests.losses.test_accuracy import check


def test_the_formulas_of_the_manual_are_read():
    """Prediction and target, an output behind an @, parameters behind a semicolon."""
    loss = losses.get("(y-a)**4@sigmoid")
    assert (loss.output, loss.score, loss.vector) == ("sigmoid", False, False)
    assert loss.value(target=[[1.0]], prediction=[[0.5]])[0] == 0.5**4
    hinge = losses.get("max(0, m - y*z); m=1")
    assert (hinge.output, hinge.score) == ("identity", True)
    assert hinge.value(target=[[-1.0]], raw_prediction=[[0.25]])[0] == 1.25
    assert losses.get("max(0, m - y*z); m=1", m=2).value(
        target=[[-1.0]], raw_prediction=[[0.25]]
    ) == [2.25]


@pytest.mark.parametrize(
    "text",
    [
        "(y - a)**4@sigmoid",
        "(y - a)^2",
        "max(0, m - y*z); m=1",
        "log(cosh(a - y))",
        "where(abs(a - y) < d, (a - y)**2 / 2, d*(abs(a - y) - d/2)); d=1.5",
        "sqrt(1 + (a - y)**2) - 1",
        "sum(y * (a - y)**2)@softmax",
        "-sum(y*log(a))@softmax",
        "softplus(-y*z)",
        "exp(a - y) - (a - y) - 1",
        "min(abs(a - y), c); c=2",
    ],
)
def test_a_formula_is_derived_like_any_loss(text):
    """Value and slope agree with mpmath at scores up to 1000, to the bound of a loss of ours."""
    check(losses.get(text))


def test_a_formula_takes_options_and_is_a_loss():
    """Usable wherever a name is."""
    loss = losses.get("(y - a)**2@sigmoid", temperature=2.0)
    assert isinstance(loss, Loss)
    z = np.array([[1.0]])
    by_hand = (1 - 1 / (1 + math.exp(-0.5))) ** 2
    assert loss.value(target=np.ones((1, 1)), raw_prediction=z)[0] == pytest.approx(by_hand)


ATTACKS = {
    "attribute": "y.__class__ + a",
    "dunder": "__import__('os').system('true') + a - y",
    "call of a call": "(lambda: a)() + y",
    "lambda": "(lambda y: y)(a)",
    "subscript": "y[0] - a",
    "string": "'a' * y + a",
    "comprehension": "sum([a for y in y])",
    "walrus": "(a := y)",
    "f-string": "f'{y}' + a",
    "keyword": "exp(a, base=y)",
    "star": "max(*y, a)",
    "known elsewhere": "eval(y) + a",
    "sympy name": "Integral(y, a)",
    "letter unknown": "q * y - a",
    "bool": "True * y + a",
    "complex": "1j * y + a",
    "bit operation": "y & a",
    "comparison": "(y > a) * y",
    "chained comparison": "where(0 < a < y, a, y)",
    "huge power": "9**9**9 * y - a",
    "huge power of a sum": "(a - y)**1000000",
    "power of powers": "((((a - y)**20)**20)**20)**20",
    "product of powers": "*".join(["(a - y)**20"] * 10),
    "huge base": "99999999999999**24 * y + a",
    "huge number": "1e999 * y + a",
    "many digits": "9" * 900 + "*y*a",
    "growing product": "*".join(["999999999999"] * 30) + "*y*a",
    "tower of e": "exp(exp(exp(exp(9)))) * y + a",
    "constant comparison": "where(exp(99) > 1, a, y)",
    "division by zero": "y / 0 + a",
    "hidden division by zero": "y / (2 - 2) + a",
    "imaginary": "sqrt(-2) * y + a",
    "log of zero": "log(0) * y + a",
    "deep parentheses": "(" * 400 + "a - y" + ")" * 400,
    "deep signs": "-" * 900 + "a*y",
    "deep calls": "exp(" * 90 + "a*y" + ")" * 90,
    "long sum": "+".join(["a*y"] * 240),
    "10 megabytes": "a + y + " * 1_250_000 + "a",
    "10 megabytes of parentheses": "y*a" + "(" * 10_000_000,
    "nothing": "a y",
    "unfinished": "a - y +",
    "newline": "a - y\nimport os",
    "null": "a - y\0",
    "both letters": "a - z + y",
    "output of z": "y*z@sigmoid",
    "unknown output": "(a - y)**2@sigmoids",
    "parameter that is code": "m*(a - y)**2; m=__import__('os')",
    "parameter that is y": "(a - y)**2; y=1",
    "parameter without end": "m*(a - y)**2; m=1e999",
    "too many arguments": "max(a, y, 1)",
    "an encoded name": "𝐞𝐯𝐚𝐥(y) + a",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_text_that_is_no_formula_is_refused_within_a_second(text):
    """By one clear line; nothing runs, nothing hangs."""
    began = time.process_time()
    with pytest.raises(LosscopeError) as told:
        losses.get(text)
    assert time.process_time() - began < 1.0
    assert len(str(told.value)) < 700
    assert "\n" not in str(told.value)


def test_the_error_says_what_may_stand_in_a_formula():
    """The letters and the functions."""
    with pytest.raises(LosscopeError, match="an attribute") as told:
        losses.get("y.real - a")
    assert all(name in str(told.value) for name in (*FUNCTIONS, "a, z, y"))


@pytest.mark.parametrize(
    "text",
    [
        "focal(gamma=__import__('os'))",
        "focal(gamma=(lambda: 1)())",
        "focal(2)",
        "focal(gamma=2, gamma=3)",
        "focal(**a)",
        "focal(gamma=2",
        "focal(gamma=[1, [2]])",
        "focal(gamma=True)",
        "focal(gamma=None)",
        "focal)(",
        "",
        " ",
        "@sigmoid",
        "focal(gamma=9**9**9)",
        "x" * 10_000_000,
    ],
    ids=lambda text: text[:30] or "empty",
)
def test_a_call_that_is_no_call_is_refused_within_a_second(text):
    """Settings are numbers, lists of numbers and words; nothing is evaluated."""
    began = time.process_time()
    with pytest.raises(LosscopeError):
        losses.get(text)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("what", [None, 3, b"ce", ["ce"], {"ce"}])
def test_what_is_no_text_is_refused(what):
    """A loss is a name, a formula or a Loss."""
    with pytest.raises(LosscopeError, match="a loss is a name, a formula or a Loss"):
        losses.get(what)


def test_a_letter_that_the_formula_does_not_hold_is_refused():
    """A value for it would be ignored in silence."""
    with pytest.raises(LosscopeError, match="does not hold 'k'"):
        losses.get("(y - a)**4; k=2")
