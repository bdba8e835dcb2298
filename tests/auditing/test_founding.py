"""The founding question's code: everything that the audit must find in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.auditing.planted.grid import audit_text

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """Audit the founding program once."""
    return audit_text((EXAMPLES / "does_the_loss_matter.py").read_text())


def test_neither_printed_value_is_used(report) -> None:
    """Both printed costs taken out, 200 steps: all weights identical to the bit."""
    assert {p["name"]: p["used"] for p in report["printed"]} == {
        "mse_cost": False,
        "cost_cross_entropy": False,
    }
    assert 20 <= report["passes"]["trial"] <= 200  # fewer where the machine is busy


def test_the_cross_entropy_is_an_array_divided_by_the_features(report) -> None:
    """Line 25 is a 4×4 array that divides by 4 features where there are 50 examples."""
    notes = " ".join(next(p for p in report["printed"] if p["line"] == 25)["notes"])
    assert "4×4 array" in notes
    assert "diagonal sums to" in notes
    assert "m = 50" in notes


def test_layer_two_descends_half_the_squared_error_exactly(report) -> None:
    """½ Σ (a_2 − xtrain)², with the step's factor, to rounding error."""
    assert report["loss"] == "½ Σ (a_2 − xtrain)²"
    for name in ("weight_layer_2", "bias_2"):
        found = next(p for p in report["parameters"] if p["name"] == name)
        assert found["answer"] == "yes"
        assert found["residual"] < 1e-8


def test_layer_one_does_not(report) -> None:
    """Layer 1 misses by about a tenth, and follows the gradient of no loss."""
    found = next(p for p in report["parameters"] if p["name"] == "weight_layer_1")
    assert found["answer"] == "not quite"
    assert 0.02 < found["residual"] < 0.4
    assert found["gradient_of_some_loss"] is False


def test_the_cause_is_the_order_and_mending_it_heals(report) -> None:
    """Line 31 before line 34; moved, the residual falls to rounding error; the effect is small."""
    finding = next(f for f in report["findings"] if f["code"] == "LS001")
    assert finding["line"] == 31
    assert finding["repair"]["moved_below"] == 34
    assert finding["repair"]["residual_after"] < 1e-8
    assert "small" in finding["repair"]["effect"]


def test_the_labels_teach_nothing(report) -> None:
    """The target is the network's input; Y_train is idle."""
    finding = next(f for f in report["findings"] if f["code"] == "LS007")
    assert "xtrain" in finding["text"]
    assert "Y_train teaches nothing" in finding["text"]


def test_nothing_else_is_said(report) -> None:
    """Two findings, no more."""
    assert [f["code"] for f in report["findings"]] == ["LS001", "LS007"]


def test_the_cost_of_the_audit_stays_in_its_budget(report) -> None:
    """At most 50 passes for each parameter and each tried repair."""
    assert report["passes"]["per_parameter"] <= 50
    assert report["passes"]["per_repair"] <= 50


def test_the_other_reading_holds_three_faults_of_which_two_hide_each_other() -> None:
    """With d_sigmoid of the pre-activation, lines 28 and 35 hand it the activation.

    Layer 1 follows its loss only once both the order and line 35 are mended: each is named.
    """
    text = (EXAMPLES / "does_the_loss_matter_preactivation.py").read_text()
    found = audit_text(text, experiments=False)["findings"]
    assert [(f["code"], f["line"]) for f in found] == [("LS001", 31), ("LS002", 28), ("LS002", 35)]
    assert all(f["repair"]["residual_after"] < 1e-8 for f in found)
    assert "once line 35 is mended" in found[0]["text"]
