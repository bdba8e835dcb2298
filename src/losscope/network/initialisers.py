"""Initial parameters by name: one random stream per seed and layer.

Because a layer's stream depends on the seed and on the layer's place only, two networks that agree
in a layer's shape start there from the same bits, whatever else differs.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscope.errors import LosscopeError
from losscope.found import did_you_mean, plain

# variance = scale / fan. Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998.
_SCHEMES = {"glorot": (2.0, "both"), "he": (2.0, "in"), "lecun": (1.0, "in")}
_ALIASES = {"xavier": "glorot", "kaiming": "he"}
INITIALISERS = (
    *(f"{scheme}_{shape}" for scheme in _SCHEMES for shape in ("uniform", "normal")),
    "zeros",
)


def canonical(name: str) -> str:
    """Resolve an initialiser's name or alias ("glorot", "xavier_normal", "he") to its full name."""
    wanted = plain(name)
    for alias, scheme in _ALIASES.items():
        wanted = wanted.replace(alias, scheme)
    for full in INITIALISERS:
        if wanted in {plain(full), plain(full.removesuffix("_uniform"))}:
            return full
    raise LosscopeError(
        f"unknown initialiser {name!r}{did_you_mean(name, INITIALISERS)} "
        f"(known: {', '.join(INITIALISERS)})"
    )


def initialise(
    layers: tuple[int, ...], initializer: str, seed: int
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return (W, b) of each layer: W of shape (inputs, units), b of shape (units,), zeros.

    Weights are drawn in float64 from `default_rng([seed, layer])`.
    """
    name = canonical(initializer)
    return [
        (_weights(n_in, n_out, name, np.random.default_rng([seed, layer])), np.zeros(n_out))
        for layer, (n_in, n_out) in enumerate(pairwise(layers), start=1)
    ]


def log_mean(
    Y: NDArray[np.floating[Any]], weights: NDArray[np.floating[Any]] | None
) -> NDArray[np.float64]:
    """Return the biases (K,) at which an exp output predicts the (weighted) mean of Y (N, K).

    Counts keep their unit, so that a network which starts at exp(0) = 1 would first have to learn
    how large they are. A column of zeros has no such bias and starts at 0.
    """
    mean = np.average(Y, axis=0, weights=weights)
    return np.asarray(np.log(np.where(mean > 0, mean, 1.0)))


def _weights(n_in: int, n_out: int, name: str, stream: np.random.Generator) -> NDArray[np.float64]:
    if name == "zeros":
        return np.zeros((n_in, n_out))
    scheme, shape = name.split("_")
    scale, fan = _SCHEMES[scheme]
    variance = scale / (n_in + n_out if fan == "both" else n_in)
    if shape == "normal":
        return stream.normal(0.0, np.sqrt(variance), (n_in, n_out))
    bound = np.sqrt(3.0 * variance)
    return stream.uniform(-bound, bound, (n_in, n_out))
