"""Ctrl-C in the middle of a comparison: one line, code 130, and what was finished is kept."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from contextlib import closing

import pytest

from losscope.comparison import compare
from losscope.data import load


def hears_interrupts() -> None:
    """Undo what a shell's background job inherits: there Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finished_runs(store) -> int:
    """Count the runs in a store."""
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        return (
            db.execute("SELECT count(*) FROM record WHERE kind = 'run'").fetchone()[0]
            if "record" in tables
            else 0
        )


def test_an_interrupted_comparison_keeps_its_runs(tmp_path):
    """The whole process group is interrupted, as a terminal does; workers say nothing."""
    store = tmp_path / "store.sqlite"
    line = (
        "compare moons --losses ce,mse --seeds 6 --epochs 40 --jobs 2 --learning-rates 0.01 --json"
    )
    words = [sys.executable, "-m", "losscope", *line.split(), "--store", str(store)]
    child = subprocess.Popen(
        words,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hears_interrupts,  # noqa: PLW1509 - no thread holds a lock here
    )
    try:
        deadline = time.monotonic() + 120
        while finished_runs(store) == 0 and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=120)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    assert child.returncode == 130, err
    assert out == ""
    said = [one for one in err.splitlines() if not one.startswith("note: ")]
    assert said == ["losscope: interrupted; nothing is lost: repeat the command to resume."]
    assert finished_runs(store) > 0


WORKERS = """
import signal
from losscope.comparison import pool

answers = list(pool.dispatched(signal.getsignal, [(signal.SIGINT,)] * 4, 2))
print(*{answer.name if answer else answer for answer in answers})
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_workers_ignore_an_interrupt_and_the_dispatcher_does_not():
    """What the test above can only see when the interrupt falls between two runs of a worker."""
    done = subprocess.run(
        [sys.executable, "-c", WORKERS],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=hears_interrupts,
    )
    assert done.stdout.splitlines() == ["SIG_IGN", "True"], done.stderr


def test_an_interrupt_between_two_results_warns_of_nothing():
    """Raised while a result is taken, not while one is waited for: no word of what is left."""

    def interrupt(done, total, left):
        assert left is None or left >= 0
        if 0 < done < total:
            raise KeyboardInterrupt

    longish = {"seeds": 6, "epochs": 200, "learning_rates": 0.01, "n_jobs": 2, "store": False}
    moons = load("moons")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with pytest.raises(KeyboardInterrupt):
            compare(dataset=moons, losses=["ce", "mse"], progress=interrupt, **longish)
    assert [str(one.message) for one in said if "cancelled" in str(one.message)] == []
