"""Letters for the parts of an equation on the page: heads, and what comes back in a long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from losscope.calculus.functions import Head, Place, Total
from losscope.calculus.pretty import PREDICTION, shortest
from losscope.derivation import notation
from losscope.derivation.equations import Named
from losscope.derivation.expressions import Pointwise, Ref
from losscope.derivation.printers.unicode import spell

if TYPE_CHECKING:
    from losscope.losses import Loss

LONG = 64
"""Characters from which an equation is a long one: it would fill more than one line of a screen."""
_POOL = ("S", "R", "Q", "U", "V")
_LEAST = 12


def for_heads(
    shown: Pointwise, loss: Loss, where: tuple[Named, ...] = ()
) -> tuple[Pointwise, tuple[Named, ...]]:
    """Each head by its letter: μ, s; after the letters that `shown` uses already."""
    heads = sorted(shown.formula.atoms(Head), key=lambda head: int(head.args[1]))
    if not heads:
        return shown, where
    called = notation.letters(loss)
    symbols = {head: sp.Symbol(called[int(head.args[1])], real=True) for head in heads}
    parts = (*shown.parts, *[(s, Ref(s.name)) for s in symbols.values()])
    named = [Named(s.name, Pointwise(head, shown.parts)) for head, s in symbols.items()]
    formula = shown.formula.replace(Place, lambda v, *where: Place(v.xreplace(symbols), *where))
    if not formula.has(Place):
        formula = formula.xreplace(symbols)
    return Pointwise(formula, parts), (*where, *named)


def through_softmax(
    shown: Pointwise, slope: sp.Expr, where: tuple[Named, ...]
) -> tuple[Pointwise, tuple[Named, ...]]:
    """A long gradient through softmax as A ∘ (G − Σₖ G ∘ A), with G = ∂ℓ/∂A, if that is shorter.

    Parameters
    ----------
    shown : the gradient, simplified.
    slope : ∂ℓ/∂a.
    where : letters that both may use.
    """
    whole = for_repeated(shown)
    if len(spell(shown)) <= LONG:
        return whole[0], (*where, *whole[1])
    inner, named = for_repeated(Pointwise(slope, shown.parts))
    g = sp.Symbol("G", real=True)
    parts = (*shown.parts, (g, Ref("G")))
    outer = Pointwise(PREDICTION * (g - Total(g * PREDICTION)), parts)
    factored = outer, (*where, *named, Named("G", inner))
    return min((whole[0], (*where, *whole[1])), factored, key=_length)


def _length(written: tuple[Pointwise, tuple[Named, ...]]) -> int:
    return len(spell(written[0])) + sum(len(spell(named.node)) + 10 for named in written[1])


def for_repeated(shown: Pointwise) -> tuple[Pointwise, tuple[Named, ...]]:
    """A letter for what a long formula repeats, as long as that shortens it."""
    named: list[Named] = []
    for letter in _POOL:
        if len(spell(shown)) <= LONG:
            break
        part = _worth_naming(shown)
        if part is None:
            break
        symbol = sp.Symbol(letter, real=True)
        node = Pointwise(part, shown.parts)
        formula = shortest(shown.formula.xreplace({part: symbol}))
        shown = Pointwise(formula, (*shown.parts, (symbol, Ref(letter))))
        named.append(Named(letter, node))
    return shown, tuple(named)


def _worth_naming(shown: Pointwise) -> sp.Expr | None:
    """The part whose letter saves most, or None."""
    counts: dict[sp.Expr, int] = {}
    for node in sp.preorder_traversal(shown.formula):
        if node.args and node.free_symbols and isinstance(node, sp.Expr):
            counts[node] = counts.get(node, 0) + 1
    best, saved = None, 0
    for node, count in counts.items():
        if count < 2 or node.has(Place):
            continue
        size = len(spell(Pointwise(node, shown.parts)))
        gain = (count - 1) * (size - 1) - 8
        if size >= _LEAST and gain > saved:
            best, saved = node, gain
    return best


__all__ = ["LONG", "for_heads", "for_repeated", "through_softmax"]
