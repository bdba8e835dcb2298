"""Compile a tried repair: no more than the function or the loop that it stands in.

What a tried repair is judged by are a few recorded values; where these are known beforehand,
nothing else is recorded in any function, and a pass runs nearly as fast as the program itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import CodeType

from losscope.auditing.instrument import Place
from losscope.auditing.program import Capture, Program
from losscope.auditing.step import Head, Mended, Step, codes_of, compile_program, pass_of
from losscope.auditing.unchanged import Unchanged

Codes = dict[tuple[str, int], CodeType]
_FAILS = (SyntaxError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Watched:
    """What a mended program records: all, what is assigned and returned, or some places only."""

    light: bool = False
    only: frozenset[Place] | None = None


class Mender:
    """Compiles a program as it is changed now, watched in one way."""

    def __init__(self, program: Program, captured: Capture, watched: Watched) -> None:
        self.program, self.captured, self.watched = program, captured, watched
        self.known: dict[int, bool] = {}
        self.unchanged = Unchanged()
        self.head = Head.of(captured.loop, captured.names)
        self.plain = Mended(captured.subject.step)
        if watched.only is not None:  # in every function, and in the pass itself
            everywhere = frozenset(range(1, len(program.source.lines) + 2))
            self.plain = self.mended(everywhere) or self.plain

    def mended(self, lines: AbstractSet[int]) -> Mended | None:
        """Compile what stands on some lines now; None where that is no program."""
        loop = self.captured.loop
        body = holding(self.program.source.tree.body, lines)
        self.unchanged.begin(lines)
        try:
            made = self.program.instrument(
                ast.Module(body, []),
                light=self.watched.light,
                only=self.watched.only,
                unchanged=self.unchanged,
            )
            made.tree.body = [node for node in made.tree.body if self._makes_code(node)]
            codes = codes_of(compile_program(made, self.program.filename)) if body else {}
            twin = next((x for x in made.loops if x.line == loop.line), None)
            step: Step = self.plain.step
            if twin is not None and any(loop.line <= n <= loop.last_line for n in lines):
                step = pass_of(twin, self.program.filename, self.head)
        except _FAILS:
            return None
        return Mended(step, {**self.plain.codes, **codes})

    def _makes_code(self, node: ast.stmt) -> bool:
        """Tell whether a statement holds functions, whose code other passes are to run."""
        if node.lineno not in self.known:
            kinds = ast.FunctionDef | ast.Lambda
            self.known[node.lineno] = any(isinstance(n, kinds) for n in ast.walk(node))
        return self.known[node.lineno]


def holding(body: Iterable[ast.stmt], lines: AbstractSet[int]) -> list[ast.stmt]:
    """List the statements that hold some lines; of a class, only the methods that do."""
    found = []
    for node in body:
        last = node.end_lineno or node.lineno
        if lines.isdisjoint(range(node.lineno, last + 1)):
            continue
        inner = holding(node.body, lines) if isinstance(node, ast.ClassDef) else []
        found.append(_with_body(node, inner) if isinstance(node, ast.ClassDef) and inner else node)
    return found


def _with_body(node: ast.ClassDef, body: list[ast.stmt]) -> ast.ClassDef:
    made = ast.ClassDef.__new__(ast.ClassDef)
    vars(made).update({**vars(node), "body": body})
    return made
