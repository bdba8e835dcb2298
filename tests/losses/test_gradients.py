"""Gradients at random points: against mpmath, and against differences of the value itself."""

from __future__ import annotations

import numpy as np
import pytest

from losscope import losses
from tests.losses import measure, naive

CONSERVATIVE = [name for name in losses.names() if losses.get(name).conservative]


@pytest.mark.parametrize("name", CONSERVATIVE)
def test_a_gradient_is_the_slope_of_its_value(name):
    """Central differences of `value` along random directions, kinks left out."""
    loss = losses.get(name)
    Y, Z, stream = measure.draw(loss, 400, 7, 2.0)
    D = stream.normal(size=Z.shape)
    h = 1e-5
    here, above, below = (
        loss.value(target=Y, raw_prediction=Z + step * D) for step in (0.0, h, -h)
    )
    measured = (above - below) / (2 * h)
    smooth = np.abs(above - 2 * here + below) / h < 1e-3 * np.maximum(1.0, np.abs(measured))
    derived = np.sum(loss.gradient(target=Y, raw_prediction=Z) * D, axis=1)
    scale = np.maximum(np.abs(measured), 1e-3 * np.maximum(1.0, np.abs(here)))
    assert smooth.mean() > 0.9
    assert np.max(np.abs(measured - derived)[smooth] / scale[smooth]) < 1e-5


@pytest.mark.parametrize("name", CONSERVATIVE)
def test_a_gradient_agrees_with_many_digits_at_random_points(name):
    """mpmath, from the formula as it was written, to 13 digits of the largest part."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 4, 11, 3.0)
    found = loss.gradient(target=Y, raw_prediction=Z)
    for z, y, row in zip(Z, Y, found, strict=True):
        true = [naive.slope(loss, list(z), list(y), k) for k in range(len(z))]
        kept = [(float(t), f) for t, f in zip(true, row, strict=True) if t is not None]
        size = max([abs(t) for t, _ in kept] or [0.0])
        assert all(abs(t - f) <= 1e-13 * max(size, 1e-300) for t, f in kept), (z, y)


@pytest.mark.parametrize("name", losses.names())
def test_value_from_predictions_is_value_from_raw_predictions(name):
    """Two roads to one number, where predictions are not yet rounded."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 50, 3, 1.0)
    run = naive.activations.get(loss.output).formula(naive.RAW)
    A = np.asarray(measure.compiled(measure.stabilise(run), (naive.RAW,))(Z))
    from_raw = loss.value(target=Y, raw_prediction=Z)
    assert np.allclose(loss.value(target=Y, prediction=A), from_raw, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [n for n in losses.names() if not losses.get(n).vector])
def test_several_outputs_are_their_mean(name):
    """Output by output: the loss of a row is the mean over its outputs, and so is the slope."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 20, 5, 1.5, 3)
    whole = loss.value(target=Y, raw_prediction=Z)
    slopes = loss.gradient(target=Y, raw_prediction=Z)
    parts = []
    for j in range(3):
        own = Z[:, j::3]
        parts.append(loss.value(target=Y[:, [j]], raw_prediction=own))
        part = loss.gradient(target=Y[:, [j]], raw_prediction=own)
        assert np.allclose(slopes[:, j::3], part / 3, rtol=1e-13, atol=1e-300)
    assert np.allclose(whole, np.mean(parts, axis=0), rtol=1e-13)


@pytest.mark.parametrize("name", losses.names())
def test_precision_and_layout_are_kept(name):
    """float32 stays float32 and close; read-only and Fortran-ordered arrays are fine."""
    loss = losses.get(name)
    Y, Z, _ = measure.draw(loss, 20, 9, 1.0)
    Y = np.asfortranarray(Y.astype(np.float32))
    Z = Z.astype(np.float32)
    Y.flags.writeable = Z.flags.writeable = False
    slopes = loss.gradient(target=Y, raw_prediction=Z)
    assert slopes.dtype == np.float32
    exact = loss.gradient(target=Y.astype(float), raw_prediction=Z.astype(float))
    assert np.allclose(slopes, exact, rtol=1e-3, atol=1e-5 * max(1.0, float(np.abs(exact).max())))
