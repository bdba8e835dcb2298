"""A sample of the planted faults; the whole grid is `python -m benchmarks.planted_faults`."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.auditing.planted.grid import audit_text, clean_programs, try_plant
from tests.auditing.planted.kinds import ALL, UNUSUAL

SAMPLE = [p for p in ALL if p.program in ("rows", "one_layer")][::5]
CHEAP = {  # what runs by default: a second or two each; test_findings.py has every cause once
    "the derivative of another loss than the printed one-logistic_fit",
    "the gradient of another parameter-rows",
    "a weight's update that is never written back-one_layer",
}
QUICK = {"columns", "network_class", "one_layer", "rows", "softmax"}
CLEAN = [
    pytest.param(path, id=path.stem, marks=[] if path.stem in QUICK else [pytest.mark.slow])
    for path in clean_programs()
]


def test_every_kind_is_planted_in_five_programs_by_one_change_each() -> None:
    """At least 30 kinds × 5 styles; each change is found once in its program and leaves Python."""
    programs = defaultdict(set)
    for plant in [*ALL, *UNUSUAL]:
        compile(plant.text(), plant.name, "exec")  # asserts that the text to change stands once
        assert plant.expected_lines(), plant.name
        programs[plant.kind].add(plant.program)
    assert len(programs) > 30
    assert {kind: found for kind, found in programs.items() if len(found) < 5} == {}


@pytest.mark.parametrize(
    "plant",
    [pytest.param(p, id=p.name) for p in ALL if p.name in CHEAP]
    + [pytest.param(p, id=p.name, marks=pytest.mark.slow) for p in SAMPLE if p.name not in CHEAP],
)
def test_a_planted_fault_is_named_on_its_line(plant) -> None:
    """The right cause, on the right line."""
    outcome = try_plant(plant)
    assert outcome.right, (outcome.codes, outcome.cannot, plant.expected_lines())


@pytest.mark.parametrize("path", CLEAN)
def test_a_clean_program_gets_no_finding(path) -> None:
    """Momentum, Adam, penalties, minibatches, dicts and lists: nothing to complain of."""
    report = audit_text(path.read_text(), experiments=False)
    assert report.get("findings") == [], report


@pytest.mark.slow
@pytest.mark.parametrize("plant", UNUSUAL[:4], ids=lambda p: p.new[:30])
def test_unusual_scaling_is_no_fault(plant) -> None:
    """A mere factor is information."""
    report = audit_text(plant.text(), experiments=False)
    assert report.get("findings") == [], report
