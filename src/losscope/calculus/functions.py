"""The closed list of functions a formula may use: each with its derivative, once.

Elementwise functions act on one number. Row functions act on the classes of one example
(the last axis of an array) and are what a softmax, a margin between classes or a sum needs.
How each is spelled in a framework stands in `spelling.py`; how it is differentiated when it is a
row function stands in `gradient.py`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Piecewise, cosh, exp, log, sqrt

__all__ = [
    "RAW",
    "TARGETS",
    "Abs",
    "Gap",
    "K",
    "Others",
    "Peak",
    "Piecewise",
    "Total",
    "abs_",
    "at_peak",
    "cosh",
    "exp",
    "expm1",
    "is_row_scalar",
    "log",
    "log1p",
    "log_cosoftmax",
    "log_softmax",
    "logcosh",
    "ndtr",
    "odds_mix",
    "relu",
    "sigmoid",
    "sign",
    "softmax",
    "softplus",
    "sqrt",
    "sqrt1pm1",
    "step",
    "tanh",
    "where",
    "xlogy",
]


class UnitTarget(sp.Symbol):
    """A target known to lie in [0, 1]: then a − y = a (1 − y) − (1 − a) y, without cancellation."""


class SimplexTarget(UnitTarget):
    """Targets of all classes, none negative, that sum to 1 over the row."""


TARGETS = {
    "real": sp.Symbol("y", real=True),
    "unit": UnitTarget("y", nonnegative=True),
    "simplex": SimplexTarget("y", nonnegative=True),
}
"""The symbol y, by what is known of it. The identity behind `UnitTarget` holds for any y; it is
exact for 0 and 1, so it is used wherever the prediction is a probability."""

RAW = sp.Symbol("z", real=True)
"""The raw prediction z."""

K = sp.Symbol("K", positive=True, integer=True)
"""Number of outputs (classes) of one example."""

abs_ = Abs


def where(condition: Any, then: Any, otherwise: Any) -> sp.Expr:
    """`then` where `condition` holds, else `otherwise`."""
    return Piecewise((then, condition), (otherwise, True))


class _Elementwise(sp.Function):
    """A real function of one real number, with its derivative in `fdiff`."""

    nargs = 1
    is_real = True
    is_finite = True
    is_commutative = True


class sigmoid(_Elementwise):  # noqa: N801
    """1 / (1 + e^−x). Its derivative is written without a division, so it cannot cancel."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """σ' = σ(x) σ(−x)."""
        (x,) = self.args
        return sigmoid(x) * sigmoid(-x)


class softplus(_Elementwise):  # noqa: N801
    """log(1 + e^x), which is −log σ(−x)."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Softplus' = σ."""
        return sigmoid(self.args[0])


class relu(_Elementwise):  # noqa: N801
    """max(0, x)."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Step, 0 at the kink."""
        return step(self.args[0])


class step(_Elementwise):  # noqa: N801
    """1 where x > 0, else 0 (so 0 at x = 0, as in PyTorch)."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Zero almost everywhere."""
        return sp.S.Zero


class tanh(_Elementwise):  # noqa: N801
    """Hyperbolic tangent; its slope is written without the subtraction in 1 − tanh²."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """4 σ(2x) σ(−2x), which is 1 − tanh² x."""
        (x,) = self.args
        return 4 * sigmoid(2 * x) * sigmoid(-2 * x)


class sign(_Elementwise):  # noqa: N801
    """−1, 0 or 1; unlike SymPy's, it leaves its argument as it was written."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Zero almost everywhere."""
        return sp.S.Zero


class logcosh(_Elementwise):  # noqa: N801
    """log cosh x, right for small and for large x."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Tanh."""
        return tanh(self.args[0])


class log1p(_Elementwise):  # noqa: N801
    """log(1 + x)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """1 / (1 + x)."""
        return 1 / (1 + self.args[0])


class expm1(_Elementwise):  # noqa: N801
    """e^x − 1."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """e^x."""
        return exp(self.args[0])


class sqrt1pm1(_Elementwise):  # noqa: N801
    """√(1 + x) − 1 without cancellation: x / (√(1 + x) + 1)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """1 / (2 √(1 + x))."""
        return 1 / (2 * sqrt(1 + self.args[0]))


class ndtr(_Elementwise):  # noqa: N801
    """Φ(x), the standard normal distribution function."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The standard normal density."""
        return exp(-(self.args[0] ** 2) / 2) / sqrt(2 * sp.pi)


class Gap(sp.Function):
    """p − y for a probability and a target in [0, 1], which `spell_gaps` writes without cancelling.

    Kept whole while differentiating, so that its derivative in p is plainly 1.
    """

    nargs = 2
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """One in p, minus one in y."""
        return sp.S.One if argindex == 1 else sp.S.NegativeOne


class xlogy(sp.Function):  # noqa: N801
    """x log y, and 0 where x = 0."""

    nargs = 2
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Log y in x, x / y in y."""
        x, y = self.args
        return log(y) if argindex == 1 else x / y


class _Row(sp.Function):
    """A function of all classes of an example; `gradient.py` differentiates it."""

    is_real = True
    is_commutative = True

    def _eval_derivative(self, _symbol: sp.Symbol) -> sp.Expr:
        # A row function's derivative in one element is not one number; see gradient.py.
        raise TypeError(f"{type(self).__name__} is differentiated by gradient.py, not by SymPy")


class softmax(_Row):  # noqa: N801
    """e^z_k / Σ_j e^z_j over the classes."""

    nargs = 1
    is_positive = True


class log_softmax(_Row):  # noqa: N801
    """Log softmax, right to an ulp or two even where a class is all but certain."""

    nargs = 1
    is_nonpositive = True


class log_cosoftmax(_Row):  # noqa: N801
    """log(1 − softmax), right even where a class is all but certain."""

    nargs = 1
    is_nonpositive = True


class odds_mix(_Row):  # noqa: N801
    """Σ_{k≠j} v_k p_k p_j / (1 − p_k): the part of d log(1 − softmax) that crosses classes."""

    nargs = 2


class _Sum(_Row):
    """A sum over classes: numbers that are the same for every class leave it as factors."""

    nargs = 1

    @classmethod
    def eval(cls, x: sp.Expr) -> sp.Expr | None:
        """Pull what does not vary over the classes out of the sum."""
        if x == 0:
            return sp.S.Zero
        if is_row_scalar(x):
            return x * cls.count()
        if isinstance(x, SimplexTarget):
            return cls.of_simplex(x)
        factors = sp.Mul.make_args(x)
        outside = [f for f in factors if is_row_scalar(f)]
        if not outside:
            return None
        return sp.Mul(*outside) * cls(sp.Mul(*[f for f in factors if f not in outside]))

    @classmethod
    def count(cls) -> sp.Expr:
        """How many terms are summed."""
        raise NotImplementedError

    @classmethod
    def of_simplex(cls, y: SimplexTarget) -> sp.Expr:
        """The sum of targets that add to 1 over the row."""
        raise NotImplementedError


class Others(_Sum):
    """Σ over the other classes: (Σ_k x_k) − x_j, summed without that subtraction."""

    @classmethod
    def count(cls) -> sp.Expr:
        """All classes but one."""
        return K - 1

    @classmethod
    def of_simplex(cls, y: SimplexTarget) -> sp.Expr:
        """1 − y."""
        return 1 - y


class Total(_Sum):
    """Σ_k x_k over the classes: one number a row."""

    @classmethod
    def count(cls) -> sp.Expr:
        """All classes."""
        return K

    @classmethod
    def of_simplex(cls, y: SimplexTarget) -> sp.Expr:
        """One."""
        return sp.S.One


class Peak(_Row):
    """max_k x_k over the classes: one number a row."""

    nargs = 1


class at_peak(_Row):  # noqa: N801
    """1 at the first class where x is largest, else 0: the derivative of Peak."""

    nargs = 1
    is_nonnegative = True


ROW_SCALARS = (Total, Peak)
"""Functions whose value is one number a row."""


def is_row_scalar(node: sp.Expr) -> bool:
    """Whether an expression is one number a row: its symbols stand inside Total or Peak only."""
    if isinstance(node, ROW_SCALARS):
        return True
    if isinstance(node, _Row):
        return False
    if isinstance(node, sp.Symbol):
        return bool(node == K)
    return all(is_row_scalar(argument) for argument in node.args)
