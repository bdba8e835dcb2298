"""The general method: same start, value only informs, failures named, bits kept."""

import numpy as np
import pytest

from losscope import losses
from losscope.errors import LosscopeError
from losscope.network import initialise
from losscope.training import Run, train

LAYERS = (5, 7, 3)


def table(task="multiclass", rows=70, outputs=3, seed=0):
    """A small table for a task."""
    stream = np.random.default_rng(seed)
    X = stream.normal(size=(rows, 5))
    if task == "multiclass":
        return X, np.eye(outputs)[stream.integers(outputs, size=rows)]
    if task == "regression":
        return X, stream.normal(size=(rows, outputs))
    return X, (stream.random((rows, outputs)) < 0.4).astype(float)


def multiclass_runs(rates=(0.003, 0.03)):
    """Every multi-class loss of the first eight, at some learning rates."""
    return [
        Run(losses.get(name, task="multiclass"), rate, "softmax")
        for name in ("ce", "mse", "mae", "huber", "bce")
        for rate in rates
    ]


def bits(trained, run):
    """All parameters of a run as bytes."""
    return b"".join(a.tobytes() for pair in trained.stack.parameters(run) for a in pair)


def test_initial_weights_are_the_same_bytes_under_every_loss():
    """Before the first step no run differs from another in any bit."""
    trained = train(LAYERS, multiclass_runs(), *table(), epochs=0)
    assert len({bits(trained, run) for run in range(10)}) == 1


def test_layers_of_equal_shape_start_equal_whatever_the_rest_of_the_network():
    """One stream per seed and layer: a wider second layer leaves the first as it was."""
    narrow, wide = initialise((5, 7, 3), "he_normal", 4), initialise((5, 7, 30), "he_normal", 4)
    assert narrow[0][0].tobytes() == wide[0][0].tobytes()
    assert narrow[1][0].shape != wide[1][0].shape


def test_training_without_the_value_gives_bit_identical_weights():
    """The loss's value only informs: leaving it out changes no bit of any weight."""
    with_value = train(LAYERS, multiclass_runs(), *table(), epochs=4, l2=0.01)
    without = train(LAYERS, multiclass_runs(), *table(), epochs=4, l2=0.01, values=False)
    assert np.isfinite(with_value.train_cost).all()
    assert np.isnan(without.train_cost).all()
    assert all(bits(with_value, r) == bits(without, r) for r in range(10))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_run_does_not_depend_on_its_company(optimizer):
    """A run alone and the same run in a stack end with the same bits."""
    runs = multiclass_runs()
    together = train(LAYERS, runs, *table(), epochs=3, optimizer=optimizer)
    for place in (0, 4, 9):
        alone = train(LAYERS, [runs[place]], *table(), epochs=3, optimizer=optimizer)
        assert bits(alone, 0) == bits(together, place)


def test_losses_that_differ_learn_differently():
    """From the same start, one epoch is enough to part every pair of losses."""
    trained = train(LAYERS, multiclass_runs((0.01,)), *table(), epochs=1)
    assert len({bits(trained, run) for run in range(5)}) == 5


def test_the_recorded_cost_is_the_mean_of_the_loss_under_the_weights_of_each_batch():
    """With one full batch, the first recorded cost is the loss's mean at the start."""
    X, Y = table()
    runs = multiclass_runs((0.01,))
    start = train(LAYERS, runs, X, Y, epochs=0)
    trained = train(LAYERS, runs, X, Y, epochs=1, batch_size=len(X))
    raw = start.stack.predict_raw(X)
    for place, run in enumerate(runs):
        expected = run.loss.value(target=Y, raw_prediction=raw[place], output="softmax").mean()
        assert trained.train_cost[place, 0] == pytest.approx(expected, rel=1e-13)


def test_the_output_bias_starts_where_it_is_told_under_every_loss():
    """The last layer's bias is the one given, in every run; all else keeps its bits."""
    runs = multiclass_runs((0.01, 0.1))
    told = train(LAYERS, runs, *table(), epochs=0, output_bias=[0.5, -1.0, 2.0])
    plain = train(LAYERS, runs, *table(), epochs=0)
    for run in range(len(runs)):
        *lower, (W, b) = told.stack.parameters(run)
        *expected, (V, _) = plain.stack.parameters(run)
        assert b.tolist() == [0.5, -1.0, 2.0]
        assert W.tobytes() == V.tobytes()
        for layer, other in zip(lower, expected, strict=True):
            assert all(a.tobytes() == z.tobytes() for a, z in zip(layer, other, strict=True))


def test_a_run_that_blows_up_is_named_and_the_others_go_on_untouched():
    """The failure names loss, learning rate, epoch and step; other runs keep their bits."""
    X, Y = table("regression")
    mse = losses.get("mse")
    runs = [Run(mse, 0.01, "identity"), Run(mse, 1e9, "identity"), Run(mse, 0.02, "identity")]
    trained = train(LAYERS, runs, X, Y, epochs=3, optimizer="sgd")
    assert list(trained.failures) == [1]
    assert trained.failures[1].startswith(
        "mse at learning rate 1e+09 stopped being finite at epoch"
    )
    assert "step" in trained.failures[1]
    assert trained.stack.alive.tolist() == [True, False, True]
    for place in (0, 2):
        alone = train(LAYERS, [runs[place]], X, Y, epochs=3, optimizer="sgd")
        assert bits(alone, 0) == bits(trained, place)


def test_the_named_step_is_the_first_that_breaks():
    """Stopping one step earlier leaves every weight finite."""
    X, Y = table("regression", rows=64)
    runs = [Run(losses.get("mse"), 1e60, "identity")]
    trained = train(LAYERS, runs, X, Y, epochs=2, batch_size=8, optimizer="sgd")
    words = trained.failures[0].replace(",", "").replace(";", "").split()
    epoch, step = int(words[words.index("epoch") + 1]), int(words[words.index("step") + 1])
    order = np.random.default_rng([0, 0]).permutation(64)
    assert epoch == 1
    assert step > 1
    # One epoch without shuffling over the rows of the steps before the break stays finite.
    short = X[order[: 8 * (step - 1)]]
    again = train(LAYERS, runs, short, Y[order[: 8 * (step - 1)]], epochs=0)
    assert np.isfinite(again.stack.predict_raw(short)).all()


def test_sample_weights_of_one_change_nothing_and_of_zero_silence_an_example():
    """A weight of 0 removes an example's pull; weights of 1 leave the unweighted run."""
    X, Y = table()
    runs = multiclass_runs((0.01,))
    plain = train(LAYERS, runs, X, Y, epochs=2)
    ones = train(LAYERS, runs, X, Y, epochs=2, sample_weight=np.ones(len(X)))
    for run in range(5):
        for (W, b), (V, c) in zip(
            plain.stack.parameters(run), ones.stack.parameters(run), strict=True
        ):
            np.testing.assert_allclose(W, V, rtol=1e-12)
            np.testing.assert_allclose(b, c, rtol=1e-11, atol=1e-15)
    silent = np.ones(len(X))
    silent[3] = 0.0
    changed = Y.copy()
    changed[3] = np.roll(Y[3], 1)
    one = train(LAYERS, runs, X, Y, epochs=2, sample_weight=silent)
    other = train(LAYERS, runs, X, changed, epochs=2, sample_weight=silent)
    assert all(bits(one, r) == bits(other, r) for r in range(5))


def test_float32_trains_in_float32():
    """Precision is what was asked for, throughout."""
    trained = train(LAYERS, multiclass_runs(), *table(), epochs=2, precision="float32")
    assert trained.stack.predict(table()[0]).dtype == np.float32
    assert trained.stack.parameters(0)[0][0].dtype == np.float32


def test_predictions_do_not_depend_on_how_many_rows_are_asked_for_beyond_a_block():
    """The first block of rows has the same bits alone and among more rows."""
    X, Y = table(rows=600)
    trained = train(LAYERS, multiclass_runs(), X, Y, epochs=1)
    assert (trained.stack.predict_raw(X)[:, :256] == trained.stack.predict_raw(X[:256])).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"epochs": -1}, "epochs: expected a whole number of at least 0, got -1"),
        ({"batch_size": 0}, "batch size: expected"),
        ({"optimizer": "adamm"}, "did you mean 'adam'"),
        ({"precision": "half"}, "float64 or float32"),
        ({"activation": "rellu"}, "did you mean 'relu'"),
        ({"initializer": "glorott"}, "unknown initialiser"),
        ({"layers": (5, 0, 3)}, "at least 1, got 0"),
        ({"layers": (4, 3)}, "a network with 4 inputs"),
        ({"Y": np.zeros(70)}, "nothing is broadcast"),
        ({"runs": []}, "at least one"),
        ({"runs": [Run(losses.get("mse"), float("nan"), "identity")]}, "learning rate"),
    ],
)
def test_bad_input_is_one_clear_line(change, says):
    """What was expected, what came, and what to do, in one line."""
    X, Y = table()
    arguments = {"layers": LAYERS, "runs": multiclass_runs(), "X": X, "Y": Y} | change
    with pytest.raises(LosscopeError, match=says.replace("(", r"\(")) as caught:
        train(**arguments)
    assert "\n" not in str(caught.value)
