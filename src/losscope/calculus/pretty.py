"""The form for the page: a gradient in the letters a, y and z, as short as it gets.

`stabilise` writes what must run; here the same thing is written as a person would, with 1 − a for
σ(−z) and a − y for a (1 − y) − (1 − a) y. Both are the same function; a test holds that.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from losscope.calculus.functions import (
    Gap,
    K,
    Others,
    Peak,
    SimplexTarget,
    Total,
    _Row,
    copower_slope,
    expm1,
    frozen,
    is_row_scalar,
    log1p_gap,
    log_copower,
    log_cosoftmax,
    log_softmax,
    odds_mix,
    relu,
    sigmoid,
    softmax,
    softplus,
    sqrt1pm1,
    sum3,
    tanh,
    unit,
    xexp,
)

PREDICTION = sp.Symbol("a", positive=True)
"""The prediction a, as it is printed."""


@lru_cache(maxsize=2048)
def readable(expr: sp.Expr, z: sp.Symbol, activation: sp.Expr) -> sp.Expr:
    """Write `expr` with a for the output activation of z and simplify it.

    Parameters
    ----------
    expr : a stable expression in z and the target.
    z : the raw prediction.
    activation : the output activation as an expression of z, such as `sigmoid(z)`.
    """
    a = PREDICTION
    shown = _plainly(expr)
    table = {
        log_softmax(z): sp.log(a),
        log_cosoftmax(z): sp.log(1 - a),
        softmax(z): a,
    }
    if activation == sigmoid(z):
        table |= {
            softplus(-z): -sp.log(a),
            softplus(z): -sp.log(1 - a),
            sigmoid(z): a,
            sigmoid(-z): 1 - a,
        }
    elif activation == sp.exp(z):
        table |= {softplus(z): sp.log(1 + a), sigmoid(z): a / (1 + a), sigmoid(-z): 1 / (1 + a)}
        shown = shown.replace(sp.exp, lambda u: a ** (u / z) if (u / z).is_number else sp.exp(u))
    elif activation not in (z, softmax(z)):
        table[activation] = a
    shown = shown.xreplace(table)
    shown = shown.replace(expm1, lambda x: sp.exp(x) - 1)
    shown = shown.replace(sqrt1pm1, lambda x: sp.sqrt(1 + x) - 1)
    return shortest(shown.replace(Total, _linear_total)).replace(_target_leads, _turned)


def _target_leads(node: sp.Expr) -> bool:
    """Whether a node is (y − a)^n with n odd, which reads better as −(a − y)^n."""
    if not (node.is_Pow and node.base.is_Add and node.exp.is_Integer and node.exp.is_odd):
        return False
    signs = {term.as_coeff_Mul()[1]: term.as_coeff_Mul()[0] for term in node.base.args}
    targets = [c for rest, c in signs.items() if rest.is_Symbol and rest.name == "y"]
    others = [c for rest, c in signs.items() if not (rest.is_Symbol and rest.name == "y")]
    return bool(targets) and targets[0] > 0 and all(c < 0 for c in others)


def _turned(power: sp.Pow) -> sp.Expr:
    return -((-power.base) ** power.exp)


def _plainly(expr: sp.Expr) -> sp.Expr:
    """Without the functions that are there for their digits: x e^u for xexp(x, u)."""
    shown = expr.replace(Gap, lambda p, y: p - y).replace(sum3, sp.Add)
    shown = shown.replace(frozen, lambda x: x).replace(xexp, lambda x, u: x * sp.exp(u))
    shown = shown.replace(odds_mix, _odds_mix).replace(Others, _others)
    shown = shown.replace(copower_slope, _copower_slope)
    shown = shown.replace(log1p_gap, lambda x: x - sp.log(1 + x))
    shown = shown.replace(log_copower, lambda x, q: sp.log(1 - sigmoid(x) ** q))
    shown = shown.replace(Peak, _peak)
    if shown.has(unit):
        shown = shown.replace(Total, _total_of_units)
    return shown


def _peak(x: sp.Expr) -> sp.Expr:
    """max (x + c) as c + max x, with c the same for all classes."""
    terms = sp.Add.make_args(x)
    fixed = [term for term in terms if is_row_scalar(term)]
    return sp.Add(*fixed) + Peak(x - sp.Add(*fixed)) if len(fixed) < len(terms) else Peak(x)


def _total_of_units(x: sp.Expr) -> sp.Expr:
    """Σ of a sum as a sum of Σ; the squares of x/‖x‖ add to 1."""
    terms = sp.Add.make_args(sp.expand(x))
    return sp.Add(*[_unit_square(term) for term in terms])


def _unit_square(term: sp.Expr) -> sp.Expr:
    number, rest = term.as_coeff_Mul()
    squared = rest.is_Pow and rest.exp == 2 and isinstance(rest.base, unit)
    return number if squared else Total(term)


def _copower_slope(x: sp.Expr, q: sp.Expr) -> sp.Expr:
    p = sigmoid(x)
    return q * sigmoid(-x) * p**q / (1 - p**q)


def in_prediction(slope: sp.Expr, activation: sp.Expr, z: sp.Symbol) -> sp.Expr:
    """Write the slope of a hidden activation with a for what the forward pass has computed."""
    a = PREDICTION
    if activation == sigmoid(z):
        return slope.xreplace({sigmoid(z): a, sigmoid(-z): 1 - a})
    if activation == tanh(z):
        return slope.xreplace({4 * sigmoid(2 * z) * sigmoid(-2 * z): 1 - a**2})
    if activation == relu(z):
        return slope.xreplace({z: a})  # a > 0 exactly where z > 0
    return slope if activation == z else slope.xreplace({activation: a})


def shortest(expr: sp.Expr) -> sp.Expr:
    """The shortest of a few equivalent forms."""
    if _one_choice(expr):
        expr = sp.piecewise_fold(expr)
    if isinstance(expr, sp.Piecewise):
        return sp.Piecewise(*[(shortest(e), c) for e, c in expr.args])
    expr = expr.replace(lambda e: isinstance(e, Total), lambda e: Total(shortest(e.args[0])))
    expanded = sp.expand(expr)
    forms = [expr, expanded, sp.factor_terms(expanded)]
    forms.append(sp.factor(expanded))
    if expr.has(sp.log):
        forms.append(sp.collect(expanded, list(expanded.atoms(sp.log))))
        forms.extend(_collected(expanded))
    return min(forms, key=_length)


def _one_choice(expr: sp.Expr) -> bool:
    """Whether all cases of an expression hang on one condition, outside any row function."""
    cases = expr.atoms(sp.Piecewise)
    inside = any(row.has(sp.Piecewise) for row in expr.atoms(_Row))
    return len({tuple(c for _, c in each.args) for each in cases}) == 1 and not inside


def _collected(expr: sp.Expr) -> list[sp.Expr]:
    """Forms grouped by y and 1 − y, as losses of two classes are written."""
    targets = [s for s in expr.free_symbols if s.name in ("y", "Y")]
    if len(targets) != 1 or expr.has(Total):
        return []
    (y,) = targets
    if sp.degree(expr, y) != 1 if expr.is_polynomial(y) else True:
        return []
    one, zero = (_by_logarithms(sp.factor(expr.subs(y, label))) for label in (1, 0))
    return [y * one + (1 - y) * zero]


def _by_logarithms(product: sp.Expr) -> sp.Expr:
    """Each sum in a product as x + y log u: a − 2 (1 − a) log(1 − a)."""
    factors = []
    for factor in sp.Mul.make_args(product):
        logs = list(factor.atoms(sp.log))
        several = factor.is_Add and logs
        factors.append(sp.collect(factor, logs, func=sp.factor) if several else factor)
    return sp.Mul(*factors)


def _length(expr: sp.Expr) -> tuple[int, int]:
    return (int(sp.count_ops(expr)), len(str(expr)))


def _others(x: sp.Expr) -> sp.Expr:
    if isinstance(x, softmax):
        return 1 - x
    return Total(x) - x


def _odds_mix(v: sp.Expr, z: sp.Expr) -> sp.Expr:
    p = softmax(z)
    odds = v * p / (1 - p)
    return p * (Total(odds) - odds)


def _linear_total(x: sp.Expr) -> sp.Expr:
    """Σ (u + v) as Σ u + Σ v where that shortens: Σ y = 1, Σ 1 = K."""
    terms = sp.Add.make_args(sp.expand(x))
    whole = Total(sp.factor_terms(x))
    if any(isinstance(term, SimplexTarget) or not term.free_symbols - {K} for term in terms):
        return sp.Add(*[Total(term) for term in terms])
    return whole


__all__ = ["PREDICTION", "in_prediction", "readable", "shortest"]
