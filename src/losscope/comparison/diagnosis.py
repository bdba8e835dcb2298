"""What the loss did on the way: gradients, predictions and calibration, recorded while runs learn.

Recording is cheap on purpose. The length of each layer's gradient is taken after some epochs, as
many as a line needs, over one batch, always the same rows; all else at three moments: before
training, halfway and at the end.
Nothing here changes a weight: the parameters are only read (a test compares the bits).
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import planes
from losscope.comparison.bins import counted, reliability, short
from losscope.comparison.predictions import OUTPUTS, activate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.calibration import Array
    from losscope.comparison.job import Job
    from losscope.comparison.predictions import Predictor
    from losscope.data import Fold
    from losscope.losses import Loss

LOOKS = 25  # parts of the way after which gradients are measured
FIRST = 5  # epochs that are all looked at: gradients change most there
MOST_ROWS = 1024  # training rows that shares of quiet gradients are taken over, at most
EXAMPLES = 40  # examples drawn on the derivative, at most
BINS = 20  # of a distribution of predictions
FAR_OUT = 2.0  # times the range of most targets: beyond, the whole range shows nothing
QUIET = 0.01  # of the mean gradient before training: below it an example hardly teaches
FLAT = 0.01  # slope of the output activation below which it is saturated; 0.25 is a sigmoid's most


def moments(epochs: int) -> tuple[int, ...]:
    """Epochs at which predictions and gradients are looked at: start, middle, end."""
    return tuple(sorted({0, epochs // 2, epochs}))


def looks(epochs: int) -> tuple[int, ...]:
    """Epochs after which gradients are measured: every one of few; of many the first, then some."""
    spread = {round(part * epochs / LOOKS) for part in range(LOOKS + 1)}
    return tuple(sorted({*range(min(FIRST, epochs)), *spread, *moments(epochs)}))


class Diagnosis:
    """Records what stacked runs do on the way.

    Parameters
    ----------
    job, fold, predict
        What is compared, the seed's rows, and what turns raw predictions into probabilities.
    losses, outputs
        Each run's loss, fitted, and its output activation.
    """

    def __init__(
        self,
        job: Job,
        fold: Fold,
        predict: Predictor,
        losses: Sequence[Loss],
        outputs: Sequence[str],
    ) -> None:
        plan = job.plan
        self.task, self.fold, self.predict = plan.task, fold, predict
        self.losses, self.outputs = losses, outputs
        self.moments, self.looks = moments(plan.epochs), looks(plan.epochs)
        self.batch = min(plan.batch_size, len(fold.X_train))
        sizes = [(inputs + 1) * units for inputs, units in pairwise(plan.layers)]
        self.starts = [0, *accumulate(sizes)]  # of each layer in a run's flat parameters
        runs = len(losses)
        self.lengths = np.full((runs, len(sizes), len(self.looks)), np.nan)
        self.rows = slice(0, MOST_ROWS)
        self.found: list[dict[str, list[Any]]] = [
            {"quiet": [], "stuck": [], "saturated": [], "predictions": [], "examples": []}
            for _ in range(runs)
        ]
        kinds = dict.fromkeys(zip(map(id, losses), outputs, strict=True))
        self.alike = [
            [r for r in range(runs) if (id(losses[r]), outputs[r]) == kind] for kind in kinds
        ]
        self.scale = np.full(runs, np.nan)
        self.edges = _edges(job, fold)
        self.plane = planes.plane_of(plan.task, fold)
        self._drawn: Array | None = None

    def __call__(self, epoch: int, stack: Any, valid: Array) -> None:
        """Look at the runs after an epoch; `valid` are their raw validation predictions there."""
        if epoch in self.looks:
            self.lengths[:, :, self.looks.index(epoch)] = self._gradients(stack)
        if epoch not in self.moments:
            return
        raw = stack.predict_raw(self.fold.X_train[self.rows]).astype(np.float64)
        P = self.predict(valid, stack.predict_raw(self.fold.X_test))
        self._at_moment(raw, P)
        if epoch == self.moments[-1] and self.plane is not None:
            self._drawn = self.predict(valid, stack.predict_raw(self.plane.points))

    def _gradients(self, stack: Any) -> Array:
        """Length of dW and db together, of each layer, over one batch: ``(runs, layers)``."""
        rows = slice(0, self.batch)
        w = None if self.fold.w_train is None else self.fold.w_train[rows]
        flat = stack.gradients(self.fold.X_train[rows], self.fold.Y_train[rows], w)
        with np.errstate(all="ignore"):
            layers = [flat[:, start:stop] for start, stop in pairwise(self.starts)]
            squares = [np.einsum("rp,rp->r", each, each, dtype=np.float64) for each in layers]
            found = np.sqrt(np.stack(squares, axis=1))
        return np.where(stack.alive[:, np.newaxis], found, np.nan)

    def _at_moment(self, raw: Array, P: Array) -> None:
        """Keep what is seen of each run: training rows ``raw (R, n, K)``, test rows ``P``."""
        whole: Any = np.isfinite(raw).all(axis=(1, 2)) & np.isfinite(P).all(axis=(1, 2))
        right = self._right(raw)
        seen: list[dict[str, Any]] = [dict.fromkeys(found) for found in self.found]
        for r, counts in enumerate(self._histograms(np.where(whole[:, None, None], P, 0.0))):
            seen[r]["predictions"] = counts if whole[r] else None
        for runs in self.alike:
            own = [r for r in runs if whole[r]]
            if own:
                at_place = None if right is None else right[own]
                for r, more in zip(own, self._of_loss(own, raw[own], at_place), strict=True):
                    seen[r].update(more)
        for found, now in zip(self.found, seen, strict=True):
            for name, value in now.items():
                found[name].append(value)

    def _of_loss(self, runs: list[int], raw: Array, right: Any) -> list[dict[str, Any]]:
        """What is seen of runs that share a loss and an output, all of them finite."""
        loss, output = self.losses[runs[0]], self.outputs[runs[0]]
        count, _, outputs = raw.shape
        Y = np.tile(loss.encode(self.fold.Y_train[self.rows]), (count, 1))
        with np.errstate(all="ignore"):
            G = loss.gradient(
                target=Y, raw_prediction=raw.reshape(-1, outputs), output=output, exact=False
            ).reshape(raw.shape)
        size = np.abs(G).max(axis=2)
        first = np.isnan(self.scale[runs])
        self.scale[runs] = np.where(first, size.mean(axis=1), self.scale[runs])
        quiet = size <= QUIET * self.scale[runs, np.newaxis]
        stuck = [None] * count if right is None else _shares(quiet & ~right)
        flat = _shares(_slope(output, raw) < FLAT)
        return [
            {"quiet": a, "stuck": b, "saturated": c, "examples": d}
            for a, b, c, d in zip(_shares(quiet), stuck, flat, self._examples(raw, G), strict=True)
        ]

    def _right(self, raw: Array) -> Any:
        """Which training rows are predicted rightly, ``(R, n)``; None for values."""
        Y = self.fold.Y_train[self.rows]
        if self.task == "multiclass":
            return raw.argmax(axis=2) == Y.argmax(axis=1)
        if self.task in {"binary", "multilabel"}:
            return ((raw > 0) == (Y > 0.5)).all(axis=2)
        return None

    def _histograms(self, P: Array) -> list[list[list[int]]]:
        """Counts of each run's test predictions in `edges`: by class if there are two, or all."""
        Y = self.fold.Y_test
        if self.task in {"binary", "multilabel"}:
            groups = [P[:, Y < 0.5], P[:, Y >= 0.5]]
        elif self.task == "multiclass":
            groups = [(P * Y).sum(axis=2)]
        else:
            groups = [P.reshape(len(P), -1)]
        found: list[Any] = np.stack([counted(g, self.edges) for g in groups], axis=1).tolist()
        return found

    def _examples(self, raw: Array, G: Array) -> list[list[list[float]]]:
        """Some training examples on the derivative: where they stand, dℓ/dz there, their class.

        They stand at z; of exclusive classes at the log-odds of the true class; of values at
        z − y, the residual.
        """
        Y = self.fold.Y_train[self.rows]
        some = np.unique(np.linspace(0, raw.shape[1] - 1, EXAMPLES).astype(int))
        z, g, y = raw[:, some], G[:, some], Y[some]
        kind = np.ones(len(some), dtype=int)
        if self.task == "multiclass":
            place, slope = log_odds_of(z, y), g[:, np.arange(len(some)), y.argmax(axis=1)]
        elif self.task in {"binary", "multilabel"}:
            place, slope, kind = z[:, :, 0], g[:, :, 0] * z.shape[2], (y[:, 0] > 0.5).astype(int)
        else:
            standing = z if self.task == "regression" else activate("exp", z)
            place, slope = (standing - y)[:, :, 0], g[:, :, 0] * z.shape[2]
        kinds = kind.tolist()
        return [
            [[short(a), short(b), c] for a, b, c in zip(*of_run, kinds, strict=True)]
            for of_run in zip(place.tolist(), slope.tolist(), strict=True)
        ]

    def records(self, valid: Array, test: Array) -> list[dict[str, Any]]:
        """What was recorded of each run, as plain JSON; raw predictions are those at the end."""
        P = self.predict(valid, test)
        right = reliability(self.task, self.fold.Y_test, np.where(np.isfinite(P), P, 0.0))
        made = []
        for r, found in enumerate(self.found):
            whole = bool(np.isfinite(P[r]).all())
            drawn = None if self._drawn is None or not whole else self._drawn[r]
            made.append(
                {
                    "moments": list(self.moments),
                    "gradient_epochs": list(self.looks),
                    "gradient_lengths": [[short(v) for v in layer] for layer in self.lengths[r]],
                    **{name: _short_shares(v) for name, v in found.items()},
                    "edges": [short(float(v)) for v in self.edges],
                    "reliability": right[r] if whole else [],
                    "plane": None if drawn is None else planes.drawn(drawn),
                }
            )
        return made


def log_odds_of(Z: Array, Y: Array) -> Array:
    """log p / (1 − p) of the true class under a softmax: its score less log Σ exp of the others."""
    true = (Z * Y).sum(axis=-1)
    others = np.where(Y > 0.5, -np.inf, Z)
    top = others.max(axis=-1)
    return np.asarray(true - top - np.log(np.exp(others - top[..., np.newaxis]).sum(axis=-1)))


def _short_shares(values: list[Any]) -> list[Any]:
    return [short(v) if isinstance(v, float) else v for v in values]


def _slope(output: str, Z: Array) -> Array:
    """Slope of the output activation, the largest over outputs, ``(R, n)``."""
    A = activate(output, Z)
    if output in {"sigmoid", "softmax"}:
        return np.asarray((A * (1 - A)).max(axis=2))
    return np.ones(Z.shape[:2]) if output != "exp" else np.asarray(A.max(axis=2))


def _shares(found: Any) -> list[float]:
    """Share of rows of each run, ``(R, n)``, that have what was looked for."""
    return [float(share) for share in found.mean(axis=1)]


def _edges(job: Job, fold: Fold) -> Array:
    """Where the bins of predictions begin and end: 0 to 1, or the range of the table's targets.

    Where a few targets stand far out, the range is that of all but 1 % at either end: else most
    rows would share one bin. What lies outside is counted in the first or the last.
    """
    if OUTPUTS[job.plan.task] in {"sigmoid", "softmax"}:
        return np.linspace(0.0, 1.0, BINS + 1)
    del fold
    targets = job.dataset.targets
    low, high = float(targets.min()), float(targets.max())
    inner = [float(end) for end in np.quantile(targets, (0.01, 0.99))]
    if high - low > FAR_OUT * (inner[1] - inner[0]) > 0:
        low, high = inner
    return np.linspace(low, high if high > low else low + 1.0, BINS + 1)
