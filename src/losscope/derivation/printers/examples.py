"""Small random data for a program that was given none: inputs, and targets that depend on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.losses.domains import Counts, Interval, Values

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation
    from losscope.derivation.printers.frameworks import Framework


def data(derivation: Derivation, framework: Framework) -> list[str]:
    """Source of `make_data`."""
    inputs = derivation.network.layers[0]
    outputs = derivation.network.layers[-1] // derivation.loss.heads
    rows = derivation.convention == "rows"
    turn = "" if rows else ".T"
    returned = [framework.native.format(f"{name}{turn}") for name in ("X", "Y")]
    lines = [
        "def make_data(m=100, seed=0):",
        '    """Random inputs, and targets that follow a random direction of them."""',
        "    rng = np.random.default_rng(seed)",
        f"    X = rng.normal(size=(m, {inputs}))",
        f"    t = X @ rng.normal(size=({inputs}, {outputs})) / np.sqrt({inputs})",
        f"    Y = {_target(derivation)}",
    ]
    if derivation.weighted:
        lines.append("    w = rng.uniform(0.5, 1.5, size=(m, 1))")
        returned.append(framework.native.format(f"w{turn}"))
    return [*lines, f"    return {', '.join(returned)}"]


def _target(derivation: Derivation) -> str:
    """NumPy source of targets in the domain of the loss, from a score t."""
    domain, output = derivation.loss.target, derivation.network.output
    outputs = derivation.network.layers[-1]
    if derivation.loss.vector or output == "softmax":
        hot = f"np.eye({outputs})[np.argmax(t, axis=1)]"
        return f"2 * {hot} - 1" if derivation.loss.signs else hot
    match domain:
        case Values(allowed):
            return f"np.where(t > 0, {max(allowed):g}, {min(allowed):g})"
        case Counts():
            return "rng.poisson(np.exp(0.5 * t)).astype(float)"
        case Interval(low, high) if high < float("inf") and low > float("-inf"):
            return f"np.where(t > 0, {high:g}, {low:g})".replace(", 1, 0)", ", 1.0, 0.0)")
        case Interval(low) if low > float("-inf"):
            return f"{low:g} + np.exp(0.5 * t)" if low else "np.exp(0.5 * t)"
    return (
        "np.where(t > 0, 1.0, 0.0)" if output == "sigmoid" else "t + 0.1 * rng.normal(size=t.shape)"
    )
