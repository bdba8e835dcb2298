"""Our functions exist in every framework, and on columns as on rows."""

from __future__ import annotations

import numpy as np
import pytest

from losscope.calculus import numpy_functions
from losscope.calculus.spelling import OWN_FUNCTIONS
from losscope.derivation.printers.frameworks import NUMPY, _sources, on_columns
from losscope.derivation.printers.jax import JAX
from losscope.derivation.printers.torch import TORCH

ROWS = {
    "softmax": 1, "log_softmax": 1, "log_cosoftmax": 1, "odds_mix": 2, "Others": 1, "Total": 1,
    "Peak": 1, "SparsePeak": 1, "sparsemax": 1, "unit": 1, "inverse_length": 1, "MarginPairs": 2,
    "margin_pulls": 2, "at_peak": 1, "length": 1, "Head": 3, "Place": 4, "per_class": 0,
}  # fmt: skip
"""Functions of several classes, with the number of their arguments."""


@pytest.mark.parametrize("framework", [TORCH, JAX], ids=lambda f: f.name)
def test_every_function_has_its_counterpart(framework):
    """A function added to NumPy's list must be added to the others'."""
    assert set(OWN_FUNCTIONS) <= set(_sources(framework.source))


def test_every_function_of_classes_is_listed_here():
    """A function with an axis of its own is one of classes, tested below."""
    with_axis = {name for name, text in _sources(NUMPY.source).items() if "axis=" in text}
    assert with_axis <= set(ROWS)


@pytest.mark.parametrize("name", sorted(set(ROWS) - {"length", "Head", "Place", "per_class"}))
def test_classes_may_stand_in_columns(name):
    """A definition turned to columns gives the transpose of what it gives on rows."""
    arguments = _arguments(name)
    turned = _on_columns()[name](*[x.T for x in arguments])
    straight = getattr(numpy_functions, name)(*arguments)
    np.testing.assert_allclose(turned.T, straight, rtol=1e-14)


def _arguments(name):
    stream = np.random.default_rng(0)
    hot = np.eye(4)[stream.integers(4, size=6)]
    raw = stream.normal(size=(6, 4))
    return (
        [raw, hot][: ROWS[name]] if name.startswith(("M", "m")) else [raw, raw[::-1]][: ROWS[name]]
    )


def _on_columns():
    namespace = {"np": np}
    for text in _sources(NUMPY.source).values():
        exec(on_columns(text), namespace)
    return namespace


@pytest.mark.oracle
@pytest.mark.parametrize("rows", [True, False])
@pytest.mark.parametrize("name", OWN_FUNCTIONS)
def test_frameworks_agree(name, rows):
    """PyTorch's and JAX's functions give NumPy's values, at extremes too."""
    import jax
    import torch

    jax.config.update("jax_enable_x64", True)
    arguments = _calls(name)
    if arguments is None:
        pytest.skip("takes numbers, not arrays; tried through the losses that use it")
    turn = (lambda x: x) if rows else np.transpose
    wanted = getattr(numpy_functions, name)(*arguments)
    for framework, native in ((TORCH, torch.from_numpy), (JAX, jax.numpy.asarray)):
        source = "\n".join(framework.imports) + "\n"
        source += "\n\n".join(framework.definitions(f"{name}(", rows=rows) or [])
        namespace: dict = {}
        exec(source, namespace)
        given = [
            native(np.ascontiguousarray(turn(x))) if isinstance(x, np.ndarray) else x
            for x in arguments
        ]
        found = turn(np.asarray(namespace[name](*given)))
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-300)  # XLA's log1p


def _calls(name):
    raw = np.random.default_rng(1).normal(size=(6, 4)) * np.array([[1], [5], [30], [0.1], [1], [2]])
    if name in ("per_class", "length"):
        return None
    if name == "Head":
        return [raw, 1, 2]
    if name == "Place":
        return [raw[:, :2], raw, 1, 2]
    if name in ROWS:
        return [raw, np.eye(4)[[0, 1, 2, 3, 0, 1]]] if ROWS[name] == 2 else [raw]
    if name == "sum3":
        return [raw, 1.0, -raw[::-1]]
    if name in ("log_copower", "copower_slope"):
        return [raw, 0.7]
    if name in ("xlogy", "xexp"):
        return [np.abs(raw) * (raw > 0), np.abs(raw)]
    if name in ("sqrt1pm1", "log1p_gap"):
        return [np.abs(raw)]
    return [raw]
