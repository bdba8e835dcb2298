"""The NumPy program: what is printed is what runs, alone and to the bit."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from losscope.derivation import derive
from losscope.losses import get, names
from losscope.network import Network, initialise
from losscope.training.program import Head, Parameters, Program
from tests.derivation.programs import load


def _width(loss: str) -> int:
    return 3 if get(loss).vector else get(loss).heads


@pytest.mark.parametrize("loss", names())
def test_a_step_of_the_program_is_a_step_of_the_trainer_to_the_bit(loss):
    """Costs aside, forward, backward and update of print and trainer agree in every bit."""
    if get(loss).heads > 1:
        pytest.skip("the trainer has one output for each target")
    for activation in (("relu", "tanh"), ("sigmoid", "softplus")):
        network = Network((4, 5, 6, _width(loss)), activation=activation)
        derivation = derive(network, loss, l2=0.01)
        printed = load(derivation.numpy())
        X, Y = printed.make_data(m=16)
        parameters = printed.initialize_parameters(seed=3)
        A, cache = printed.forward_propagation(X, parameters)
        grads = printed.backward_propagation(parameters, cache, X, Y)

        own = Parameters(network.layers, 1, np.dtype(np.float64))
        for layer, (W, b) in enumerate(initialise(network.layers, network.initializer, 3), 1):
            own.arrays[f"W{layer}"][0], own.arrays[f"b{layer}"][0] = W, b
        program = Program([Head(derivation, slice(0, 1))], own, 16)
        program.x[...], program.y[0][...] = X, Y
        program.forward()
        program.backward()
        assert A.tobytes() == program.arrays[f"A{network.depth}"][0].tobytes()
        for name, gradient in grads.items():
            assert gradient.tobytes() == program.arrays[name][0].tobytes(), name


@pytest.mark.parametrize("convention", ["rows", "course"])
def test_the_program_runs_alone_and_checks_itself(tmp_path, convention):
    """Put into a file, it needs nothing of losscope, prints a verdict on each gradient, trains."""
    file = tmp_path / "network.py"
    derivation = derive(
        (4, 5, 3), "ce", convention=convention, l2=0.01, l1=0.001, sample_weight=True
    )
    file.write_text(derivation.numpy(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", file], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("right to") == 6
    assert "WRONG" not in done.stdout
    assert "cost after" in done.stdout
    assert "losscope" not in "".join(
        line for line in file.read_text().splitlines() if "import" in line
    )


@pytest.mark.parametrize("loss", names())
def test_every_loss_trains_and_its_cost_falls(loss, capsys):
    """With its own random data each program finds its gradients right and lowers its cost."""
    printed = load(derive((4, 5, _width(loss)), loss, convention="course").numpy())
    X, Y = printed.make_data()
    assert printed.check_gradients(X, Y, printed.initialize_parameters())
    printed.model(X, Y, iterations=30)
    costs = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()[-5:]]
    assert np.all(np.isfinite(costs))
    assert costs[-1] < costs[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_cost_is_a_python_float(dtype):
    """Whatever the precision of the arrays, and gradients keep that precision."""
    printed = load(derive((4, 5, 1), "ce").numpy())
    X, Y = (array.astype(dtype) for array in printed.make_data())
    parameters = {k: v.astype(dtype) for k, v in printed.initialize_parameters().items()}
    A2, cache = printed.forward_propagation(X, parameters)
    assert type(printed.compute_cost(A2, Y)) is float
    assert type(printed.compute_cost(A2, Y, cache["Z2"])) is float
    grads = printed.backward_propagation(parameters, cache, X, Y)
    assert {g.dtype for g in grads.values()} == {np.dtype(dtype)}


def test_the_cost_of_predictions_alone_is_that_of_raw_predictions():
    """`compute_cost(A2, Y)` agrees with the exact one where A2 has not saturated, and is finite."""
    printed = load(derive((4, 5, 1), "ce").numpy())
    X, Y = printed.make_data()
    A2, cache = printed.forward_propagation(X, printed.initialize_parameters())
    exact = printed.compute_cost(A2, Y, cache["Z2"])
    assert printed.compute_cost(A2, Y) == pytest.approx(exact, rel=1e-13)
    assert np.isfinite(printed.compute_cost(np.round(A2), Y))
    assert printed.compute_cost(Y.copy(), Y) < 1e-15


def test_saturated_outputs_leave_everything_finite():
    """Weights a thousand times too large give no infinity and no NaN, and no warning."""
    for loss, width in (("ce", 1), ("ce", 3), ("focal", 1), ("mse@sigmoid", 1)):
        printed = load(derive((4, 5, width), loss, sample_weight=False).numpy())
        X, Y = printed.make_data()
        parameters = {k: 1000 * v for k, v in printed.initialize_parameters().items()}
        A2, cache = printed.forward_propagation(X, parameters)
        reads = "Z2=None" in derive((4, 5, width), loss).numpy()
        extra = [cache["Z2"]] if reads else []
        assert np.isfinite(printed.compute_cost(A2, Y, *extra))
        grads = printed.backward_propagation(parameters, cache, X, Y)
        assert all(np.all(np.isfinite(g)) for g in grads.values())


@pytest.mark.parametrize("loss", ["crammer_singer", "multiclass_perceptron"])
def test_still_units_make_no_right_line_wrong(loss):
    """On 3-4-3 some examples fire no unit, all their classes tie, and the cost has a kink."""
    printed = load(derive((3, 4, 3), loss).numpy())
    X, Y = printed.make_data()
    assert printed.check_gradients(X, Y, printed.initialize_parameters())


def test_text_speaks_mathematics_of_gelu():
    """No helper of the programs stands in an equation that a person reads."""
    derivation = derive(Network((3, 5, 1), activation="gelu"), "huber")
    assert "xexp" not in derivation.text() + derivation.latex()
