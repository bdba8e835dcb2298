"""A change to a program's tree that can be made and taken back."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Edit:
    """One suspected cause: the finding's code, the line, and how to make the change."""

    code: str
    line: int
    make: Callable[[], None]
    take_back: Callable[[], None]
    statement: ast.stmt | None = None  # what to show as the changed line
    note: str = ""
    other_line: int = 0  # a second line that matters (where a value is read too late)
    old_text: str = field(default="", init=False)
    new_text: str = field(default="", init=False)
    cost: int = 1  # how bold the change is: a plain one is preferred

    def __enter__(self) -> Self:
        if self.statement is not None:
            self.old_text = written(self.statement)
        self.make()
        if self.statement is not None:
            self.new_text = written(self.statement)
        return self

    def __exit__(self, *exc: object) -> None:
        self.take_back()


def written(statement: ast.stmt) -> str:
    """Write the first line of a statement; a lambda's as it was written."""
    if isinstance(statement, ast.Return) and statement.value is not None:
        head = vars(statement).get("ls_lambda", "")
        if head:
            return f"{head}{ast.unparse(statement.value)}"
    return ast.unparse(statement).splitlines()[0]


def replace(  # noqa: PLR0917 - the parts of one record
    code: str, statement: ast.stmt, slot: Slot, new: ast.expr, note: str = "", cost: int = 1
) -> Edit:
    """Make an edit that puts another expression into one slot."""
    old = slot.get()
    _place(new, old, statement)
    return Edit(
        code,
        old.lineno,
        lambda: slot.put(new),
        lambda: slot.put(old),
        statement,
        note,
        cost=cost,
    )


def _place(new: ast.expr, old: ast.expr, statement: ast.stmt) -> None:
    """Give what is new the place of what is old; parts of the statement keep their own lines."""
    own = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    for node in ast.walk(new):
        if getattr(node, "lineno", 0) not in own:
            ast.copy_location(node, old)


def replace_all(
    code: str, statement: ast.stmt, where: list[Slot], news: list[ast.expr], note: str = ""
) -> Edit:
    """Make an edit that puts other expressions into several slots at once."""
    olds = [slot.get() for slot in where]
    for new, old in zip(news, olds, strict=True):
        _place(new, old, statement)

    def put(items: list[ast.expr]) -> None:
        for slot, item in zip(where, items, strict=True):
            slot.put(item)

    return Edit(code, statement.lineno, lambda: put(news), lambda: put(olds), statement, note)


def exchange(code: str, block: list[ast.stmt], index: int, new: ast.stmt) -> Edit:
    """Make an edit that puts another statement in the place of one."""
    old = block[index]

    def put(statement: ast.stmt) -> None:
        block[index] = statement

    return Edit(code, old.lineno, lambda: put(new), lambda: put(old), new)


@dataclass(frozen=True)
class Slot:
    """Where an expression stands in its parent."""

    parent: ast.AST
    name: str
    index: int | None = None

    def get(self) -> ast.expr:
        """Give the expression that stands here."""
        value = getattr(self.parent, self.name)
        return value if self.index is None else value[self.index]  # type: ignore[no-any-return]

    def put(self, new: ast.expr) -> None:
        """Put another expression here."""
        if self.index is None:
            setattr(self.parent, self.name, new)
        else:
            getattr(self.parent, self.name)[self.index] = new


def slots(node: ast.AST) -> list[Slot]:
    """List every place below a node where an expression stands, the outermost first."""
    found: list[Slot] = []
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            found.append(Slot(node, name))
            found += slots(value)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.expr):
                    found.append(Slot(node, name, index))
                    found += slots(item)
                elif isinstance(item, ast.keyword):
                    found += slots(item)
        elif isinstance(value, ast.keyword):
            found += slots(value)
    return found


def expression(text: str) -> ast.expr:
    """Parse an expression."""
    return ast.parse(text, mode="eval").body
