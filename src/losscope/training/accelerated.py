"""The engine for accelerators: the same equations in JAX, one compiled call for an epoch.

Runs stand on the leading axis, batches are scanned, and everything of an epoch stays on the device:
a graphics card, where JAX has one, else the processor.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from losscope.derivation.printers.jax import JAX
from losscope.derivation.printers.lines import line
from losscope.training.cost import losses_of_rows
from losscope.training.engines import Batches, Engine
from losscope.training.optimizers import Optimizer
from losscope.training.program import Head, Parameters
from losscope.training.stack import Stack

Array = NDArray[Any]
Values = dict[str, Any]


class AcceleratedEngine(Engine):
    """All runs of a stack at once, all batches of an epoch in one call."""

    watches = True

    def __init__(self, stack: Stack, optimizer: Optimizer, batches: Batches, values: bool) -> None:
        super().__init__(stack, optimizer, batches, values)
        self._lines = _Lines(stack, optimizer, values)
        with _settings(stack.dtype):
            self._data = jnp.asarray(batches.data)
            self._targets = [jnp.asarray(target) for target in batches.targets]
            rows = len(batches.data)
            weights = batches.weights
            self._weights = jnp.asarray(
                np.ones((rows, 1), stack.dtype) if weights is None else weights
            )

    def through(self, order: NDArray[np.intp], *, watch: bool) -> tuple[Array, dict[int, int]]:
        """Run all batches; see `Engine`."""
        optimizer, size = self.optimizer, self.batches.size
        steps = -(-len(order) // size)
        with _settings(self.stack.dtype):
            arrays, costs, finite = self._lines.epoch(
                size,
                (optimizer.parameters, *optimizer.state),
                (optimizer.rates, optimizer.numbers_of(steps)),
                (self._data, self._weights, *self._targets),
                jnp.asarray(order),
            )
        for mine, found in zip((optimizer.parameters, *optimizer.state), arrays, strict=True):
            mine[...] = np.asarray(found)
        optimizer.steps += steps
        first: dict[int, int] = {}
        if watch:
            kept = np.asarray(finite)
            first = {
                r: int(kept[:, r].argmin()) + 1 for r in np.flatnonzero(~kept.all(axis=0)).tolist()
            }
        return (np.array(costs, float) if self.values else np.full(len(costs), np.nan)), first


class _Lines:
    """The lines of a stack, as a function that JAX compiles."""

    def __init__(self, stack: Stack, optimizer: Optimizer, values: bool) -> None:
        self.stack, self.rule, self.values = stack, optimizer.rule, values
        self.depth = stack.network.depth
        self.places = Parameters.places(stack.network.layers)
        shared = stack.heads[0].derivation
        own = {f"A{self.depth}", f"dZ{self.depth}"}
        self.order = [e.name for phase in ("forward", "backward") for e in shared.phase(phase)]
        self.code = {e.name: _code(e.runs) for e in shared.equations if e.name not in own}
        self.heads = [
            {name: _code(head.derivation[name].runs) for name in own} for head in stack.heads
        ]
        self.costs = [_code(losses_of_rows(head.derivation)) for head in stack.heads]
        self.functions = _functions([*self.code.values(), *self.costs, *_all(self.heads)])
        self.epoch: Callable[..., Any] = jax.jit(self._epoch, static_argnums=0)

    def _epoch(self, size: int, arrays: Any, steps: Any, examples: Any, order: Any) -> Any:
        rates, numbers = steps
        shuffled = [array[order] for array in examples]
        full = len(order) // size
        batches = [a[: full * size].reshape(full, size, a.shape[1]) for a in shuffled]
        step = partial(self._step, rates, len(order))
        arrays, (costs, finite) = jax.lax.scan(step, arrays, (numbers[:full], batches))
        total = costs.sum(axis=0)
        if len(order) % size:
            rest = (numbers[full], [a[full * size :] for a in shuffled])
            arrays, (cost, last) = step(arrays, rest)
            total, finite = total + cost, jnp.concatenate([finite, last[None]])
        return arrays, total, finite

    def _step(self, rates: Any, count: int, arrays: Any, given: Any) -> Any:
        numbers, (X, w, *targets) = given
        theta, *state = arrays
        values: Values = {"X": X, "w": w, "m": len(X)}
        for name, (start, stop, shape) in self.places.items():
            values[name] = theta[:, start:stop].reshape(len(theta), *shape)
        for name in self.order:
            if name in self.code:
                values[name] = self._run(self.code[name], values)
            else:
                values[name] = self._by_head([head[name] for head in self.heads], values, targets)
        flat = [values[f"d{name}"].reshape(len(theta), -1) for name in self.places]
        known: Values = {**self.rule.constants, "theta": theta, "rate": rates}
        known |= dict(zip(self.rule.numbers, numbers, strict=True))
        known |= dict(zip(self.rule.state, state, strict=True))
        known["g"] = jnp.concatenate(flat, axis=1)
        for name, code in self.rule.lines:
            known[name] = eval(code, {"np": jnp}, known)  # noqa: S307 - a line of the rule
        after = (known["theta"], *(known[name] for name in self.rule.state))
        cost = self._cost(values, targets) * (len(X) / count)
        return after, (cost, jnp.isfinite(after[0]).all(axis=1))

    def _run(self, code: Any, values: Values) -> Any:
        return eval(code, self.functions, values)  # noqa: S307 - a line of a derivation

    def _by_head(self, codes: list[Any], values: Values, targets: list[Any]) -> Any:
        parts = [
            self._run(code, self._own(head, values) | {"Y": target})
            for code, head, target in zip(codes, self.stack.heads, targets, strict=True)
        ]
        return parts[0] if len(parts) == 1 else jnp.concatenate(parts, axis=0)

    def _own(self, head: Head, values: Values) -> Values:
        shared = {"X", "w", "m"}
        return {k: v if k in shared else v[head.runs] for k, v in values.items()}

    def _cost(self, values: Values, targets: list[Any]) -> Any:
        if not self.values:
            return jnp.zeros(len(values["W1"]))
        derivation = self.stack.heads[0].derivation
        rows = self._by_head(self.costs, values, targets)
        cost = rows.sum(axis=(1, 2)) / (values["m"] if derivation.reduction == "mean" else 1)
        if derivation.l2:
            weights = [values[f"W{layer}"] for layer in range(1, self.depth + 1)]
            cost += 0.5 * derivation.l2 * sum((w**2).sum(axis=(1, 2)) for w in weights)
        return cost


def _code(node: Any) -> Any:
    return line(node, JAX, stacked=True)


def _all(heads: list[dict[str, str]]) -> list[str]:
    return [code for head in heads for code in head.values()]


def _functions(lines: list[str]) -> Values:
    """What lines call: JAX, and our own functions in it."""
    space: Values = {"jax": jax, "jnp": jnp, "np": np}
    for definition in JAX.definitions("\n".join(lines)):
        exec(definition, space)  # noqa: S102 - the source that is printed into JAX programs
    return space


def _settings(dtype: np.dtype[Any]) -> AbstractContextManager[Any]:
    """Full precision, in which a graphics card would cut products short; float64 where asked."""
    stack = ExitStack()
    stack.enter_context(jax.default_matmul_precision("highest"))
    if dtype == np.float64:
        stack.enter_context(jax.enable_x64(True))
    return stack
