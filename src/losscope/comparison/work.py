"""One chunk of a comparison: some runs of one seed, trained as a stack and measured.

This is what a worker executes. It takes a plan and a table and gives records for the store; all it
returns is plain JSON, so that a record read back is the record that was found.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import cross, decisions, environment, metrics, weighting
from losscope.comparison.diagnosis import Diagnosis
from losscope.comparison.job import network_of, run_key
from losscope.comparison.predictions import Predictor
from losscope.comparison.store import Record
from losscope.comparison.watcher import Watcher

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array
    from losscope.comparison.job import Chunk, Job, Train
    from losscope.data import Fold


def execute(job: Job, chunk: Chunk, train: Train | None = None) -> tuple[str, list[Record]]:
    """Train and measure a chunk on one BLAS thread.

    Returns
    -------
    The digest of the environment it ran in, and the records found.
    """
    if train is None:
        from losscope.training import train as the_trainer

        train = the_trainer
    with _one_thread():
        fold = job.dataset.fold(chunk.seed)
        records = []
        if chunk.extras:
            from losscope.comparison import extras  # with what fits a line, which not all need

            records += extras.of_seed(job, chunk.seed, fold)
        if chunk.runs:
            records += _trained(job, chunk, fold, train)
    return environment.digest(job.plan.precision, job.engine), records


def _one_thread() -> AbstractContextManager[Any]:
    """One BLAS thread while a chunk runs, and for good where several chunks may share a process.

    The limit belongs to the process. A thread of a Dask worker that put the old one back when it
    is done would change the bits of what its neighbours compute.
    """
    from threadpoolctl import threadpool_limits

    if threading.current_thread() is threading.main_thread():
        limit: AbstractContextManager[Any] = threadpool_limits(limits=1)
        return limit
    threadpool_limits(limits=1)
    return nullcontext()


def _trained(job: Job, chunk: Chunk, fold: Fold, train: Train) -> list[Record]:
    from losscope.training import Run

    plan = job.plan
    outputs = tuple(job.outputs[place] for place, _ in chunk.runs)
    losses = weighting.fitted(job.losses, fold.Y_train)
    own = [losses[place] for place, _ in chunk.runs]
    diagnosis = Diagnosis(job, fold, Predictor(plan.task, outputs, fold), own, outputs)
    watcher = Watcher(job, fold, outputs, diagnosis)
    trained = train(
        **network_of(plan, fold),
        runs=[Run(losses[place], rate, job.outputs[place]) for place, rate in chunk.runs],
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
        engine=job.engine,
    )
    last, best = watcher.last(), watcher.best()
    logits = watcher.predict.logits(watcher.valid, watcher.test)
    crossed = cross.values(job, fold, losses, outputs, raw=watcher.test, logits=logits)
    P_valid, P_test = watcher.probabilities()
    weights = weighting.weightings(job, losses, fold)
    weighted = weighting.measured(job, weights, watcher.Y_test, P_test)
    labels = metrics.by_column(plan.task, watcher.Y_test, P_test, fold.w_test)
    way = diagnosis.records(watcher.valid, watcher.test)
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
            "cross": crossed[r] if ok else {},
            "weighted": weighted[r] if ok else {},
            "labels": labels[r] if ok else {},
            "elementwise": _entries_right(watcher.Y_test, P_test[r]),
            "decisions": decisions.decide(
                plan.task,
                plan.threshold,
                plan.cost_matrix,
                (watcher.Y_valid, P_valid[r], fold.w_valid),
                (watcher.Y_test, P_test[r], fold.w_test),
            )
            if ok
            else None,
            "way": way[r] if ok else None,
        }
        records.append(Record(chunk.seed, "run", run_key(job.keys[place], rate), payload))
    return records


_NOTHING: dict[str, dict[str, float]] = {"valid": {}, "test": {}}


def _entries_right(Y: Array, P: Array) -> float:
    """Share of single entries of the target rows decided rightly at one half."""
    return float(((P > 0.5) == (Y > 0.5)).mean())


def _plain(values: Array) -> list[float]:
    return [float(value) for value in values]
