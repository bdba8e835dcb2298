"""A changed program is rewritten as if it were new, whatever is taken from earlier ones."""

from __future__ import annotations

import ast
import re

from losscope.auditing.instrument import Site, instrument
from losscope.auditing.unchanged import Unchanged

_TEXT = """for i in range(3):
    h = x @ w
    d = (h - y) * 2
    if i > 1:
        b -= d.sum(
            axis=0)
    w -= x.T @ d
"""


def _rewritten(
    tree: ast.Module, sites: list[Site], unchanged: Unchanged | None, *changed: int
) -> str:
    if unchanged is not None:
        unchanged.begin(set(changed))
    made = instrument(tree, sites, unchanged=unchanged).tree
    compile(made, "program", "exec")
    return re.sub(r"\((\d+), ", lambda found: f"({sites[int(found[1])]}, ", ast.unparse(made))


def test_only_what_changed_is_rewritten_again() -> None:
    """One line at a time is changed, and put back: the program is that of a rewriting anew."""
    sites: list[Site] = []
    tree, unchanged = ast.parse(_TEXT), Unchanged()
    whole = _rewritten(tree, sites, unchanged)
    loop = tree.body[0]
    assert isinstance(loop, ast.For)
    inner = loop.body[2]
    assert isinstance(inner, ast.If)
    for block, at, lines in ((loop.body, 1, {3}), (inner.body, 0, {6}), (loop.body, 3, {7})):
        statement = block[at]
        assert isinstance(statement, ast.Assign | ast.AugAssign)
        old, statement.value = (
            statement.value,
            ast.copy_location(
                ast.BinOp(statement.value, ast.Mult(), ast.Name("h", ast.Load())), statement.value
            ),
        )
        ast.fix_missing_locations(statement)
        before = len(sites)
        again = _rewritten(tree, sites, unchanged, *lines)
        assert len(sites) - before < before  # the others were taken as they were
        fresh: list[Site] = []
        assert again == _rewritten(tree, fresh, None)
        assert again != whole
        statement.value = old
    assert _rewritten(tree, sites, unchanged) == whole
