"""Start the child process, give it its limits, and turn its answer or its end into words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

SECONDS, MEMORY = 180, 4 << 30
_SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONHASHSEED": "0",  # sets of words keep one order, so that two audits agree
}


def ask(
    path: Path,
    *,
    kind: str = "audit",
    setup: Path | None = None,
    function: str = "",
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> dict[str, Any]:
    """Run one request in a child process; the answer holds `reports`, or `cannot` with a sentence."""  # noqa: E501 - a sentence or a table row
    full = path.resolve()
    with tempfile.TemporaryDirectory(prefix="losscope-") as scratch, ExitStack() as stack:
        read_end, write_end = os.pipe()
        request = {
            "kind": kind,
            "path": str(path),
            "setup": str(setup) if setup else None,
            "function": function,
            "answer_to": write_end,
            "scratch": scratch,
            "seconds": seconds,
            "memory": memory,
        }
        request["path"] = str(full)
        request["setup"] = str(setup.resolve()) if setup else None
        folder = full.parent if full.parent.is_dir() else Path.cwd()
        errors = stack.enter_context(tempfile.TemporaryFile())
        child = subprocess.Popen(
            [sys.executable, "-m", "losscope.auditing.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=(write_end,),
            cwd=folder,
            start_new_session=True,
            env={**os.environ, **_SETTINGS},
        )
        os.close(write_end)
        assert child.stdin is not None
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
        answer = last_answer(_wait(child, read_end, seconds))
        if answer is not None and "before" not in answer:
            return answer
        errors.seek(0)
        said = errors.read().decode(errors="replace")
        late = child.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        if answer is not None:
            why = (
                f"time was up after {seconds} seconds (--seconds)" if late else "its process ended"
            )
            return told_early(answer, why)
        return {
            "cannot": _how_it_ended(child.returncode, said, seconds, memory, str(path), late=late)
        }


def last_answer(text: str) -> dict[str, Any] | None:
    """Give the last answer that came whole; a child that is ended may break off in one."""
    for line in reversed(text.splitlines()):
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        return answer
    return None


def told_early(answer: dict[str, Any], why: str) -> dict[str, Any]:
    """Say of an answer that the audit was not done when it ended."""
    before = answer.pop("before")
    notice = f"Not all was done: {why} before {before} had ended. What was known by then is told."
    answer["reports"][-1]["notices"].append(notice)
    return answer


def _wait(child: subprocess.Popen[bytes], read_end: int, seconds: int) -> str:
    """Read the child's answer; end the child when its time is over."""
    timer = threading.Timer(seconds, _end, (child,))
    timer.start()
    try:
        with os.fdopen(read_end, encoding="utf-8") as answer:
            text = answer.read()
        child.wait()
    except KeyboardInterrupt:
        _end(child)
        raise
    finally:
        timer.cancel()
    return text


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how_it_ended(
    code: int | None, errors: str, seconds: int, memory: int, name: str, *, late: bool
) -> str:
    if late:
        return (
            f"The audit of {name} was not done within {seconds} seconds: a loop that never ends, or "  # noqa: E501 - a sentence or a table row
            "a program that needs longer before it trains (--seconds)."
        )
    if "MemoryError" in errors:
        return f"The program needs more than {memory >> 20} MB of memory (--memory)."
    last = errors.strip().splitlines()[-1] if errors.strip() else f"exit code {code}"
    if code is not None and code < 0:
        last = f"signal {signal.Signals(-code).name}"
    return f"The process in which {name} ran came to an end: {last}."
