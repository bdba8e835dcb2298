"""What the letters of an equation stand for, as the clauses that follow its "where"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.calculus.functions import Head
from losscope.derivation.expressions import Pointwise
from losscope.derivation.printers.written import Written, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.derivation.equations import Named


def clauses(where: Sequence[Named], spelling: type[Written]) -> list[str]:
    """For heads "A2 = [μ, s]", for a part "S = max(0, A2 − 0.05)"."""
    heads = [named for named in where if _is_head(named)]
    found = []
    for named in where:
        if named not in heads:
            found.append(f"{spelling.array(named.name)} = {spelled(named.node, spelling)}")
        elif named == heads[0]:
            names = ", ".join(spelling.array(head.name) for head in heads)
            found.append(f"{spelled(_headed(named), spelling)} = [{names}]")
    return found


def _is_head(named: Named) -> bool:
    return isinstance(named.node, Pointwise) and isinstance(named.node.formula, Head)


def _headed(named: Named) -> Pointwise:
    """What is split into heads."""
    assert isinstance(named.node, Pointwise)
    return Pointwise(named.node.formula.args[0], named.node.parts)


__all__ = ["clauses"]
