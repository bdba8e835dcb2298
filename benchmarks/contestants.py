"""The peers: each trains the networks of a case for one epoch, in the way natural to it.

A contestant is made from a case; `epoch(order)` goes once through the batches and computes the cost
as it goes; `parameters()` are those of the first network, for the check before anything is timed.
"""

from __future__ import annotations

import numpy as np

from benchmarks.cases import RATE, Case


class SklearnLoop:
    """One MLPClassifier after another. With two classes it has one output, not two: less work."""

    def __init__(self, case: Case) -> None:
        from sklearn.neural_network import MLPClassifier

        self.X, self.y = case.data()
        self.models = []
        for _ in range(case.runs):
            model = MLPClassifier(
                case.layers[1:-1], batch_size=case.batch, alpha=0.0, learning_rate_init=RATE,
                shuffle=False, random_state=0,
            )  # fmt: skip
            model.partial_fit(self.X, self.y, classes=np.arange(case.layers[-1]))
            for (W, b), own, bias in zip(
                case.start(), model.coefs_, model.intercepts_, strict=True
            ):
                own[...], bias[...] = W[:, : own.shape[1]], b[: len(bias)]
            rule = model._optimizer  # noqa: SLF001 - its moments start anew
            rule.t = 0
            for array in (*rule.ms, *rule.vs):
                array[...] = 0.0
            self.models.append(model)
        self.checked = case.layers[-1] > 2

    def epoch(self, order):
        X, y = self.X[order], self.y[order]
        for model in self.models:
            model.partial_fit(X, y)

    def parameters(self):
        first = self.models[0]
        return [a for pair in zip(first.coefs_, first.intercepts_, strict=True) for a in pair]


class TorchLoop:
    """One network after another, autograd and fused Adam."""

    def __init__(self, case: Case) -> None:
        import torch
        from torch import nn

        self.torch, self.batch = torch, case.batch
        X, y = case.data()
        self.X, self.y = torch.tensor(X), torch.tensor(y)
        self.models = []
        for _ in range(case.runs):
            parts = []
            for W, b in case.start():
                linear = nn.Linear(*W.shape)
                with torch.no_grad():
                    linear.weight.copy_(torch.tensor(W.T))
                    linear.bias.copy_(torch.tensor(b))
                parts += [linear, nn.ReLU()]
            model = nn.Sequential(*parts[:-1])
            self.models.append((model, torch.optim.Adam(model.parameters(), RATE, fused=True)))

    def epoch(self, order):
        order = self.torch.tensor(order)
        batches = [(self.X[rows], self.y[rows]) for rows in self.torch.split(order, self.batch)]
        for model, optimizer in self.models:
            total = 0.0
            for X, y in batches:
                optimizer.zero_grad()
                cost = self.torch.nn.functional.cross_entropy(model(X), y)
                cost.backward()
                optimizer.step()
                total += cost.detach()

    def parameters(self):
        linears = [part for part in self.models[0][0] if hasattr(part, "weight")]
        found = [(p.weight.detach().numpy().T, p.bias.detach().numpy()) for p in linears]
        return [array for pair in found for array in pair]


class TorchStack:
    """All networks on a leading axis, `baddbmm`, autograd and fused Adam."""

    def __init__(self, case: Case) -> None:
        import torch

        self.torch, self.batch, self.runs = torch, case.batch, case.runs
        X, y = case.data()
        self.X, self.y = torch.tensor(X), torch.tensor(y)
        self.arrays = []
        for W, b in case.start():
            for array in (W, b[None]):
                stacked = np.repeat(array[None], case.runs, axis=0)
                self.arrays.append(torch.tensor(stacked, requires_grad=True))
        self.optimizer = torch.optim.Adam(self.arrays, RATE, fused=True)

    def epoch(self, order):
        torch = self.torch
        total = torch.zeros(self.runs)
        for rows in torch.split(torch.tensor(order), self.batch):
            A = self.X[rows].expand(self.runs, -1, -1)
            y = self.y[rows].repeat(self.runs)
            last = len(self.arrays) - 2
            for place in range(0, last + 2, 2):
                A = torch.baddbmm(self.arrays[place + 1], A, self.arrays[place])
                A = torch.relu(A) if place < last else A
            costs = torch.nn.functional.cross_entropy(A.flatten(0, 1), y, reduction="none")
            costs = costs.reshape(self.runs, -1).mean(dim=1)
            self.optimizer.zero_grad()
            costs.sum().backward()
            self.optimizer.step()
            total += costs.detach()

    def parameters(self):
        return [array.detach().numpy()[0].squeeze() for array in self.arrays]


class Jax:
    """`vmap` over networks, `scan` over batches, `grad`; Adam by hand."""

    def __init__(self, case: Case) -> None:
        import jax
        import jax.numpy as jnp

        X, y = case.data()
        self.X, self.y, self.jnp = jnp.asarray(X), jnp.asarray(y), jnp
        theta = [jnp.repeat(a[None], case.runs, 0) for pair in case.start() for a in pair]
        first, second = ([jnp.zeros_like(a) for a in theta] for _ in range(2))
        self.state = (theta, first, second, jnp.zeros(()))

        def cost(theta, X, y):
            A = X
            for place in range(0, len(theta), 2):
                A = A @ theta[place] + theta[place + 1]
                A = jax.nn.relu(A) if place < len(theta) - 2 else A
            shifted = jax.nn.log_softmax(A)
            return -jnp.take_along_axis(shifted, y[:, None], axis=1).mean()

        slope = jax.vmap(jax.value_and_grad(cost), in_axes=(0, None, None))

        def step(state, batch):
            theta, first, second, t = state
            value, g = slope(theta, *batch)
            t = t + 1.0
            first = [0.9 * m + 0.1 * d for m, d in zip(first, g, strict=True)]
            second = [0.999 * v + 0.001 * d * d for v, d in zip(second, g, strict=True)]
            root, unbias = jnp.sqrt(1 - 0.999**t), 1 - 0.9**t
            theta = [
                p - RATE / unbias * m / (jnp.sqrt(v) / root + 1e-8)
                for p, m, v in zip(theta, first, second, strict=True)
            ]
            return (theta, first, second, t), value

        def epoch(state, X, y, order):
            shape = (case.steps, case.batch)
            batches = (X[order].reshape(*shape, -1), y[order].reshape(shape))
            state, values = jax.lax.scan(step, state, batches)
            return state, values.sum(axis=0)

        self.jitted = jax.jit(epoch, donate_argnums=0)

    def epoch(self, order):
        self.state, values = self.jitted(self.state, self.X, self.y, self.jnp.asarray(order))
        values.block_until_ready()

    def parameters(self):
        return [np.asarray(a[0]) for a in self.state[0]]


class Losscope:
    """Ours: the engine's own call for an epoch, costs recorded."""

    engine = "numpy"

    def __init__(self, case: Case) -> None:
        from losscope import losses
        from losscope.network import Network
        from losscope.training import Run, Stack, engines, optimizers
        from losscope.training.stack import libraries

        X, y = case.data()
        Y = np.eye(case.layers[-1], dtype=np.float32)[y]
        loss = losses.get("ce", task="multiclass")
        network = Network(case.layers, "relu", None, "glorot_uniform")
        runs = [Run(loss, RATE, "softmax")] * case.runs
        self.stack = Stack(network, runs, "float32", 0.0, weighted=False)
        self.stack.initialise(0)
        own = self.stack.parameters_
        rates = np.full((case.runs, 1), RATE, np.float32)
        state = optimizers.get("adam")(own.flat, own.gradient, rates)
        batches = engines.Batches(X, [Y], None, case.batch)
        self.loop = engines.get(self.engine)(self.stack, state, batches, values=True)
        if self.engine != "jax":
            libraries().limit(limits=1, user_api="blas")

    def epoch(self, order):
        self.loop.epoch(order, 1, {})

    def parameters(self):
        return [array for pair in self.stack.parameters(0) for array in pair]


class LosscopeNumba(Losscope):
    """Ours, machine code."""

    engine = "numba"


class LosscopeJax(Losscope):
    """Ours, on JAX."""

    engine = "jax"


class Reference:
    """No network: the same products and one fused pass of Adam, for the time they take alone."""

    checked = False

    def __init__(self, case: Case) -> None:
        from benchmarks.reference import epoch

        X, _ = case.data()
        size = sum(W.size + b.size for W, b in case.start())
        stream = np.random.default_rng(0)
        self.theta = stream.normal(size=(case.runs, size)).astype(np.float32) / 100
        self.first, self.second = np.zeros_like(self.theta), np.zeros_like(self.theta)
        self.arguments = (X, np.array(case.layers), case.batch)
        self.run = epoch

    def epoch(self, order):
        X, layers, batch = self.arguments
        self.run(self.theta, self.first, self.second, X[order], layers, batch)


CONTESTANTS = {
    "sklearn MLP": SklearnLoop,
    "torch loop": TorchLoop,
    "torch stacked": TorchStack,
    "JAX vmap+scan": Jax,
    "losscope numpy": Losscope,
    "losscope numba": LosscopeNumba,
    "losscope jax": LosscopeJax,
    "reference": Reference,
}
