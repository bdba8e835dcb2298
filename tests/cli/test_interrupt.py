"""Ctrl-C in the middle of a comparison: one line, code 130, and what was finished is kept."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing


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
