"""Row functions: they act on the classes (or outputs) of one example, the last axis of an array.

A softmax, a margin between classes, a sum over outputs need them. `gradient.py` differentiates
them, each by one entry of its table.
"""

from __future__ import annotations

import sympy as sp

from losscope.calculus.elementwise import sum3
from losscope.calculus.symbols import K, SimplexTarget


class _Row(sp.Function):
    """A function of all classes of an example; `gradient.py` differentiates it."""

    is_real = True
    is_commutative = True

    def _eval_derivative(self, _symbol: sp.Symbol) -> sp.Expr:
        # A row function's derivative in one element is not one number; see gradient.py.
        raise TypeError(f"{type(self).__name__} is differentiated by gradient.py, not by SymPy")


class softmax(_Row):
    """e^z_k / Σ_j e^z_j over the classes."""

    nargs = 1
    is_positive = True


class log_softmax(_Row):
    """Log softmax, right to an ulp or two even where a class is all but certain."""

    nargs = 1
    is_nonpositive = True


class log_cosoftmax(_Row):
    """log(1 − softmax), right even where a class is all but certain."""

    nargs = 1
    is_nonpositive = True


class odds_mix(_Row):
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
        if isinstance(x, SimplexTarget | softmax | sparsemax | at_peak):
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
    def of_simplex(cls, y: sp.Expr) -> sp.Expr | None:
        """The sum of what is known to add to 1 over the row."""
        raise NotImplementedError


class Others(_Sum):
    """Σ over the other classes: (Σ_k x_k) − x_j, summed without that subtraction."""

    @classmethod
    def count(cls) -> sp.Expr:
        """All classes but one."""
        return K - 1

    @classmethod
    def of_simplex(cls, y: sp.Expr) -> sp.Expr | None:
        """1 − y for targets; probabilities are summed, since 1 − p would cancel."""
        return 1 - y if isinstance(y, SimplexTarget) else None


class Total(_Sum):
    """Σ_k x_k over the classes: one number a row."""

    @classmethod
    def count(cls) -> sp.Expr:
        """All classes."""
        return K

    @classmethod
    def of_simplex(cls, y: sp.Expr) -> sp.Expr | None:
        """One."""
        return sp.S.One


class Peak(_Row):
    """max_k x_k over the classes: one number a row."""

    nargs = 1


class SparsePeak(_Row):
    """max over probabilities p of ⟨p, x⟩ + ½ (1 − ‖p‖²): a smooth maximum with a sparse slope.

    Its derivative is `sparsemax`, as that of log Σ e^x is softmax and that of max is `at_peak`.
    """

    nargs = 1


class _Unmoved(_Row):
    """A function that does not change when one number is added to all classes."""

    nargs = 1
    is_nonnegative = True

    @classmethod
    def eval(cls, x: sp.Expr) -> sp.Expr | None:
        """Leave out what is the same for all classes: adding it would cost digits."""
        terms = sp.Add.make_args(sp.Add(*x.args) if isinstance(x, sum3) else x)
        varying = [term for term in terms if not is_row_scalar(term)]
        return cls(sp.Add(*varying)) if varying and len(varying) < len(terms) else None


class sparsemax(_Unmoved):
    """The Euclidean projection onto the probability simplex. Martins and Astudillo, 2016."""


class unit(_Row):
    """x / ‖x‖, and 0 at x = 0."""

    nargs = 1


class inverse_length(_Row):
    """1 / ‖x‖, and 0 at x = 0: one number a row."""

    nargs = 1
    is_nonnegative = True


class MarginPairs(_Row):
    """Σ_{i,j} (1 − v_i) v_j max(0, 1 + x_i − x_j): pairs in the wrong order, or too close."""

    nargs = 2


class margin_pulls(_Row):
    """The derivative of `MarginPairs` in x: pairs that violate the margin, counted by class."""

    nargs = 2


class Head(_Row):
    """Columns of head i of x, whose columns are `heads` blocks of one width: Head(x, i, heads)."""

    nargs = 3

    @classmethod
    def eval(cls, x: sp.Expr, i: sp.Expr, heads: sp.Expr) -> sp.Expr | None:
        """Take a number out: the head of z/2 is half the head of z."""
        number, rest = x.as_coeff_Mul()
        return number * cls(rest, i, heads) if number != 1 else None


class Place(_Row):
    """v in the columns of head i, 0 elsewhere, in the shape of x: Place(v, x, i, heads)."""

    nargs = 4


class per_class(_Row):
    """A given number for each class: per_class(w_1, …, w_K)."""


class at_peak(_Unmoved):
    """1 at the first class where x is largest, else 0: the derivative of Peak."""


ROW_SCALARS = (Total, Peak, SparsePeak, MarginPairs, inverse_length)
"""Functions whose value is one number a row."""


def is_row_scalar(node: sp.Expr) -> bool:
    """Whether an expression is one number a row: its symbols stand inside row scalars only."""
    if isinstance(node, ROW_SCALARS):
        return True
    if isinstance(node, _Row):
        return False
    if isinstance(node, sp.Symbol):
        return bool(node == K)
    return all(is_row_scalar(argument) for argument in node.args)
