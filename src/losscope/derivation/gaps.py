"""Which pairs of loss and output activation end in c (A − Y): found by derivation, not listed.

For each pair dℓ/dz is derived and divided by a − y at random points. Where that ratio is one
number everywhere, the number is made exact and the identity dℓ/dz = c (a − y) is proved
symbolically; a pair counts only when both hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW, K
from losscope.calculus.gradient import gradient
from losscope.calculus.pretty import PREDICTION, readable
from losscope.losses import Loss, get, names
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Sequence

_POINTS = 40


@dataclass(frozen=True)
class Gap:
    """A pair that ends in c (A − Y).

    Parameters
    ----------
    loss, output : the pair.
    constant : c, as it is written: "1", "2", "2 / K".
    digits : digits to which the ratio was the same at random points.
    matched : whether the output is the one that the loss is meant for.
    """

    loss: Loss
    output: str
    constant: str
    digits: int
    matched: bool


def pairs(losses: Sequence[str | Loss] = ()) -> list[tuple[Loss, str]]:
    """Every loss on every output activation on which it is defined."""
    chosen = [get(loss) for loss in losses] or [get(name) for name in names()]
    return [
        (loss, output)
        for loss in chosen
        for output in activations.names()
        if activations.get(output).output and loss.defined_on(output) and loss.heads == 1
        if not loss.score or output == "identity"
    ]


def find(losses: Sequence[str | Loss] = ()) -> list[Gap]:
    """Pairs that end in c (A − Y), the matched ones first."""
    found = [gap for loss, output in pairs(losses) if (gap := examine(loss, output))]
    return sorted(found, key=lambda gap: (not gap.matched, gap.loss.name, gap.output))


def examine(loss: Loss, output: str) -> Gap | None:
    """Return what one pair ends in, or None where it is no multiple of A − Y."""
    several = loss.vector or activations.get(output).vector
    sizes = (3, 4) if several else (1, 2)
    measured = [_ratio(loss, output, n) for n in sizes]
    if any(m is None for m in measured):
        return None
    (first, digits), (second, more) = (m for m in measured if m is not None)
    exact = [sp.nsimplify(value, rational=True, tolerance=1e-9) for value in (first, second)]
    if not all(_proved(loss, output, n, c) for n, c in zip(sizes, exact, strict=True)):
        return None
    constant = _in_outputs(exact, sizes)
    if constant is None:
        return None
    return Gap(loss, output, constant, min(digits, more), output == loss.output)


def _ratio(loss: Loss, output: str, n: int) -> tuple[float, int] | None:
    """The ratio of dℓ/dz and a − y, and to how many digits it is one number; None if it is not."""
    stream = np.random.default_rng(0)
    z = stream.normal(size=(_POINTS, n))
    y = loss.target.sample(stream, (_POINTS, n))
    symbol = loss.target_symbol(output)
    with np.errstate(all="ignore"):
        slope = np.broadcast_to(compiled(loss.slope(output, n), (RAW, symbol))(z, y), z.shape)
        a = compiled(activations.get(output).formula(RAW), (RAW,))(z)
        ratio = (slope / (a - y)).ravel()
    middle = float(np.median(ratio))
    if not np.all(np.isfinite(ratio)) or middle == 0.0:
        return None
    spread = float(np.max(np.abs(ratio / middle - 1.0)))
    return (middle, int(-np.log10(max(spread, 1e-16)))) if spread < 1e-9 else None


def _proved(loss: Loss, output: str, n: int, constant: sp.Expr) -> bool:
    """Whether dℓ/dz − c (a − y) is zero as an expression."""
    y = loss.target_symbol(output)
    slope = gradient(loss.in_raw(output, n), RAW).xreplace({K: sp.Integer(n)})
    activation = activations.get(output).formula(RAW)
    shown = readable(slope, RAW, activation)
    a = RAW if activation == RAW else PREDICTION
    return bool(sp.simplify(shown.xreplace({activation: a}) - constant * (a - y)) == 0)


def _in_outputs(values: list[sp.Expr], sizes: tuple[int, int]) -> str | None:
    """The constant as a number, or as a number over K."""
    if values[0] == values[1]:
        return str(values[0])
    shares = {value * size for value, size in zip(values, sizes, strict=True)}
    return f"{shares.pop()} / K" if len(shares) == 1 else None


def table(losses: Sequence[str] = ()) -> str:
    """The table for a terminal."""
    found = find(losses)
    tried = pairs(losses)
    lines = [
        "Pairs of loss and output activation whose derivation ends in dℓ/dz = c (A − Y),",
        "so that a confident mistake is corrected as fast as it is wrong.",
        "",
        f"   {'loss':<20} {'output':<10} {'c':<8} proved, and measured to",
    ]
    for gap in found:
        mark = "" if gap.matched else "   not its matched output"
        pair = f"{gap.loss.spelling:<20} {gap.output:<10} {gap.constant:<8}"
        lines.append(f"   {pair} {gap.digits} digits{mark}")
    lines += [
        "",
        f"{len(found)} of {len(tried)} pairs, each derived now; every other one has a factor that",
        "changes with z. K is the number of outputs; such a loss takes their mean.",
    ]
    return "\n".join(lines) + "\n"
