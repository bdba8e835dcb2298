"""The cost of a network straight from the definitions, for complex numbers as well.

Nothing of the derivation is used: activations are written here once more, the loss is its formula
as its file states it, walked node by node. Evaluated at θ + i h, the imaginary part over h is the
derivative along θ, without a difference of nearly equal numbers (Squire and Trapp, Using Complex
Variables to Estimate Derivatives of Real Functions, 1998).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from losscope.calculus.functions import RAW, per_class
from losscope.network import activations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from losscope.derivation.equations import Derivation

Array = NDArray[Any]


def _ndtr(z: Array) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def _softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z.real, axis=-1, keepdims=True))
    return np.asarray(e / np.sum(e, axis=-1, keepdims=True))


def _relu(z: Array) -> Array:
    return np.where(z.real > 0, z, 0.0)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "relu": _relu,
    "leaky_relu": lambda z: np.where(z.real > 0, z, 0.01 * z),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "gelu": lambda z: z * _ndtr(z),
    "exp": np.exp,
    "softmax": _softmax,
}


def cost(
    derivation: Derivation, arrays: Mapping[str, Array], *, start: int = 0, raw: Any = None
) -> complex:
    """J of examples as rows.

    Parameters
    ----------
    derivation : which network, loss, penalties, weights and reduction.
    arrays : X, Y, w and the parameters W1 (inputs, units), b1 (1, units), …
    start, raw : begin after Z of layer `start`, given as `raw`, rather than at X.
    """
    network = derivation.network
    for layer in range(start + 1, network.depth + 1):
        active = arrays["X"] if layer == 1 else activated(network.activations[layer - 2], raw)
        raw = active @ arrays[f"W{layer}"] + arrays[f"b{layer}"]
    losses = row_losses(derivation, raw, arrays["Y"])
    if derivation.weighted:
        losses = losses * arrays["w"]
    total = np.sum(losses) / (len(losses) if derivation.reduction == "mean" else 1)
    for layer in range(1, network.depth + 1):
        weights = arrays[f"W{layer}"]
        total = total + derivation.l2 / 2 * np.sum(weights**2)
        total = total + derivation.l1 * np.sum(_absolute(weights))
    return complex(total)


def activated(name: str, raw: Array) -> Array:
    """g(z); where it is not written here once more, its formula as its file states it."""
    if name in ACTIVATIONS:
        return ACTIVATIONS[name](raw)
    return np.asarray(walk(activations.get(name).formula(RAW), {RAW: raw}))


def row_losses(derivation: Derivation, raw: Array, target: Array) -> Array:
    """ℓ of each example, (m, 1), from raw predictions; NaN where the formula is not defined."""
    loss = derivation.loss
    a, y = sp.Symbol("a", positive=True), sp.Symbol("y", real=True)
    entering = walk(loss.entering(RAW), {RAW: raw})  # a temperature, where the loss has one
    prediction = activated(str(derivation.network.output), entering)
    formula = loss.row(a, y, prediction.shape[1])
    found = walk(formula, {a: prediction, y: target.astype(complex)})
    return np.broadcast_to(found, (len(prediction), 1))


def walk(node: sp.Expr, given: Mapping[sp.Symbol, Array]) -> Any:
    """Value of a formula; sums, maxima and the like run over the last axis."""
    if node in given:
        return given[node]
    if node.is_Symbol and node.name == "K":
        return float(next(iter(given.values())).shape[-1])
    if node.is_number and not isinstance(node, per_class):
        return complex(node) if not node.is_real else float(node)
    if isinstance(node, sp.Piecewise):
        return _piecewise(node, given)
    if isinstance(node, sp.Symbol):
        raise KeyError(node)
    parts = [walk(argument, given) for argument in node.args]
    if isinstance(node, sp.Add):
        return sum(parts[1:], start=parts[0])
    if isinstance(node, sp.Mul):
        return _product(parts)
    return _FUNCTIONS[type(node).__name__](*parts)


def _product(parts: list[Any]) -> Any:
    found = parts[0]
    for part in parts[1:]:
        found = found * part
    return found


def _piecewise(node: sp.Piecewise, given: Mapping[sp.Symbol, Array]) -> Any:
    *cases, (last, _) = node.args
    found = walk(last, given)
    for value, condition in reversed(cases):
        found = np.where(_holds(condition, given), walk(value, given), found)
    return found


def _holds(condition: Any, given: Mapping[sp.Symbol, Array]) -> Any:
    if isinstance(condition, sp.And | sp.Or):
        both = [_holds(part, given) for part in condition.args]
        joined = np.logical_and if isinstance(condition, sp.And) else np.logical_or
        return joined.reduce(np.broadcast_arrays(*both))
    left, right = (np.real(walk(side, given)) for side in condition.args)
    compare = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}
    compare |= {"==": np.equal, "!=": np.not_equal}
    return compare[condition.rel_op](left, right)


def _defined(x: Any, allowed: Any) -> Any:
    """NaN where a real function has no value, rather than a complex one."""
    return np.where(allowed, x, np.nan)


def _log(x: Any) -> Any:
    positive = np.real(x) > 0
    return _defined(np.log(np.where(positive, x, 1.0)), positive)


def _power(base: Any, power: Any) -> Any:
    if np.ndim(power) == 0 and float(np.real(power)).is_integer():
        return np.asarray(base) ** int(np.real(power))
    positive = np.real(base) > 0
    return _defined(np.where(positive, base, 1.0) ** power, positive)


def _absolute(x: Any) -> Any:
    return np.where(np.real(x) < 0, -x, x)


def _xlogy(x: Any, y: Any) -> Any:
    return np.where(np.real(x) == 0, 0.0, x * np.log(np.where(np.real(x) == 0, 1.0, y)))


def _peak(x: Any) -> Any:
    place = np.argmax(x.real, axis=-1, keepdims=True)
    return np.take_along_axis(x, place, axis=-1)


def _sum(x: Any) -> Any:
    return np.sum(x, axis=-1, keepdims=True)


def _head(x: Any, place: Any, heads: Any) -> Any:
    return np.split(x, int(np.real(heads)), axis=-1)[int(np.real(place))]


def _margin_pairs(x: Any, y: Any) -> Any:
    """Σ_k Σ_j y_k (1 − y_j) max(0, 1 + x_j − x_k)."""
    room = 1 + x[..., None, :] - x[..., :, None]
    lost = _relu(room) * y[..., :, None] * (1 - y[..., None, :])
    return np.sum(lost, axis=(-1, -2))[..., None]


def _sparse_peak(x: Any) -> Any:
    """max over the simplex of p · x + ½ − ½ |p|², by trying each size of the support."""
    falling = np.sort(x.real, axis=-1)[..., ::-1]
    sizes = np.arange(1, x.shape[-1] + 1)
    support = np.sum(1 + sizes * falling > np.cumsum(falling, axis=-1), axis=-1, keepdims=True)
    held = x.real >= np.take_along_axis(falling, support - 1, axis=-1)
    level = (_sum(np.where(held, x, 0)) - 1) / support
    p = np.where(held, x - level, 0)
    return _sum(p * x) + 0.5 - 0.5 * _sum(p * p)


def _elementwise(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: function(np.asarray(x, dtype=complex))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _elementwise(function) for name, function in ACTIVATIONS.items()},
    "Pow": _power,
    "log": _log,
    "Abs": _absolute,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "log1p": lambda x: _log(1 + x),
    "expm1": lambda x: np.exp(x) - 1,
    "sign": lambda x: np.sign(np.real(x)),
    "step": lambda x: (np.real(x) > 0).astype(float),
    "ndtr": _ndtr,
    "xlogy": _xlogy,
    "frozen": np.real,
    "Max": lambda *x: _peak(np.stack(np.broadcast_arrays(*x), axis=-1))[..., 0],
    "Min": lambda *x: -_peak(np.stack(np.broadcast_arrays(*[-v for v in x]), axis=-1))[..., 0],
    "Total": _sum,
    "Peak": _peak,
    "Others": lambda x: _sum(x) - x,
    "Head": _head,
    "unit": lambda x: x / np.sqrt(_sum(x * x)),
    "SparsePeak": _sparse_peak,
    "MarginPairs": _margin_pairs,
    "per_class": lambda *weights: np.array(weights),
}
