"""Rewriting a formula into a form that is right at any z.

The rules are general: they know σ, softmax, log, exp and their companions, and no loss. After
them no 1 − σ(z) is computed by subtraction, no log meets a number that has underflowed, and no
division by a vanishing probability appears.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from sympy import Add, Mul, Pow, cosh, exp, log

from losscope.calculus.functions import (
    Gap,
    Others,
    Peak,
    Total,
    UnitTarget,
    expm1,
    log1p,
    log1p_gap,
    log_copower,
    log_cosoftmax,
    log_softmax,
    logcosh,
    relu,
    sigmoid,
    softmax,
    softplus,
    sparsemax,
    sqrt1pm1,
    step,
    sum3,
    tanh,
    xexp,
)


def complement(probability: sp.Expr) -> sp.Expr:
    """1 − p without subtracting: σ(−u) for σ(u), the sum of the other classes for softmax."""
    if isinstance(probability, sigmoid):
        return sigmoid(-probability.args[0])
    return Others(probability)


@lru_cache(maxsize=4096)
def stabilise(expression: sp.Expr) -> sp.Expr:
    """Rewrite `expression` bottom-up by the rules of this module; the value does not change."""
    if not expression.args:
        return expression
    if isinstance(expression, sp.Piecewise):
        return sp.Piecewise(*[(stabilise(e), stabilise(c)) for e, c in expression.args])
    rebuilt = expression.func(*[stabilise(argument) for argument in expression.args])
    for rule in _RULES.get(rebuilt.func, ()):
        rewritten = rule(rebuilt)
        if rewritten is not None and rewritten != rebuilt:
            return stabilise(rewritten)
    return rebuilt


def _log_rules(node: sp.Expr) -> sp.Expr | None:
    (u,) = node.args
    if isinstance(u, sigmoid):
        return -softplus(-u.args[0])
    if isinstance(u, softmax):
        return log_softmax(u.args[0])
    if isinstance(u, Others) and isinstance(u.args[0], softmax):
        return log_cosoftmax(u.args[0].args[0])
    if isinstance(u, cosh):
        return logcosh(u.args[0])
    power = _sigmoid_power(-u)
    if power is not None:
        return log_copower(*power)
    if isinstance(u, exp):
        return u.args[0]
    if isinstance(u, Pow) and u.base.is_positive:
        return u.exp * log(u.base)
    if isinstance(u, Mul) and all(f.is_positive for f in u.args):
        return Add(*[log(f) for f in u.args])
    if isinstance(u, Add) and sp.S.One in u.args:
        rest = u - 1
        return softplus(rest.args[0]) if isinstance(rest, exp) else log1p(rest)
    return None


def _sigmoid_power(node: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """(x, q) when `node` is expm1(q log σ(x)), that is σ(x)^q − 1."""
    if not isinstance(node, expm1):
        return None
    coefficient, rest = node.args[0].as_coeff_Mul()
    factors = [f for f in Mul.make_args(rest) if isinstance(f, softplus)]
    if len(factors) != 1:
        return None
    power = -coefficient * _without(rest, factors[0])
    return None if power.is_number and power < 0 else (-factors[0].args[0], power)


def _add_rules(node: sp.Expr) -> sp.Expr | None:
    return (
        _complement_rule(node)
        or _power_complement_rule(node)
        or _target_rule(node)
        or _minus_one_rule(node)
        or _tanh_rule(node)
        or _log1p_rule(node)
    )


def _terms(node: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
    """Split a sum into (coefficient, rest) pairs."""
    return [term.as_coeff_Mul() for term in node.args]


def _complement_rule(node: sp.Expr) -> sp.Expr | None:
    """C − c p → c (1 − p) with the complement computed, not subtracted."""
    constant = node.as_coeff_Add()[0]
    if constant == 0:
        return None
    for coefficient, rest in _terms(node):
        if isinstance(rest, sigmoid | softmax) and coefficient == -constant:
            return node - constant - coefficient * rest + constant * complement(rest)
    return None


def _power_complement_rule(node: sp.Expr) -> sp.Expr | None:
    """C − c p^q → −c expm1(q log p)."""
    constant = node.as_coeff_Add()[0]
    if constant == 0:
        return None
    for coefficient, rest in _terms(node):
        if (
            isinstance(rest, Pow)
            and isinstance(rest.base, sigmoid | softmax)
            and coefficient == -constant
        ):
            grown = expm1(rest.exp * stabilise(log(rest.base)))
            return node - constant - coefficient * rest - constant * grown
    return None


def _target_rule(node: sp.Expr) -> sp.Expr | None:
    """C p − c y → c Gap(p, y) for a target in [0, 1]."""
    terms = {rest: coefficient for coefficient, rest in _terms(node)}
    targets = [rest for rest in terms if isinstance(rest, UnitTarget)]
    for y in targets:
        weight = terms[y]
        for rest, coefficient in terms.items():
            if isinstance(rest, sigmoid | softmax | sparsemax) and coefficient == -weight:
                return node - coefficient * rest - weight * y + coefficient * Gap(rest, y)
    return None


@lru_cache(maxsize=1024)
def spell_gaps(expression: sp.Expr) -> sp.Expr:
    """Write each p − y as p (1 − y) − (1 − p) y, which is exact for targets 0 and 1."""
    return expression.replace(Gap, lambda p, y: p * (1 - y) - complement(p) * y)


def _minus_one_rule(node: sp.Expr) -> sp.Expr | None:
    """e^u − 1 → expm1(u) and √(1 + x) − 1 → sqrt1pm1(x)."""
    constant = node.as_coeff_Add()[0]
    if constant == 0:
        return None
    for coefficient, rest in _terms(node):
        if coefficient != -constant:
            continue
        if isinstance(rest, exp):
            return node - constant - coefficient * rest + coefficient * expm1(rest.args[0])
        if isinstance(rest, Pow) and rest.exp == sp.S.Half and isinstance(rest.base, Add):
            inner = rest.base - 1
            if rest.base.as_coeff_Add()[0] == 1:
                return node - constant - coefficient * rest + coefficient * sqrt1pm1(inner)
    return None


def _tanh_rule(node: sp.Expr) -> sp.Expr | None:
    """C − c tanh²(u) → 4 c σ(2u) σ(−2u)."""
    constant = node.as_coeff_Add()[0]
    if constant == 0:
        return None
    for coefficient, rest in _terms(node):
        if isinstance(rest, Pow) and isinstance(rest.base, tanh) and rest.exp == 2:
            if coefficient != -constant:
                continue
            u = rest.base.args[0]
            bell = 4 * constant * sigmoid(2 * u) * sigmoid(-2 * u)
            return node - constant - coefficient * rest + bell
    return None


def _log1p_rule(node: sp.Expr) -> sp.Expr | None:
    """C x − c log1p(x) → c log1p_gap(x)."""
    for coefficient, rest in _terms(node):
        for logarithm in (f for f in Mul.make_args(rest) if isinstance(f, log1p)):
            x = logarithm.args[0]
            scale = -coefficient * _without(rest, logarithm)
            if scale * x in node.args:
                return node - scale * x + scale * logarithm + scale * log1p_gap(x)
    return None


def _without(product: sp.Expr, factor: sp.Expr) -> sp.Expr:
    """A product less one of its factors; dividing by e^u would not always cancel."""
    return Mul(*[f for f in Mul.make_args(product) if f != factor])


def _mul_rules(node: sp.Expr) -> sp.Expr | None:
    """[u > 0] max(0, u)^n → max(0, u)^n, and x e^u → xexp(x, u) where x may vanish."""
    for factor in node.args:
        if isinstance(factor, step):
            ramp = relu(factor.args[0])
            if any(f == ramp or (f.is_Pow and f.base == ramp) for f in node.args):
                return _without(node, factor)
    grown = [f for f in node.args if isinstance(f, exp) and f.free_symbols]
    if grown:
        number, rest = _without(node, grown[0]).as_coeff_Mul()
        if rest.free_symbols and not rest.is_positive:
            return number * xexp(rest, grown[0].args[0])
    return None


def _pow_rules(node: sp.Expr) -> sp.Expr | None:
    """1 / (1 + e^−u) → σ(u)."""
    base, power = node.args
    if power == -1 and isinstance(base, Add) and base.as_coeff_Add()[0] == 1:
        rest = base - 1
        if isinstance(rest, exp):
            return sigmoid(-rest.args[0])
    return None


def _exact_sum_rule(node: sp.Expr) -> sp.Expr | None:
    """f(c + x − Σ y x) → f(sum3(c, x, −Σ y x)): a margin of labels is a sum of given numbers."""
    (u,) = node.args
    if not isinstance(u, Add) or len(u.args) < 3 or not u.has(Total):
        return None
    parts: list[list[sp.Expr]] = [[], [], []]
    for term in u.args:
        rest = term.as_coeff_Mul()[1]
        known = term.is_number or (rest.is_Symbol and rest.name == "y")
        parts[0 if known else 2 if isinstance(rest, Total) else 1].append(term)
    return node.func(sum3(*[Add(*part) for part in parts])) if all(parts) else None


_RULES = {
    log: (_log_rules,),
    Add: (_add_rules,),
    Mul: (_mul_rules,),
    Pow: (_pow_rules,),
    relu: (_exact_sum_rule,),
    Peak: (_exact_sum_rule,),
}

__all__ = ["complement", "spell_gaps", "stabilise"]
