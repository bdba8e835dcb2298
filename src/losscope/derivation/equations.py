"""What a derivation is: equations with their shapes and reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from losscope.derivation.check import Check
    from losscope.derivation.expressions import Node
    from losscope.losses import Loss
    from losscope.network import Network

Size = str | int


@dataclass(frozen=True)
class Named:
    """A letter that an equation on the page uses, and what it stands for."""

    name: str
    node: Node


@dataclass(frozen=True)
class Reading:
    """An expression as a person writes it, and the letters that it uses."""

    node: Node
    where: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Equation:
    """One line of the program.

    Parameters
    ----------
    name : the array it computes, "dZ2".
    shape : its shape; "m" is the number of examples.
    runs : the expression that is executed, right at any z.
    reason : the rule that gave it.
    phase : "forward", "cost", "backward" or "update".
    reader : finds the same as a person writes it, where that is something else. A search for the
        shortest form takes longer than the rest of a derivation: it is made when it is asked for.
    """

    name: str
    shape: tuple[Size, Size]
    runs: Node
    reason: str
    phase: str
    reader: Callable[[], Reading] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def reading(self) -> Reading:
        """What a person reads: the expression and its letters."""
        return Reading(self.runs) if self.reader is None else self.reader()

    @property
    def shown(self) -> Node:
        """The expression as a person writes it."""
        return self.reading.node

    @property
    def where(self) -> tuple[Named, ...]:
        """Letters that `shown` uses; each may use those before it."""
        return self.reading.where

    def text(self) -> str:
        """Right-hand side in Unicode, its letters explained: "(P − Y) / m, where P = σ(Z2 / 2)"."""
        from losscope.derivation.printers.unicode import Unicode, spell
        from losscope.derivation.printers.where import clauses

        said = ", ".join(clauses(self.where, Unicode))
        return spell(self.shown) + (f", where {said}" if said else "")

    def latex(self) -> str:
        """The whole equation in LaTeX."""
        from losscope.derivation.printers.latex import equation

        return equation(self)

    def mathml(self) -> str:
        """The whole equation as a MathML element."""
        from losscope.derivation.printers.mathml import equation

        return equation(self)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        return self.mathml()


@dataclass(frozen=True)
class Derivation:
    """Forward pass, cost and backward pass of one network under one loss.

    Made by `losscope.derive`. The equations stand in the order in which they run.
    """

    network: Network
    loss: Loss
    equations: tuple[Equation, ...]
    convention: str = "rows"
    l2: float = 0.0
    l1: float = 0.0
    weighted: bool = False
    reduction: str = "mean"
    notes: tuple[str, ...] = field(default=())
    label: str = ""

    @property
    def called(self) -> str:
        """What the loss was called by whoever asked for it."""
        return self.label or self.loss.spelling

    def __getitem__(self, name: str) -> Equation:
        for equation in self.equations:
            if equation.name == name:
                return equation
        raise KeyError(name)

    def check(self) -> Check:
        """Prove the equations numerically on random data, independently of how they were derived.

        Returns
        -------
        Check : whether they are right, to how many digits, and which are not.
        """
        from losscope.derivation.check import check

        return check(self)

    def phase(self, phase: str) -> list[Equation]:
        """Equations of one phase, in order."""
        return [equation for equation in self.equations if equation.phase == phase]

    def text(self) -> str:
        """The derivation for a terminal."""
        from losscope.derivation.printers.text import screen

        return screen([self])

    def latex(self) -> str:
        """The derivation in LaTeX, an `align*` environment."""
        from losscope.derivation.printers.latex import align

        return align(self)

    def mathml(self) -> str:
        """The derivation as an HTML table of MathML equations."""
        from losscope.derivation.printers.mathml import table

        return table(self)

    def numpy(self, blank: Sequence[str] = ()) -> str:
        """NumPy source that runs by itself; equations named in `blank` are left to a learner."""
        from losscope.derivation.printers.numpy import program

        return program(self, blank)

    def torch(self, blank: Sequence[str] = ()) -> str:
        """PyTorch source that runs by itself, without autograd."""
        from losscope.derivation.printers.torch import program

        return program(self, blank)

    def jax(self, blank: Sequence[str] = ()) -> str:
        """JAX source that runs by itself, without `grad`."""
        from losscope.derivation.printers.jax import program

        return program(self, blank)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        return self.mathml()

    def __str__(self) -> str:
        return self.text()


def differing(derivations: Sequence[Derivation]) -> list[str]:
    """Names of the equations that are not the same in all of the derivations."""
    names = list(dict.fromkeys(e.name for d in derivations for e in d.equations))
    return [name for name in names if _differs([_get(d, name) for d in derivations])]


def _differs(equations: Sequence[Equation | None]) -> bool:
    """Whether they run, or read, differently; what runs is known already."""
    if len({e and e.runs for e in equations}) > 1:
        return True
    return len({e and e.shown for e in equations}) > 1


def _get(derivation: Derivation, name: str) -> Equation | None:
    return next((e for e in derivation.equations if e.name == name), None)
