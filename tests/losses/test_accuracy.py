"""Value and gradient of every loss against mpmath, at scores where naive code breaks."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from losscope import losses
from losscope.calculus.rules import spell_gaps
from losscope.losses import Loss
from losscope.losses.domains import Simplex
from tests.losses import naive
from tests.losses.cases import examples, is_hard, targets

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

CANCELLING = (
    [40.0, -1.0, 40.0],  # two rivals tie, far above the true class
    [1e-8, 0.0, -40.0],  # or nearly tie
    [257.05882013684806, -75.05862015537748, -128.40748277186017],  # z − max z is rounded
    [0.08656936883926392, -0.9124306440353394, -0.9134306311607361],  # a class barely counts
)
NUMBERS = (0.15675108662422516, -0.42176226208478274, 1e-8, -200.1)


@pytest.mark.parametrize("name", losses.names())
def test_a_loss_is_right_at_any_score(name):
    """Within `accuracy` epsilons: of the value for labels, of its terms' sizes for soft targets."""
    check(losses.get(name))


@pytest.mark.parametrize("spelling", VARIANTS)
def test_parameters_and_options_keep_a_loss_right(spelling):
    """Other parameters, options and outputs are derived by the same rules, to the same bound."""
    check(losses.get(spelling))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", losses.names())
def test_a_loss_is_rounded_once_where_its_terms_cancel(name, dtype):
    """Value and slope are the nearest number but for an ulp; soft targets lie at the prediction."""
    loss, eps = losses.get(name), float(np.finfo(dtype).eps)
    pairs = _cancelling(loss, dtype)
    Z, Y = (np.array(side, dtype) for side in zip(*pairs, strict=True))
    columns = Z.shape[1]
    for expression, found in (
        (spell_gaps(loss.in_raw(n_outputs=columns)), loss.value(target=Y, raw_prediction=Z)),
        (loss.slope(n_outputs=columns), loss.gradient(target=Y, raw_prediction=Z)),
    ):
        for z, y, row in zip(Z.tolist(), Y.tolist(), found.reshape(len(Z), -1), strict=True):
            with mp.workdps(120 if max(map(abs, z)) < 100 else 320):
                exact = naive.evaluate(expression, z, y)
                sizes = naive.evaluate(expression, z, y, size=True)
            for k, number in enumerate(row):
                true, size = exact[k % len(exact)], sizes[k % len(sizes)]
                if abs(true) > np.finfo(dtype).max:
                    assert abs(number) >= np.finfo(dtype).max
                    continue
                bound = eps * abs(true) + mp.mpf("1e-27") * size + 2.0 * np.finfo(dtype).tiny
                assert abs(mp.mpf(float(number)) - true) <= bound, (z, y, number)


def _cancelling(loss, dtype):
    """Examples at which parts of a value or a slope are far larger than their sum."""
    if loss.heads > 1:
        return [([z, 1.578, 0.1][: loss.heads], [-2.5]) for z in NUMBERS]
    if not loss.vector:
        found = [([z], [y]) for z in NUMBERS for y in targets(loss)]
        if loss.target.kind == "unit" and loss.target.contains(np.array([0.3])).all():
            found += [([z], [dtype(1 / (1 + np.exp(-z)))]) for z in NUMBERS]
        return found
    found = [(z, y) for z in CANCELLING for _, y in examples(loss)[:2]]
    if isinstance(loss.target, Simplex) and not loss.target.one_hot:
        with np.errstate(under="ignore"):
            found += [(z, np.exp(np.array(z) - max(z))) for z in CANCELLING]
            found = [(z, np.array(y, dtype) / dtype(np.sum(y))) for z, y in found]
    return found


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
