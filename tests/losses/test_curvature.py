"""The second derivative, derived: against differences of the gradient, and the curvature known."""

from __future__ import annotations

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.losses import Loss, Parameter
from losscope.losses.domains import UNIT
from tests.losses import measure


@pytest.mark.parametrize("name", [*losses.names(), "mse@softmax", "brier(temperature=2)"])
def test_curvature_is_the_slope_of_the_gradient(name):
    """∂g_k/∂z_k by central differences, for every loss and every element; kinks left out."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 300, 5, 1.5, 4 if "softmax" in name else None)
    if not loss.conservative:
        return
    h = 1e-5
    found = loss.curvature(target=Y, raw_prediction=Z)
    for k in range(Z.shape[1]):
        step = h * np.eye(Z.shape[1])[k]
        low, here, high = (
            loss.gradient(target=Y, raw_prediction=Z + t * step)[:, k] for t in (-1, 0, 1)
        )
        measured = (high - low) / (2 * h)
        smooth = np.abs(high - 2 * here + low) / h < 1e-3 * np.maximum(1.0, np.abs(measured))
        assert smooth.mean() > 0.8
        scale = np.maximum(np.abs(measured), 1e-3 * np.maximum(np.abs(here), 1.0))
        assert np.max(np.abs(found[:, k] - measured)[smooth] / scale[smooth]) < 1e-5


@pytest.mark.parametrize("name", [n for n in losses.names() if losses.get(n).convex])
def test_a_convex_loss_curves_upward_everywhere(name):
    """The diagonal of its second derivative is never negative, at scores of any size."""
    loss = losses.get(name)
    for spread in (1.0, 30.0, 500.0):
        Y, Z, _ = measure.draw(loss, 500, 6, spread)
        found = loss.curvature(target=Y, raw_prediction=Z)
        assert not np.isnan(found).any()
        assert np.all(found >= -1e-12 * np.max(np.abs(found), initial=1.0))


def test_a_curvature_without_a_rule_is_told():
    """Binary cross-entropy on a softmax has a slope, but no rule for its second derivative."""
    loss = losses.get("bce@softmax")
    with pytest.raises(
        LosscopeError, match=r"second derivative of 'bce'.*'softmax' is not derived"
    ):
        loss.curvature(target=np.eye(3), raw_prediction=np.zeros((3, 3)))


def test_a_parameter_may_not_hide_a_method():
    """`curvature` is what every loss has."""
    with pytest.raises(TypeError, match="rename"):
        type("Bent", (Loss,), {"curvature": Parameter(1.0, UNIT, "")})


def test_cross_entropies_curve_by_p_times_one_minus_p():
    """Right to an ulp or two, where one class is all but certain too."""
    z = np.array([[0.0], [3.0], [40.0], [-300.0]])
    p, q = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    found = losses.get("bce").curvature(target=np.ones((4, 1)), raw_prediction=z)
    assert np.allclose(found, p * q, rtol=1e-15, atol=0)
    Z = np.array([[40.0, 0.0, 1.0]])
    e = np.exp(Z - 40.0)
    softmax, rest = e / e.sum(), np.array([e[0, 1:].sum(), e[0, 0] + e[0, 2], e[0, 0] + e[0, 1]])
    found = losses.get("ce").curvature(target=[[0.0, 1.0, 0.0]], raw_prediction=Z)
    assert np.allclose(found, softmax * rest / e.sum(), rtol=1e-14, atol=0)
