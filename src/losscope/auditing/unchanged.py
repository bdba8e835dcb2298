"""Statements that a change leaves alone: rewritten once, and used again in each changed program.

A repair changes one line of a loop or a function, and hundreds are tried.  What stands on the
other lines is rewritten to the same statements each time, and costs more than all the rest.
"""

from __future__ import annotations

import ast
from collections.abc import Set as AbstractSet

_SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr


class Made(ast.stmt):
    """Stands for a statement that is rewritten already."""

    made: list[ast.stmt]


class Unchanged:
    """Keeps rewritten statements, by the program's own ones."""

    def __init__(self) -> None:
        self._kept: dict[ast.stmt, list[ast.stmt]] = {}
        self._copies: dict[ast.stmt, ast.stmt] = {}  # of what is to be rewritten now
        self._new: list[tuple[ast.stmt, list[ast.stmt]]] = []
        self._lines: AbstractSet[int] = frozenset()

    def begin(self, lines: AbstractSet[int]) -> None:
        """Start with another program, in which some lines are changed."""
        self._lines = lines
        self._copies.clear()
        self._new.clear()

    def made_of(self, statement: ast.AST) -> Made | None:
        """Give what stands for a statement; None where it must be copied and rewritten."""
        if not isinstance(statement, _SIMPLE) or statement not in self._kept:
            return None
        if not self._is_left(statement):
            return None
        out = Made()
        out.made = self._kept[statement]
        return out

    def copied(self, old: ast.AST, new: ast.AST) -> None:
        """Note that a statement was copied, and that its copy is to be rewritten."""
        if isinstance(old, _SIMPLE) and isinstance(new, ast.stmt) and self._is_left(old):
            self._copies[new] = old

    def rewritten(self, statement: ast.stmt, result: list[ast.stmt]) -> None:
        """Note what a copied statement was rewritten to."""
        old = self._copies.get(statement)
        if old is not None:
            self._new.append((old, result))

    def end(self) -> None:
        """Keep what was rewritten, now that it is as it will be compiled."""
        for old, result in self._new:
            self._kept[old] = result
            for statement in result:
                vars(statement)["ls_kept"] = True

    def _is_left(self, statement: ast.stmt) -> bool:
        last = statement.end_lineno or statement.lineno
        return self._lines.isdisjoint(range(statement.lineno, last + 1))


def is_kept(node: ast.AST) -> bool:
    """Tell whether a statement was rewritten for an earlier program."""
    return "ls_kept" in vars(node)
