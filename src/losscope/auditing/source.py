"""The user's program as text and as a syntax tree: a script, or the code cells of a notebook."""

from __future__ import annotations

import ast
import builtins
import json
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from losscope.auditing import siblings
from losscope.auditing.lambdas import Lambdas
from losscope.auditing.siblings import Part
from losscope.auditing.trouble import CannotAudit

_IN_NOTEBOOKS = "display = print\nget_ipython = lambda: None"
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|timeit|capture|prun\b)")  # bash, html, writefile, …
_MAGIC = re.compile(
    r"^(?P<indent>[ \t]*)(?P<name>[\w, ]+ ?(?==))?"
    r"((?(name)= ?)(%%?[A-Za-z]|!)[^\n]*|\?[^\n]*|[\w.]+\?\??[ \t]*)$",
    re.MULTILINE,
)

_LONG = 3  # letters of a name that is not part of others by chance


@dataclass(frozen=True)
class Source:
    """A program: its text, its tree, and how to name its lines to the person who wrote it.

    Text and tree hold the modules beside it too (`parts`), one below the other.
    """

    path: Path
    text: str
    tree: ast.Module
    cells: tuple[tuple[int, int], ...] = ()  # notebook: (cell number, first line in text)
    parts: tuple[Part, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The program's lines, without their line ends."""
        return self.text.split("\n")  # as Python counts them: a form feed ends no line

    def line(self, number: int) -> str:
        """Give one line (counted from 1), stripped; empty when there is none."""
        lines = self.lines
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def place(self, number: int) -> str:
        """Name a line as its author would: `line 31`, `cell 3 line 4`, `layers.py line 12`."""
        for part in reversed(self.parts):
            if number >= part.first:
                return f"{part.name} line {number - part.first + 1}"
        for cell, first in reversed(self.cells):
            if number >= first:
                return f"cell {cell} line {number - first + 1}"
        return f"line {number}"

    @cached_property
    def updates(self) -> dict[int, list[ast.stmt]]:
        """Give the statements, by line, that add to something or subtract from it."""
        found: dict[int, list[ast.stmt]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.AugAssign):
                change = node.op
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and isinstance(
                node.value, ast.BinOp
            ):
                change = node.value.op
            else:
                continue
            if isinstance(change, ast.Add | ast.Sub):
                found.setdefault(node.lineno, []).append(node)
        return found

    @cached_property
    def decimals(self) -> tuple[float, ...]:
        """List the decimal numbers that stand in the text, such as a threshold or a quantile."""
        nodes = ast.walk(self.tree)
        found = {n.value for n in nodes if isinstance(n, ast.Constant) and type(n.value) is float}
        return tuple(sorted(value for value in found if value > 0))

    def reads_as_update(self, line: int, name: str, *, any_target: bool = False) -> bool:
        """Tell whether a line is written as an update of an array: W -= …, W1 = self.W1 - …

        `any_target` takes every W -= … for one, whatever it changes: a copy, another name.
        """  # noqa: D400 - it ends in what it looks like
        words = {name.rsplit(".", maxsplit=1)[-1].split("[", maxsplit=1)[0]}
        words |= set(name.split("'")[1:2])  # params['W1'] is written back from W1
        for node in self.updates.get(line, ()):
            if isinstance(node, ast.AugAssign):
                if isinstance(node.target, ast.Attribute) and node.target.attr in words:
                    continue  # that is the array itself: what is added to it is not lost
                if any_target or _speaks_of(ast.unparse(node.target), words):
                    return True
                continue
            value = node.value  # type: ignore[attr-defined]
            terms = [term for term in terms_of(value.left) if not _is_product(term)]
            if any(_speaks_of(ast.unparse(term), words) for term in terms):
                return True
        return False

    @staticmethod
    def is_sum(name: str) -> bool:
        """Tell whether a value that was worked out in between is written as a sum."""
        try:
            node = ast.parse(name, mode="eval").body
        except SyntaxError:
            return False
        if isinstance(node, ast.Call):
            return getattr(node.func, "attr", "") in {"add", "subtract"}
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)

    def steps_itself(self, line: int) -> bool:
        """Tell whether a line gives a name its own value and a product more: p = p - lr * g."""
        for node in self.updates.get(line, ()):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
                continue
            step = node.value.right
            while isinstance(step, ast.BinOp) and not isinstance(step.op, ast.Mult):
                step = step.left
            if isinstance(step, ast.BinOp) and ast.unparse(node.value.left) == ast.unparse(
                node.targets[0]
            ):
                return True
        return False

    @property
    def sections(self) -> list[tuple[str, int]]:
        """List what the text consists of, each with its first line; empty for one plain file."""
        cells = [(f"cell {cell}", first) for cell, first in self.cells]
        parts = [(part.name, part.first) for part in self.parts]
        return [*(cells or ([(self.path.name, 1)] if parts else [])), *parts]


def terms_of(node: ast.expr) -> list[ast.expr]:
    """List what a sum adds up, but for what it takes away."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*terms_of(node.left), *terms_of(node.right)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return terms_of(node.left)
    return [node]


def _is_product(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.MatMult)


def _speaks_of(text: str, words: set[str]) -> bool:
    """Tell whether one of the names is in it: a short one by itself, since b is in b_gradient."""
    return any(
        bool(re.search(rf"\b{re.escape(word)}\b", text)) if len(word) < _LONG else word in text
        for word in words
    )


def read(path: Path, setup: Path | None = None) -> Source:
    """Read a `.py` file or a notebook; `setup` supplies names that a fragment leaves out.

    Raises
    ------
    CannotAudit
        When the file is missing, empty, no notebook, or not Python; the sentence says which.
    """
    if not path.exists():
        raise CannotAudit(f"There is no file {path}.")
    if path.is_dir():
        raise CannotAudit(f"{path} is a folder; name the Python file or notebook in it.")
    try:
        with tokenize.open(path) as file:  # minds a byte order mark, and a declared encoding
            raw = file.read()
    except (UnicodeDecodeError, SyntaxError, LookupError) as error:
        raise CannotAudit(f"{path} is not text, so not a Python file.") from error
    except OSError as error:
        raise CannotAudit(f"{path} cannot be read: {error.strerror}.") from error
    if "\0" in raw:
        raise CannotAudit(f"{path} holds null bytes, so it is not a Python file.")
    text, cells = _notebook(path, raw) if path.suffix == ".ipynb" else (raw, ())
    if not text.strip():
        raise CannotAudit(f"{path} holds no code.")
    return _with_parts(parse(path, text, cells, setup))


def _with_parts(source: Source) -> Source:
    """Lay the modules beside a program below it."""
    parts = siblings.find(source.path, source.text, source.tree)
    if not parts:
        return source
    text = source.text
    for part in parts:
        Lambdas().visit(part.tree)
        text += "\n" * (part.first - 1 - text.count("\n")) + part.text
    body = [*source.tree.body, *(node for part in parts for node in part.tree.body)]
    return Source(source.path, text, ast.Module(body, []), source.cells, parts)


def parse(
    path: Path, text: str, cells: tuple[tuple[int, int], ...] = (), setup: Path | None = None
) -> Source:
    """Parse program text; statements of `setup` come first, on line numbers of their own."""
    try:
        tree = ast.parse(text, filename=str(path))
    except SyntaxError as error:
        where = Source(path, text, ast.Module([], []), cells).place(error.lineno or 0)
        said = error.msg.rstrip(".")
        end = "" if said.endswith(("?", "!")) else "."
        raise CannotAudit(f"{where} is not Python: {said}{end}") from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise CannotAudit(f"{path} cannot be read as Python: {error}.") from error
    Lambdas().visit(tree)
    if cells:
        tree.body[:0] = _at_line_zero(ast.parse(_IN_NOTEBOOKS)).body
    if setup is not None:
        tree.body[:0] = _at_line_zero(read(setup).tree).body
    return Source(path, text, tree, cells)


def _at_line_zero(tree: ast.Module) -> ast.Module:
    """Let statements that are not the program's own stand on none of its lines."""
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            vars(node).update(lineno=0, end_lineno=0)
    return tree


def _notebook(path: Path, raw: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Join the code cells; magics and shell lines become blank lines, so numbers hold."""
    try:
        cells = json.loads(raw)["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise CannotAudit(f"{path} is not a Jupyter notebook (no list of cells).") from error
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    for number, cell in enumerate(cells, start=1):
        if cell.get("cell_type") != "code":
            continue
        body = cell.get("source", "")
        body = body if isinstance(body, str) else "".join(body)
        if _OTHER_LANGUAGE.match(body):
            continue
        starts.append((number, len(lines) + 1))
        lines += _without_magics(body).split("\n")
    return "\n".join(lines) + "\n", tuple(starts)


def _without_magics(cell: str) -> str:
    """Replace what only a notebook understands, line by line: magics, shell lines, help."""
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError):
        return _MAGIC.sub(_replaced, cell)
    return cell  # Python as it stands: a line may well begin with %, for a remainder


def _replaced(found: re.Match[str]) -> str:
    instead = f"{found['name']}= []" if found["name"] else "pass"
    return f"{found['indent']}{instead}  # {found[0].strip()}"


def undefined_names(tree: ast.Module) -> list[tuple[str, int]]:
    """List names that are read somewhere and bound nowhere, each with its first line."""
    bound = set(dir(builtins)) | {"__file__", "__name__", "__doc__"}
    for node in ast.walk(tree):
        bound |= _bound_by(node)
    missing: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in bound:
            missing.setdefault(node.id, node.lineno)
            missing[node.id] = min(missing[node.id], node.lineno)
    return sorted(missing.items(), key=lambda item: item[1])


def _bound_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return {node.id}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.arg):
        return {node.arg}
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {(item.asname or item.name).split(".")[0] for item in node.names}
        if "*" in names and isinstance(node, ast.ImportFrom):
            import importlib

            try:
                return set(dir(importlib.import_module(node.module or "")))
            except ImportError:
                return set()
        return names
    if isinstance(node, ast.ExceptHandler) and node.name:
        return {node.name}
    return set()
