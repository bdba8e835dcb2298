"""The tables of the page: what was measured, and the cross table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from losscope.report import reading
from losscope.report.numbers import decimals, finite, fixed, plain, probability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from losscope.report.reading import Result

Cell = dict[str, str]


def measured(result: Result, epoch: str) -> dict[str, Any]:
    """Give the table at the `last` or at the `best` validation epoch, baselines below.

    Mean and standard deviation over seeds; the difference with its interval belongs to the last
    epoch only, since that is what the verdict rests on.
    """
    losses, baselines = result["table"], result["baselines"]
    measures = [row if epoch == "last" else row["best_epoch"] for row in losses]
    primary, others = result["metric"], reading.other_metrics(result)
    heads = ["trained with", "learning rate", primary["title"]]
    columns = [
        [_cell(row["loss"]) for row in losses],
        [_rates(row) for row in losses],
        _column(primary, measures),
    ]
    reference = next((row["loss"] for row in losses if row["minus_reference"] is None), None)
    if epoch == "last" and any(row["minus_reference"] for row in losses):
        heads += [f"minus {reference} [95 %]", "better on", "p (Holm)"]
        columns += _against(losses)
    for metric in others:
        heads.append(metric["title"])
        columns.append(_column(metric, measures))
    rows = [{"baseline": False, "cells": list(cells)} for cells in zip(*columns, strict=True)] + [
        {"baseline": True, "cells": _baseline(b, heads, [primary, *others], measures)}
        for b in baselines
    ]
    return {"heads": heads, "primary": 2, "rows": rows}


def cross(result: Result) -> dict[str, Any]:
    """Give the cross table: each column divided by that of its loss's best constant prediction."""
    labels, values = reading.measured_by(result), reading.relative(result)
    columns = zip(*values, strict=True)
    lowest = [min((v for v in c if v is not None), default=None) for c in columns]
    return {
        "labels": labels,
        "rows": [
            {
                "label": label,
                "cells": [
                    {
                        "text": fixed(value, 3),
                        "own": i == j,
                        "lowest": value is not None and value == lowest[j],
                        "heat": f"{0 if value is None else min(max(1 - value, 0), 1):.2f}",
                    }
                    for j, value in enumerate(values[i])
                ],
            }
            for i, label in enumerate(labels)
        ],
    }


def _column(metric: Mapping[str, Any], measures: Sequence[Any]) -> list[Cell]:
    found = [row["metrics"].get(metric["name"]) or {} for row in measures]
    places = decimals([cell.get("mean") for cell in found], 4)
    return [_spread(cell, places) for cell in found]


def _spread(cell: Mapping[str, Any], places: int) -> Cell:
    spread = finite(cell.get("std"))
    return _cell(
        fixed(cell.get("mean"), places), "" if spread is None else f"± {fixed(spread, places)}"
    )


def _rates(row: Mapping[str, Any]) -> Cell:
    """Give the median of the learning rates that the seeds chose, and what they span."""
    rates = sorted(float(rate) for rate in row["learning_rates"]["counts"])
    many = len(rates) > 1
    return _cell(
        plain(row["learning_rates"]["median"]),
        f"{plain(rates[0])} to {plain(rates[-1])}" if many else "",
    )


def _against(losses: Sequence[Any]) -> list[list[Cell]]:
    """Give the columns of the difference to the first loss: interval, seeds, corrected p."""
    found = [row["minus_reference"] for row in losses]
    places = decimals(
        [abs(a["high"] - a["low"]) for a in found if a and finite(a["high"]) is not None], 3
    )
    blank = _cell("")
    return [
        [
            _cell(
                fixed(a["difference"], places, sign=True),
                f"[{fixed(a['low'], places)}, {fixed(a['high'], places)}]",
            )
            if a
            else blank
            for a in found
        ],
        [_cell(f"{a['wins']} of {a['seeds']}") if a else blank for a in found],
        [_cell(probability(a["p_holm"])) if a else blank for a in found],
    ]


def _baseline(
    baseline: Mapping[str, Any],
    heads: Sequence[str],
    metrics: Sequence[Any],
    measures: Sequence[Any],
) -> list[Cell]:
    """Lay a baseline's values under the columns of the metrics, with the same decimals."""
    cells = {}
    for metric in metrics:
        means = [(row["metrics"].get(metric["name"]) or {}).get("mean") for row in measures]
        cells[metric["title"]] = _spread(
            baseline["metrics"].get(metric["name"]) or {}, decimals(means, 4)
        )
    return [_cell(baseline["title"]), *[cells.get(head, _cell("")) for head in heads[1:]]]


def _cell(main: Any, extra: str = "") -> Cell:
    return {"main": str(main), "extra": extra}
