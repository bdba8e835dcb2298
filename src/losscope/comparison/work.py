"""One chunk of a comparison: some runs of one seed, trained as a stack and measured.

This is what a worker executes. It takes a plan and a table and gives records for the store; all it
returns is plain JSON, so that a record read back is the record that was found.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from losscope.comparison import baselines, environment, metrics
from losscope.comparison.constants import best_constant
from losscope.comparison.predictions import OUTPUTS, Predictor, is_score
from losscope.comparison.store import Record
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array
    from losscope.comparison.plan import Plan
    from losscope.data import Dataset, Fold
    from losscope.losses import Loss

Train: TypeAlias = Callable[..., Any]
FIRST_ROWS = 4096  # rows that the first gradients are taken over, at most


@dataclass(frozen=True, eq=False)
class Job:
    """What all chunks of a comparison share. `losses` stand in the order of `plan.losses`."""

    plan: Plan
    dataset: Dataset
    losses: tuple[Loss, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What names each loss in records: its spelling and output activation."""
        return tuple(f"{loss.spelling}@{loss.output}" for loss in self.plan.losses)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Output activation of each loss's networks."""
        return tuple(loss.output for loss in self.plan.losses)


@dataclass(frozen=True)
class Chunk:
    """Runs of one seed: pairs of a loss's place in the plan and a learning rate.

    With `extras` also what belongs to the seed and no run: baselines and first gradients.
    """

    seed: int
    runs: tuple[tuple[int, float], ...]
    extras: bool = False


def run_key(loss: str, learning_rate: float) -> str:
    """The key of a run's record, within its seed."""
    return json.dumps([loss, learning_rate])


def execute(job: Job, chunk: Chunk, train: Train | None = None) -> tuple[str, list[Record]]:
    """Train and measure a chunk on one BLAS thread.

    Returns
    -------
    The digest of the environment it ran in, and the records found.
    """
    from threadpoolctl import threadpool_limits

    _leave_interrupts_to_the_parent()
    if train is None:
        from losscope.training import train as the_trainer

        train = the_trainer
    with threadpool_limits(limits=1):
        fold = job.dataset.fold(chunk.seed)
        records = _extras(job, chunk.seed, fold, train) if chunk.extras else []
        if chunk.runs:
            records += _trained(job, chunk, fold, train)
    return environment.digest(job.plan.precision), records


def _leave_interrupts_to_the_parent() -> None:
    """Let Ctrl-C reach the process that dispatches only: it says so in one line, and ends us."""
    worker = multiprocessing.current_process().name != "MainProcess"
    if worker and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _trained(job: Job, chunk: Chunk, fold: Fold, train: Train) -> list[Record]:
    from losscope.training import Run

    plan = job.plan
    outputs = tuple(job.outputs[place] for place, _ in chunk.runs)
    watcher = Watcher(job, fold, outputs)
    trained = train(
        **_common(plan),
        runs=[Run(job.losses[place], rate, job.outputs[place]) for place, rate in chunk.runs],
        X=fold.X_train,
        Y=fold.Y_train,
        seed=chunk.seed,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        optimizer=plan.optimizer,
        precision=plan.precision,
        l2=plan.l2,
        sample_weight=fold.w_train,
        values=True,
        on_epoch=watcher,
    )
    last, best = watcher.last(), watcher.best()
    cross = _cross_values(job, fold, outputs, watcher)
    records = []
    for r, (place, rate) in enumerate(chunk.runs):
        message = trained.failures.get(r)
        ok = message is None
        payload = {
            "loss": job.keys[place],
            "learning_rate": rate,
            "status": "ok" if ok else "failed",
            "message": message,
            "best_epoch": watcher.best_epoch(r) if ok else None,
            "last": last[r] if ok else _NOTHING,
            "best": best[r] if ok else _NOTHING,
            "curves": {
                "valid_metric": _plain(watcher.curves[r]),
                "train_cost": _plain(np.asarray(trained.train_cost)[r]),
            },
            "cross": cross[r] if ok else {},
        }
        records.append(Record(chunk.seed, "run", run_key(job.keys[place], rate), payload))
    return records


_NOTHING: dict[str, dict[str, float]] = {"valid": {}, "test": {}}


class Watcher:
    """Measures stacked runs on the validation rows after every epoch, and keeps the best.

    The primary metric alone is taken each epoch; the others once, at the last and best epoch.
    """

    def __init__(self, job: Job, fold: Fold, outputs: tuple[str, ...]) -> None:
        self.task = job.plan.task
        self.fold = fold
        self.metric = metrics.find(job.plan.metric, self.task)
        self.predict = Predictor(self.task, outputs, fold)
        self.Y_valid = self.predict.in_units(fold.Y_valid)
        self.Y_test = self.predict.in_units(fold.Y_test)
        runs = len(outputs)
        self.curves = np.full((runs, job.plan.epochs + 1), np.nan)
        self.quality = np.full(runs, -np.inf)
        self.epoch_of_best = np.full(runs, -1)
        self.valid: Array = np.empty(0)
        self.test: Array = np.empty(0)
        self.best_valid: Array = np.empty(0)
        self.best_test: Array = np.empty(0)

    def __call__(self, epoch: int, stack: Any) -> None:
        """Take one epoch's measurements; `training.train` calls it."""
        self.valid = stack.predict_raw(self.fold.X_valid)
        found = metrics.measure(
            self.metric, self.Y_valid, self.predict(self.valid, self.valid), self.fold.w_valid
        )
        found = np.where(stack.alive, found, np.nan)
        self.curves[:, epoch] = found
        quality = self.metric.sign() * np.where(
            np.isnan(found), -np.inf * self.metric.sign(), found
        )
        better = quality > self.quality
        last = epoch == self.curves.shape[1] - 1
        if last or better.any() or epoch == 0:
            self.test = stack.predict_raw(self.fold.X_test)
        if epoch == 0:
            self.best_valid, self.best_test = self.valid.copy(), self.test.copy()
        self.quality = np.where(better, quality, self.quality)
        self.epoch_of_best[better] = epoch
        self.best_valid[better] = self.valid[better]
        self.best_test[better] = self.test[better]

    def best_epoch(self, run: int) -> int | None:
        """The first epoch of the best validation metric; None if it never had a value."""
        epoch = int(self.epoch_of_best[run])
        return None if epoch < 0 else epoch

    def last(self) -> list[dict[str, dict[str, float]]]:
        """Every metric after the last epoch, a run."""
        return self._measured(self.valid, self.test)

    def best(self) -> list[dict[str, dict[str, float]]]:
        """Every metric at each run's best epoch."""
        return self._measured(self.best_valid, self.best_test)

    def _measured(self, valid: Array, test: Array) -> list[dict[str, dict[str, float]]]:
        P = self.predict(valid, valid), self.predict(valid, test)
        sides = zip(
            ("valid", "test"),
            (self.Y_valid, self.Y_test),
            P,
            (self.fold.w_valid, self.fold.w_test),
            strict=True,
        )
        runs: list[dict[str, dict[str, float]]] = [{"valid": {}, "test": {}} for _ in valid]
        for side, Y, predicted, w in sides:
            for metric in shown(self.task, self.metric):
                for run, value in zip(runs, metrics.measure(metric, Y, predicted, w), strict=True):
                    run[side][metric.name] = float(value)
        return runs


def shown(task: str, primary: metrics.Metric) -> tuple[metrics.Metric, ...]:
    """The primary metric first, then the descriptive ones."""
    return (primary, *(m for m in metrics.descriptive(task) if m.name != primary.name))


def _cross_values(
    job: Job, fold: Fold, outputs: tuple[str, ...], watcher: Watcher
) -> list[dict[str, float | None]]:
    """Mean value of every loss on each run's test predictions after the last epoch."""
    logits = watcher.predict.logits(watcher.valid, watcher.test)
    return [
        {
            key: _mean_value(
                loss, fold, *_seen(job.plan.task, own, output, watcher.test[r], logits[r])
            )
            for key, loss, own in zip(job.keys, job.losses, job.outputs, strict=True)
        }
        for r, output in enumerate(outputs)
    ]


def _seen(task: str, own: str, output: str, *raw_and_logits: Array) -> tuple[str, Array]:
    """What a loss that trains on output `own` measures of a network whose output is `output`.

    A loss of scores measures the raw prediction as it is; any other measures predictions on the
    task's own output, which for a network of scores are the calibrated ones.
    """
    raw, logits = raw_and_logits
    if is_score(task, own):
        return own, raw
    if is_score(task, output):
        return OUTPUTS[task], logits
    return output, raw


def _mean_value(loss: Loss, fold: Fold, output: str, seen: Array) -> float | None:
    """Mean of a loss over the test rows; None where it has no value."""
    if not np.isfinite(seen).all():
        return None
    try:
        with np.errstate(all="ignore"):
            value = loss.value(
                target=loss.encode(fold.Y_test),
                raw_prediction=seen.astype(np.float64),
                output=output,
            )
    except LosscopeError:  # predictions outside the loss's domain
        return None
    return float(np.average(value, weights=fold.w_test))


def _extras(job: Job, seed: int, fold: Fold, train: Train) -> list[Record]:
    task = job.plan.task
    predict = Predictor(task, (), fold)
    primary = metrics.find(job.plan.metric, task)
    Y = predict.in_units(fold.Y_test)
    rows = {
        baselines.CONSTANT: baselines.constant(task, fold),
        baselines.LINEAR[task]: baselines.linear(task, fold),
    }
    measured = {
        title: {
            metric.name: float(
                metrics.measure(metric, Y, predict.in_units(P)[np.newaxis], fold.w_test)[0]
            )
            for metric in shown(task, primary)
        }
        for title, P in rows.items()
    }
    constants = {
        key: best_constant(loss, output, loss.encode(fold.Y_test), fold.w_test)
        for key, loss, output in zip(job.keys, job.losses, job.outputs, strict=True)
    }
    sizes = [len(fold.Y_train), len(fold.Y_valid), len(fold.Y_test)]
    return [
        Record(
            seed,
            "baselines",
            "",
            {"metrics": measured, "constants": constants, "rows": sizes},
        ),
        Record(seed, "start", "", _first_gradients(job, seed, fold, train)),
    ]


def _first_gradients(job: Job, seed: int, fold: Fold, train: Train) -> dict[str, Any]:
    """Length of each loss's first gradient and the cosine of each two, from the common start.

    One step of plain gradient descent with learning rate 1 moves the parameters by the negative
    gradient; that is how it is read off, without a second path through the mathematics.
    """
    from losscope.training import Run

    snapshots: list[list[Array]] = []

    def keep(_: int, stack: Any) -> None:
        snapshots.append([_flat(stack.parameters(r)) for r in range(len(job.losses))])

    rows = slice(0, FIRST_ROWS)
    weights = None if fold.w_train is None else fold.w_train[rows]
    X, Y = fold.X_train[rows], fold.Y_train[rows]
    train(
        **_common(job.plan),
        runs=[Run(loss, 1.0, out) for loss, out in zip(job.losses, job.outputs, strict=True)],
        X=X,
        Y=Y,
        seed=seed,
        epochs=1,
        batch_size=len(X),
        optimizer="sgd",
        precision="float64",
        l2=0.0,
        sample_weight=weights,
        values=False,
        on_epoch=keep,
    )
    gradients = [before - after for before, after in zip(*snapshots, strict=True)]
    lengths = [float(np.sqrt((g * g).sum())) for g in gradients]
    return {
        "lengths": dict(zip(job.keys, lengths, strict=True)),
        "cosines": {
            a: {b: _cosine(gradients[i], gradients[j]) for j, b in enumerate(job.keys)}
            for i, a in enumerate(job.keys)
        },
    }


def _cosine(a: Array, b: Array) -> float | None:
    lengths = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if not np.isfinite(lengths) or lengths == 0:
        return None
    return float(np.clip((a * b).sum() / lengths, -1.0, 1.0))


def _flat(parameters: Any) -> Array:
    return np.concatenate([np.ravel(array) for layer in parameters for array in layer])


def _common(plan: Plan) -> dict[str, Any]:
    return {
        "layers": plan.layers,
        "activation": plan.activation,
        "initializer": plan.initializer,
    }


def _plain(values: Array) -> list[float]:
    return [float(value) for value in values]
