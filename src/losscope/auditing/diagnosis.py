"""What stands out in a program, and the aims that its parameters were held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from losscope.auditing.candidates import Candidate
from losscope.auditing.experiment import Attempt, Standing
from losscope.auditing.report import FindingReport


@dataclass
class Diagnosis:
    """What stands out, and the aims that the parameters were held against."""

    aim: Candidate | None
    standing: Standing | None
    rates: list[float | None]
    attempts: list[Attempt] = field(default_factory=list)
    findings: list[FindingReport] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    descended: dict[str, bool] = field(default_factory=dict)  # printed cost -> is it descended
