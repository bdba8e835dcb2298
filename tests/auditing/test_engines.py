"""Programs that differentiate by themselves, number by number: Value objects with a graph."""

from __future__ import annotations

import ast
import copy

import pytest

from losscope.auditing import overwritten
from losscope.auditing.instrument import instrument
from losscope.auditing.sets import Ordered, are_made, keep_order
from tests.auditing.planted.grid import PROGRAMS, audit_text

ENGINE = (PROGRAMS / "scalar_engine.py").read_text()
SMALL = ENGINE.replace("MLP(3, [4, 1])", "MLP(3, [2, 1])").replace(
    ", [0.5, 1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, 0.5, 2.0]]", "]"
)


def test_weights_of_an_engine_are_one_parameter_a_layer() -> None:
    """Boxes of one number, in lists of neurons, are laid together; the loss is descended."""
    report = audit_text(SMALL, experiments=False)
    assert not report["findings"]
    assert "loss.data" in report["loss"]
    names = [p["name"] for p in report["parameters"]]
    assert names[:2] == ["n.layers[0][:].w[:].data", "n.layers[0][:].b.data"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("self.grad += other.data * out.grad", "self.grad = other.data * out.grad", 28),
        pytest.param("p.data += -0.03", "p.data += 0.03", 123, marks=pytest.mark.slow),
    ],
)
def test_a_fault_in_an_engine_is_named_at_its_line(old: str, new: str, line: int) -> None:
    """A gradient that is written over where it should be added up, and a step that ascends."""
    assert SMALL.count(old) == 1
    report = audit_text(SMALL.replace(old, new), experiments=False)
    assert [f["line"] for f in report["findings"]] == [line]


def test_sets_keep_the_order_of_insertion() -> None:
    """What depends on the order of a set comes out alike in each pass, copied or not."""
    things = [object() for _ in range(50)]
    made = Ordered(things)
    made.discard(things[7])
    made |= {things[7]}
    wanted = [*things[:7], *things[8:], things[7]]
    assert list(made) == wanted
    assert isinstance(made, set)
    assert made == set(things)
    numbers = copy.deepcopy(Ordered([3.5, 1.5, 2.5]))
    assert list(numbers) == [3.5, 1.5, 2.5]
    assert numbers.pop() == 3.5
    numbers &= {2.5}
    numbers ^= {9.5}
    numbers -= {4.5}
    assert list(numbers) == [2.5, 9.5]
    assert repr(numbers) == "{2.5, 9.5}"
    assert list(numbers.copy()) == [2.5, 9.5]


def test_a_program_makes_such_sets_unless_the_name_is_its_own() -> None:
    """Calls, displays and comprehensions of sets are exchanged; a name of the program's is not."""
    tree = ast.parse("a, b, c = set(x), {1, y}, {v for v in x}")
    assert are_made(tree)
    keep_order(tree, "ls")
    assert ast.unparse(tree).count("ls.ordered") == 3
    own = ast.parse("def set(x): return x\na = set(3)")
    assert not are_made(own)


def test_names_that_a_pass_overwrites_are_told_from_those_that_it_reads() -> None:
    """A name read first, in a branch or by a function counts as read; its own local does not."""
    program = """
def show():
    loss = 3
    print(loss, kept)

for k in range(3):
    out, other = f(k), g(old)
    loss = out + other
    old = loss
    kept = 1
    if k:
        seldom = 2
    print(seldom)
"""
    tree = ast.parse(program)
    (loop,) = instrument(tree, []).loops
    found = overwritten.names(loop, tree)
    assert found == {"out", "other", "loss"}
