"""Engines: the same lines in machine code and in JAX, to a stated bound, each with its own bits."""

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.network import Network
from losscope.training import Run, engines, train
from losscope.training.fused import emit

BOUND = {"float64": 1e-12, "float32": 2e-5}
"""Largest distance from NumPy after some epochs, of the parameters' length: rounding that grew."""
OUTPUTS = {
    "binary": ("sigmoid", 1),
    "multiclass": ("softmax", 3),
    "multilabel": ("sigmoid", 4),
    "regression": ("identity", 2),
    "counts": ("exp", 2),
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory, monkeypatch):
    """Compiled code of tests is kept apart from the user's."""
    folder = tmp_path_factory.getbasetemp() / "compiled"
    monkeypatch.setenv("LOSSCOPE_CACHE", str(folder))


def table(task, rows=70, seed=0):
    """A small table for a task."""
    stream = np.random.default_rng(seed)
    X, K = stream.normal(size=(rows, 5)), OUTPUTS[task][1]
    if task == "multiclass":
        return X, np.eye(K)[stream.integers(K, size=rows)]
    if task == "regression":
        return X, np.abs(stream.normal(size=(rows, K))) + 0.1
    if task == "counts":
        return X, stream.poisson(2.0, (rows, K)) + 1.0
    return X, (stream.random((rows, K)) < 0.4).astype(float)


def trained(engine, task, names, **options):
    """Train a stack of losses on a task."""
    X, Y = table(task)
    output, K = OUTPUTS[task]
    chosen = [losses.get(name, task=task) for name in names]
    runs = [
        Run(loss, rate, loss.output if loss.score else output)
        for loss in chosen
        for rate in (0.002, 0.01)
    ]
    options = {"epochs": 3, "batch_size": 16, "activation": "tanh", **options}
    return train((5, 7, K), runs, X, Y, engine=engine, **options)


def flat(found, run):
    """All parameters of a run."""
    return np.concatenate([a.ravel() for pair in found.stack.parameters(run) for a in pair])


def assert_agree(found, expected, precision="float64"):
    """Parameters and recorded costs agree to the bound."""
    assert found.failures == expected.failures == {}
    for run in range(len(expected.train_cost)):
        ours, theirs = flat(found, run), flat(expected, run)
        gap = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
        assert gap < BOUND[precision], (run, gap)
    np.testing.assert_allclose(found.train_cost, expected.train_cost, rtol=BOUND[precision])


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("optimizer", "precision"),
    [("sgd", "float64"), ("momentum", "float64"), ("adam", "float64"), ("adam", "float32")],
)
def test_machine_code_agrees_with_numpy(optimizer, precision):
    """Every rule, weights and penalty: the same parameters and costs as NumPy's, to the bound."""
    options = {"optimizer": optimizer, "precision": precision, "l2": 0.01}
    options["sample_weight"] = np.linspace(0.5, 1.5, 70)
    names = ("ce", "mse")
    assert_agree(
        trained("numba", "multiclass", names, **options),
        trained("numpy", "multiclass", names, **options),
        precision,
    )


@pytest.mark.slow
@pytest.mark.parametrize("task", OUTPUTS)
@pytest.mark.parametrize("engine", ["numba", "jax"])
def test_every_loss_agrees_with_numpy(engine, task):
    """Nothing is written for one loss: whatever NumPy trains, the other engines train alike."""
    for name in losses.names():
        loss = losses.get(name)
        if task not in loss.tasks or loss.heads > 1:
            continue
        options = {"optimizer": "sgd", "epochs": 1}
        assert_agree(
            trained(engine, task, (name,), **options), trained("numpy", task, (name,), **options)
        )


@pytest.mark.oracle
def test_jax_agrees_with_numpy():
    """A stack of losses with weights and penalty, under Adam, in both precisions."""
    for precision in BOUND:
        options = {"precision": precision, "l2": 0.01, "sample_weight": np.linspace(0.5, 1.5, 70)}
        names = ("ce", "mse", "mae")
        assert_agree(
            trained("jax", "multiclass", names, **options),
            trained("numpy", "multiclass", names, **options),
            precision,
        )


@pytest.mark.oracle
def test_machine_code_has_the_same_bits_in_any_company_and_without_values():
    """A run alone, in a stack, and with its cost never computed ends with the same bytes."""
    options = {"optimizer": "adam", "precision": "float32", "l2": 0.01}
    options["sample_weight"] = np.linspace(0.5, 1.5, 70)  # as above: compiled already
    together = trained("numba", "multiclass", ("ce", "mse"), **options)
    silent = trained("numba", "multiclass", ("ce", "mse"), values=False, **options)
    alone = trained("numba", "multiclass", ("mse",), **options)
    assert np.isnan(silent.train_cost).all()
    for run in range(4):
        assert flat(together, run).tobytes() == flat(silent, run).tobytes()
    for run in range(2):
        assert flat(together, run + 2).tobytes() == flat(alone, run).tobytes()


@pytest.mark.oracle
@pytest.mark.parametrize("engine", ["numba", "jax"])
def test_a_failure_is_named_at_the_same_step_by_every_engine(engine):
    """The run that blows up is named as NumPy names it, and its company goes on."""
    X, Y = table("multiclass")
    mse = losses.get("mse", task="regression")
    runs = [Run(mse, 0.01, "identity"), Run(mse, 1e60, "identity")]
    found, expected = (
        train(
            (5, 7, 3),
            runs,
            X,
            Y,
            epochs=2,
            optimizer="sgd",
            engine=name,
            batch_size=16,
            activation="tanh",
        )
        for name in (engine, "numpy")
    )
    assert list(expected.failures) == [1]
    assert found.failures == expected.failures
    assert np.linalg.norm(flat(found, 0) - flat(expected, 0)) < 1e-12


SHORT = {"networks": 400, "epochs": 100, "rows": 320, "batch_size": 32}
LONG = SHORT | {"networks": 40000, "epochs": 1000}


def heads(*names, output="sigmoid"):
    """Losses, each with a small network."""
    network = Network((30, 32, 1), "relu", output)
    return [(network, losses.get(name, task="binary")) for name in names]


def test_auto_goes_by_the_work_alone(monkeypatch):
    """Short work stays with NumPy; long work goes to machine code where that is installed."""
    monkeypatch.setattr(engines, "find_spec", lambda name: name)
    assert engines.resolve("auto", heads("ce"), **SHORT) == "numpy"
    assert engines.resolve("auto", heads("ce"), **LONG) == "numba"
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert engines.resolve("auto", heads("ce"), **LONG) == "numpy"


def test_auto_lets_every_worker_win_back_what_compiling_takes_it(monkeypatch):
    """Work that pays on one core may not pay on many, each of which may have to compile."""
    monkeypatch.setattr(engines, "find_spec", lambda name: name)
    work = SHORT | {"networks": 4000}
    for cores, chosen in ((1, "numba"), (64, "numpy")):
        monkeypatch.setattr(engines.os, "cpu_count", lambda cores=cores: cores)
        assert engines.resolve("auto", heads("ce"), **work) == chosen


def test_auto_stays_with_numpy_where_loops_cannot_be_written(monkeypatch):
    """A loss, or an activation, that fused loops do not know is no error: NumPy trains it."""
    monkeypatch.setattr(engines, "find_spec", lambda name: name)
    for name in ("exp", "log1p"):  # forget an operation that the second loss, or both, need
        kept = {op for op in emit._FUNCTIONS if op != name}
        with monkeypatch.context() as patch:
            patch.setattr(emit, "_FUNCTIONS", kept)
            assert engines.resolve("auto", heads("mse", "ce"), **LONG) == "numpy"
    assert engines.resolve("auto", heads("mse", "ce"), **LONG) == "numba"


def test_an_unknown_or_absent_engine_is_one_clear_line(monkeypatch):
    """It is named, with what to do."""
    work = {"networks": 1, "epochs": 1, "rows": 1, "batch_size": 1}
    with pytest.raises(LosscopeError, match="unknown engine 'nmba'; did you mean 'numba'"):
        engines.resolve("nmba", heads("ce"), **work)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(LosscopeError, match=r'pip install "losscope\[fast\]"'):
        engines.resolve("numba", heads("ce"), **work)


@pytest.mark.oracle
def test_a_formula_of_the_user_is_compiled_like_any_other():
    """Nothing is written by hand for the losses of the catalogue."""
    options = {"optimizer": "sgd", "epochs": 1}
    names = ("(y-a)**4@identity",)
    assert_agree(
        trained("numba", "regression", names, **options),
        trained("numpy", "regression", names, **options),
    )
