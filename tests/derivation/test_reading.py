"""What is printed, read back as a person reads it, gives the numbers that programs compute."""

from __future__ import annotations

import numpy as np
import pytest

from losscope.derivation import derive
from losscope.derivation.check import _data
from losscope.derivation.evaluate import run
from losscope.derivation.printers.unicode import Unicode, spell
from losscope.derivation.printers.where import clauses
from losscope.derivation.steps import steps
from losscope.losses import get, names
from losscope.network import Network, activations
from tests.derivation.reading import read

OPTIONS = (
    "ce(label_smoothing=0.1)",
    "ce(class_weights=[1, 2, 3])",
    "ce(temperature=2)",
    "bce(pos_weight=3)",
    "focal(alpha=0.25, gamma=1.5)",
    "focal(gamma=0.5)",
    "hinge(temperature=0.5)",
    "gaussian_nll(temperature=2)",
    "bce(ignore=-1)",
    "huber(delta=0.3)",
    "tweedie(power=1.1)",
    "lambda_ce(weight=3)",
    "weston_watkins(power=2, margin=0.5)",
)
ELSEWHERE = [
    ("mse", "sigmoid"),
    ("mae", "softmax"),
    ("huber", "tanh"),
    ("bce", "softmax"),
    ("gaussian_nll", "softplus"),
    ("quantiles", "exp"),
    ("mape", "gelu"),
    ("gamma", "softplus"),
    ("cosine_distance", "leaky_relu"),
]
PAIRS = [*((loss, get(loss).output) for loss in (*names(), *OPTIONS)), *ELSEWHERE]
ALL = [
    pytest.param(loss, output, marks=pytest.mark.slow)
    for loss in (*names(), *OPTIONS)
    for output in activations.names()
    if activations.get(output).output
    and (loss, output) not in PAIRS
    and get(loss).defined_on(output)
    and not get(loss).score
]


def derived(loss: str, output: str):
    """A network of two layers that ends in `output`, and data inside the loss's domain."""
    found = get(loss)
    width = (3 if found.vector or output == "softmax" else 1) * found.heads
    derivation = derive(Network((3, 4, width), activation="tanh", output=output), found)
    arrays = _data(derivation, np.random.default_rng(3))
    return derivation, arrays


@pytest.mark.parametrize(("loss", "output"), [*PAIRS, *ALL])
def test_a_printed_equation_means_what_runs(loss, output):
    """dZ2 and J of every loss on every output: brackets, sums and where-lines included."""
    derivation, arrays = derived(loss, output)
    if arrays is None:
        pytest.skip("no random data on which this pairing is defined")
    with np.errstate(all="ignore"):
        wanted = run(derivation, arrays)
        known = {**wanted, "m": 5.0, "matrices": True}
        for name in ("dZ2", "J"):
            text = derivation[name].text()
            if any(word in text for word in ("max_p", "Σᵢⱼ", "Σⱼ")):
                continue  # an optimum and double sums: the losses' own tests hold them
            found = read(text, {n: v for n, v in known.items() if n != name})
            size = np.linalg.norm(wanted[name])
            assert np.linalg.norm(found - wanted[name]) <= 1e-9 * size + 1e-14, text


@pytest.mark.parametrize(("loss", "output"), [*PAIRS, *ALL])
def test_every_step_equals_the_line_above(loss, output):
    """Steps with arrays on both sides agree wherever they name the same thing."""
    derivation, arrays = derived(loss, output)
    if arrays is None:
        pytest.skip("no random data on which this pairing is defined")
    with np.errstate(all="ignore"):
        known = {**run(derivation, arrays), "m": 5.0, "matrices": True}
        known.pop("dZ2")
        waiting = [
            s
            for s in steps(derivation, "dZ2")
            if s.elementwise and s.left and loss != "multilabel_margin"
        ]
        while waiting:
            later = []
            for step in waiting:
                text = spell(step.node)
                said = ", ".join(clauses(step.where, Unicode))
                try:
                    found = read(text + (f", where {said}" if said else ""), known)
                except SyntaxError as unknown:
                    later.append((step, unknown))
                    continue
                found = np.broadcast_to(found, np.shape(known["Z2"]))
                before = known.setdefault(step.left, found)
                size = np.linalg.norm(before)
                assert np.linalg.norm(found - before) <= 1e-8 * size + 1e-14, (step.left, text)
            assert len(later) < len(waiting), later
            waiting = [step for step, _ in later]
