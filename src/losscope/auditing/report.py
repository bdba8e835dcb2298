"""What an audit found, as plain data: the same for terminal, page and JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class ParameterReport:
    """What one parameter descends."""

    name: str
    line: int
    answer: str  # "yes" "not quite" "no" "still" "rising" "another factor"
    residual: float
    factor: float  # on the sum of the loss, with the learning rate taken out
    rule: str
    l2: float = 0.0
    l1: float = 0.0
    momentum: float = 0.0
    array: str = ""  # the gradient's name, where a rule stands between it and the step
    array_line: int = 0
    asymmetry: float | None = None
    gradient_of_some_loss: bool | None = None


@dataclass
class PrintedReport:
    """One cost that the program tells."""

    name: str
    line: int
    used: bool | None  # None: not tried
    passes: int
    what: str  # which loss it is, in words; "" when not known
    descended: bool
    residual: float | None  # what the best fit of its gradient leaves of the updates
    readers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class RepairReport:
    """A one-line change, tried."""

    line: int
    before: str
    after: str
    moved_below: int
    residual_before: float
    residual_after: float
    confirmed: bool
    effect: str = ""


@dataclass
class FindingReport:
    """One finding."""

    code: str
    title: str
    line: int
    text: str
    parameters: list[str]
    repair: RepairReport | None = None


@dataclass
class Report:
    """One audited program."""

    file: str
    loop_line: int
    loss: str  # in words, with its factor; "" when none fits
    loss_name: str
    prediction: str
    target: str
    scaling: str
    learning_rate: float | None
    parameters: list[ParameterReport]
    printed: list[PrintedReport]
    findings: list[FindingReport]
    notices: list[str]
    curve: dict[str, Any] | None
    passes: dict[str, int]
    seconds: float
    reading: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the report as JSON-ready data."""
        return asdict(self)
