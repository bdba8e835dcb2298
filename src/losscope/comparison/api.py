"""The whole way from a table to a verdict, in one call."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from losscope.comparison import assemble, backends, environment, notices, request, rounds, weighting
from losscope.comparison.found import Found
from losscope.comparison.job import Job
from losscope.comparison.plan import whole
from losscope.comparison.result import Comparison
from losscope.comparison.runner import Runner
from losscope.comparison.store import Store, default_path
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from losscope.comparison.plan import Plan
    from losscope.data import Dataset
    from losscope.losses import Loss


def compare(
    X: Any = None,
    y: Any = None,
    *,
    losses: Iterable[str | Loss],
    dataset: Dataset | None = None,
    hidden: Sequence[int] | int = (32,),
    activation: str | Sequence[str] = "relu",
    epochs: int = 30,
    batch_size: int = 32,
    optimizer: str = "adam",
    seeds: int | Sequence[int] = 10,
    learning_rates: str | float | Sequence[float] = "tuned",
    metric: str | None = None,
    margin: float | None = None,
    threshold: str | None = None,
    cost_matrix: Any = None,
    reach: float | None = None,
    precision: str = "float64",
    initializer: str = "glorot_uniform",
    l2: float = 0.0,
    task: str | None = None,
    positive: Any = None,
    groups: Any = None,
    sample_weight: Any = None,
    n_jobs: int | None = None,
    engine: str = "auto",
    backend: str | None = None,
    cluster: str | None = None,
    store: str | Path | bool | None = None,
    progress: Callable[[int, int, float | None], None] | None = None,
    command: str = "",
) -> Comparison:
    """Train the same network, from the same start, under each loss; compare what it learns.

    Parameters
    ----------
    X, y
        ``(N, d)`` features (an array or a DataFrame) and target: ``(N,)``, or ``(N, K)`` for
        several labels. Or give a `dataset` from `losscope.data.load`.
    losses
        Names ("ce"), spellings ("focal(gamma=2)") or `Loss` objects; the first is the reference.
        "mse@identity" gives a loss another output activation than the task's.
    hidden, activation, initializer
        Widths of the hidden layers, their activation and how weights start.
    epochs, batch_size, optimizer, l2, precision
        How it is trained.
    seeds
        A number n for seeds 0 … n−1, or the seeds. Each draws split, start and batches anew.
    learning_rates
        "tuned" (each loss and seed its own, chosen on validation rows), "same", "equal-step", or
        values.
    metric, margin
        The primary metric, by scikit-learn's name, and the difference in it that has no practical
        weight. Both have a default by task, and are fixed before anything runs.
    threshold, cost_matrix
        What a threshold is chosen for on validation rows: "f1" (default), "accuracy",
        "balanced_accuracy" or "cost"; and what decisions cost, ``(K, K)``: a row for each true
        class, a column for each decision.
    reach
        A value of the metric: how many steps does each loss need to reach it?
    task, positive, groups, sample_weight
        What the table means; see `losscope.data.from_arrays`.
    n_jobs
        Processes. No number of the result depends on it.
    engine
        What computes: "numpy", "numba", "jax", or "auto": Numba where it is installed and the plan
        is long enough for it. Its last bits are its own, and so it is part of the environment.
    backend, cluster
        "dask" and the address of a scheduler, to run on a cluster of your own; see
        `losscope.comparison.backends`.
    store
        File that keeps finished runs, so that a repeated call resumes; None for the user's own
        store (or LOSSCOPE_STORE), False for none.
    progress
        Called with (runs done, runs known, seconds left or None).
    command
        How this was called, for the page that says how to repeat it.

    Returns
    -------
    Comparison

    Raises
    ------
    LosscopeError
        One line for whatever cannot be, before anything runs.
    """
    began = time.monotonic()
    table = _dataset(X, y, dataset, task, positive, groups, sample_weight)
    asked = request.losses(losses, table)
    primary = request.primary(metric, table, cost_matrix)
    plan = request.plan(
        table,
        asked,
        hidden=hidden,
        activation=activation,
        initializer=initializer,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        precision=precision,
        l2=l2,
        seeds=seeds,
        learning_rates=learning_rates,
        metric=primary,
        margin=request.margin_of(primary, margin, table),
        threshold=threshold,
        cost_matrix=cost_matrix,
        reach=reach,
    )
    _check_jobs(n_jobs)
    backends.check(backend, cluster)
    own = tuple(one.loss for one in asked)
    job = Job(plan, table, own, _engine(engine, plan, table, own))
    with _opened(store) as kept, backends.active(backend, cluster):
        told = cache(partial(assemble.ahead, job, [one.label for one in asked]))
        runner = Runner(job, kept, n_jobs=n_jobs, progress=progress, meanwhile=told)
        chosen = rounds.carry_out(runner)
        found = Found(runner, asked, chosen, primary)
        said = [
            *request.notices(asked, table.task, plan.learning_rates.mode, plan.optimizer),
            *_read_off(asked, table, plan.seeds[0]),
            *notices.failures(found),
            *notices.unmeasured(found),
            *notices.edges(found),
            *_kept(runner, kept),
        ]
        result, verdict = assemble.result(
            found,
            told(),
            metric_given=metric is not None,
            notices=said,
            command=command,
            seconds=time.monotonic() - began,
        )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        kept.finish(plan.hash, environment.digest(plan.precision, job.engine), now, result)
    return Comparison(result, plan, verdict)


def _dataset(X: Any, y: Any, dataset: Dataset | None, *meaning: Any) -> Dataset:
    task, positive, groups, sample_weight = meaning
    if dataset is not None:
        extra = {
            "X": X,
            "y": y,
            "task": task,
            "positive": positive,
            "groups": groups,
            "sample_weight": sample_weight,
        }
        given = [name for name, value in extra.items() if value is not None]
        if given:
            raise LosscopeError(
                f"compare: dataset= says it all already; leave out {', '.join(given)}, or give "
                "them where the dataset is made"
            )
        return dataset
    if X is None or y is None:
        came = "neither" if X is None and y is None else "X alone" if y is None else "y alone"
        raise LosscopeError(f"compare: expected X and y, or dataset=; got {came}")
    from losscope.data import from_arrays

    return from_arrays(
        X, y, task=task, positive=positive, groups=groups, sample_weight=sample_weight
    )


def _read_off(asked: Sequence[request.Asked], table: Dataset, seed: int) -> list[str]:
    losses = [one.loss for one in asked]
    first = weighting.fitted(losses, table.fold(seed).Y_train)
    return weighting.said(losses, [one.label for one in asked], first)


def _engine(name: str, plan: Plan, table: Dataset, losses: Sequence[Loss]) -> str:
    from losscope.network import Network
    from losscope.training import engines

    rates = max(1, len(plan.learning_rates.grid))
    networks = [
        Network(plan.layers, plan.activation, one.output, plan.initializer) for one in plan.losses
    ]
    return engines.resolve(
        name,
        list(zip(networks, losses, strict=True)),
        networks=len(plan.losses) * rates * len(plan.seeds),
        epochs=plan.epochs,
        rows=9 * table.n_rows // 16,
        batch_size=plan.batch_size,
    )


def _check_jobs(n_jobs: int | None) -> None:
    if n_jobs is not None and (not isinstance(n_jobs, int) or n_jobs == 0):
        whole("n_jobs", n_jobs, 1)


def _opened(store: str | Path | bool | None) -> Store:
    if store is False:
        return Store(None)
    if store is None or store is True:
        return Store(default_path())
    return Store(store)


def _kept(runner: Runner, store: Store) -> list[str]:
    said = []
    if store.path is not None:
        said.append(f"finished runs are kept in {store.path} (store= or --store chooses another)")
    if runner.resumed:
        said.append(f"{runner.resumed} runs were there already and were not run again")
    others = store.environments(runner.recipe) - {runner.environment}
    if others:
        said.append(
            "this comparison was also run under other versions or on another processor; those "
            "runs were left aside, since their last bits may differ"
        )
    return said
