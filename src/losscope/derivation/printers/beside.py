"""One example's equations beside those of the batch, as course slides show them."""

from __future__ import annotations

from functools import partial

from losscope.derivation.equations import Derivation, Equation, Named, Reading
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)
from losscope.derivation.printers.text import WIDTH, verdict, where_lines
from losscope.derivation.printers.unicode import spell
from losscope.derivation.printers.wrap import text_lines

_COLUMN = 38


def one_example(derivation: Derivation) -> list[Equation]:
    """The equations of a single example: x, z, a, dz in small letters, no sum and no 1/m."""
    from losscope.derivation.derive import derive

    d = derivation
    alone = derive(
        d.network,
        d.loss,
        l2=d.l2,
        l1=d.l1,
        sample_weight=d.weighted,
        reduction="sum",
        convention=d.convention,
    )
    return [
        Equation(
            _small(e.name),
            (1 if e.shape[0] == "m" else e.shape[0], 1 if e.shape[1] == "m" else e.shape[1]),
            _alone(e.runs),
            e.reason,
            e.phase,
            partial(_read_alone, e),
        )
        for e in alone.equations
        if e.name != "J"
    ]


def _read_alone(equation: Equation) -> Reading:
    letters = (Named(_small(named.name), _alone(named.node)) for named in equation.where)
    return Reading(_alone(equation.shown), tuple(letters))


def beside(derivation: Derivation) -> str:
    """Two columns: one example, all m examples."""
    batch = [e for e in derivation.equations if e.name != "J"]
    lines = [f"{'one example':<{_COLUMN}}all m examples"]
    phase = ""
    for one, many in zip(one_example(derivation), batch, strict=True):
        if many.phase != phase:
            phase = many.phase
            lines.append(phase)
        left = f"  {one.name} = {spell(one.shown)}"
        right = f"{many.name} = {spell(many.shown)}"
        short = len(left) < _COLUMN - 1 and len(right) <= WIDTH - _COLUMN
        if short and not many.where:
            lines.append(f"{left:<{_COLUMN}}{right}")
        else:
            lines += text_lines(left, WIDTH, indent=" " * 8)
            lines += where_lines(one, " " * 10)
            lines += text_lines(" " * 10 + right, WIDTH, indent=" " * 16)
            lines += where_lines(many, " " * 18)
    lines.append(verdict([derivation]))
    return "\n".join(lines) + "\n"


def _small(name: str) -> str:
    """Z2 -> z2, dZ2 -> dz2; parameters keep their capitals."""
    keeps = name.lstrip("d")[0] in "Wb"
    return name if keeps else name.lower()


def _alone(node: Node) -> Node:
    match node:
        case Ref(name):
            return Ref(_small(name))
        case MatMul(left, right):
            return MatMul(_alone(left), _alone(right))
        case Transpose(of):
            return Transpose(_alone(of))
        case SumOverExamples(of) | SumAll(of):
            return _alone(of)
        case Pointwise(formula, parts):
            return Pointwise(formula, tuple((s, _alone(p)) for s, p in parts))
