"""Another loss is descended than the printed one: which line says so, and what would mend it."""

from __future__ import annotations

import re

from losscope.auditing import entry, findings
from losscope.auditing.diagnosis import Diagnosis
from losscope.auditing.experiment import Attempt
from losscope.auditing.judge import Judgement
from losscope.auditing.report import RepairReport
from losscope.auditing.source import Source
from losscope.auditing.told import Told

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_PENALTY = "LS009"


def report(
    source: Source, out: Diagnosis, judgement: Judgement, costs: list[Told], attempt: Attempt | None
) -> None:
    """Report that what all parameters descend is not what is printed."""
    cost = costs[0]
    if attempt is None:
        line = _entered(source, judgement, costs) or cost.line
        _add(out, judgement, cost, line, None)
        return
    was = max(f.residual for f in attempt.was.fits)
    now = max(f.residual for f in attempt.now.fits)
    line = attempt.edit.line
    repair = RepairReport(line, attempt.before, attempt.after, 0, was, now, now < 1e-6)
    if attempt.edit.code == _PENALTY:
        names = [judgement.measured.parameters[i].name for i in attempt.healed]
        out.findings.append(findings.get(_PENALTY).found(line, names, repair=repair))
    else:
        _add(out, judgement, cost, line, repair)


def _add(
    out: Diagnosis, judgement: Judgement, cost: Told, line: int, repair: RepairReport | None
) -> None:
    names = [p.name for p in judgement.measured.parameters]
    page = findings.get("LS019")
    text = page.says.format(line=cost.line, names=cost.name)
    out.findings.append(page.found(line, names, text=text, repair=repair))


def _entered(source: Source, judgement: Judgement, costs: list[Told]) -> int:
    """Give the line where the descended loss enters, and the printed one does not."""
    lines = {c.line for c in costs}
    shared = {name for line in lines for name in _NAME.findall(source.line(line))}
    target = next((c.identity.target for c in costs if c.identity is not None), "")
    found = entry.line_of(judgement, lines, shared)
    return found or entry.meeting(judgement, target, lines, shared)
