"""Scores become probabilities by a fit on validation rows."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

from losscope.comparison.calibration import log_odds


def scores(seed=0, runs=4, rows=120):
    """Binary targets and scores of several scales, the last of which separates the classes."""
    rng = np.random.default_rng(seed)
    y = (rng.random((rows, 1)) < 0.4).astype(float)
    z = (y + rng.normal(0, 1, (runs, rows, 1))) * np.logspace(-3, 3, runs)[:, None, None]
    z[-1] = (2 * y - 1) * 50
    return z, y


def test_platt_is_the_least_smoothed_log_loss():
    """Slope and shift are those that scipy's minimiser finds for Platt's smoothed targets."""
    z, y = scores()
    found = log_odds(z, y, z, None)
    n_pos, n_neg = y.sum(), (1 - y).sum()
    t = np.where(y > 0, (n_pos + 1) / (n_pos + 2), 1 / (n_neg + 2))[:, 0]
    for r in range(len(z)):
        u = z[r, :, 0] / z[r].std()
        cost = lambda ab, u=u: (
            -np.sum(t * log_expit(ab[0] * u + ab[1]) + (1 - t) * log_expit(-ab[0] * u - ab[1]))
        )
        best = minimize(cost, [0, 0], method="BFGS", options={"gtol": 1e-9}).x
        expected = expit(best[0] * u + best[1])
        np.testing.assert_allclose(expit(found[r, :, 0]), expected, atol=1e-6)


def test_temperature_is_the_least_smoothed_log_loss():
    """Exclusive classes are turned by one factor, the one that scipy's minimiser finds."""
    rng = np.random.default_rng(1)
    Y = np.eye(3)[rng.integers(0, 3, 90)]
    z = 0.01 * (Y + rng.normal(0, 1, (2, 90, 3)))
    found = log_odds(z, Y, z, None)
    target = (1 - 3 / 93) * Y + 1 / 93
    for r in range(2):
        cost = lambda t, r=r: np.sum(logsumexp(t * z[r], axis=1) - (target * t * z[r]).sum(1))
        best = minimize(cost, [100.0], method="Nelder-Mead", options={"xatol": 1e-9}).x
        np.testing.assert_allclose(found[r], best * z[r], rtol=1e-5)


def test_a_fit_does_not_depend_on_its_neighbours():
    """A run calibrated alone gets the same bits as in a stack."""
    z, y = scores()
    w = np.random.default_rng(3).random(len(y))
    together = log_odds(z, y, z, w)
    for r in range(len(z)):
        np.testing.assert_array_equal(together[r], log_odds(z[r : r + 1], y, z[r : r + 1], w)[0])


def test_constant_scores_become_the_share_of_positives():
    """Scores that say nothing give everybody the smoothed base rate."""
    _, y = scores()
    found = expit(log_odds(np.ones((1, *y.shape)), y, np.ones((1, *y.shape)), None))
    assert np.ptp(found) < 1e-9
    assert abs(found.mean() - y.mean()) < 0.01


def test_each_label_is_calibrated_by_itself():
    """Several labels get a slope and a shift each, as if each were alone."""
    z, y = scores(rows=60)
    z2, y2 = scores(seed=5, rows=60)
    Z, Y = np.concatenate([z, z2], axis=2), np.hstack([y, y2])
    np.testing.assert_array_equal(log_odds(Z, Y, Z, None)[:, :, 1:], log_odds(z2, y2, z2, None))


def test_a_failed_run_stays_nan():
    """NaN scores give NaN, and the other runs keep their bits."""
    z, y = scores()
    whole = log_odds(z, y, z, None)
    z[1, 4] = np.nan
    found = log_odds(z, y, z, None)
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(np.delete(found, 1, 0), np.delete(whole, 1, 0))


@pytest.mark.parametrize("classes", [1, 3])
def test_a_fit_never_turns_scores_round(classes):
    """Scores that rank the wrong way stay so: metrics of ranks would else flatter margin losses."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, max(classes, 2), 400)
    Y = np.eye(classes)[labels] if classes > 1 else labels[:, np.newaxis].astype(float)
    Z = -(2 * Y - 1) + rng.normal(size=Y.shape)
    turned = log_odds(Z[np.newaxis], Y, Z[np.newaxis], None)[0]
    if classes == 1:
        assert (turned[:, 0].argsort() == Z[:, 0].argsort()).all()
        np.testing.assert_allclose(turned, np.log(Y.mean() / (1 - Y.mean())), atol=1e-2)
    else:
        assert (turned.argmax(axis=1) == Z.argmax(axis=1)).all()
        assert np.ptp(turned) < 1e-3


def test_a_fit_does_not_depend_on_where_its_search_begins():
    """Starting from another epoch's fit, also a hopeless one, ends at the same probabilities."""
    z, y = scores()
    rng = np.random.default_rng(5)
    classes = np.eye(3)[rng.integers(0, 3, 90)]
    of_classes = rng.normal(0, 1, (4, 90, 3)) + classes
    for Z, Y in ((z, y), (of_classes, classes)):
        cold = log_odds(Z, Y, Z, None)
        for other in (0.9 * Z + rng.normal(0, 0.1, Z.shape), -Z, 1e3 * Z[::-1]):
            memory = {}
            log_odds(other, Y, other, None, memory)
            warm = log_odds(Z, Y, Z, None, memory)
            np.testing.assert_allclose(expit(warm), expit(cold), atol=1e-7)
