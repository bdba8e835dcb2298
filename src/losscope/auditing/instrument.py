"""Rewrite a program so that it tells what it computes, without changing what it computes.

Every assigned, returned or printed value, and every arithmetic result in between, passes through
`__ls__`, which hands it on unchanged and, while a step is probed, keeps a copy.  Each loop says
when a pass begins.  Line numbers stay as they are.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, TypeVar

from losscope.auditing.branches import TELLING, has_text
from losscope.auditing.sets import COMPILED, keep_order
from losscope.auditing.unchanged import Made, Unchanged, is_kept

Node = TypeVar("Node", bound=ast.AST)

Place = tuple[int, str]  # a line, and the name of what is recorded there

RUNTIME = "__ls__"
_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.MatMult: "matmul",
    ast.Pow: "pow",
}


@dataclass(frozen=True)
class Site:
    """One place in the program whose value is recorded."""

    line: int
    name: str
    kind: str  # "assign" "argument" "return" "inner" "print"
    function: str = ""
    parts: tuple[str, ...] = ()  # names of a tuple that is assigned to


@dataclass
class Loop:
    """One loop of the program: its (instrumented) body, and the function that it stands in."""

    number: int
    line: int
    last_line: int
    body: list[ast.stmt]
    function: ast.FunctionDef | None
    function_name: str
    parent: int | None
    after: list[ast.stmt] = field(default_factory=list)


@dataclass
class Instrumented:
    """A rewritten program and its loops."""

    tree: ast.Module
    loops: list[Loop]


def instrument(
    tree: ast.Module,
    sites: list[Site],
    *,
    light: bool = False,
    only: frozenset[Place] | None = None,
    sets: bool = False,
    unchanged: Unchanged | None = None,
) -> Instrumented:
    """Rewrite a copy of `tree`; its sites are added to `sites`, which numbers them.

    A light rewriting records what is assigned and returned, and nothing in between.  With `only`,
    nothing but these places (line, name) is recorded, and no loop says when a pass begins.  With
    `sets`, the sets that it makes keep their order.  Statements that are `unchanged` since they
    were rewritten are taken as they were.
    """
    tree = clone(tree, unchanged)
    rewriter = _Rewriter(sites, light=light, only=only, unchanged=unchanged)
    tree = rewriter.visit(tree)
    if sets:
        keep_order(tree, RUNTIME)
    _locate(tree, 1)
    if unchanged is not None:
        unchanged.end()
    return Instrumented(tree, rewriter.loops)


def _locate(node: ast.AST, line: int) -> None:
    """Give made nodes the line of the node that they stand in."""
    if is_kept(node):
        return
    if "lineno" in node._attributes:  # noqa: SLF001 - one room
        line = _located(node, line)
    for value in node.__dict__.values():
        if isinstance(value, ast.AST):
            _locate(value, line)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    _locate(item, line)


def _located(node: Any, line: int) -> int:
    """Give a node a line, where it has none; say on which line it stands."""
    if getattr(node, "lineno", None) is None:
        node.lineno = node.end_lineno = line
        node.col_offset = node.end_col_offset = 0
        return line
    if getattr(node, "end_lineno", None) is None:
        node.end_lineno, node.end_col_offset = node.lineno, 0
    if getattr(node, "col_offset", None) is None:
        node.col_offset = 0
    return int(node.lineno)


def clone(node: Node, unchanged: Unchanged | None = None) -> Node:
    """Copy a tree; much quicker than copy.deepcopy."""
    new = node.__class__.__new__(node.__class__)
    for name, value in node.__dict__.items():
        if isinstance(value, ast.AST):
            new.__dict__[name] = clone(value, unchanged)
        elif isinstance(value, list):
            new.__dict__[name] = [
                _copy(v, unchanged) if isinstance(v, ast.AST) else v for v in value
            ]
        else:
            new.__dict__[name] = value
    return new


def _copy(node: ast.AST, unchanged: Unchanged | None) -> ast.AST:
    """Copy one of several nodes, but for a statement that is there already as rewritten."""
    if unchanged is None or not isinstance(node, ast.stmt):
        return clone(node, unchanged)
    made = unchanged.made_of(node)
    if made is not None:
        return made
    new = clone(node, unchanged)
    unchanged.copied(node, new)
    return new


class _Rewriter(ast.NodeTransformer):
    def __init__(
        self,
        sites: list[Site],
        *,
        light: bool,
        only: frozenset[Place] | None,
        unchanged: Unchanged | None,
    ) -> None:
        self.sites = sites
        self.unchanged = unchanged
        self.light = light
        self.only = only
        self.lines = {line for line, _ in only or ()}
        self.loops: list[Loop] = []
        self.functions: list[ast.FunctionDef] = []
        self.names: list[str] = []
        self.open_loops: list[int] = []

    # -- recording ---------------------------------------------------------------------------

    def _site(
        self, node: ast.AST, name: str, kind: str, parts: tuple[str, ...] = ()
    ) -> ast.Constant:
        line = getattr(node, "lineno", 0)
        self.sites.append(Site(line, name, kind, ".".join(self.names), parts))
        return ast.Constant(len(self.sites) - 1)

    def _call(self, method: str, node: ast.AST, *args: ast.expr) -> ast.Call:
        function = ast.Attribute(ast.Name(RUNTIME, ast.Load()), method, ast.Load())
        call = ast.Call(function, list(args), [])
        return ast.copy_location(call, node)

    def _idle(self, node: ast.expr | ast.stmt) -> bool:
        """Tell whether nothing on the lines of a node is to be recorded."""
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        return self.only is not None and self.lines.isdisjoint(lines)

    def _wanted(self, node: ast.AST, *names: str) -> bool:
        line = getattr(node, "lineno", 0)
        return self.only is None or any((line, name) in self.only for name in names)

    def _record(self, value: ast.expr, name: str, kind: str, at: ast.AST) -> ast.expr:
        if not self._wanted(at, name):
            return value
        return self._call("rec", at, self._site(at, name, kind), value)

    # -- functions, loops, branches -----------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Enter a function, unless a compiler wants it untouched."""
        if any(word in ast.unparse(d) for d in node.decorator_list for word in COMPILED):
            return node
        self.functions.append(node)
        self.names.append(node.name)
        loops, self.open_loops = self.open_loops, []
        node.body = [*self._arguments(node), *self._block(node.body)]
        self.open_loops = loops
        self.names.pop()
        self.functions.pop()
        return node

    def _arguments(self, node: ast.FunctionDef) -> list[ast.stmt]:
        """Record what a function is handed, under the names that it uses itself."""
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        first = node.body[0]
        out: list[ast.stmt] = []
        if self.light:
            return out
        for argument in given:
            if argument.arg in ("self", "cls") or not self._wanted(node, argument.arg):
                continue
            value = ast.copy_location(ast.Name(argument.arg, ast.Load()), first)
            record = self._record(value, argument.arg, "argument", node)
            out.append(ast.copy_location(ast.Expr(record), first))
        return out

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Record a part taken out of an array, such as a batch."""
        if self.light or self._idle(node):
            return node
        label = ast.unparse(node)
        node.value = self.visit(node.value)
        node.slice = self.visit(node.slice)
        if not isinstance(node.ctx, ast.Load) or not self._wanted(node, label):
            return node
        method = "part"
        if isinstance(node.slice, ast.Constant):
            if not isinstance(node.slice.value, str):
                return node
            method = "entry"
        return self._call(method, node, self._site(node, label, "inner"), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Enter a class."""
        self.names.append(node.name)
        node.body = self._block(node.body)
        self.names.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Leave lambdas whole: what they return is recorded where they are called."""
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        """Announce each pass."""
        node.iter = self.visit(node.iter)
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        """Announce each pass."""
        node.test = self.visit(node.test)
        return self._loop(node)

    def _loop(self, node: ast.For | ast.While) -> ast.AST:
        number = len(self.loops)
        function = self.functions[-1] if self.functions else None
        parent = self.open_loops[-1] if self.open_loops else None
        loop = Loop(
            number,
            node.lineno,
            node.end_lineno or node.lineno,
            [],
            function,
            ".".join(self.names),
            parent,
        )
        self.loops.append(loop)
        self.open_loops.append(number)
        body = [*self._items(node), *self._block(node.body)]
        self.open_loops.pop()
        loop.body = list(body)
        node.body = body
        if self.only is None:
            head = ast.Expr(self._call("head", node, ast.Constant(number)))
            node.body = [ast.copy_location(head, node), *body]
        node.orelse = self._block(node.orelse)
        node.ls_loop = number  # type: ignore[union-attr]
        return node

    def _items(self, node: ast.For | ast.While) -> list[ast.stmt]:
        """Record what a loop takes from its data in each pass: an example and its label."""
        if self.light or isinstance(node, ast.While) or _counts(node.iter):
            return []
        names = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)]
        return [
            ast.copy_location(
                ast.Expr(
                    self._call(
                        "item",
                        node.body[0],
                        self._site(node, name, "argument"),
                        ast.Name(name, ast.Load()),
                    )
                ),
                node.body[0],
            )
            for name in names[1 if _counts(node.iter, "enumerate") else 0 :]
            if self._wanted(node, name)
        ]

    def visit_If(self, node: ast.If) -> ast.AST:
        """Let a branch that only talks now and then talk in every probed pass."""
        node.test = self.visit(node.test)
        if getattr(node, "ls_talks", False):
            node.test = self._call("talk", node, node.test)
        node.body = self._block(node.body)
        node.orelse = self._block(node.orelse)
        return node

    def visit_Made(self, node: Made) -> list[ast.stmt]:
        """Take what a statement was rewritten to before."""
        return node.made

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for statement in statements:
            result = self.visit(statement)
            made = result if isinstance(result, list) else [result]
            if self.unchanged is not None:
                self.unchanged.rewritten(statement, made)
            out += made
        for index, statement in enumerate(out):
            number = getattr(statement, "ls_loop", None)
            if number is not None:
                self.loops[number].after = out[index + 1 :]
        return out

    # -- statements and expressions -----------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Record the assigned value under the name it gets."""
        if self._idle(node):
            return node
        node.value = self.visit(node.value)
        target = node.targets[0]
        name, parts = ast.unparse(target), tuple[str, ...]()
        if isinstance(target, ast.Tuple | ast.List):
            parts = tuple(ast.unparse(item) for item in target.elts)
        if self._wanted(node, name, *parts):
            site = self._site(node, name, "assign", parts)
            node.value = self._call("rec", node, site, node.value)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Record the assigned value under the name it gets."""
        if node.value is not None and not self._idle(node):
            value = self.visit(node.value)
            node.value = self._record(value, ast.unparse(node.target), "assign", node)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        """Record what the name holds afterwards."""
        if self._idle(node):
            return node
        node.value = self.visit(node.value)
        name = ast.unparse(node.target)
        if not self._wanted(node, name):
            return node
        load = ast.parse(name, mode="eval").body
        after = ast.Expr(self._record(ast.copy_location(load, node), name, "assign", node))
        return [node, ast.copy_location(after, node)]

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """Record what a function gives back."""
        if node.value is not None and not self._idle(node):
            label = ast.unparse(node.value)
            kind = "return"
            if not isinstance(node.value, ast.Name | ast.Attribute | ast.Subscript):
                label = self.names[-1] + "(…)" if self.names else label
            value = self.visit(node.value)
            node.value = self._record(value, label, kind, node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Record the result of arithmetic, and the shapes that met in it."""
        if self.light or self._idle(node):
            return node
        label = ast.unparse(node)
        operator = _OPERATORS.get(type(node.op))
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        if operator is None or not self._wanted(node, label):
            return node
        site = self._site(node, label, "inner")
        return self._call("bin", node, site, ast.Constant(operator), node.left, node.right)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Record the result of a call; for one that tells the user something, what it tells."""
        if self.light or self._idle(node):
            return node
        label = ast.unparse(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in ("super", "locals", "globals", "vars", "eval", "exec"):
            return node
        if name in TELLING:
            node.args = [self._told(argument) for argument in node.args]
            return node
        node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return self._record(node, label, "inner", node)

    def _told(self, argument: ast.expr) -> ast.expr:
        if isinstance(argument, ast.JoinedStr):
            for part in argument.values:
                if isinstance(part, ast.FormattedValue):
                    part.value = self._told(part.value)
            return argument
        if isinstance(argument, ast.Constant):
            return argument
        if isinstance(argument, ast.Starred):
            return self.visit(argument)  # type: ignore[no-any-return]
        if isinstance(argument, ast.Call) and _is_text(argument):
            argument.args = [self._told(a) for a in argument.args]
            return argument
        if (
            isinstance(argument, ast.BinOp)
            and isinstance(argument.op, ast.Mod | ast.Add)
            and has_text(argument)  # a sum of numbers is told as a whole
        ):
            argument.left, argument.right = self._told(argument.left), self._told(argument.right)
            return argument
        if isinstance(argument, ast.Tuple):
            argument.elts = [self._told(item) for item in argument.elts]
            return argument
        label = ast.unparse(argument)
        return self._record(self.visit(argument), label, "print", argument)


def _counts(node: ast.expr, name: str = "range") -> bool:
    """Tell whether a loop goes through `range(…)`, or another call of this name."""
    call = node
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        call = call.args[-1] if call.args else call.func  # as rewritten: __ls__.rec(…, range(…))
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") == name


def _is_text(call: ast.Call) -> bool:
    """Tell whether a call only makes text of its arguments: "...".format(…), str(…), round(…)."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == "format"
    return isinstance(call.func, ast.Name) and call.func.id in ("str", "repr", "round", "float")
