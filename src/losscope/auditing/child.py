"""The child process in which the user's program runs; started by `runner`, never imported by it.

It reads a request (JSON) from standard input and writes answers (JSON, a line each) to a pipe:
what is established so far, to be told if time is up, and at last the whole.  The program's own
output is counted and dropped, its files are redirected to a folder that is removed afterwards.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.dont_write_bytecode = True

from losscope.auditing.trouble import CannotAudit, Stop  # noqa: E402 - after the threads are set

MOST_PRINTED = 8_000_000  # characters


class Sink(io.TextIOBase):
    """Takes what the program prints, counts it and drops it."""

    def __init__(self) -> None:
        self.count = 0
        self.stopped = False

    def write(self, text: str) -> int:
        """Count; stop a program that prints without end."""
        self.count += len(text)
        if self.count > MOST_PRINTED and not self.stopped:
            self.stopped = True
            raise TooMuch
        return len(text)

    @property
    def buffer(self) -> Any:
        """Give somewhere to write bytes."""
        return io.BytesIO()

    def writable(self) -> bool:
        """Yes."""
        return True


class TooMuch(Stop):
    """The program printed megabytes."""


def main() -> int:
    """Answer one request."""
    request = json.loads(sys.stdin.read())
    answer_to = os.fdopen(int(request["answer_to"]), "w", encoding="utf-8")
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - kept for the whole run
    _limits(int(request["memory"]), int(request["seconds"]))
    from losscope.auditing import sandbox, stand_ins

    sandbox.enter(Path(request["scratch"]))
    stand_ins.install()
    sink = Sink()
    own = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = sink
    answer: dict[str, Any]
    try:
        from losscope.auditing import requests

        gc.freeze()  # what is ours need not be gone through in search of what is the program's

        def tell(so_far: dict[str, Any]) -> None:
            answer_to.write(json.dumps(so_far) + "\n")
            answer_to.flush()

        answer = requests.answer(request, tell)
        if sink.stopped:
            raise TooMuch  # noqa: TRY301 - one way out
    except CannotAudit as error:
        answer = {"cannot": str(error)}
    except TooMuch:
        answer = {"cannot": _TOO_MUCH}
    except MemoryError:
        megabytes = int(request["memory"]) >> 20
        answer = {"cannot": f"The program needs more than {megabytes} MB of memory (--memory)."}
    except RecursionError:
        answer = {"cannot": "The program recurses too deeply to be audited."}
    except Exception as error:  # noqa: BLE001 - ours: it is said plainly, and no trace is shown
        answer = {"cannot": _ours(error)}
    if sink.stopped:
        answer = {"cannot": _TOO_MUCH}
    sys.stdout, sys.stderr = own
    sandbox.leave()
    json.dump(answer, answer_to, allow_nan=True)
    answer_to.flush()
    answer_to.close()
    os._exit(0)  # whatever threads the program left behind


_TOO_MUCH = (
    f"The program prints more than {MOST_PRINTED // 1_000_000} MB; let it print less, "
    "then audit it again."
)


def _ours(error: Exception) -> str:
    """Say that the audit, not the program, failed, and where: this is what a report needs."""
    entries = [e for e in traceback.extract_tb(error.__traceback__) if "losscope" in e.filename]
    at = f" at {Path(entries[-1].filename).name}:{entries[-1].lineno}" if entries else ""
    reason = " ".join(str(error).split())[:200]
    return (
        f"The audit itself failed{at} ({type(error).__name__}: {reason}); this is a fault of "
        "losscope, not of the program."
    )


def _limits(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 10))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
