"""Measures stacked runs while they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import metrics
from losscope.comparison.predictions import Predictor

if TYPE_CHECKING:
    from losscope.comparison.calibration import Array, Memory
    from losscope.comparison.diagnosis import Diagnosis
    from losscope.comparison.job import Job
    from losscope.data import Fold


class Watcher:
    """Measures stacked runs on the validation rows after every epoch, and keeps the best.

    The primary metric alone is taken each epoch; the others once, at the last and best epoch. Of
    the best epoch the parameters are kept, and predictions on test rows made when all is over.
    """

    def __init__(
        self,
        job: Job,
        fold: Fold,
        outputs: tuple[str, ...],
        diagnose: Diagnosis | None = None,
    ) -> None:
        self.diagnose = diagnose
        self.task = job.plan.task
        self.fold = fold
        self.metric = metrics.of_plan(job.plan)
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
        self.kept: Array = np.empty(0)
        self.memory: Memory = {}

    def __call__(self, epoch: int, stack: Any) -> None:
        """Take one epoch's measurements; `training.train` calls it."""
        self.valid = stack.predict_raw(self.fold.X_valid)
        found = metrics.measure(
            self.metric,
            self.Y_valid,
            self.predict(self.valid, self.valid, self.memory),
            self.fold.w_valid,
        )
        found = np.where(stack.alive, found, np.nan)
        self.curves[:, epoch] = found
        quality = self.metric.sign() * np.where(
            np.isnan(found), -np.inf * self.metric.sign(), found
        )
        better = quality > self.quality
        if epoch == 0:
            self.kept = stack.snapshot()
        elif better.any():
            self.kept[better] = stack.snapshot()[better]
        self.quality = np.where(better, quality, self.quality)
        self.epoch_of_best[better] = epoch
        if epoch == self.curves.shape[1] - 1:
            self._finish(stack)
        if self.diagnose is not None:
            self.diagnose(epoch, stack, self.valid)

    def _finish(self, stack: Any) -> None:
        """Predict on test rows, and on both as each run stood at its best epoch."""
        self.test = stack.predict_raw(self.fold.X_test)
        with stack.standing_at(self.kept):
            self.best_valid = stack.predict_raw(self.fold.X_valid)
            self.best_test = stack.predict_raw(self.fold.X_test)

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

    def probabilities(self) -> tuple[Array, Array]:
        """What metrics measure after the last epoch, on validation and on test rows."""
        return self.predict(self.valid, self.valid), self.predict(self.valid, self.test)

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
            for metric in metrics.shown(self.task, self.metric):
                values = metrics.measure(
                    metric, Y, predicted, w, (self.Y_valid, P[0], self.fold.w_valid)
                )
                for run, value in zip(runs, values, strict=True):
                    run[side][metric.name] = float(value)
        return runs
