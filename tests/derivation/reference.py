"""PyTorch's autograd on the definitions: the network and the loss as their formulas state them.

Written apart from the derivation: only `Loss.formula` is shared, walked node by node.
"""

from __future__ import annotations

import sympy as sp
import torch

from losscope.calculus.functions import RAW, per_class

F = torch.nn.functional
ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "gelu": lambda z: F.gelu(z, approximate="none"),
    "exp": torch.exp,
    "softmax": lambda z: torch.softmax(z, dim=-1),
}


def gradients(derivation, arrays):
    """Cost and gradients (of J, rows) of every Z, W and b: {"J": …, "dZ1": …, "dW1": …}."""
    network = derivation.network
    leaves = {n: v.clone().requires_grad_(n[0] in "Wb") for n, v in arrays.items()}
    active, raws = leaves["X"], []
    names = (*network.activations, network.output)
    for layer, name in enumerate(names, 1):
        raw = active @ leaves[f"W{layer}"] + leaves[f"b{layer}"]
        raw.retain_grad()
        raws.append(raw)
        active = ACTIVATIONS[name](raw)
    losses = row_losses(derivation, raw, leaves["Y"])
    if derivation.weighted:
        losses = losses * leaves["w"]
    cost = losses.mean() if derivation.reduction == "mean" else losses.sum()
    for layer in range(1, network.depth + 1):
        weights = leaves[f"W{layer}"]
        cost = cost + 0.5 * derivation.l2 * (weights**2).sum() + derivation.l1 * weights.abs().sum()
    cost.backward()
    found = {f"d{n}": leaves[n].grad for n in leaves if n[0] in "Wb"}
    found |= {f"dZ{layer}": raw.grad for layer, raw in enumerate(raws, 1)}
    return {"J": cost.detach(), **found}


def row_losses(derivation, raw, target):
    """ℓ of each example, (m, 1)."""
    a, y = sp.Symbol("a", positive=True), sp.Symbol("y", real=True)
    loss = derivation.loss
    entering = walk(loss.entering(RAW), {RAW: raw})
    prediction = ACTIVATIONS[derivation.network.output](entering)
    value = walk(loss.row(a, y, raw.shape[1]), {a: prediction, y: target})
    return torch.as_tensor(value).expand(len(raw), 1)


def walk(node, given):
    """Value of a formula on tensors; row functions run over the last dimension."""
    if node in given:
        return given[node]
    if node.is_Symbol and node.name == "K":
        return float(next(iter(given.values())).shape[-1])
    if node.is_number and not isinstance(node, per_class):
        return float(node)
    if isinstance(node, sp.Piecewise):
        *cases, (last, _) = node.args
        found = _tensor(walk(last, given), given)
        for value, condition in reversed(cases):
            found = torch.where(_holds(condition, given), _tensor(walk(value, given), given), found)
        return found
    parts = [walk(argument, given) for argument in node.args]
    if isinstance(node, sp.Add):
        return sum(parts)
    if isinstance(node, sp.Mul):
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return product
    return FUNCTIONS[type(node).__name__](*parts)


def _tensor(value, given):
    like = next(iter(given.values()))
    return value if isinstance(value, torch.Tensor) else torch.full_like(like, value)


def _holds(condition, given):
    left, right = (walk(side, given) for side in condition.args)
    return {
        ">": lambda: left > right,
        ">=": lambda: left >= right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        "==": lambda: left == right,
    }[condition.rel_op]()


def _total(x):
    return x.sum(dim=-1, keepdim=True)


def _margin_pairs(x, y):
    room = torch.relu(1 + x[:, None, :] - x[:, :, None])
    return (room * y[:, :, None] * (1 - y[:, None, :])).sum(dim=(1, 2))[:, None]


def _sparse_peak(x):
    """max over the simplex of p · x + ½ − ½ |p|², its p taken as a constant (Danskin)."""
    rows = []
    for row in x.detach():
        for size in range(len(row), 0, -1):
            chosen = torch.sort(row, descending=True).values[:size]
            level = (chosen.sum() - 1) / size
            if chosen[-1] > level:
                break
        rows.append(torch.clamp(row - level, min=0.0))
    p = torch.stack(rows)
    return _total(p * x) + 0.5 - 0.5 * _total(p * p)


def _xlogy(x, y):
    return torch.xlogy(torch.as_tensor(x), torch.as_tensor(y))


FUNCTIONS = {
    "Pow": lambda base, power: base**power,
    "log": lambda x: torch.log(torch.as_tensor(x)),
    "exp": torch.exp,
    "Abs": torch.abs,
    "cosh": torch.cosh,
    "sinh": torch.sinh,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sign": torch.sign,
    "step": lambda x: (x > 0).to(x.dtype),
    "sigmoid": torch.sigmoid,
    "softplus": ACTIVATIONS["softplus"],
    "softmax": ACTIVATIONS["softmax"],
    "log1p": torch.log1p,
    "expm1": torch.expm1,
    "ndtr": torch.special.ndtr,
    "logcosh": lambda x: torch.log(torch.cosh(x)),
    "xlogy": _xlogy,
    "frozen": lambda x: x.detach(),
    "Total": _total,
    "Others": lambda x: _total(x) - x,
    "Peak": lambda x: x.max(dim=-1, keepdim=True).values,
    "Head": lambda x, i, heads: torch.tensor_split(x, int(heads), dim=-1)[int(i)],
    "unit": lambda x: x / torch.sqrt(_total(x * x)),
    "SparsePeak": _sparse_peak,
    "MarginPairs": _margin_pairs,
    "per_class": lambda *weights: torch.tensor(weights, dtype=torch.float64),
}
