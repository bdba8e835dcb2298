"""Value and gradient of every loss against mpmath, at scores where naive code breaks."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from losscope import losses
from losscope.calculus.rules import spell_gaps
from losscope.losses import Loss
from tests.losses import naive
from tests.losses.cases import examples, is_hard

EPSILON = float(np.finfo(np.float64).eps)
LEAST = 2.3e-308
"""Below this numbers lose digits, then vanish."""

VARIANTS = (
    "focal(gamma=0.5)",
    "focal(gamma=5)",
    "lambda_ce(weight=3)",
    "lambda_ce(weight=0.25)",
    "gce(q=0.25)",
    "gce(q=1)",
    "categorical_focal(gamma=1.5)",
    "poly1(epsilon=-0.5)",
    "tweedie(power=1.1)",
    "asl(clip=0, gamma_neg=2, gamma_pos=0)",
    "asymmetric_single(smoothing=0)",
    "weston_watkins(power=2, margin=0.5)",
    "fair(c=3)",
    "pseudo_huber(delta=3)",
    "smooth_l1(beta=0.1)",
    "pinball(tau=0.9)",
    "expectile(tau=0.01)",
    "lq(q=1)",
    "lq(q=3)",
    "wing(width=1, epsilon=3)",
    "epsilon_insensitive(epsilon=0)",
    "bce(label_smoothing=0.1)",
    "bce(pos_weight=3, temperature=2)",
    "ce(label_smoothing=0.1, class_weights=[1, 2, 3])",
    "hinge(class_weights=[1, 5])",
    "mse@sigmoid",
    "mae@sigmoid",
    "huber@exp",
)


@pytest.mark.parametrize("name", losses.names())
def test_a_loss_is_right_at_any_score(name):
    """Within `accuracy` epsilons: of the value for labels, of its terms' sizes for soft targets."""
    check(losses.get(name))


@pytest.mark.parametrize("spelling", VARIANTS)
def test_parameters_and_options_keep_a_loss_right(spelling):
    """Other parameters, options and outputs are derived by the same rules, to the same bound."""
    check(losses.get(spelling))


def test_a_wrong_gradient_is_caught():
    """1.001 times the right slope is not within four epsilons of it."""

    class Planted(type(losses.get("bce"))):
        name = ""

        def gradient(self, **given):
            return 1.001 * super().gradient(**given)

    with pytest.raises(AssertionError, match="slope"):
        check(Planted())


def check(loss: Loss) -> None:
    """Hold value and slope of a loss to its bound at every example of `cases`."""
    pairs = examples(loss)
    Z, Y = np.array([z for z, _ in pairs]), np.array([y for _, y in pairs])
    columns = Z.shape[1]
    values = loss.value(target=Y, raw_prediction=Z)
    slopes = loss.gradient(target=Y, raw_prediction=Z)
    stable = spell_gaps(loss.in_raw(n_outputs=columns))
    slope = loss.slope(n_outputs=columns)
    for i, (z, y) in enumerate(pairs):
        hard = is_hard(loss, y)
        size, sizes = None, [None]
        if not hard:
            with mp.workdps(naive.digits(z)):
                (size,) = naive.evaluate(stable, z, y, size=True)
                sizes = naive.evaluate(slope, z, y, size=True)
        where = f"of {loss.spelling} at z = {z}, y = {y}"
        hold(values[i], naive.value(loss, z, y), size, loss, f"value {where}")
        for k in range(columns) if loss.conservative else ():
            true = naive.slope(loss, z, y, k)
            if true is not None:
                hold(slopes[i, k], true, sizes[k % len(sizes)], loss, f"slope {k} {where}")


def hold(found: float, true: mp.mpf, size: mp.mpf | None, loss: Loss, what: str) -> None:
    """Compare relatively: with the true number, or with the size of the terms that make it."""
    assert not np.isnan(found), what
    if abs(true) > np.finfo(np.float64).max:
        assert abs(found) > 1e300, what
        return
    scale = abs(true) if size is None else max(size, abs(true))
    error = float(abs(mp.mpf(float(found)) - true))
    bound = loss.accuracy * EPSILON * float(scale)
    assert error <= max(bound, LEAST), f"{what}: {found!r} is not {float(true)!r}"
