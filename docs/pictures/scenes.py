"""What each picture shows, computed by the program."""

from __future__ import annotations

from functools import cache

import numpy as np

from docs.pictures.drawing import Line, Panel
from losscope import losses

_TITLES = {"ce": "cross-entropy", "mse": "squared error", "mae": "absolute error"}


@cache
def scenes() -> dict[str, list[Panel]]:
    """Panels of each picture, by its name."""
    return {
        "slopes": [_slopes({"ce": -5.4, "mse": -0.9, "mae": 1.4}, ("ce", "mse", "mae"))],
        "values-and-slopes": [_values(), _slopes({"ce": -5.4, "mse": -0.9}, ("ce", "mse"))],
        "slowdown": [_slowdown()],
    }


def _slopes(named: dict[str, float], names: tuple[str, ...]) -> Panel:
    z = np.linspace(-6, 6, 121)
    place = {"ce": ("left", -14.0), "mse": ("right", 14.0), "mae": ("left", 24.0)}
    return Panel(
        title="What each loss sends back: dℓ/dz for y = 1",
        across="raw prediction z: left of 0 it is wrong",
        up="dℓ/dz",
        lines=[_line(n, z, _slope(n, z), named[n], *place[n]) for n in names],
    )


def _values() -> Panel:
    z = np.linspace(-6, 6, 121)
    value = {
        name: losses.get(name, task="binary").value(
            target=np.ones((len(z), 1)), prediction=1 / (1 + np.exp(-z[:, None]))
        )
        for name in ("ce", "mse")
    }
    return Panel(
        title="What it prints: ℓ for y = 1",
        across="raw prediction z",
        up="ℓ",
        lines=[
            _line("ce", z, value["ce"], -4.4, "left", -6.0),
            _line("mse", z, value["mse"], -5.6, "left", -14.0),
        ],
    )


def _slowdown() -> Panel:
    steps = 550
    found = {}
    for name in ("ce", "mse"):
        z, seen = np.array([-6.0]), []
        for _ in range(steps + 1):
            seen.append(float(1 / (1 + np.exp(-z[0]))))
            z = z - 0.5 * _slope(name, z)
        found[name] = np.array(seen)
    n = np.arange(steps + 1)
    return Panel(
        title="From z = −6 towards y = 1, by steps of the same rate",
        across="step of gradient descent (rate 0.5)",
        up="prediction a",
        lines=[
            _line("ce", n, found["ce"], 45, "left", 14.0),
            _line("mse", n, found["mse"], 340, "right", -10.0),
        ],
    )


def _slope(name: str, z: np.ndarray) -> np.ndarray:
    """dℓ/dz of a loss under a sigmoid, for a target of 1."""
    raw = z[:, None]
    loss = losses.get(name, task="binary")
    return loss.gradient(target=np.ones_like(raw), raw_prediction=raw, output="sigmoid")[:, 0]


def _line(  # noqa: PLR0917 - the parts of one record
    name: str, x: np.ndarray, y: np.ndarray, named: float, align: str, dy: float
) -> Line:
    points = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    return Line(_TITLES[name], points, named, align, dy)
