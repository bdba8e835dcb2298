"""Read lambdas as functions with a name, so that they can be watched and mended like others."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from losscope.auditing.causes.edit import Slot


class Lambdas(ast.NodeTransformer):
    """Reads `f = lambda z: …` as a function of that name, and those in a table as functions too."""

    def __init__(self) -> None:
        self.count = 0

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
        """Turn an assigned lambda into a definition on the same line."""
        target, value = node.targets[0], node.value
        if isinstance(value, ast.Lambda):
            if len(node.targets) > 1 or not isinstance(target, ast.Name):
                return node
            return _definition(target.id, value, node, f"{target.id} = ")
        made: list[ast.AST] = []
        for slot in _shown(Slot(node, "value")):
            held = slot.get()
            if isinstance(held, ast.Lambda) and held.args.args:
                self.count += 1
                name = f"lambda_{self.count}"
                made.append(_definition(name, held, held, ""))
                slot.put(ast.copy_location(ast.Name(name, ast.Load()), held))
        return [*made, node] if made else node


def _shown(slot: Slot) -> Iterator[Slot]:
    """List what a table shows: the items of a dict, list or tuple, however deep."""
    node = slot.get()
    if isinstance(node, ast.Dict):
        for index in range(len(node.values)):
            yield from _shown(Slot(node, "values", index))
    elif isinstance(node, ast.List | ast.Tuple):
        for index in range(len(node.elts)):
            yield from _shown(Slot(node, "elts", index))
    else:
        yield slot


def _definition(name: str, value: ast.Lambda, at: ast.AST, head: str) -> ast.FunctionDef:
    result = ast.copy_location(ast.Return(value.body), at)
    vars(result)["ls_lambda"] = f"{head}lambda {ast.unparse(value.args)}: "
    made = ast.parse(f"def {name}(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.args, made.body = value.args, [result]
    return ast.copy_location(made, at)
