"""A table and the user's choices -> Dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.data.column import Column, Table
from losscope.data.dataset import SPLIT, Dataset
from losscope.data.doubts import determines, equal
from losscope.data.features import vectorise
from losscope.data.fingerprint import fingerprint
from losscope.data.target import Wish, encode_target
from losscope.data.words import how_many, quoted
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.data.column import Floats, Integers, Mask

FEWEST_ROWS = 16  # 9 to learn from, 3 to validate, 4 to test


@dataclass(frozen=True)
class Choices:
    """What the user chose about a table."""

    target: tuple[str, ...]
    task: str | None = None
    positive: object | None = None
    drop: tuple[str, ...] = ()
    groups: str | None = None
    sample_weight: str | None = None
    known: bool = False  # a bundled set with its own target


def build(table: Table, choices: Choices) -> Dataset:
    """Give every column its part, drop rows without a target, encode, and say what was done.

    Raises
    ------
    LosscopeError
        For anything that cannot be meant; see `losscope.data.load`.
    """
    _refuse_two_parts(choices)
    targets = tuple(table.column(name, "target") for name in choices.target)
    beside = [name for name in (choices.groups, choices.sample_weight) if name is not None]
    for name in choices.drop:
        table.column(name, "drop")
    missing = np.logical_or.reduce([column.missing for column in targets])
    keep = ~missing
    said = list(table.notices)
    if missing.any():
        _refuse_no_target(missing, targets, table)
        said.append(
            f"{how_many(int(missing.sum()), 'row')} dropped for a missing target: "
            f"{table.where(missing)}"
        )
    _refuse_few(int(keep.sum()), table)
    rows = np.flatnonzero(keep).astype(np.int64)
    wish = Wish(
        choices.task,
        choices.positive,
        table.rows[keep],
        table.counted,
        known=choices.known,
        left_out=int(missing.sum()),
    )
    target = encode_target(tuple(column.take(keep) for column in targets), wish)
    kept = Table(
        table.name,
        tuple(c.take(keep) for c in table.without(choices.drop).columns),
        table.first_row,
    )
    raw = kept.without((*choices.target, *beside))
    if not raw.columns:
        raise LosscopeError(
            f"{table.name} has no column beside the target to learn from; its columns are "
            f"{quoted(table.names, 20)}"
        )
    groups = _groups(table, choices, keep)
    weights = _weights(table, choices, keep)
    features = vectorise(raw, wish.where)
    twins = _twins(raw, tuple(column.take(keep) for column in targets))
    if choices.groups is not None:
        said.append(f"rows of one '{choices.groups}' stay together in each split")
    chosen: dict[str, object] = {
        "target": list(choices.target),
        "task": target.task,
        "classes": list(target.classes),
        "positive": target.positive,
        "groups": choices.groups,
        "sample_weight": choices.sample_weight,
    }
    return Dataset(
        name=table.name,
        task=target.task,
        n_rows=len(rows),
        columns=raw.names,
        target_names=target.names,
        classes=target.classes,
        class_counts=target.class_counts,
        positive=target.positive,
        n_outputs=target.values.shape[1],
        notices=(*said, *target.notices, *features.notices, *twins),
        fingerprint=fingerprint(kept.columns, chosen),
        split=_split_words(target.task, choices),
        grouped=groups is not None,
        weighted=weights is not None,
        features=features,
        targets=target.values,
        weights=weights,
        groups=groups,
        rows=rows,
    )


def _split_words(task: str, choices: Choices) -> str:
    how = [] if task in ("regression", "counts") else ["stratified"]
    if choices.groups is not None:
        how.append(f"by group '{choices.groups}'")
    return ", ".join([SPLIT, *how])


def _refuse_two_parts(choices: Choices) -> None:
    parts = [("target", name) for name in choices.target]
    parts += [("drop", name) for name in dict.fromkeys(choices.drop)]
    parts += [("groups", choices.groups)] if choices.groups is not None else []
    parts += [("sample_weight", choices.sample_weight)] if choices.sample_weight is not None else []
    first: dict[str, str] = {}
    for part, name in parts:
        if name in first:
            twice = "target twice" if first[name] == part else f"both {first[name]} and {part}"
            raise LosscopeError(f"column '{name}' is given as {twice}; it can be one of them once")
        first[name] = part


def _refuse_no_target(missing: Mask, targets: tuple[Column, ...], table: Table) -> None:
    if missing.all():
        raise LosscopeError(
            f"target {quoted(c.name for c in targets)} of {table.name} is missing in every row; "
            "choose another target"
        )


def _refuse_few(count: int, table: Table) -> None:
    if count < FEWEST_ROWS:
        raise LosscopeError(
            f"{table.name} has {how_many(count, 'row')} with a target; at least {FEWEST_ROWS} are "
            "needed to train, validate and test"
        )


def _groups(table: Table, choices: Choices, keep: Mask) -> Integers | None:
    if choices.groups is None:
        return None
    column = table.column(choices.groups, "groups")
    lacking = column.missing & keep
    if lacking.any():
        raise LosscopeError(
            f"groups: column '{column.name}' is empty in {table.where(lacking)}; "
            "every row needs its group"
        )
    distinct, codes = column.take(keep).coded()
    if len(distinct) < 3:
        raise LosscopeError(
            f"groups: column '{column.name}' holds {how_many(len(distinct), 'group')}; at least 3 "
            "are needed, one each to train, validate and test"
        )
    return codes


def _weights(table: Table, choices: Choices, keep: Mask) -> Floats | None:
    if choices.sample_weight is None:
        return None
    column = table.column(choices.sample_weight, "sample_weight")
    if column.kind not in ("number", "boolean"):
        raise LosscopeError(f"sample weights: column '{column.name}' holds no numbers")
    values = column.values
    for bad, what in (
        (np.isnan(values), "missing"),
        (np.isinf(values), "infinite"),
        (values < 0, "negative"),
    ):
        if (bad & keep).any():
            raise LosscopeError(
                f"sample weights: column '{column.name}' is {what} in {table.where(bad & keep)}; "
                "expected finite numbers from 0 up"
            )
    if not values[keep].any():
        raise LosscopeError(f"sample weights: column '{column.name}' is 0 in every row")
    return np.asarray(values[keep] / values[keep].max(), dtype=float)


def _twins(raw: Table, targets: tuple[Column, ...]) -> tuple[str, ...]:
    """Warn of a feature that is the target under another name: it would give the answer away."""
    said = []
    for target in targets:
        twin = [column.name for column in raw.columns if equal(column, target)]
        told = [
            column.name
            for column in raw.columns
            if column.name not in twin and determines(column, target)
        ]
        for names, how in ((twin, "equals"), (told, "determines")):
            if not names:
                continue
            said.append(
                f"column {quoted(names)} {how} the target '{target.name}' in every row and gives "
                "the answer away; drop it unless it is known beforehand"
            )
    return tuple(said)
