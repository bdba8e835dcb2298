"""Which of several repairs, each of which mends as much, undoes what the author got wrong.

A slip makes a line unlike its fellows: a repair speaks for itself where the mended line reads as
other lines do, and against itself where the line read so before.  And what a function works out
wrongly is mended in the function, not where it is called.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from losscope.auditing import rates
from losscope.auditing.instrument import clone
from losscope.auditing.source import Source

if TYPE_CHECKING:
    from losscope.auditing.experiment import Attempt

_ARGUMENT, _SIGN = "LS002", "LS011"
_TELLING = 10  # letters of a form; a shorter one, such as n = n * n, says nothing
_NEAR = 2  # lines
_KEPT = ("T", "shape", "size")
_SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr


def order(
    source: Source, offers: Sequence[Attempt], target: str = ""
) -> Callable[[Attempt], tuple[int, ...]]:
    """Give what offers are ordered by, where they mend as many parameters of one aim.

    `target` is named where another loss is descended: it enters where the target is read.
    """
    forms = Counter(_form(n) for n in ast.walk(source.tree) if isinstance(n, _SIMPLE))
    functions = _functions(source.tree)
    read = _read(source.tree)
    homes = _readers(source.tree, functions, target) if target else None

    def key(attempt: Attempt) -> tuple[int, ...]:
        return (
            -_sisters(source, attempt),
            -_takes_up(read, attempt),
            _fellows(forms, attempt) or _beside(source, attempt),
            _answered(functions, attempt, offers),
            _bare(attempt, offers),
            homes is not None and _home(functions, attempt.edit.line) not in homes,
            attempt.edit.cost,
            abs(len(attempt.after) - len(attempt.edit.old_text)),
            -attempt.place,
        )

    return key


def _takes_up(read: set[str], attempt: Attempt) -> bool:
    """Tell whether the mended line reads what no line does: it was worked out to be read there."""
    note = attempt.edit.note
    named = all(part.isidentifier() for part in note.split("."))
    return named and note not in read and re.search(rf"\b{note}\b", attempt.after) is not None


def _home(functions: Sequence[ast.FunctionDef], line: int) -> ast.FunctionDef | None:
    """Give the function that a line stands in; None at module level."""
    homes = [f for f in functions if _holds(f, line)]
    return max(homes, key=lambda f: f.lineno, default=None)


def _readers(
    tree: ast.Module, functions: Sequence[ast.FunctionDef], name: str
) -> set[ast.FunctionDef | None]:
    """List the functions that read a name; None stands for the module level."""
    lines = {
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.Name | ast.Attribute)
        and isinstance(n.ctx, ast.Load)
        and ast.unparse(n) == name
    }
    return {_home(functions, line) for line in lines}


def _read(tree: ast.Module) -> set[str]:
    """List what any line reads, by name."""
    return {
        ast.unparse(n)
        for n in ast.walk(tree)
        if isinstance(n, ast.Name | ast.Attribute) and isinstance(n.ctx, ast.Load)
    }


def _sisters(source: Source, attempt: Attempt) -> int:
    """Count other lines that read like the mended one but for their numbers."""
    wanted = _plain(attempt.after)
    lines = enumerate(source.lines, start=1)
    return sum(_plain(line) == wanted for n, line in lines if n != attempt.edit.line)


def _plain(line: str) -> str:
    return re.sub(r"\d+|\s+|['\"]", "", line)


def _fellows(forms: Counter[str], attempt: Attempt) -> int:
    """Say 1 where a line had fellows of its form and loses them, -1 where it finds some."""
    before, after = (_form_of(text) for text in (attempt.edit.old_text, attempt.after))
    if before == after:
        return 0
    had = max(forms[before] - 1, 0) if before else 0
    has = forms[after] if after else 0
    return (had > has) - (has > had)


def _beside(source: Source, attempt: Attempt) -> int:
    """Say -1 where += was -= among steps that have +=, and 1 where it was as they are.

    Only lines that scale what they add alike: the sum of squares beside a step is no fellow.
    """
    before, after = _operator(attempt.edit.old_text), _operator(attempt.after)
    if before == after or not before:
        return 0
    near = range(attempt.edit.line - _NEAR, attempt.edit.line + _NEAR + 1)
    lines = [source.line(n) for n in near if n > 0 and n != attempt.edit.line]
    scales = rates.scales_named(attempt.edit.old_text)
    beside = {_operator(line) for line in lines if rates.scales_named(line) == scales}
    return (before in beside) - (after in beside)


def _bare(attempt: Attempt, offers: Sequence[Attempt]) -> bool:
    """Tell whether W += v is turned, where v = … + rate * G could be: there a minus was meant."""
    if attempt.edit.code != _SIGN or not _operator(attempt.edit.old_text):
        return False
    return not _rates(attempt.edit.old_text) and any(
        other.edit.code == _SIGN
        and _rates(other.edit.old_text)
        and other.after.count("- ") > other.edit.old_text.count("- ")
        for other in offers
        if other is not attempt
    )


def _rates(line: str) -> list[str]:
    """List the rates that a line names."""
    return [word for word in rates.scales_named(line) if word.isidentifier()]


def _operator(line: str) -> str:
    """Give the sign before the = of a line such as W -= step."""
    found = re.match(r"\s*[\w.\[\]\"']+ ([+-])= ", line)
    return found[1] if found else ""


def _form_of(text: str) -> str:
    try:
        body = ast.parse(text.strip()).body
    except SyntaxError:  # the head of a statement of several lines
        return ""
    return _form(body[0]) if body else ""


def _form(statement: ast.AST) -> str:
    """Write a statement with n for whatever it names."""
    text = ast.unparse(_Nameless().visit(clone(statement)))
    return text if len(text) >= _TELLING else ""


class _Nameless(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name("n", node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr in _KEPT:
            return ast.Attribute(self.visit(node.value), node.attr, node.ctx)
        return ast.Name("n", node.ctx)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.slice, ast.Constant | ast.Name | ast.BinOp):
            return ast.Name("n", node.ctx)  # one of several
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        if isinstance(function, ast.Attribute):
            function = ast.Attribute(self.visit(function.value), function.attr, ast.Load())
        args = [self.visit(a) for a in node.args]
        return ast.Call(function, args, [self.visit(k) for k in node.keywords])


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def _answered(functions: list[ast.FunctionDef], attempt: Attempt, offers: Sequence[Attempt]) -> int:
    """Say 1 where a line calls a function in which the same fault is mended as well.

    But what a function is handed is the caller's: of a wrong argument, the call is to be named.
    """
    if attempt.edit.code == _ARGUMENT:
        return int(any(_calls(functions, other, attempt) for other in offers))
    return int(any(_calls(functions, attempt, other) for other in offers))


def _calls(functions: list[ast.FunctionDef], attempt: Attempt, other: Attempt) -> bool:
    """Tell whether the line of one repair calls the function in which another one stands."""
    statement = attempt.edit.statement
    if statement is None or attempt.edit.code != other.edit.code:
        return False
    called = {
        getattr(n.func, "attr", getattr(n.func, "id", ""))
        for n in ast.walk(statement)
        if isinstance(n, ast.Call)
    }
    homes = [f for f in functions if f.name in called]
    return any(_holds(home, other.edit.line) for home in homes)


def _holds(function: ast.FunctionDef, line: int) -> bool:
    return function.lineno <= line <= (function.end_lineno or function.lineno)
