"""Each declared fact, measured: a function a fact, which raises AssertionError on a false one.

Nothing here knows a loss; all is drawn from what the loss declares. `None` claims nothing. Values
are computed in one double: a fact holds far beyond its rounding, and rows are many.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import scipy.optimize

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW
from losscope.calculus.rules import stabilise
from losscope.losses import Loss
from losscope.losses.domains import Simplex
from losscope.network import activations

CLASSES = 3


def columns(loss: Loss, outputs: int | None = None) -> tuple[int, int]:
    """(targets, raw predictions) of one example."""
    n = outputs or (CLASSES if loss.vector else 1)
    return n, n * loss.heads


def draw(loss: Loss, rows: int, seed: int, spread: float, outputs: int | None = None):
    """Targets from the declared domain and raw predictions from a wide bell."""
    stream = np.random.default_rng(seed)
    n, raw = columns(loss, outputs)
    Y = loss.target.sample(stream, (rows, n))
    return Y, stream.normal(0.0, spread, (rows, raw)), stream


def check_facts(loss: Loss) -> None:
    """Measure every fact that the loss declares."""
    check_convex(loss)
    check_bounded(loss)
    check_robust(loss)
    check_lipschitz(loss)
    check_proper(loss)


def check_convex(loss: Loss) -> None:
    """Second differences of ℓ along random lines in z: none negative, or some."""
    if loss.convex is None:
        return
    worst = 0.0
    for seed, (spread, h) in enumerate(itertools.product((0.3, 3.0, 8.0), (0.05, 1.0))):
        Y, Z, stream = draw(loss, 4000, seed, spread)
        D = stream.normal(size=Z.shape)
        D *= h / np.linalg.norm(D, axis=1, keepdims=True)
        low, mid, high = (
            loss.value(exact=False, target=Y, raw_prediction=Z + t * D) for t in (-1, 0, 1)
        )
        size = np.maximum(np.maximum(np.abs(low), np.abs(high)), 1e-3)
        worst = min(worst, float(np.min((low - 2 * mid + high) / size)))
    if loss.convex:
        assert worst > -1e-10, f"{loss.spelling} is declared convex; second difference {worst:g}"
    else:
        assert worst < -1e-5, f"{loss.spelling} is declared not convex; none seen"


def _far(loss: Loss, size: float) -> float:
    Y, Z, _ = draw(loss, 2000, 1, 1.0)
    with np.errstate(over="ignore"):
        values = loss.value(exact=False, target=Y, raw_prediction=Z * size)
    return float(np.max(np.abs(values)))


def check_bounded(loss: Loss) -> None:
    """Whether |ℓ| stops growing as raw predictions grow, at targets of ordinary size."""
    if loss.bounded is None:
        return
    near, far = _far(loss, 1e2), _far(loss, 1e6)
    if loss.bounded:
        assert far < 100 and far <= near * 1.01, f"{loss.spelling} is declared bounded: {far:g}"
    else:
        assert far > 1.5 * near, f"{loss.spelling} is declared unbounded; it stays at {far:g}"


def check_robust(loss: Loss) -> None:
    """Labels: ℓ stays bounded as scores grow. Numbers: the pull stays bounded for any target."""
    if loss.robust is None:
        return
    if loss.target.kind != "real" or loss.signs:
        near, far = _far(loss, 1e2), _far(loss, 1e6)
    else:
        near, far = _pull(loss, -2, 3), _pull(loss, -9, 12)
    if loss.robust:
        assert far <= near * 1.1, f"{loss.spelling} is declared robust: {near:g} grows to {far:g}"
    else:
        assert far > near * 1.3, f"{loss.spelling} is declared not robust; it stays at {far:g}"


def _pull(loss: Loss, low: float, high: float) -> float:
    _, Z, stream = draw(loss, 3000, 2, 0.7)
    n, _ = columns(loss)
    Y = 10.0 ** stream.uniform(low, high, (len(Z), n))
    Y *= stream.choice([-1.0, 1.0], Y.shape) if loss.target.contains(np.array([[-2.5]])) else 1.0
    Y[: len(Y) // 3] = 10.0**high
    slopes = loss.gradient(exact=False, target=Y, raw_prediction=Z)
    return float(np.max(np.linalg.norm(slopes, axis=1)))


def check_lipschitz(loss: Loss) -> None:
    """The length of the gradient never exceeds the constant, and comes within 3 % of it."""
    if loss.lipschitz is None:
        return
    longest = 0.0
    for outputs in (2, CLASSES, 40) if loss.vector else (1,):
        if loss.vector and outputs != CLASSES and _needs_k(loss):
            continue
        for seed, spread in enumerate((0.5, 2.0, 10.0, 200.0)):
            Y, Z, _ = draw(loss, 4000, seed, spread, outputs)
            slopes = loss.gradient(exact=False, target=Y, raw_prediction=Z)
            longest = max(longest, float(np.max(np.linalg.norm(slopes, axis=1))))
    stated = loss.lipschitz
    assert longest <= stated * (1 + 1e-9), f"{loss.spelling}: slope {longest:g} > {stated:g}"
    assert longest >= stated * 0.97, f"{loss.spelling}: {stated:g} is not least, {longest:g} is"


def _needs_k(loss: Loss) -> bool:
    return "class_weights" in loss.options


def check_proper(loss: Loss) -> None:
    """A constant prediction, at its best, tells what is declared; or it does not."""
    if isinstance(loss.target, Simplex) or loss.target.kind == "unit" or loss.signs:
        _check_probabilities(loss)
    elif loss.elicits is not None:
        _check_functional(loss)
    else:
        assert not loss.proper, f"{loss.spelling} is declared proper, for nothing in particular"


def _check_probabilities(loss: Loss) -> None:
    mixtures = _mixtures(loss)
    best = [minimise(loss, Y, weights) for Y, weights in mixtures]
    if loss.elicits == "mode":
        for (Y, weights), z in zip(mixtures, best, strict=True):
            likeliest = Y[np.argmax(weights)]
            assert np.all((z > 0) == (likeliest > 0)), f"{loss.spelling}: {z} at {weights}"
    if loss.elicits == "mean":
        for (Y, weights), z in zip(mixtures, best, strict=True):
            gap = np.max(np.abs(probability(loss, z) - _shares(loss, Y, weights)))
            assert gap < 2e-3, f"{loss.spelling}: best probability misses {weights} by {gap:g}"
        assert loss.proper, f"{loss.spelling} tells the probability, so it is proper"
    if loss.proper:
        assert loss.elicits == "mean", f"{loss.spelling} is declared proper; say for the mean"
    if loss.proper is False:
        assert _misses(loss, mixtures, best), f"{loss.spelling} is declared not proper; it is"


def _misses(loss: Loss, mixtures, best) -> bool:
    """Whether the best prediction differs from the probability, or serves two mixtures alike."""
    if not loss.score:
        gaps = [
            np.max(np.abs(probability(loss, z) - _shares(loss, Y, w)))
            for (Y, w), z in zip(mixtures, best, strict=True)
        ]
        return max(gaps) > 5e-3
    for (i, z), (j, (Y, weights)) in itertools.product(enumerate(best), enumerate(mixtures)):
        if i == j:
            continue
        own, other = (expected(loss, best[j], Y, weights), expected(loss, z, Y, weights))
        if other <= own + 1e-7 * max(1.0, abs(own)):
            return True
    return False


def _mixtures(loss: Loss):
    if not loss.vector:
        ends = np.array([[-1.0], [1.0]]) if loss.signs else np.array([[0.0], [1.0]])
        return [(ends, np.array([1 - p, p])) for p in (0.1, 0.35, 0.7, 0.9)]
    rows = np.eye(CLASSES)
    if not isinstance(loss.target, Simplex):
        rows = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    shares = ((0.4, 0.35, 0.25), (0.35, 0.4, 0.25), (0.7, 0.2, 0.1), (0.6, 0.3, 0.1))
    return [(rows, np.array(share)) for share in shares]


def _shares(loss: Loss, Y, weights):
    mean = weights @ Y
    return (1 + mean) / 2 if loss.signs else mean


def probability(loss: Loss, z: np.ndarray) -> np.ndarray:
    """What probability a raw prediction means under the matched activation."""
    meaning = loss.probability(activations.get(loss.output).formula(loss.entering(RAW)))
    if meaning is None:
        meaning = activations.get(loss.output).formula(loss.entering(RAW))
    return np.asarray(compiled(stabilise(meaning), (RAW,))(z[None, :]))[0]


def expected(loss: Loss, z: np.ndarray, Y: np.ndarray, weights: np.ndarray) -> float:
    """Mean of ℓ over a mixture of targets at one constant raw prediction."""
    rows = np.broadcast_to(z, (len(Y), len(z)))
    with np.errstate(over="ignore"):
        return float(weights @ loss.value(exact=False, target=Y, raw_prediction=rows))


def minimise(loss: Loss, Y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The best constant raw prediction: a grid where z is one number, then descent."""
    if Y.shape[1] == 1 and loss.heads == 1:
        return _minimise_line(loss, Y, weights)

    def both(z):
        rows = np.broadcast_to(z, (len(Y), len(z)))
        slopes = loss.gradient(exact=False, target=Y, raw_prediction=rows)
        return expected(loss, z, Y, weights), weights @ slopes

    starts = [np.zeros(Y.shape[1] * loss.heads), 2.0 * np.tile(weights @ Y, loss.heads)]
    found = []
    for start in starts:
        smooth = scipy.optimize.minimize(both, start, jac=True, method="BFGS", tol=1e-10)
        found.append(smooth)
        if np.max(np.abs(smooth.jac)) < 1e-7:
            continue
        rough = scipy.optimize.minimize(
            lambda z: both(z)[0],
            smooth.x,
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 600, "maxfev": 600},
        )
        found.append(rough)  # at a kink, where slopes do not vanish
    return np.asarray(min(found, key=lambda result: result.fun).x)


def _minimise_line(loss: Loss, Y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    grid = np.unique(np.concatenate([np.linspace(-12, 12, 961), Y.ravel()]))
    rows = np.repeat(grid, len(Y))[:, None]
    targets = np.tile(Y, (len(grid), 1))
    with np.errstate(over="ignore"):
        values = loss.value(exact=False, target=targets, raw_prediction=rows).reshape(
            len(grid), len(Y)
        )
    means = values @ weights
    k = int(np.argmin(means))
    low, high = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    fine = scipy.optimize.minimize_scalar(
        lambda z: expected(loss, np.array([z]), Y, weights),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return np.array([fine.x if fine.fun < means[k] else grid[k]])


def _check_functional(loss: Loss) -> None:
    stream = np.random.default_rng(3)
    Y = np.sort(loss.target.sample(stream, (41, 1)), axis=0)
    if loss.output == "exp":  # positive targets, so that the answer lies where predictions can
        Y = np.sort(stream.gamma(1.5, 1.0, (41, 1)), axis=0)
    weights = np.full(len(Y), 1 / len(Y))
    z = minimise(loss, Y, weights)
    a = np.asarray(compiled(stabilise(activations.get(loss.output).formula(RAW)), (RAW,))(z))
    wanted = FUNCTIONALS[loss.elicits](Y[:, 0], loss.parameters)
    for found, (low, high) in zip(a, wanted, strict=True):
        slack = 2e-4 * max(1.0, abs(low))
        assert low - slack <= found <= high + slack, (
            f"{loss.spelling} is declared to tell the {loss.elicits}, {low:g}; it tells {found:g}"
        )


def _exactly(value: float) -> list[tuple[float, float]]:
    return [(value, value)]


def _quantile(y: np.ndarray, tau: float, weights: np.ndarray | None = None) -> tuple[float, float]:
    share = np.cumsum(np.full(len(y), 1.0) if weights is None else weights[np.argsort(y)])
    share, ordered = share / share[-1], np.sort(y)
    low = ordered[np.searchsorted(share, tau - 1e-9)]
    high = ordered[min(np.searchsorted(share, tau + 1e-9), len(y) - 1)]
    return float(low), float(high)


def _expectile(y: np.ndarray, tau: float) -> float:
    def pull(e: float) -> float:
        return float(np.sum(np.where(y < e, 1 - tau, tau) * (y - e)))

    return float(scipy.optimize.brentq(pull, y.min(), y.max()))


FUNCTIONALS = {
    "mean": lambda y, _p: _exactly(float(y.mean())),
    "median": lambda y, _p: [_quantile(y, 0.5)],
    "quantile": lambda y, p: [_quantile(y, p["tau"])],
    "expectile": lambda y, p: _exactly(_expectile(y, p["tau"])),
    "median weighted by 1/|y|": lambda y, _p: [_quantile(y, 0.5, 1 / np.abs(y))],
    "geometric mean of 1 + y, less 1": lambda y, _p: _exactly(math.expm1(np.log1p(y).mean())),
    "mean and log variance": lambda y, _p: [*_exactly(y.mean()), *_exactly(np.log(y.var()))],
    "low, middle and high quantile": lambda y, p: [
        _quantile(y, p["low"]),
        _quantile(y, 0.5),
        _quantile(y, p["high"]),
    ],
}
"""What a loss may declare under `elicits` for numbers: the interval in which each part may lie."""
