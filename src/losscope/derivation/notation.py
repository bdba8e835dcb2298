"""ℓ of one example as a textbook writes it.

The calculus names what it computes (`Head`, `Peak`, `Total`); a reader expects μ and s for two
heads, Σₖ y_k log a_k with its index, and max over the rivals k ≠ c of the true class c. Here a
formula is rewritten so. Nothing here is executed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import (
    Head,
    MarginPairs,
    Peak,
    SparsePeak,
    Total,
    frozen,
    per_class,
    relu,
    softmax,
    sparsemax,
    unit,
)
from losscope.calculus.pretty import PREDICTION

if TYPE_CHECKING:
    from losscope.losses import Loss

TARGET = sp.Symbol("y", real=True)
_INDICES = ("k", "j", "i")
_SCALARS = (Total, Peak, SparsePeak, MarginPairs)


class Over(sp.Function):  # type: ignore[misc]
    """Σ or max of a body over what its last argument says: Over(Σ, body, k ≠ c)."""

    is_real = True


class Norm(sp.Function):  # type: ignore[misc]
    """‖x‖ of a row."""

    is_positive = True


class Entry(sp.Function):  # type: ignore[misc]
    """One entry of a row: Entry(softmax(a), "k")."""

    is_real = True


def over(sign: str, body: sp.Expr, said: str) -> sp.Expr:
    """Σ or max of `body` over classes."""
    return Over(sp.Symbol(sign), body, sp.Symbol(said))


def letters(loss: Loss) -> tuple[str, ...]:
    """What the heads of a loss are called: its own letters, or a₁, a₂ and so on."""
    own = loss.letters
    return own if len(own) == loss.heads else tuple(f"a{'₁₂₃₄₅₆₇₈₉'[i]}" for i in range(loss.heads))


def of_example(loss: Loss) -> tuple[sp.Expr, tuple[str, ...]]:
    """ℓ(y, a) of one example, and what its letters are: "c the true class"."""
    formula = loss.formula(PREDICTION, TARGET)
    said: list[str] = []
    if formula.has(Head):
        named = letters(loss)
        formula = formula.replace(Head, lambda _x, i, _n: sp.Symbol(named[int(i)], real=True))
        said.append(f"a = [{', '.join(named)}]")
    if formula.has(frozen):
        formula = formula.replace(frozen, sp.Function("const"))
        said.append("const(…) is held constant while differentiating")
    reading = _Reading(one_hot=loss.vector and bool(getattr(loss.target, "one_hot", False)))
    found = reading.of(formula, 0)
    return found, (*said, *reading.said)


@dataclass
class _Reading:
    """One formula on its way; `said` gathers what must be said of its letters."""

    one_hot: bool
    said: dict[str, None] = field(default_factory=dict)

    def of(self, node: sp.Expr, level: int) -> sp.Expr:
        """A formula outside any sum: its row functions get an index."""
        match node:
            case Total(args=(x,)):
                return self.total(x, level)
            case Peak(args=(x,)):
                return self.peak(x, level)
            case SparsePeak(args=(x,)):
                self.said["p runs over all probabilities"] = None
                p = sp.Symbol(f"p_{_INDICES[level]}", real=True)
                inside = p * self.entry(x, level) - p**2 / 2
                total = over("Σ", sp.expand(inside), _INDICES[level])
                return over("max", sp.S.Half + total, "p")
            case MarginPairs(args=(x, y)):
                high, low = (_lettered(x, i) for i in "ij")
                pair = (1 - _lettered(y, "i")) * _lettered(y, "j") * relu(1 + high - low)
                return over("Σ", pair, "i,j")
        if not node.has(*_SCALARS, per_class):
            return node
        return node.func(*[self.of(part, level) for part in node.args])

    def total(self, x: sp.Expr, level: int) -> sp.Expr:
        """Σ over classes; with one-hot targets the term of the true class stands apart."""
        if self.one_hot and x.has(TARGET):
            true, rival = self.apart(x, level)
            return true + _sum(rival, f"{_INDICES[level]} ≠ c")
        return _sum(self.entry(x, level), _INDICES[level])

    def peak(self, x: sp.Expr, level: int) -> sp.Expr:
        """The largest over classes; with one-hot targets, of the true class and of its rivals."""
        if self.one_hot and x.has(TARGET):
            true, rival = self.apart(x, level)
            largest = _largest(rival, f"{_INDICES[level]} ≠ c")
            return relu(largest) if true == 0 else sp.Max(true, largest, evaluate=False)
        return _largest(self.entry(x, level), _INDICES[level])

    def apart(self, x: sp.Expr, level: int) -> tuple[sp.Expr, sp.Expr]:
        """What stands under a sum for the true class c and for another one."""
        self.said["c is the true class"] = None
        outer = {t: sp.Dummy(f"t{i}") for i, t in enumerate(sorted(x.atoms(*_SCALARS), key=str))}
        back = {dummy: self.of(total, level + 1) for total, dummy in outer.items()}
        flat = x.xreplace(outer)
        own, other = flat.xreplace({TARGET: sp.S.One}), flat.xreplace({TARGET: sp.S.Zero})
        return (
            self.letter(own, "c").xreplace(back),
            self.letter(other, _INDICES[level]).xreplace(back),
        )

    def entry(self, x: sp.Expr, level: int) -> sp.Expr:
        """What stands under a sum: letters with the index, inner sums with one of their own."""
        outer = {t: sp.Dummy(f"t{i}") for i, t in enumerate(sorted(x.atoms(*_SCALARS), key=str))}
        back = {dummy: self.of(total, level + 1) for total, dummy in outer.items()}
        return self.letter(x.xreplace(outer), _INDICES[level]).xreplace(back)

    def letter(self, x: sp.Expr, index: str) -> sp.Expr:
        """a_k for a and y_k for y."""
        for weights in x.atoms(per_class):
            shown = [f"{float(w):g}" for w in weights.args]
            shown = shown if len(shown) <= 8 else [*shown[:6], "…", shown[-1]]
            self.said[f"w = [{', '.join(shown)}]"] = None
        return _lettered(x, index)


def _lettered(x: sp.Expr, index: str) -> sp.Expr:
    if isinstance(x, unit):
        return _lettered(x.args[0], index) / Norm(x.args[0])
    if isinstance(x, softmax | sparsemax):
        return Entry(x, sp.Symbol(index))
    if isinstance(x, per_class):
        return sp.Symbol(f"w_{index}", real=True)
    if x in (PREDICTION, TARGET):
        return sp.Symbol(f"{x.name}_{index}", positive=x.is_positive, real=True)
    return x.func(*[_lettered(part, index) for part in x.args]) if x.args else x


def _sum(x: sp.Expr, said: str) -> sp.Expr:
    """Σ x, numbers and what does not vary drawn out."""
    inside: list[sp.Expr] = []
    outside: list[sp.Expr] = []
    for factor in sp.Mul.make_args(x):
        varies = any(s.name.endswith("_" + said[0]) for s in factor.free_symbols)
        (inside if varies or factor.has(Entry) else outside).append(factor)
    if not inside:
        inside, outside = [x], []
    return sp.S.Zero if x == 0 else sp.Mul(*outside, over("Σ", sp.Mul(*inside), said))


def _largest(x: sp.Expr, said: str) -> sp.Expr:
    """max x, terms that do not vary drawn out."""
    varying = [
        t
        for t in sp.Add.make_args(x)
        if any(s.name.endswith("_" + said[0]) for s in t.free_symbols)
    ]
    rest = sp.Add(*[t for t in sp.Add.make_args(x) if t not in varying])
    return rest + over("max", sp.Add(*varying), said)


__all__ = ["Entry", "Norm", "Over", "letters", "of_example"]
