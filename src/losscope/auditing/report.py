"""What an audit found, as plain data: the same for terminal, page and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    places: dict[str, str] = field(default_factory=dict)  # line -> `cell 3 line 4`, `a.py line 9`

    def to_dict(self) -> dict[str, Any]:
        """Give the report as JSON-ready data."""
        return asdict(self)

    def name_places(self, place: Callable[[int], str]) -> None:
        """Name lines as their author knows them, where the text was joined of several."""
        lines = {p.line for p in self.parameters} | {c.line for c in self.printed}
        lines |= {f.line for f in self.findings} | {self.loop_line}
        lines |= {r["line"] for c in self.printed for r in c.readers}
        for repair in (f.repair for f in self.findings):
            lines |= {repair.line, repair.moved_below} if repair is not None else set()
        self.places = {str(n): place(n) for n in sorted(lines - {0})}

        def named(text: str) -> str:
            return _LINE.sub(lambda m: _as_begun(place(int(m["number"])), m["begin"]), text)

        for finding in self.findings:
            finding.text = named(finding.text)
        for cost in self.printed:
            cost.notes = [named(note) for note in cost.notes]
        self.notices = [named(notice) for notice in self.notices]


_LINE = re.compile(r"\b(?P<begin>[Ll])ine (?P<number>\d+)\b")


def _as_begun(text: str, begin: str) -> str:
    return text[0].upper() + text[1:] if begin == "L" and text.startswith("cell") else text
