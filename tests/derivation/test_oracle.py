"""Random networks × every loss × every defined output: programs against PyTorch's autograd."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from losscope.derivation import derive
from losscope.losses import get, names
from losscope.losses.domains import Interval
from losscope.network import Network, activations
from tests.derivation.programs import load

pytestmark = pytest.mark.oracle

EACH = 9
_M = 5
_TRIED: Counter[str] = Counter()
_HIDDEN = [n for n in activations.names() if activations.get(n).hidden]
_OUTPUTS = [n for n in activations.names() if activations.get(n).output]
PAIRS = [
    (loss, output)
    for loss in names()
    for output in _OUTPUTS
    if get(loss).defined_on(output) and (not get(loss).score or output == "identity")
]


@st.composite
def networks(draw, loss, output):
    """A network that ends in the output; penalties, weights, reduction, convention; a seed."""
    needs = get(loss)
    several = needs.vector or output == "softmax"
    outputs = (3 if several else draw(st.sampled_from([1, 3]))) * needs.heads
    depth = draw(st.integers(1, 5))
    hidden = draw(st.lists(st.integers(1, 7), min_size=depth - 1, max_size=depth - 1))
    network = Network(
        (3, *hidden, outputs),
        activation=tuple(draw(st.sampled_from(_HIDDEN)) for _ in hidden) or "relu",
        output=output,
    )
    return {
        "network": network,
        "loss": needs,
        "l2": draw(st.sampled_from([0.0, 0.1])),
        "l1": draw(st.sampled_from([0.0, 0.03])),
        "sample_weight": draw(st.booleans()),
        "reduction": draw(st.sampled_from(["mean", "sum"])),
        "convention": draw(st.sampled_from(["rows", "course"])),
    }, draw(st.integers(0, 2**32 - 1))


def arrays_for(derivation, seed):
    """Data and parameters as rows, predictions inside the loss's domain where they can be."""
    stream = np.random.default_rng(seed)
    network, loss = derivation.network, derivation.loss
    target = loss.target.sample(stream, (_M, network.layers[-1] // loss.heads))
    if type(loss.target_symbol(network.output)).__name__ == "UnitTarget" and not loss.signs:
        target = np.clip(target, 0.0, 1.0)
    found = {
        "X": stream.normal(size=(_M, network.layers[0])),
        "Y": target,
        "w": stream.uniform(0.5, 1.5, size=(_M, 1)),
    }
    for layer, (n_in, n_out) in enumerate(
        zip(network.layers[:-1], network.layers[1:], strict=True), 1
    ):
        found[f"W{layer}"] = stream.normal(size=(n_in, n_out)) / np.sqrt(n_in)
        found[f"b{layer}"] = 0.3 * stream.normal(size=(1, n_out))
    domain = loss.prediction
    if isinstance(domain, Interval) and domain.low >= 0 and network.output in ("relu", "gelu"):
        found[f"W{network.depth}"] *= 0.1
        found[f"b{network.depth}"] += 2.0  # a prediction of exactly 0 has no loss
    return found


def in_numpy(derivation, arrays):
    """J and gradients by the NumPy program."""
    return _run(derivation, load(derivation.numpy()), arrays, lambda a: a)


def in_torch(derivation, arrays):
    """J and gradients by the PyTorch program, with autograd switched off."""
    import torch

    with torch.no_grad():
        return _run(derivation, load(derivation.torch()), arrays, torch.from_numpy)


def in_jax(derivation, arrays):
    """J and gradients by the JAX program."""
    from jax import numpy as jnp

    return _run(derivation, load(derivation.jax()), arrays, jnp.asarray)


def _run(derivation, program, arrays, native):
    rows = derivation.convention == "rows"
    own = {n: native(np.ascontiguousarray(v if rows else v.T)) for n, v in arrays.items()}
    parameters = {n: v for n, v in own.items() if n[0] in "Wb"}
    A, cache = program.forward_propagation(own["X"], parameters)
    extra = [own["w"]] if derivation.weighted else []
    penalty = [parameters] if derivation.l1 or derivation.l2 else []
    count = program.compute_cost.__code__.co_argcount
    raw = [cache[f"Z{derivation.network.depth}"]]
    given = [A, own["Y"], *extra, *penalty]
    cost = program.compute_cost(*given, *raw[: count - len(given)])
    assert type(cost) is float
    grads = program.backward_propagation(parameters, cache, own["X"], own["Y"], *extra)
    found = {}
    for name, gradient in grads.items():
        value = np.asarray(gradient)
        assert value.dtype == np.float64
        if not rows:
            value = value.T
            if name[1] == "Z" and derivation.reduction == "mean":
                value = value / _M  # the course's dZ is per example
        found[name] = value
    return {"J": np.asarray(cost), **found}


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@settings(
    max_examples=EACH,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_programs_agree_with_autograd(loss, output, data):
    """NumPy, PyTorch and JAX programs equal autograd to 1e-10 of each array's norm."""
    import torch

    from tests.derivation.reference import gradients

    options, seed = data.draw(networks(loss, output))
    derivation = derive(**options)
    arrays = arrays_for(derivation, seed)
    wanted = gradients(derivation, {n: torch.from_numpy(v) for n, v in arrays.items()})
    wanted = {n: v.numpy() for n, v in wanted.items()}
    _TRIED["drawn"] += 1
    if not all(np.all(np.isfinite(v)) for v in wanted.values()):
        _TRIED["left out: the formula as written is not finite there"] += 1
        return
    for run in (in_numpy, in_torch, in_jax):
        # JAX compiles each operation for each shape: every tenth case, and every pair's first.
        pair = f"jax {loss} on {output}"
        if run is in_jax and _TRIED["drawn"] % 10 and pair in _TRIED:
            continue
        _TRIED[pair] += run is in_jax
        with np.errstate(all="ignore"):
            found = run(derivation, arrays)
        for name, value in wanted.items():
            error = np.linalg.norm(found[name] - value)
            # Where a gradient vanishes (a target met exactly), both are the rounding of terms that
            # cancel, of the size of the cost: hence the absolute part.
            allowed = 1e-10 * np.linalg.norm(value) + 1e-15 * (1 + abs(wanted["J"]))
            assert error <= allowed, (run.__name__, name, error)
        _TRIED[f"{run.__name__} agreed"] += 1


_UNBOUNDED = {"mape": "divides by |y|", "gamma": "divides by a", "tweedie": "divides by a"}
_SATURATING = [
    (loss, output)
    for loss, output in PAIRS
    if output in ("sigmoid", "softmax", "tanh") and loss not in _UNBOUNDED
]


@pytest.mark.parametrize(("loss", "output"), _SATURATING)
def test_programs_stay_finite_at_saturated_outputs(loss, output):
    """Raw predictions of some ±1000: cost and gradients of all three programs are finite."""
    needs = get(loss)
    outputs = (3 if needs.vector or output == "softmax" else 1) * needs.heads
    derivation = derive(Network((3, 2, outputs), activation="tanh", output=output), needs)
    arrays = arrays_for(derivation, 0)
    arrays["W2"] *= 1000.0
    for run in (in_numpy, in_torch, in_jax):
        with np.errstate(under="ignore"):
            for name, value in run(derivation, arrays).items():
                assert np.all(np.isfinite(value)), (run.__name__, name)


def test_how_many_cases_were_tried(say):
    """At least 2,000 cases were drawn over all pairs of loss and output; the run says so."""
    said = {key: n for key, n in _TRIED.items() if not key.startswith("jax ")}
    say(f"derivation against autograd: {said}, {len(PAIRS)} pairs of loss and output")
    assert _TRIED["drawn"] >= 2000
    assert _TRIED["in_torch agreed"] > 0.97 * _TRIED["drawn"]
