"""Every dialect gives, in its own framework, what losscope's relation says it gives."""

import dataclasses
import importlib
import inspect

import numpy as np
import pytest

from losscope import losses
from tests.oracles.cases import Outcome, cases

TOLERANCE = {np.float32: 1e-6, np.float64: 1e-12}
ORACLES = ("torch", "keras", "optax")
BOOSTERS = ("lightgbm", "xgboost")
READ_ONLY = {  # their leaves are refitted, so that no leaf gives a gradient away
    ("lightgbm", "regression_l1"),
    ("lightgbm", "mape"),
    ("lightgbm", "quantile"),
    ("xgboost", "reg:absoluteerror"),
    ("xgboost", "reg:quantileerror"),
}
oracle = pytest.mark.oracle


def runner(framework):
    """The module that runs dialects of a framework."""
    return importlib.import_module(f"tests.oracles.in_{framework}")


def parameters(*frameworks):
    """Cases of frameworks as test parameters, those of oracles marked."""
    return [
        pytest.param(
            case,
            id=f"{case.dialect.framework}-{case}",
            marks=[oracle] if case.dialect.framework != "sklearn" else [],
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


@pytest.mark.parametrize("case", parameters(*BOOSTERS))
def test_the_relation_holds_in_boosters(case):
    """The gradient of each row, read off a leaf; boosters hold it in float32."""
    for weighted in (False, True):
        if weighted and case.loss.name == "lambda_ce":
            continue  # the weight of a row is that loss's own parameter
        found = runner(case.dialect.framework).run(case, np.float32, weighted=weighted)
        due = expected(case, np.float32, found.divisor, weighted=weighted)
        agree(case, found, due, TOLERANCE[np.float32])


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


def every_dialect():
    """All dialects of the catalogue with the loss that has them."""
    return [(name, d) for name in losses.names() for d in type(losses.get(name)).dialects]


def test_every_dialect_is_executed_or_says_that_it_is_not(capsys):
    """No dialect is skipped in silence: executed ones are cases, the others are named here."""
    tested = {(c.loss.name, id(c.dialect)) for c in cases(*ORACLES, *BOOSTERS, "sklearn")}
    read = []
    for name, dialect in every_dialect():
        if dialect.executed:
            assert (name, id(dialect)) in tested, (name, dialect.code)
        else:
            read.append((dialect.framework, dialect.template.settings["objective"]))
    assert set(read) == READ_ONLY
    with capsys.disabled():
        count = len(every_dialect())
        print(f"\n{count} dialects: {count - len(read)} executed, {len(read)} read only")


@oracle
@pytest.mark.parametrize("framework", [*ORACLES, *BOOSTERS])
def test_the_version_that_is_named_is_the_one_executed(framework):
    """A card that says "executed in 2.13.0" says so of the version that the tests ran."""
    module = {"torch": "torch", "keras": "keras"}.get(framework, framework)
    found = importlib.import_module(module).__version__.partition("+")[0]
    named = next(d for _, d in every_dialect() if d.framework == framework).version
    if found != named:
        pytest.skip(f"{framework} {found} runs here; the dialects were checked with {named}")


@oracle
@pytest.mark.parametrize("factor", ["1.001", "1 + 1e-5"])
def test_a_planted_wrong_factor_is_caught(factor):
    """The comparison is no formality: a factor a hundred-thousandth off fails in float32."""
    case = next(c for c in cases("torch") if c.loss.name == "huber")
    wrong = dataclasses.replace(
        case, dialect=dataclasses.replace(case.dialect, factor=factor.replace("1e-5", "0.00001"))
    )
    found = runner("torch").run(case, np.float32, weighted=False)
    with pytest.raises(AssertionError):
        agree(wrong, found, expected(wrong, np.float32, "N", weighted=False), 1e-6)


def named_otherwise(*frameworks):
    """Each other name that is a function or a word, once."""
    return [
        pytest.param(case, name, id=f"{case.loss.name}-{name}")
        for case in cases(*frameworks)
        for name in case.dialect.names
        if "(" not in name and case.loss.parameters == type(case.loss)().parameters
        and case.outputs in (1, 4)
    ]  # fmt: skip


@oracle
@pytest.mark.parametrize(("case", "name"), named_otherwise(*ORACLES))
def test_other_names_are_the_same(case, name):
    """`F.huber_loss`, Keras' "huber" and the like compute the mean that the class computes."""
    where = runner(case.dialect.framework)
    found = where.run_name(case, name, np.float64)
    assert gap(found, where.run(case, np.float64, weighted=False).mean) <= 1e-12


def estimators():
    """Estimators of scikit-learn that are named as computing a loss class's loss."""
    return [
        pytest.param(case, name, id=name)
        for case in cases("sklearn")
        for name in case.dialect.names_spelled(case.loss.parameters)
        if name.startswith("sklearn.ensemble") and "_loss" in case.code
    ]


@pytest.mark.parametrize(("case", "name"), estimators())
def test_an_estimator_descends_the_loss_it_is_named_for(case, name):
    """After a fit, the estimator holds the very loss class, with the same parameter."""
    import sklearn.ensemble

    estimator = eval(name, {"sklearn": sklearn})
    estimator.set_params(**({"max_iter": 1} if "Hist" in name else {"n_estimators": 1}))
    rows = np.arange(60.0).reshape(-1, 1)
    many = case.loss.vector + 2
    target = rows[:, 0] % many if "Classifier" in name else rows[:, 0] + 1.0
    estimator.fit(rows, target)
    settings = case.dialect.settings(case.loss.parameters)
    wanted = eval(case.code.partition("(")[0], {"sklearn": sklearn})
    held = estimator._loss
    assert type(held) is wanted or issubclass(type(held), wanted)
    for keyword, value in settings.items():
        if keyword in inspect.signature(wanted).parameters:
            assert getattr(held.closs, keyword) == pytest.approx(value, rel=1e-15)


@oracle
def test_keras_means_are_float32():
    """Keras' mean of float64 numbers has float32's precision on PyTorch, whatever floatx is."""
    import keras
    import torch

    values = torch.tensor([1.0, 1.0 + 2**-30], dtype=torch.float64)
    assert float(keras.ops.mean(values)) == 1.0
    assert float(values.mean()) > 1.0
