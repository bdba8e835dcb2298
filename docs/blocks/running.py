"""Run the blocks of one page, in order, in a folder of its own and in this process."""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from docs.blocks import fitting
from docs.blocks.page import Block, PageError, Step, blocks

ROOT = Path(__file__).parents[2]
SECONDS = 300  # that one command may take
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Report:
    """What came of one page.

    Parameters
    ----------
    problems : each begins with page and line.
    different : likewise, where what is printed is not what is shown; `text` mends these.
    not_run : place and reason of each block that says so.
    text : the page with what was printed in place of what is shown.
    """

    page: Path
    ran: int = 0
    problems: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    text: str = ""
    seconds: float = 0.0


def run(page: Path) -> Report:
    """Run a page; `page` is relative to the repository, whose `examples/` lie in its folder."""
    report, start = Report(page), time.monotonic()
    text = (ROOT / page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as made, contextlib.chdir(made):
        folder = Path(made).resolve()
        shutil.copytree(ROOT / "examples", folder / "examples")
        os.environ.update(_environment(folder))
        sys.path.insert(0, made)  # the page may import what it has written
        runner = _Runner(report, folder, text.splitlines())
        try:
            for block in blocks(page, text):
                runner.run(block)
        except PageError as error:
            report.problems.append(str(error))
        report.text = runner.text()
    report.seconds = time.monotonic() - start
    return report


def _environment(folder: Path) -> dict[str, str]:
    """A terminal of 80 columns without colour, and the folder as the reader's home."""
    bin_folder = str(Path(sys.executable).parent)
    return {
        "HOME": str(folder),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONUNBUFFERED": "1",  # messages and output in the order in which they are printed
        "PATH": os.pathsep.join([bin_folder, os.environ["PATH"]]),
    }


class _Runner:
    """One page in the making: its names, and the steps whose output differs."""

    def __init__(self, report: Report, folder: Path, lines: list[str]) -> None:
        self.report, self.folder, self.lines = report, folder, lines
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.wrong: list[tuple[Step, list[str]]] = []

    def run(self, block: Block) -> None:
        """Do what the block's language and notes ask for."""
        if "not run" in block.notes:
            self.report.not_run.append(f"{block.place}: {block.notes['not run']}")
        elif "file" in block.notes:
            place = self.folder / block.notes["file"]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.text, encoding="utf-8")
        elif block.language in ("console", "pycon", "python", "sh"):
            self.report.ran += 1
            getattr(self, "_" + block.language)(block)

    def text(self) -> str:
        """The page as it should be."""
        lines = list(self.lines)
        for step, printed in reversed(self.wrong):
            shown = fitting.rewritten(step.shown, printed)
            lines[step.first : step.last] = [(step.indent + line).rstrip() for line in shown]
        return "\n".join(lines) + "\n"

    def _console(self, block: Block) -> None:
        codes = set()
        for step in block.steps():
            printed, ended = self._shell(step.source)
            self._compare(step, printed)
            codes.add(ended)
            if ended not in block.exit_codes:
                self._exited(block, step.first, step.source, ended, printed)
        missing = block.exit_codes - codes - {0}
        if missing:
            self._say(block.line, f"no command of the block ends with code {missing.pop()}")

    def _sh(self, block: Block) -> None:
        printed, ended = self._shell("set -e\n" + block.text)
        if ended != int(block.notes.get("exit", 0)):
            self._exited(block, block.line, block.text.strip(), ended, printed)

    def _pycon(self, block: Block) -> None:
        for step in block.steps():
            self._compare(step, _captured(partial(_interact, step.source, self.names)))

    def _python(self, block: Block) -> None:
        # Blank lines before it give a traceback the lines of the page.
        source, name = "\n" * block.line + block.text, str(ROOT / block.page)

        def execute(_: Callable[[str], object]) -> None:
            exec(compile(source, name, "exec"), self.names)  # noqa: S102 - it is what the page says

        try:
            _captured(execute)
        except Exception:  # noqa: BLE001 - whatever the page raises is its reader's problem
            error = traceback.format_exc(limit=-1).splitlines()
            self._say(block.line, "the block raises", error)

    def _shell(self, command: str) -> tuple[str, int]:
        done = subprocess.run(  # noqa: S602 - it is what the page says
            command,
            shell=True,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
        )
        return done.stdout.decode(errors="replace"), done.returncode

    def _compare(self, step: Step, printed: str) -> None:
        plain = _COLOUR.sub("", printed).replace(str(self.folder), "~").splitlines()
        if fitting.fits(step.shown, plain):
            return
        self.wrong.append((step, plain))
        said = f"{self.report.page}:{step.first}: printed is not what is shown: {step.source}"
        self.report.different.append(_below(said, fitting.difference(step.shown, plain)))

    def _exited(self, block: Block, line: int, command: str, ended: int, printed: str) -> None:
        expected = block.notes.get("exit", "0")
        self._say(line, f"ended with code {ended}, not {expected}: {command}", printed.splitlines())

    def _say(self, line: int, said: str, more: Sequence[str] = ()) -> None:
        self.report.problems.append(_below(f"{self.report.page}:{line}: {said}", more))


def _below(said: str, lines: Sequence[str]) -> str:
    return "\n    ".join([said, *lines])


def _captured(act: Callable[[Callable[[str], object]], object]) -> str:
    """What `act` prints; it is given a function that writes there too."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        act(out.write)
    return out.getvalue()


def _interact(source: str, names: dict[str, Any], write: Callable[[str], object]) -> None:
    """Run a statement as Python's prompt does, its error printed."""
    interpreter = code.InteractiveInterpreter(names)
    interpreter.write = write  # type: ignore[method-assign,assignment]
    if interpreter.runsource(source + "\n", "<stdin>", "single"):
        write("the statement is not finished\n")
