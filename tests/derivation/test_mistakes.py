"""Pairings that are mistakes are derived all the same, and their price is said in figures."""

from __future__ import annotations

import math

import pytest

from losscope.derivation import derive
from losscope.derivation.costs import costs
from losscope.derivation.gaps import examine, find
from losscope.losses import get


@pytest.mark.parametrize("spelling", ["ce@softmax∘softmax", "ce@softmax(softmax)"])
@pytest.mark.parametrize("classes", [3, 10])
def test_softmax_of_softmax(spelling, classes):
    """Right, with the floor ln(e + K − 1) − 1, and 1/K of the gradient at the start."""
    derivation = derive((4, 6, classes), spelling)
    assert derivation.check().worst >= 12
    said = " ".join(costs(derivation))
    assert f"cannot fall below {math.log(math.e + classes - 1) - 1:.4g}" in said
    assert f"dℓ/dz is {1 / classes:.3g} times that on softmax at z = 0" in said


def test_cross_entropy_without_a_sigmoid():
    """bce on an identity output has a value for 0 < z < 1 only."""
    derivation = derive((4, 6, 1), "bce@identity")
    assert derivation.check().worst >= 12
    assert "a value only for z from about 0.1 to 0.9" in costs(derivation)[0]


def test_a_relu_output_has_a_dead_zone():
    """Below 0 there is no gradient, though the loss is not least."""
    assert any("dead zone" in said for said in costs(derive((4, 6, 1), "mse@relu")))


def test_a_loss_on_its_own_output_costs_nothing():
    """No sentence where nothing is wrong."""
    for loss in ("ce", "mse", "poisson", "hinge"):
        assert costs(derive((4, 6, 1), loss)) == []


def test_the_four_famous_pairs_are_found():
    """Squared error, the two cross-entropies and Poisson end in c (A − Y); others do not."""
    found = {
        (gap.loss.name, gap.output): gap.constant
        for gap in find(["mse", "bce", "ce", "poisson", "mae", "huber"])
    }
    assert found == {
        ("mse", "identity"): "2 / K",
        ("bce", "sigmoid"): "1 / K",
        ("ce", "softmax"): "1",
        ("poisson", "exp"): "1 / K",
    }


def test_a_pair_needs_proof_and_not_only_figures(monkeypatch):
    """Where the symbolic identity fails, equal ratios are not enough."""
    from losscope.derivation import gaps

    monkeypatch.setattr(gaps, "_proved", lambda *_: False)
    assert examine(get("mse"), "identity") is None
