"""Functions of one number, each with its derivative, once.

How each is spelled in a framework stands in `spelling.py`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Piecewise, exp, log, sqrt

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


class sigmoid(_Elementwise):
    """1 / (1 + e^−x). Its derivative is written without a division, so it cannot cancel."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """σ' = σ(x) σ(−x)."""
        (x,) = self.args
        return sigmoid(x) * sigmoid(-x)


class softplus(_Elementwise):
    """log(1 + e^x), which is −log σ(−x)."""

    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Softplus' = σ."""
        return sigmoid(self.args[0])


class relu(_Elementwise):
    """max(0, x)."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Step, 0 at the kink."""
        return step(self.args[0])


class step(_Elementwise):
    """1 where x > 0, else 0 (so 0 at x = 0, as in PyTorch)."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Zero almost everywhere."""
        return sp.S.Zero


class tanh(_Elementwise):
    """Hyperbolic tangent; its slope is written without the subtraction in 1 − tanh²."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """4 σ(2x) σ(−2x), which is 1 − tanh² x."""
        (x,) = self.args
        return 4 * sigmoid(2 * x) * sigmoid(-2 * x)


class sign(_Elementwise):
    """−1, 0 or 1; unlike SymPy's, it leaves its argument as it was written."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Zero almost everywhere."""
        return sp.S.Zero


class logcosh(_Elementwise):
    """log cosh x, right for small and for large x."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Tanh."""
        return tanh(self.args[0])


class log1p(_Elementwise):
    """log(1 + x)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """1 / (1 + x)."""
        return 1 / (1 + self.args[0])


class expm1(_Elementwise):
    """e^x − 1."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """e^x."""
        return exp(self.args[0])


class sqrt1pm1(_Elementwise):
    """√(1 + x) − 1 without cancellation: x / (√(1 + x) + 1)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """1 / (2 √(1 + x))."""
        return 1 / (2 * sqrt(1 + self.args[0]))


class ndtr(_Elementwise):
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


class xlogy(sp.Function):
    """x log y, and 0 where x = 0."""

    nargs = 2
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Log y in x, x / y in y."""
        x, y = self.args
        return log(y) if argindex == 1 else x / y


class xexp(sp.Function):
    """x e^u, and 0 where x = 0 however large u is."""

    nargs = 2
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """e^u in x, x e^u in u."""
        x, u = self.args
        return exp(u) if argindex == 1 else xexp(x, u)


class log1p_gap(_Elementwise):
    """x − log(1 + x) without cancellation near 0."""

    is_nonnegative = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """X / (1 + x)."""
        (x,) = self.args
        return x / (1 + x)


class log_copower(sp.Function):
    """log(1 − σ(x)^q), right however close to 0 or 1 the power is."""

    nargs = 2
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Minus `copower_slope` in x; q is a constant."""
        return -copower_slope(*self.args) if argindex == 1 else sp.S.Zero


class copower_slope(sp.Function):
    """q σ(−x) σ(x)^q / (1 − σ(x)^q), which tends to 1 as x grows and to 0 as it falls."""

    nargs = 2
    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """S (s + q σ(−x) − σ(x)) in x; q is a constant."""
        x, q = self.args
        return self * (self + q * sigmoid(-x) - sigmoid(x)) if argindex == 1 else sp.S.Zero


class frozen(_Elementwise):
    """x, taken as a constant by differentiation ("stop gradient", "detach")."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Zero, by definition."""
        return sp.S.Zero


class sum3(sp.Function):
    """u + v + w, right to an ulp however much cancels: 1 + 1e-8 − 1 is 1e-8."""

    nargs = 3
    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """One in each."""
        return sp.S.One
