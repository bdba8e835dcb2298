"""From what a user asks for to a plan: wrong requests are refused here, before anything runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import decisions, metrics
from losscope.comparison import learning_rates as lr
from losscope.comparison.plan import (
    PRECISIONS,
    Plan,
    PlannedLoss,
    number,
    seed_list,
    whole,
)
from losscope.comparison.predictions import OUTPUTS, is_score
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from losscope.comparison.metrics import Metric
    from losscope.data import Dataset
    from losscope.losses import Loss


@dataclass(frozen=True)
class Asked:
    """One loss as it was asked for: the label the user typed, the loss meant, its output."""

    label: str
    loss: Loss
    output: str


def losses(asked: Iterable[str | Loss] | str | Loss, dataset: Dataset) -> tuple[Asked, ...]:
    """Resolve losses by task and check that the table's target lies in their domains.

    "name@output" gives a loss another output activation than the task's.

    Raises
    ------
    LosscopeError
        For no loss, an unknown one, one for another task, the same one twice, or targets outside
        its domain (with their rows).
    """
    from losscope.losses import Loss

    one_only: Any = asked
    try:
        given = [asked] if isinstance(asked, str | Loss) else list(asked)
    except TypeError:
        given = [one_only]
    strange = [one for one in given if not isinstance(one, str | Loss)]
    if strange:
        raise LosscopeError(
            "losses: expected names or losses, such as ['ce', 'mse'], "
            f"got {strange[0]!r} ({type(strange[0]).__name__})"
        )
    if not given:
        raise LosscopeError("losses: expected at least one, such as ['ce', 'mse']; got none")
    found = [_resolved(one, dataset) for one in given]
    for i, one in enumerate(found):
        for other in found[:i]:
            if one.loss == other.loss and one.output == other.output:
                raise LosscopeError(
                    f"losses: {other.label} and {one.label} are the same loss here "
                    f"({one.loss.spelling}); give it once"
                )
        _check_targets(one, dataset)
    return tuple(found)


def _resolved(one: str | Loss, dataset: Dataset) -> Asked:
    from losscope.losses import get
    from losscope.network import activations

    task = dataset.task
    if not isinstance(one, str):
        loss, label, output = one, one.spelling, ""
    else:
        label = one.strip()
        name, _, output = label.partition("@")
        try:
            loss = get(name.strip(), task=task)
        except LosscopeError:
            _refuse_counts(label, name.strip(), dataset)
            raise
    if loss.tasks and task not in loss.tasks:
        raise LosscopeError(
            f"loss {label!r} is for {' or '.join(loss.tasks)} targets, and this one is {task}"
        )
    if loss.heads > 1:
        raise LosscopeError(
            f"loss {label!r} predicts {loss.heads} numbers for each target, so its network would "
            "differ in shape from the others'; a comparison trains one network: leave it out"
        )
    if output:
        output = activations.get(output.strip()).name
        if activations.get(output).vector and dataset.n_outputs < 2:
            raise LosscopeError(f"{label}: {output} needs at least 2 outputs, and this task has 1")
    else:
        output = loss.output if loss.score else OUTPUTS[task]
    return Asked(label, loss, output)


def _refuse_counts(label: str, name: str, dataset: Dataset) -> None:
    """Name the rows for which a loss of counts met numbers that were recognised as no counts."""
    from losscope.losses import get

    if dataset.task != "regression":
        return
    try:
        loss = get(name, task="counts")
    except LosscopeError:  # no loss of counts: what was wrong is said by the caller
        return
    _check_domain(Asked(label, loss, loss.output), dataset)


def _check_targets(one: Asked, dataset: Dataset) -> None:
    if dataset.task != "regression":  # standardised on each seed's training rows: any real number
        _check_domain(one, dataset)


def _check_domain(one: Asked, dataset: Dataset) -> None:
    targets = one.loss.encode(dataset.targets)
    inside = np.broadcast_to(one.loss.target.contains(targets), targets.shape).all(axis=1)
    bad = dataset.rows[~inside]
    if len(bad):
        shown = ", ".join(f"{v:g}".replace("-", "−") for v in np.ravel(dataset.targets[~inside][0]))
        others = ", ".join(str(row) for row in bad[1:6]) + (", …" if len(bad) > 6 else "")
        more = f" (and {len(bad) - 1} more: {others})" if len(bad) > 1 else ""
        raise LosscopeError(
            f"loss {one.label!r}: the target must be {one.loss.target.describe()}, and is {shown} "
            f"in row {bad[0]}{more}, rows counted from 0; correct these rows or take another loss"
        )


def resolution(one: Asked, task: str) -> str:
    """What a label was taken for, said aloud: "ce → bce (Binary cross-entropy)"."""
    said = f"{one.label} → {one.loss.spelling} ({one.loss.title})"
    return f"{said}: the target is {task}" if one.label != one.loss.spelling else said


def notices(asked: Sequence[Asked], task: str, mode: str, optimizer: str) -> list[str]:
    """What must be said aloud about the losses and learning rates of a comparison."""
    said = [resolution(one, task) for one in asked if one.label != one.loss.spelling]
    for one in asked:
        if is_score(task, one.output):
            said.append(
                f"{one.label} is trained on {one.output} output, not {OUTPUTS[task]}: a second "
                "difference. Its scores are turned into probabilities by a fit on validation rows "
                "before any metric of probabilities"
            )
        elif one.output != OUTPUTS[task]:
            said.append(
                f"{one.label} is trained on {one.output} output, not {OUTPUTS[task]}: a second "
                "difference"
            )
    if task == "counts":
        said.append(
            "the output's bias starts at the log of the mean training count, the same under every "
            "loss: exp of it is that mean, where zero would start every network at 1"
        )
    if mode == "equal-step" and optimizer == "adam":
        said.append(
            "equal-step under adam: Adam's first step has nearly the same length whatever the "
            "gradient's; scaling by the gradient makes first steps differ. sgd is what it is for"
        )
    return said


def primary(name: str | None, dataset: Dataset, cost_matrix: Any = None) -> Metric:
    """The primary metric: the one named, else the task's own."""
    if name is not None and metrics.is_cost(name):
        _, matrix = decisions.planned(None, cost_matrix, dataset)
        if not matrix:
            raise LosscopeError(
                "metric cost needs what decisions cost: give a cost matrix, such as "
                '--cost-matrix "0,1;5,0" (cost_matrix=[[0, 1], [5, 0]])'
            )
        return metrics.cost(dataset.task, matrix, dataset.class_counts)
    if name is not None:
        found = metrics.find(name, dataset.task)
        _check_defined(found, dataset)
        return found
    share = dataset.class_counts[1] / dataset.n_rows if dataset.task == "binary" else None
    return metrics.default(dataset.task, share)


def _check_defined(metric: Metric, dataset: Dataset) -> None:
    """Refuse a deviance where targets or predictions would leave its domain."""
    if metric.name not in ("poisson_deviance", "gamma_deviance"):
        return
    if dataset.task == "regression":
        raise LosscopeError(
            f"metric {metric.name} needs predictions above 0, and the identity output of a "
            "regression gives any number; take rmse or mae, or overrule the task with counts"
        )
    bad = dataset.rows[(dataset.targets <= 0).any(axis=1)]
    if metric.name == "gamma_deviance" and len(bad):
        raise LosscopeError(
            f"metric gamma_deviance needs targets above 0, and the target is 0 in row {bad[0]}, "
            f"rows counted from 0 (and {len(bad) - 1} more); take poisson_deviance"
        )


def margin_of(metric: Metric, given: float | None, dataset: Dataset) -> float:
    """Half-width of the region of practical equivalence, in the metric's units.

    By default 0.01 for metrics from 0 to 1 and for log-loss, 0.005 for the Brier score, and 1 % of
    the target's standard deviation for errors in the target's units.
    """
    if given is not None:
        return number("margin", given)
    spread = float(dataset.targets.std(axis=0).mean()) if metric.relative else 1.0
    return metric.margin * spread


def plan(
    dataset: Dataset,
    asked: Sequence[Asked],
    *,
    hidden: Sequence[int] | int,
    activation: str | Sequence[str],
    initializer: str,
    optimizer: str,
    epochs: int,
    batch_size: int,
    precision: str,
    l2: float,
    seeds: Any,
    learning_rates: Any,
    metric: Metric,
    margin: float,
    threshold: str | None = None,
    cost_matrix: Any = None,
    reach: float | None = None,
) -> Plan:
    """Build the plan, or say in one line which part of the request cannot be.

    Raises
    ------
    LosscopeError
        For unknown names, widths below 1, negative epochs and the like.
    """
    from losscope.network import Network
    from losscope.training import optimizers

    names = activation if isinstance(activation, str) else tuple(activation)
    network = Network(
        (dataset.n_features, *_widths(hidden), dataset.n_outputs),
        names,
        OUTPUTS[dataset.task],
        initializer,
    )
    optimizer = optimizers.get(str(optimizer)).name
    if precision not in PRECISIONS:
        raise LosscopeError(f"precision must be float64 or float32, got {precision!r}")
    criterion, costs = decisions.planned(threshold, cost_matrix, dataset)
    return Plan(
        data=dataset.fingerprint,
        task=dataset.task,
        layers=network.layers,
        activation=network.activation,
        output=OUTPUTS[dataset.task],
        initializer=network.initializer,
        start="log mean" if dataset.task == "counts" else "zero",
        optimizer=optimizer,
        epochs=whole("epochs", epochs, 0),
        batch_size=whole("batch_size", batch_size, 1),
        precision=precision,
        l2=number("l2", l2),
        losses=tuple(
            PlannedLoss(one.loss.spelling, _formula(one.loss, dataset), one.output) for one in asked
        ),
        learning_rates=lr.planned(learning_rates, optimizer),
        seeds=seed_list(seeds),
        metric=metric.name,
        margin=margin,
        threshold=criterion,
        cost_matrix=costs,
        reach=None if reach is None else number("reach", reach, least=-math.inf),
    )


def _widths(hidden: Sequence[int] | int) -> tuple[int, ...]:
    given = hidden if isinstance(hidden, list | tuple) else (hidden,)
    return tuple(whole("a hidden layer's width", width, 1) for width in given)


def _formula(loss: Loss, dataset: Dataset) -> str:
    """The loss's formula as text: a loss of the user's own may keep its name and change this.

    What is read off training rows ("balanced") stands in it as the whole table has it.
    """
    import sympy as sp

    loss = loss.fitted(loss.encode(dataset.targets))

    return str(loss.row(sp.Symbol("a", real=True), loss.target_symbol()))
