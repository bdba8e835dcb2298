"""Audit planted programs, each in a forked process, and compare with what was planted."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.auditing.planted.plant import PROGRAMS, Plant

CODES = {
    "overwritten": {"LS001"},
    "derivative-argument": {"LS002"},
    "derivative-missing": {"LS003"},
    "factor": {"LS004"},
    "bias-sum": {"LS005"},
    "softmax-diagonal": {"LS006"},
    "target-is-input": {"LS007"},
    "mean-twice": {"LS008"},
    "penalty": {"LS009"},
    "never-written": {"LS010"},
    "sign": {"LS011"},
    "derivative-twice": {"LS012"},
    "derivative-wrong": {"LS013"},
    "wrong-array": {"LS014"},
    "transposed": {"LS015"},
    "wrong-gradient": {"LS016"},
    "accumulates": {"LS017"},
    "broadcast": {"LS018"},
    "other-loss": {"LS019"},
}


@dataclass
class Outcome:
    """What the audit said of one program."""

    name: str
    codes: list[tuple[str, int]] = field(default_factory=list)
    cannot: str = ""
    cause: bool = False
    line: bool = False
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the right cause was named on the right line."""
        return self.cause and self.line


@cache
def _derived_once() -> None:
    """Derive every loss's slope here, so that not every forked audit has to do it again."""
    from losscope import losses
    from losscope.errors import LosscopeError

    for loss in map(losses.get, losses.names()):
        for width in (1, 2):
            target = np.eye(2)[:, :width]
            with contextlib.suppress(LosscopeError):
                loss.gradient(target=target, raw_prediction=np.zeros((2, width)), exact=False)


def audit_text(text: str, seconds: int = 400, **options: Any) -> dict[str, Any]:
    """Audit a program's text in a forked process; gives the report, or {"cannot": …}."""
    from losscope.auditing import auditor, source
    from losscope.auditing.trouble import CannotAudit

    _derived_once()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        gc.freeze()  # as `child` does: nothing that is there now is the program's
        sys.stdout = sys.stderr = io.StringIO()
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "program.py"
                path.write_text(text)
                report = auditor.audit(source.read(path), **options).to_dict()
        except CannotAudit as error:
            report = {"cannot": str(error)}
        except BaseException as error:  # noqa: BLE001 - told to the parent
            import traceback

            report = {"cannot": f"BROKE {error!r}", "trace": traceback.format_exc()}
        with os.fdopen(write_end, "w") as pipe:
            json.dump(report, pipe)
        os._exit(0)
    os.close(write_end)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(seconds)
    with os.fdopen(read_end) as pipe:
        answer = pipe.read()
    signal.alarm(0)
    os.waitpid(pid, 0)
    return json.loads(answer) if answer else {"cannot": f"not done in {seconds} s"}


def try_plant(plant: Plant) -> Outcome:
    """Audit one planted program."""
    began = time.perf_counter()
    report = audit_text(plant.text(), experiments=False)
    outcome = Outcome(plant.name, seconds=time.perf_counter() - began)
    if "cannot" in report:
        outcome.cannot = report["cannot"]
        return outcome
    lines = plant.expected_lines()
    wanted = set().union(*(CODES[cause] for cause in plant.cause.split("|")))
    for finding in report["findings"]:
        outcome.codes.append((finding["code"], finding["line"]))
        if finding["code"] in wanted:
            outcome.cause = True
            outcome.line = outcome.line or finding["line"] in lines
    return outcome


def clean_programs() -> list[Path]:
    """List the clean programs."""
    return sorted(PROGRAMS.glob("*.py"))
