"""Every dialect gives, in its own framework, what losscope's relation says it gives."""

import importlib

import numpy as np
import pytest

from tests.oracles.cases import Outcome, cases

TOLERANCE = {np.float32: 1e-6, np.float64: 1e-12}
ORACLES = ("torch", "keras", "optax")
oracle = pytest.mark.oracle


def runner(framework):
    """The module that runs dialects of a framework."""
    return importlib.import_module(f"tests.oracles.in_{framework}")


def parameters(*frameworks):
    """Cases of frameworks as test parameters, those of oracles marked."""
    return [
        pytest.param(
            case, id=f"{case.dialect.framework}-{case}",
            marks=[oracle] if case.dialect.framework not in ("sklearn",) else [],
        )
        for case in cases(*frameworks)
    ]


def gap(theirs, ours):
    """Largest difference, relative to the largest value: their rounding goes with the batch."""
    theirs, ours = np.asarray(theirs, dtype=np.float64), np.asarray(ours, dtype=np.float64)
    assert theirs.shape == ours.shape
    return np.max(np.abs(theirs - ours)) / max(np.max(np.abs(ours)), np.finfo(np.float64).tiny)


def expected(case, dtype, divisor, *, weighted) -> Outcome:
    """What rows, mean and gradient must be by the declared relation."""
    z, y, w = (array.astype(np.float64) for array in case.inputs(dtype))
    w = w if weighted else np.ones_like(w)
    total = w.sum() if divisor == "Σw" else len(z)
    rows, slopes = case.rows(z, y), case.slopes(z, y)
    mean = (w * rows).sum() / total / case.spread
    return Outcome(rows, mean, slopes * w[:, None] / total / case.spread)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("case", parameters(*ORACLES, "sklearn"))
def test_the_relation_holds(case, dtype):
    """Value of each row, mean of the batch and gradient agree after factor and offset."""
    for weighted in (False, True):
        found = runner(case.dialect.framework).run(case, dtype, weighted=weighted)
        due = expected(case, dtype, found.divisor, weighted=weighted)
        assert found.mean is not None or found.slopes is not None
        agree(case, found, due, TOLERANCE[dtype])


def agree(case, found, due, tolerance):
    """Hold what a framework computed against what it must be."""
    if found.rows is not None:
        rows = np.asarray(found.rows)
        if rows.ndim == 2:
            rows = rows.sum(axis=1) if case.loss.vector else rows.mean(axis=1)
        assert gap(rows, due.rows) <= tolerance
    if found.mean is not None:
        assert gap(found.mean, due.mean) <= tolerance
    if found.slopes is not None:
        assert gap(found.slopes, due.slopes) <= tolerance
