"""A derivation as a training program: the functions that a course writes by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from losscope.derivation.expressions import references
from losscope.derivation.printers import recover
from losscope.derivation.printers.lines import line
from losscope.derivation.printers.wrap import code_line
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.derivation.equations import Derivation, Equation
    from losscope.derivation.printers.frameworks import Framework


class Program:
    """Prints one derivation for one framework.

    Parameters
    ----------
    derivation : what is printed.
    framework : NumPy, PyTorch or JAX.
    blank : names of equations of the backward pass that a learner is to write.
    """

    def __init__(
        self, derivation: Derivation, framework: Framework, blank: Iterable[str] = ()
    ) -> None:
        self.derivation = derivation
        self.framework = framework
        self.rows = derivation.convention == "rows"
        self.depth = derivation.network.depth
        self.penalised = bool(derivation.l1 or derivation.l2)
        self.blank = _checked(derivation, tuple(blank))
        self._sources: dict[str, str] = {}

    def source(self, equation: Equation) -> str:
        """Right-hand side of an equation as code."""
        if equation.name not in self._sources:
            spelled = line(equation.runs, self.framework, rows=self.rows)
            self._sources[equation.name] = spelled
        return self._sources[equation.name]

    @property
    def last(self) -> str:
        """The name of the prediction, "A2"."""
        return f"A{self.depth}"

    @property
    def raw(self) -> str:
        """The name of the raw prediction, "Z2"."""
        return f"Z{self.depth}"

    @property
    def cost_reads_raw(self) -> bool:
        """Whether the cost is computed from Z, to be right where A has saturated."""
        return self.raw in references(self.derivation["J"].runs)

    @property
    def cost_arguments(self) -> list[str]:
        """What `compute_cost` takes besides A and Y."""
        weights = ["w"] if self.derivation.weighted else []
        return weights + (["parameters"] if self.penalised else [])

    @property
    def cost_call(self) -> str:
        """How the program calls `compute_cost` after a forward pass."""
        raw = [f'cache["{self.raw}"]'] if self.cost_reads_raw else []
        return f"compute_cost({', '.join([self.last, 'Y', *self.cost_arguments, *raw])})"

    @property
    def backward_call(self) -> str:
        """How the program calls `backward_propagation`."""
        weights = ", w" if self.derivation.weighted else ""
        return f"backward_propagation(parameters, cache, X, Y{weights})"

    # -- the functions ---------------------------------------------------------------------------

    def forward(self) -> list[str]:
        """X and parameters -> prediction and what the backward pass will need."""
        equations = self.derivation.phase("forward")
        lines = ["def forward_propagation(X, parameters):"]
        lines += [f'    """Return {self.last} and the arrays computed on the way."""']
        lines += self._unpack(equations, {"W": "parameters", "b": "parameters"})
        lines += self._equations(equations)
        lines += _returned(f"return {self.last}, ", "", [e.name for e in equations])
        return lines

    def cost(self) -> list[str]:
        """A and Y -> J, as a Python float."""
        equation = self.derivation["J"]
        arguments = [self.last, "Y", *self.cost_arguments]
        lines = []
        recovery = recover.code(self.derivation, self.framework)
        if self.cost_reads_raw:
            arguments.append(f"{self.raw}=None" if recovery else self.raw)
        lines.append(f"def compute_cost({', '.join(arguments)}):")
        lines += ['    """Return J as a Python float. No gradient below reads it."""']
        lines += self._unpack([equation], {"W": "parameters"})
        lines += self._examples([equation])
        if self.cost_reads_raw and recovery:
            lines += [f"    if {self.raw} is None:  # all that {self.last} still knows of it"]
            lines += [f"        {part}" for part in recovery]
        return [*lines, *self._equations([equation]), "    return float(J)"]

    def backward(self) -> list[str]:
        """The derivation's backward pass."""
        equations = self.derivation.phase("backward")
        call = self.backward_call
        lines = [f"def {call}:", '    """Return dZ, dW and db of every layer."""']
        own = {e.name for e in equations}
        homes = {"W": "parameters", "b": "parameters", "Z": "cache", "A": "cache"}
        lines += self._unpack(equations, homes, without=own)
        lines += self._examples(equations)
        lines += self._equations(equations)
        return [*lines, *_returned("return ", "", [e.name for e in equations])]

    def _equations(self, equations: list[Equation]) -> list[str]:
        lines: list[str] = []
        for equation in equations:
            if equation.name in self.blank:
                like = equation.name[1:]
                module = self.framework.module
                lines.append(
                    f"    {equation.name} = {module}.full_like({like}, {module}.nan)"
                    f"  # your turn: {shape(equation)}"
                )
                continue
            written = code_line(equation.name, self.source(equation))
            comment = self._comment(equation)
            if len(written) == 1 and len(f"{written[0]}  {comment}") <= 88:
                lines.append(f"{written[0]}  {comment}")
            else:
                lines += [f"    {comment}", *written]
        return lines

    def _comment(self, equation: Equation) -> str:
        """Shape of the result, and the identity a person would write where another one runs."""
        said = "#" if equation.name == "J" else f"# {shape(equation)}"
        if equation.name[:2] == "dZ" and equation.shown != equation.runs:
            pretty = line(equation.shown, self.framework, rows=self.rows)
            if len(pretty) < 72:
                said += f", = {pretty}"
        return said if said != "#" else f"# {equation.reason}"

    def _unpack(
        self, equations: list[Equation], homes: dict[str, str], without: Iterable[str] = ()
    ) -> list[str]:
        """Lines that fetch what the equations read from `parameters` and `cache`."""
        read = {name for e in equations for name in references(e.runs)}
        read |= {e.name[1:] for e in equations if e.name in self.blank}
        names = [n for n in read - set(without) - {"X", "Y", "w"} if n[0] in homes]
        if equations[0].name == "J":
            names = [n for n in names if n[0] == "W"]
        groups: dict[int, list[str]] = {}
        for name in sorted(names, key=lambda n: (int(n[1:]), "WbZA".index(n[0]))):
            groups.setdefault(int(name[1:]), []).append(name)
        lines = []
        for group in groups.values():
            values = [f'{homes[name[0]]}["{name}"]' for name in group]
            lines.append(f"    {', '.join(group)} = {', '.join(values)}")
        return lines

    def _examples(self, equations: list[Equation]) -> list[str]:
        """The line that defines m, where m is used."""
        written = [e for e in equations if e.name not in self.blank]
        used = any(re.search(r"\bm\b", self.source(e)) for e in written)
        of = "Y" if equations[0].name == "J" else "X"
        return [f"    m = {of}.shape[{0 if self.rows else 1}]"] if used else []


def shape(equation: Equation) -> str:
    """A shape as (m, 16)."""
    return f"({equation.shape[0]}, {equation.shape[1]})"


def _returned(start: str, end: str, names: list[str]) -> list[str]:
    """A dictionary of local names, broken over lines of fitting length."""
    pairs = [f'"{name}": {name}' for name in names]
    whole = f"    {start}{{{', '.join(pairs)}}}{end}"
    if len(whole) <= 88:
        return [whole]
    lines, current = [f"    {start}{{"], " " * 7
    for pair in pairs:
        if len(current) + len(pair) + 2 > 88:
            lines.append(current)
            current = " " * 7
        current += f" {pair},"
    return [*lines, current, f"    }}{end}"]


def _checked(derivation: Derivation, blank: tuple[str, ...]) -> tuple[str, ...]:
    known = [e.name for e in derivation.phase("backward")]
    for name in blank:
        if name not in known:
            raise LosscopeError(
                f"--blank: {name!r} is no equation of this backward pass; "
                f"choose from {', '.join(known)}"
            )
    return blank
