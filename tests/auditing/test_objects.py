"""The audit of objects: the step that users of a class really call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import losscope
from losscope.auditing.trouble import CannotAudit
from tests.auditing.planted.programs.network_class import Network


@pytest.fixture
def trained():
    """Give a network with its data."""
    rng = np.random.default_rng(5)
    X = rng.uniform(-1, 1, size=(32, 3))
    Y = np.stack([np.abs(X[:, 0]), (X[:, 1] * X[:, 2] + 1) / 2], axis=1)
    return Network([3, 6, 5, 2]), X, Y


def test_the_real_step_of_a_class_is_audited_and_left_alone(trained) -> None:
    """Each layer descends the squared error; afterwards the network is what it was."""
    net, X, Y = trained
    before = [w.copy() for w in net.weights]

    def step() -> None:
        net.forward(X)
        net.backward(Y)
        net.update(0.5)

    report = losscope.audit(step=step, parameters=net, forward=lambda: net.forward(X), target=Y)
    assert report.loss_name == "mse"
    assert {p.answer for p in report.parameters} == {"yes"}
    assert len(report.parameters) == 6
    assert report.findings == []
    assert all(np.array_equal(a, b) for a, b in zip(before, net.weights, strict=True))
    assert "net.weights[0]" in str(report)


def test_parameters_are_found_by_themselves(trained) -> None:
    """Without parameters=, forward= and target= the same is found."""
    net, X, Y = trained

    def step() -> None:
        net.forward(X)
        net.backward(Y)
        net.update(0.5)

    report = losscope.audit(step=step)
    assert report.loss_name == "mse"
    assert len(report.parameters) == 6


def test_gradients_are_held_against_the_losses() -> None:
    """A function that returns gradients is audited without any update."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 4))
    W, b = rng.normal(size=(3, 4)), np.zeros(4)

    def gradients() -> list[np.ndarray]:
        p = X @ W + b
        d = (p - Y) / len(X)
        return [X.T @ d, d.sum(axis=0)]

    report = losscope.audit(gradients=gradients, parameters=[W, b])
    assert report.loss == "½/m Σ (p − Y)²"
    assert report.findings == []


def test_code_run_under_the_name_of_a_page_is_audited_without_its_source(tmp_path) -> None:
    """Where the file of a function is no Python (a page, a cell), the audit goes on without it."""
    page = tmp_path / "page.md"
    page.write_text("A page, not a program (\n" * 20)
    text = "def gradients():\n    d = (X @ W - Y) / len(X)\n    return [X.T @ d]\n"
    rng = np.random.default_rng(0)
    names = {"X": rng.normal(size=(20, 3)), "Y": rng.normal(size=(20, 4)), "W": np.ones((3, 4))}
    exec(compile(text, str(page), "exec"), names)
    asked = {"gradients": names["gradients"], "parameters": [names["W"]]}
    report = losscope.audit(**asked, forward=lambda: names["X"] @ names["W"], target=names["Y"])
    assert {p.answer for p in report.parameters} == {"yes"}
    assert report.findings == []
    with pytest.raises(CannotAudit, match="give forward= and target="):
        losscope.audit(**asked)


def test_a_wrong_call_says_what_is_wanted() -> None:
    """Neither step= nor gradients= is one clear line."""
    with pytest.raises(CannotAudit, match="either step= or gradients="):
        losscope.audit()


class _Forgetful:
    """A line fit whose intercept is worked out anew and then forgotten."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.X = rng.normal(size=(30, 2))
        self.y = self.X @ [1.0, -2.0] + 3.0
        self.W, self.b = np.zeros(2), np.zeros(1)

    def step(self) -> None:
        out = self.X @ self.W + self.b
        error = 2 * (out - self.y) / len(self.y)
        print("cost", np.mean((out - self.y) ** 2))
        self.W = self.W - 0.1 * self.X.T @ error
        b = self.b - 0.1 * error.sum()  # the forgotten line
        assert b.shape == self.b.shape


def test_an_update_that_an_object_forgets_is_found_and_its_prints_are_not_shown(capsys) -> None:
    """A new value for self.b that is never written back: LS010, on its line, as for a program."""
    net = _Forgetful()
    report = losscope.audit(step=net.step)
    lines = Path(__file__).read_text(encoding="utf-8").split("\n")
    (finding,) = report.findings
    assert finding.code == "LS010"
    assert "the forgotten line" in lines[finding.line - 1]
    assert report.loss_name == "mse"
    assert capsys.readouterr().out == ""


class _Line:
    """A straight line, fitted one step at a time."""

    def __init__(self) -> None:
        self.W, self.b = np.array([[0.5], [-0.3]]), np.zeros(1)

    def step(self, X, y) -> None:
        """Print a cost that nothing reads, and one that chooses the rate."""
        error = X @ self.W + self.b - y
        told = np.mean(np.abs(error))
        cost = np.mean(error**2)
        print(told, cost)
        rate = 0.1 if cost > 0 else 0.2
        self.W -= rate * 2 * X.T @ error / len(X)
        self.b -= rate * 2 * error.sum(axis=0) / len(X)


def test_printed_values_are_taken_out_of_a_step() -> None:
    """Of each it is said whether the parameters come out the same, bit for bit."""
    X = np.random.default_rng(2).normal(size=(12, 2))
    line = _Line()
    report = losscope.audit(step=lambda: line.step(X, X[:, :1] - 1.0))
    assert {c.name: c.used for c in report.printed} == {"told": False, "cost": True}
    assert "told (line" in str(report) and "not used" in str(report)
    assert report.findings == []
