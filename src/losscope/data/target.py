"""Target columns -> the matrix Y and what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from losscope.data.doubts import alike, refuse_extreme
from losscope.data.recognise import TASKS, Task, recognise, truthy
from losscope.data.split import MEMBERS
from losscope.data.words import did_you_mean, how_many, listed, quoted, rows_phrase, spelled
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from losscope.data.column import Column, Floats, Integers, Mask


@dataclass(frozen=True, eq=False)
class Target:
    """Y (n, K) float64 with its meaning; see :class:`losscope.data.Dataset` for the fields."""

    task: Task
    names: tuple[str, ...]
    values: Floats
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    positive: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What the user asked for beside the columns."""

    task: str | None
    positive: object | None
    rows: Integers  # numbers of the rows, as the user counts them
    counted: str = ""  # " (counted from 0)" for arrays
    known: bool = False  # a bundled set: its task needs no word of explanation
    left_out: int = 0  # rows without a target

    def where(self, bad: Mask) -> str:
        """Say which rows a mask points at."""
        return rows_phrase(self.rows[bad]) + self.counted


def encode_target(columns: tuple[Column, ...], wish: Wish) -> Target:
    """Recognise the task (unless given), encode the target, and say what was done.

    Parameters
    ----------
    columns : the target columns, without missing values
    wish : what the user asked for

    Raises
    ------
    LosscopeError
        If the target cannot serve the task: one class, too few members, words to regress on, …
    """
    if wish.task is not None and wish.task not in TASKS:
        raise LosscopeError(
            f"task '{wish.task}' is unknown{did_you_mean(str(wish.task), TASKS)}; "
            f"expected one of {listed(TASKS)}"
        )
    for column in columns:
        _refuse_useless(column, wish)
    if len(columns) > 1:
        return _several(columns, wish)
    column = columns[0]
    found, reason = recognise(column)
    task: Task = found if wish.task is None else wish.task  # type: ignore[assignment]
    given = wish.task is not None or wish.known
    how = "as given" if given else f"since it holds {reason}{_others(found, column)}"
    said = f"target '{column.name}': the task is {_spoken(task)}, {how}"
    notices = () if wish.known else (said,)
    if task in ("regression", "counts"):
        _refuse_positive(wish, task)
        return _numbers((column,), task, wish, notices)
    if task == "multilabel":
        return _labels((column,), wish, notices)
    return _classes(column, task, wish, notices)


def _others(found: Task, column: Column) -> str:
    """Name the tasks that the same column could also mean."""
    whole = column.kind == "number" and bool((column.values == np.floor(column.values)).all())
    measured = ["regression"] if column.kind != "text" else []
    if whole and found != "binary" and (column.values >= 0).all():
        measured.append("counts")
    classes = ["multiclass"] if whole or column.kind != "number" else []
    others = " or ".join(f"task={task}" for task in (*measured, *classes) if task != found)
    return f" (to overrule: {others})" if others else ""


def _spoken(task: str) -> str:
    return {"multiclass": "multi-class", "multilabel": "multi-label"}.get(task, task)


def _refuse_useless(column: Column, wish: Wish) -> None:
    if column.kind == "date":
        raise LosscopeError(
            f"target '{column.name}' holds dates; expected classes or numbers: "
            "turn it into a number (days since a day, say) or choose another target"
        )
    if column.kind == "number":
        infinite = np.isinf(column.values)
        if infinite.any():
            raise LosscopeError(
                f"target '{column.name}' holds infinite values in "
                f"{wish.where(infinite)}; expected finite numbers"
            )
        refuse_extreme(column, wish.where)


def _refuse_positive(wish: Wish, task: str) -> None:
    if wish.positive is not None:
        raise LosscopeError(
            f"positive='{spelled(wish.positive)}' names a class, but the task is "
            f"{_spoken(task)}, which has no positive class; leave it out"
        )


def _coded(column: Column) -> tuple[tuple[str, ...], Integers]:
    """Return the labels in order (numbers by size, words by alphabet) and each row's code."""
    distinct, codes = column.coded()
    plain = [bool(v) for v in distinct] if column.kind == "boolean" else distinct
    return tuple(spelled(v) for v in plain), codes


def _classes(column: Column, task: Task, wish: Wish, notices: tuple[str, ...]) -> Target:
    labels, codes = _coded(column)
    counts = np.bincount(codes, minlength=len(labels))
    if len(labels) < 2:
        raise LosscopeError(
            f"target '{column.name}' holds a single class, '{labels[0]}', in all "
            f"{how_many(len(codes), 'row')}{_beside(wish)}; a comparison needs at least two classes"
        )
    if task == "binary" and len(labels) != 2:
        raise LosscopeError(
            f"target '{column.name}' has {len(labels)} classes ({listed(labels)}), but task=binary "
            "means two; say task=multiclass, or keep the rows of two classes"
        )
    _refuse_small(column, labels, counts)
    notices = (*notices, *alike(labels))
    if task == "multiclass":
        _refuse_positive(wish, task)
        order = f"classes in order: {listed(labels, 20)}"
        return Target(
            task, (column.name,), np.eye(len(labels))[codes], labels,
            tuple(int(c) for c in counts), None, (*notices, order),
        )  # fmt: skip
    yes, why = _positive(column, labels, counts, wish)
    said = (
        f"positive class: '{labels[yes]}', {why} ({counts[yes]} of {how_many(len(codes), 'row')}); "
        f"'{labels[1 - yes]}' is 0, '{labels[yes]}' is 1"
    )
    values = (codes == yes).astype(float)[:, None]
    in_order = (labels[1 - yes], labels[yes])
    return Target(
        "binary", (column.name,), values, in_order,
        (int(counts[1 - yes]), int(counts[yes])), labels[yes], (*notices, said),
    )  # fmt: skip


def _refuse_small(column: Column, labels: tuple[str, ...], counts: Integers) -> None:
    small = [label for label, count in zip(labels, counts, strict=True) if count < MEMBERS]
    if not small:
        return
    if len(small) > len(labels) / 2 and len(labels) > 10:
        kind = "words" if column.kind == "text" else "values"
        raise LosscopeError(
            f"target '{column.name}' holds {len(labels)} different {kind} in "
            f"{how_many(int(counts.sum()), 'row')}, too many to be classes; choose another target"
            + ("" if column.kind == "text" else ", or say task=regression")
        )
    share = {label: int(c) for label, c in zip(labels, counts, strict=True)}
    raise LosscopeError(
        f"target '{column.name}': "
        + listed(f"class '{label}' has {how_many(share[label], 'row')}" for label in small)
        + f"; each class needs at least {MEMBERS} (one for training, one for validation, one for "
        "testing): leave out or merge what is too small"
        + (", or say task=counts or task=regression" if column.kind == "number" else "")
    )


def _beside(wish: Wish) -> str:
    """Tell of rows without a target: perhaps their word, such as NA, was meant to be a class."""
    if not wish.left_out:
        return ""
    return f" that have one ({how_many(wish.left_out, 'row')} empty, NA or the like)"


def _positive(
    column: Column, labels: tuple[str, ...], counts: Integers, wish: Wish
) -> tuple[int, str]:
    if wish.positive is not None:
        return _find_label(wish.positive, labels, f"target '{column.name}'"), "as given"
    if counts[0] != counts[1]:
        return int(counts.argmin()), "the rarer"
    yes = truthy(labels)
    return (1 if yes is None else yes), "both being equally frequent"


def _find_label(wanted: object, labels: tuple[str, ...], where: str) -> int:
    word = spelled(wanted)
    candidates = [word, word.casefold()]
    try:
        candidates.append(spelled(float(word)))
    except ValueError:
        if word.casefold() in ("true", "false"):
            candidates.append(str(int(word.casefold() == "true")))
    for candidate in candidates:
        for i, label in enumerate(labels):
            if candidate in (label, label.casefold()):
                return i
    raise LosscopeError(
        f"{where} has no class '{word}'{did_you_mean(word, labels)}; its classes are "
        f"{quoted(labels, 20)}"
    )


def _numbers(
    columns: tuple[Column, ...], task: Task, wish: Wish, notices: tuple[str, ...]
) -> Target:
    for column in columns:
        if column.kind == "text":
            raise LosscopeError(
                f"target '{column.name}' holds words ({quoted(sorted(set(column.values)), 3)}), "
                f"but task={task} needs numbers; say task=multiclass, or mend the column"
            )
        if (column.values == column.values[0]).all():
            raise LosscopeError(
                f"target '{column.name}' is {spelled(column.values[0])} in every row; "
                "there is nothing to learn: choose another target"
            )
        if task == "counts":
            _refuse_no_count(column, column.values < 0, "negative values", wish)
            broken = column.values != np.floor(column.values)
            _refuse_no_count(column, broken, "fractions", wish)
    values = np.column_stack([column.values for column in columns]).astype(float)
    return Target(task, tuple(c.name for c in columns), values, notices=notices)


def _refuse_no_count(column: Column, bad: Mask, what: str, wish: Wish) -> None:
    if bad.any():
        raise LosscopeError(
            f"target '{column.name}' holds {what} in {wish.where(bad)}, but "
            "task=counts means whole numbers from 0 up; say task=regression, or mend these rows"
        )


def _several(columns: tuple[Column, ...], wish: Wish) -> Target:
    names = quoted((column.name for column in columns), 10)
    set_or_not = [c.kind == "boolean" or truthy(_coded(c)[0]) is not None for c in columns]
    task = wish.task
    how = "as given"
    if task is None:
        if all(set_or_not):
            exclusive = len(columns) > 2 and (_set(columns, wish).sum(axis=1) == 1).all()
            task = "multiclass" if exclusive else "multilabel"
            how = "since each is a label that is set or not"
            if exclusive:
                how = "since exactly one of them is set in every row (to overrule: task=multilabel)"
        elif all(column.kind == "number" for column in columns):
            task, how = "regression", "since they hold numbers"
        else:
            odd = quoted(c.name for c, ok in zip(columns, set_or_not, strict=True) if not ok)
            raise LosscopeError(
                f"targets {names}: several targets are either all labels (0/1, yes/no) or all "
                f"numbers, but {odd} is no such label; give one target, or mend the columns"
            )
    notices = (f"targets {names}: the task is {_spoken(task)}, {how}",)
    if task in ("regression", "counts"):
        _refuse_positive(wish, task)
        return _numbers(columns, task, wish, notices)  # type: ignore[arg-type]
    if task == "multilabel":
        return _labels(columns, wish, notices)
    if task == "multiclass":
        return _one_hot(columns, wish, notices)
    raise LosscopeError(
        f"task=binary means one target of two classes, but {len(columns)} targets came ({names}); "
        "give one target, or say task=multilabel"
    )


def _set(columns: tuple[Column, ...], wish: Wish) -> Floats:
    """Return the labels as 0/1, (n, K)."""
    out = np.empty((len(columns[0]), len(columns)))
    for k, column in enumerate(columns):
        labels, codes = _coded(column)
        yes = truthy(labels)
        if len(labels) < 2:
            raise LosscopeError(
                f"label '{column.name}' is '{labels[0]}' in every row; there is nothing to learn: "
                "leave it out"
            )
        if len(labels) > 2 or (yes is None and wish.positive is None):
            raise LosscopeError(
                f"label '{column.name}' holds {listed(labels)}; each label of a multi-label "
                "target must be 0/1, yes/no or the like"
            )
        if wish.positive is not None:
            yes = _find_label(wish.positive, labels, f"label '{column.name}'")
        out[:, k] = codes == yes
    return out


def _labels(columns: tuple[Column, ...], wish: Wish, notices: tuple[str, ...]) -> Target:
    values = _set(columns, wish)
    n = len(values)
    counts = values.sum(axis=0).astype(int)
    names = tuple(column.name for column in columns)
    for name, count in zip(names, counts, strict=True):
        if min(count, n - count) < MEMBERS:
            raise LosscopeError(
                f"label '{name}' is set in {count} of {how_many(n, 'row')}; it must be set in at "
                f"least {MEMBERS} rows and unset in as many: leave it out"
            )
    return Target(
        "multilabel", names, values, names, tuple(int(c) for c in counts), notices=notices
    )


def _one_hot(columns: tuple[Column, ...], wish: Wish, notices: tuple[str, ...]) -> Target:
    _refuse_positive(wish, "multiclass")
    values = _set(columns, wish)
    wrong = values.sum(axis=1) != 1
    if wrong.any():
        raise LosscopeError(
            f"task=multiclass with several targets means exactly one set in each row, but "
            f"{wish.where(wrong)} set none or several; say task=multilabel"
        )
    names = tuple(column.name for column in columns)
    counts = values.sum(axis=0).astype(int)
    _refuse_small(columns[0], names, counts)
    return Target(
        "multiclass", names, values, names, tuple(int(c) for c in counts), notices=notices
    )
