"""The equations of a derivation as one program for a stack of runs.

Runs stand on the leading axis: Z1 has shape (runs, rows, units). Every line is shared by all of
them, but for the head: the output activation and `dZ[L]`, one line for each loss. That is where the
loss enters, and nothing else in this file knows which loss it is.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.derivation import Derivation
from losscope.derivation.expressions import references
from losscope.derivation.printers.lines import numpy_line
from losscope.network import Network
from losscope.training.compiler import Call, Compiler
from losscope.training.cost import row_losses

Array = NDArray[Any]
REPEATED = 256
"""Numbers in a batch's target up to which it is laid out once for each run."""


@dataclass(frozen=True)
class Head:
    """Runs that share a loss and an output activation: a slice of the stack."""

    derivation: Derivation
    runs: slice


class Parameters:
    """Weights and biases of all runs, flat in memory, and the views that equations name."""

    def __init__(self, layers: Sequence[int], runs: int, dtype: np.dtype[Any]) -> None:
        self.layers = tuple(layers)
        size = sum((n_in + 1) * n_out for n_in, n_out in pairwise(layers))
        self._look(np.zeros((runs, size), dtype), np.zeros((runs, size), dtype))

    def _look(self, flat: Array, gradient: Array) -> None:
        self.flat, self.gradient = flat, gradient
        self.arrays: dict[str, Array] = {}
        for name, (start, stop, shape) in self.places(self.layers).items():
            for key, whole in ((name, flat), (f"d{name}", gradient)):
                self.arrays[key] = whole[:, start:stop].reshape(len(flat), *shape)

    def part(self, runs: slice) -> Parameters:
        """Those of some runs: the same memory."""
        found = object.__new__(Parameters)
        found.layers = self.layers
        found._look(self.flat[runs], self.gradient[runs])
        return found

    @property
    def first(self) -> tuple[Array, Array]:
        """The first layer's weights with the bias as one more row, and their gradient."""
        n_in, n_out = self.layers[:2]
        size, shape = (n_in + 1) * n_out, (len(self.flat), n_in + 1, n_out)
        return self.flat[:, :size].reshape(shape), self.gradient[:, :size].reshape(shape)

    @staticmethod
    def places(layers: Sequence[int]) -> dict[str, tuple[int, int, tuple[int, int]]]:
        """Where each array stands in a run's parameters: start, stop, shape; in that order."""
        found, start = {}, 0
        for layer, (n_in, n_out) in enumerate(pairwise(layers), start=1):
            for name, shape in ((f"W{layer}", (n_in, n_out)), (f"b{layer}", (1, n_out))):
                stop = start + shape[0] * n_out
                found[name] = (start, stop, shape)
                start = stop
        return found


class Program:
    """Forward and backward pass of a stack for batches of exactly `rows` examples.

    Several batches can be laid out one behind another, in slots. `x`, `y`, `w` and `arrays` are
    those of the first slot; `steps` has the calls of each.

    Parameters
    ----------
    heads : the losses, each with its slice of the stack; together they cover it.
    parameters : what is trained; shared by programs for other batch sizes.
    rows : examples in a batch.
    backward : whether gradients are wanted; evaluation needs none.
    slots : batches that are laid out at once.
    """

    def __init__(
        self,
        heads: Sequence[Head],
        parameters: Parameters,
        rows: int,
        *,
        backward: bool = True,
        slots: int = 1,
    ) -> None:
        first = heads[0].derivation
        self.network: Network = first.network
        self.depth = self.network.depth
        _assert_shared(heads, self.depth)
        self.heads = tuple(heads)
        self.rows, self.slots = rows, slots
        runs, dtype = len(parameters.flat), parameters.flat.dtype
        inputs, outputs = self.network.layers[0], self.network.layers[-1]
        joined = joins_bias(first)
        self.data = np.ones((slots, rows, inputs + joined), dtype)
        self.weights = np.ones((slots, rows, 1), dtype)
        self.targets = [np.empty((slots, rows, outputs), dtype) for _ in heads]
        self.outputs = {
            name: np.empty((slots, runs, rows, outputs), dtype)
            for name in (f"Z{self.depth}", f"A{self.depth}")
        }
        self.x, self.w = self.data[0, :, :inputs], self.weights[0]
        self.y = [target[0] for target in self.targets]
        self.arrays: dict[str, Any] = {**parameters.arrays, "X": self.x, "w": self.w, "m": rows}
        for layer, units in enumerate(self.network.layers[1:], start=1):
            for name in (f"Z{layer}", f"A{layer}", f"dZ{layer}"):
                own = self.outputs.get(name)
                self.arrays[name] = np.empty((runs, rows, units), dtype) if own is None else own[0]
        if joined:
            self.arrays["X1"] = self.data[0]
            self.arrays["W1b1"], self.arrays["dW1b1"] = parameters.first
        self._ahead = Compiler({}, dtype)
        self._data_only: dict[tuple[int, str], Array] = {}
        self._blocks = [self.data, self.weights, *self.targets, *self.outputs.values()]
        self._read = self._repeated() if backward else self.targets
        self._forward = self._compile("forward", dtype)
        self._backward = self._compile("backward", dtype) if backward else []

    def forward(self) -> None:
        """Compute Z and A of every layer from `x`."""
        carry_out(self._forward)

    def backward(self) -> None:
        """Compute dZ, dW and db of every layer from what `forward` left, and `y`."""
        self.prepare()
        carry_out(self._backward)

    def prepare(self) -> None:
        """Compute what depends on targets and weights of examples alone, in all slots."""
        carry_out(self._ahead.calls)

    @cached_property
    def steps(self) -> list[list[Call]]:
        """Forward and backward pass over each slot."""
        return in_slots([*self._forward, *self._backward], self._blocks, self.slots)

    def cost(self) -> Array:
        """J of each run, shape (runs,): for the reader. Nothing in `backward` reads it."""
        return np.asarray(self.losses()[0] + self.penalty())

    def losses(self) -> Array:
        """J of each run without the penalty, for the batch in each slot, shape (slots, runs)."""
        calls, rows, scale = self._losses
        carry_out(calls)
        return np.asarray(scale * rows.sum(axis=(2, 3)))

    def penalty(self) -> Array | float:
        """½ λ Σ W² of each run, by the weights as they stand."""
        if not self.penalised:
            return 0.0
        half = 0.5 * self.heads[0].derivation.l2
        weights = (self.arrays[f"W{layer}"] for layer in range(1, self.depth + 1))
        return np.asarray(half * sum((w**2).sum(axis=(1, 2)) for w in weights))

    @property
    def penalised(self) -> bool:
        """Whether the cost has a part that reads no example."""
        return bool(self.heads[0].derivation.l2)

    @cached_property
    def _losses(self) -> tuple[list[Call], Array, float]:
        """Compiled when it is first asked for: a program that only predicts has no use for it."""
        runs, dtype = len(self.arrays["W1"]), self.data.dtype
        rows = np.empty((self.slots, runs, self.rows, 1), dtype)
        compiler = Compiler({}, dtype)
        for head, target in zip(self.heads, self.targets, strict=True):
            shared = {"Y": target[:, np.newaxis], "w": self.weights[:, np.newaxis], "m": self.rows}
            own = {name: block[:, head.runs] for name, block in self.outputs.items()}
            compiler.arrays = {**shared, **own}
            compiler.assign(rows[:, head.runs], row_losses(head.derivation))
        mean = self.heads[0].derivation.reduction == "mean"
        return compiler.calls, rows, 1.0 / self.rows if mean else 1.0

    def _compile(self, phase: str, dtype: Any) -> list[Call]:
        compiler = Compiler(self.arrays, dtype)
        last = {f"A{self.depth}", f"dZ{self.depth}"}
        for equation in self.heads[0].derivation.phase(phase):
            name, line = equation.name, _spelled(equation.runs)
            if name in last:
                for own, runs, index in _lines(self.heads, name):
                    part = Compiler(self._slice(runs, index), dtype)
                    part.assign(part.arrays[name], self._without_data(own, index, part))
                    compiler.calls += part.calls
            elif "X1" in self.arrays and name in JOINED:
                for joined, product in JOINED[name]:
                    compiler.assign(self.arrays[joined], product)
            else:
                compiler.assign(self.arrays[name], line)
        return compiler.calls

    def _repeated(self) -> list[Array]:
        """The targets as lines read them: short ones once for each run, which calls read faster."""
        found = []
        for head, target in zip(self.heads, self.targets, strict=True):
            runs = head.runs.stop - head.runs.start
            if self.rows * target.shape[-1] > REPEATED or runs == 1:
                found.append(target)
                continue
            block = np.empty((self.slots, runs, *target.shape[1:]), target.dtype)
            self._ahead.emit(np.copyto, block, target[:, np.newaxis])
            self._blocks.append(block)
            found.append(block)
        return found

    def _slice(self, runs: slice, index: int) -> dict[str, Any]:
        """Named arrays as one loss sees them: its own runs, its own encoding of the target."""
        shared = {"X", "X1", "w", "m"}
        sliced = {k: v if k in shared else v[runs] for k, v in self.arrays.items()}
        return {**sliced, "Y": self._read[index][0]}

    def _without_data(self, line: str, index: int, part: Compiler) -> str:
        """The line, with names for what reads nothing but data: computed ahead, for all slots."""
        target = self._read[index]
        weights = self.weights if target.ndim == 3 else self.weights[:, np.newaxis]
        self._ahead.arrays = {"Y": target, "w": weights, "m": self.rows}
        rewritten, found = data_apart(line)
        for name, source in found:
            block = self._data_only.get((index, source))
            if block is None:
                block = self._data_only[index, source] = self._ahead.value(source)
                self._blocks.append(block)
            part.arrays[name] = block[0]
        return rewritten


@lru_cache(maxsize=1024)
def data_apart(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A line in which names stand for what reads nothing but data; these names with their lines."""
    found: dict[str, str] = {}

    class Apart(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            if not isinstance(node, ast.BinOp | ast.Call) or not _of_data(node):
                return super().generic_visit(node)
            return ast.Name(found.setdefault(ast.unparse(node), f"data{len(found)}"))

    rewritten = ast.unparse(Apart().visit(ast.parse(line, mode="eval").body))
    return rewritten, tuple((name, source) for source, name in found.items())


JOINED = {
    "Z1": [("Z1", "X1 @ W1b1")],
    "dW1": [("dW1b1", "X1.mT @ dZ1")],
    "db1": [],
}
"""The first layer's lines, where a column of ones beside X takes the bias into the products."""
_APART = {"Z1": "X @ W1 + b1", "dW1": "X.mT @ dZ1", "db1": "np.sum(dZ1, axis=-2, keepdims=True)"}
MOST_JOINED = 128
"""Inputs up to which a product adds them up in one go, so that the bias comes last: same bits."""


@lru_cache(maxsize=64)
def joins_bias(derivation: Derivation) -> bool:
    """Whether the first layer's bias goes into its products: less passes, same bits."""
    if derivation.network.layers[0] > MOST_JOINED:
        return False
    lines = {name: _spelled(derivation[name].runs) for name in _APART}
    return lines == _APART


def _of_data(tree: ast.AST) -> bool:
    """Whether an expression reads targets or weights of examples, and nothing that is learned."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    called = {
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    return bool(names & {"Y", "w"}) and names <= {"Y", "w", "m", "np"} | called


_SPELLED: dict[int, tuple[Any, str]] = {}


def _spelled(node: Any) -> str:
    """The NumPy line of a node: spelled once, since every stack of a comparison asks for it."""
    known = _SPELLED.get(id(node))
    if known is None:
        if len(_SPELLED) > 4096:
            _SPELLED.clear()
        known = _SPELLED[id(node)] = (node, numpy_line(node, stacked=True))  # keeps the node alive
    return known[1]


def carry_out(calls: Sequence[Call]) -> None:
    """Make the calls, in order."""
    for function, arguments, named in calls:
        function(*arguments, **named)


def in_slots(calls: Sequence[Call], blocks: Sequence[Array], slots: int) -> list[list[Call]]:
    """The calls for each slot: views of a block's first slot become those of another slot."""
    starts = [(block.ctypes.data, block[0].nbytes, block) for block in blocks]
    known: dict[int, list[Any]] = {}

    def everywhere(value: Any) -> list[Any]:
        """What stands in its place in each slot; found once for all calls that read it."""
        found = known.get(id(value))
        if found is None:
            found = known[id(value)] = _in_slots(value, starts, slots)
        return found

    moved: list[list[Call]] = [[] for _ in range(slots)]
    for function, arguments, named in calls:
        by_place = [everywhere(value) for value in arguments]
        by_name = {name: everywhere(value) for name, value in named.items()}
        for slot, own in enumerate(moved):
            given = tuple(each[slot] for each in by_place)
            own.append((function, given, {name: each[slot] for name, each in by_name.items()}))
    return moved


def _in_slots(value: Any, starts: Sequence[tuple[int, int, Array]], slots: int) -> list[Any]:
    if isinstance(value, np.ndarray):
        address = value.ctypes.data
        for start, size, block in starts:
            offset = address - start
            if 0 <= offset < size:
                shape, strides = value.shape, value.strides
                places = range(offset, offset + slots * size, size)
                return [np.ndarray(shape, value.dtype, block, at, strides) for at in places]
    return [value] * slots


def _lines(heads: Sequence[Head], name: str) -> list[tuple[str, slice, int]]:
    """One equation of every loss: its line, the runs it is for, the place of the loss.

    Neighbours whose line is the same and reads no target, as an output activation, share it.
    """
    found: list[tuple[str, slice, int]] = []
    for index, head in enumerate(heads):
        runs = head.derivation[name].runs
        line = _spelled(runs)
        if found and found[-1][0] == line and "Y" not in references(runs):
            found[-1] = (line, slice(found[-1][1].start, head.runs.stop), index)
        else:
            found.append((line, head.runs, index))
    return found


def _assert_shared(heads: Sequence[Head], depth: int) -> None:
    """A comparison differs in nothing but the loss: all other equations must be the same."""
    allowed = {f"A{depth}", f"dZ{depth}", "J"}
    first = heads[0].derivation
    changed = {
        equation.name
        for equation in first.equations
        if equation.name not in allowed
        and any(head.derivation[equation.name].runs != equation.runs for head in heads)
    }
    if changed:
        raise AssertionError(f"equations that all losses must share differ: {sorted(changed)}")
