"""The factor and the offset between a framework's reduced loss and ours."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.losses.arithmetic import evaluate, pretty, tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from losscope.losses.base import Loss
    from losscope.losses.dialects import Dialect


def factor_of(
    dialect: Dialect | None, loss: Loss, settings: Mapping[str, Any], reduction: str, *, slope: bool
) -> tuple[float, int]:
    """Their reduced value is number × K**power × ours reduced likewise (over rows)."""
    if dialect is None:
        return 1.0, 0
    formula = (dialect.slope or dialect.factor) if slope else dialect.factor
    names = {**settings, **loss.parameters}
    at_one, at_two = (float(evaluate(formula, {**names, "K": k})) for k in (1, 2))
    power = round(float(np.log2(at_two / at_one)))
    unit = dialect.unit or ("row" if loss.vector else dialect.at.unit)
    if unit == "elements":
        whole = reduction in ("sum", "batchmean")
        power += (0 if loss.vector else 1) if whole else (-1 if loss.vector else 0)
    return at_one, power


def offset_of(
    dialects: tuple[Dialect | None, Dialect],
    loss: Loss,
    settings: tuple[Mapping[str, Any], Mapping[str, Any]],
    scale: tuple[float, int],
) -> str:
    """asked − factor · theirs, as a formula of y for the reader."""
    mine, theirs = (dialect.offset if dialect else "0" for dialect in dialects)
    factor, power = scale
    y = np.array([0.5, 1.5, 2.5])
    at = [
        evaluate(formula, {**names, **loss.parameters, "y": y, "K": 2})
        for formula, names in zip((mine, theirs), settings, strict=True)
    ]
    if np.allclose(at[0], factor * 2**power * at[1], rtol=1e-9, atol=1e-5):  # guards' 1e-7 apart
        return "0"
    letters = {name: p.symbol for name, p in loss.declared_parameters().items()}
    parts = [] if mine == "0" else [pretty(mine, letters)]
    if theirs != "0":
        number, inside = _drawn_out(theirs)
        times = scale_text(factor * number[0], power + number[1])
        shown = f"− {'' if times == '1' else times + ' '}({pretty(inside, letters)})"
        parts.append(shown.replace("− (−1)", "+ 1"))
    return " ".join(parts)


def _drawn_out(formula: str) -> tuple[tuple[float, int], str]:
    """The number (and K) before a bracket: "K*(y - 1)" is ((1, 1), "y - 1")."""
    match tree(formula):
        case ast.BinOp(left=ast.Name(id="K"), op=ast.Mult(), right=inside):
            return (1.0, 1), ast.unparse(inside)
        case ast.BinOp(
            left=ast.Constant(value=int() | float() as number), op=ast.Mult(), right=inside
        ):
            return (float(number), 0), ast.unparse(inside)
    return (1.0, 0), formula


def scale_text(factor: float, power: int) -> str:
    """2, 1/3, 0.123, 2 K, K/2."""
    near = Fraction(factor).limit_denominator(1000)
    exact = abs(float(near) - factor) <= 4e-16 * abs(factor)
    above, below = (str(near.numerator), near.denominator) if exact else (f"{factor:.10g}", 1)
    k = {0: "", 1: "K", -1: "K", 2: "K²", -2: "K²"}.get(power, f"K^{abs(power)}")
    if power > 0:
        above = k if above == "1" else f"{above} {k}"
    bottom = [str(below)] * (below != 1) + [k] * (power < 0)
    if not bottom:
        return above
    return f"{above}/{bottom[0]}" if len(bottom) == 1 else f"{above}/({' '.join(bottom)})"


__all__ = ["factor_of", "offset_of", "scale_text"]
