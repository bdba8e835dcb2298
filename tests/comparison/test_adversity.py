"""What may happen to a store: kills, full disks, other writers. What was safe stays safe."""

import os
import random
import shutil
import sqlite3
import subprocess
import time

import pytest

from losscope.comparison import compare
from losscope.comparison import store as stores
from losscope.comparison.store import Record, Store
from losscope.errors import LosscopeError

from .in_child import PLAN, X, Y, carry_out, context, limited, numbers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits are POSIX")
KILLS = 20


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The result of a comparison that nobody disturbed, its records, and how long it took."""
    path = tmp_path_factory.mktemp("undisturbed") / "store.sqlite"
    carry_out(False)  # what is compiled once is compiled now
    began = time.monotonic()
    found = carry_out(path)
    return numbers(found), records(path), time.monotonic() - began


def records(path):
    """Every record of a store, as the file holds it."""
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT * FROM record ORDER BY 1, 2, 3, 4, 5").fetchall()
    db.close()
    return rows


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_twenty_kills_at_random_moments_lose_and_double_nothing(tmp_path, undisturbed):
    """`kill -9`, twenty times; then the same call: the same result to the bit, each record once."""
    expected, whole, seconds = undisturbed
    path = tmp_path / "store.sqlite"
    moments = random.Random(5)
    kills, safe = 0, []
    for attempt in range(5 * KILLS):
        if kills == KILLS:
            break
        if len(safe) == len(whole):  # all done before it was killed often enough: begin again
            path.unlink()
            safe = []
        child = context.Process(target=carry_out, args=(path,))
        child.start()
        # Mostly short lives, so that every stage of the work meets one.
        child.join(0.05 + moments.random() ** 2 * min(seconds, 1.0))
        alive = child.is_alive()
        child.kill()
        child.join()
        kills += alive
        now = records(path) if _has_tables(path) else []
        assert set(safe) <= set(now), f"attempt {attempt}: what was safe is gone"
        assert set(now) <= set(whole), f"attempt {attempt}: a record that nobody computes"
        safe = now
    assert kills == KILLS
    assert numbers(carry_out(path)) == expected
    assert records(path) == whole
    keys = [row[:5] for row in records(path)]
    assert len(set(keys)) == len(keys)


def _has_tables(path):
    if not path.exists():
        return False
    with sqlite3.connect(path) as db:
        found = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'record'").fetchone()[0]
    db.close()
    return bool(found)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_that_may_not_grow(tmp_path, undisturbed):
    """Where the file cannot grow there is one line; with room again, the same call goes on."""
    expected, whole, _ = undisturbed
    path = tmp_path / "store.sqlite"
    outcome = context.Queue()
    child = context.Process(target=limited, args=(path, 0.06, outcome))
    child.start()
    kind, said = outcome.get(timeout=60)
    child.join()
    assert kind == "LosscopeError", said
    assert "\n" not in said
    assert "what was stored is safe" in said
    safe = records(path)
    assert 0 < len(safe) < len(whole)
    assert set(safe) <= set(whole)
    assert numbers(carry_out(path)) == expected


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 200 kB; where none can be mounted, the page limit of SQLite itself."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    made = mount and subprocess.run(command, capture_output=True, check=False).returncode == 0
    yield disk if made else None
    if made:
        subprocess.run([umount, str(disk)], check=True)


def test_a_full_disk_is_said_and_what_was_stored_is_safe(small_disk, tmp_path, monkeypatch):
    """A disk that fills up: one line, every chunk before it is whole, and space lets it go on."""
    path = (small_disk or tmp_path) / "store.sqlite"
    if small_disk is None:
        prepare = Store._prepare

        def limited_pages(store):
            prepare(store)
            store._db.execute("PRAGMA max_page_count = 40")

        monkeypatch.setattr(Store, "_prepare", limited_pages)
    big = {"text": "x" * 12_000}
    with Store(path) as store:
        written = []

        def fill():
            for seed in range(100):
                store.save("recipe", "here", [Record(seed, "run", k, big) for k in "ab"])
                written.append(seed)

        with pytest.raises(LosscopeError, match=r"disk is full; what was stored is safe"):
            fill()
        assert 0 < len(written) < 100
    monkeypatch.undo()
    with Store(path, readonly=True) as store:
        kept = store.load("recipe", "here", range(100))
    assert [(r.seed, r.key) for r in kept] == [(s, k) for s in written for k in "ab"]


def test_two_comparisons_on_one_store(tmp_path, undisturbed):
    """Two processes, one plan, one file: both end with the same result, records are there once."""
    expected, whole, _ = undisturbed
    path = tmp_path / "store.sqlite"
    children = [context.Process(target=carry_out, args=(path,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert records(path) == whole
    assert numbers(carry_out(path)) == expected


def test_a_store_of_a_newer_version_is_left_as_it_is(tmp_path):
    """Refused in one line, not a byte changed."""
    path = tmp_path / "store.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {stores.SCHEMA + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(LosscopeError, match=r"newer version of losscope.*update losscope"):
        carry_out(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("where", [0, 40, None], ids=["head", "header fields", "a page"])
def test_a_corrupted_file_is_said_and_not_touched(tmp_path, undisturbed, where):
    """Overwritten bytes: one line, and the file is left for whoever can mend it."""
    path = tmp_path / "store.sqlite"
    carry_out(path)
    broken = bytearray(path.read_bytes())
    where = len(broken) // 2 if where is None else where
    broken[where : where + 600] = bytes(600) if where else b"no longer a store".ljust(600)
    path.write_bytes(broken)
    with pytest.raises(LosscopeError) as caught:
        carry_out(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == bytes(broken)


def test_a_store_that_cannot_be_written_is_known_at_once(tmp_path):
    """A read-only file system: one line before anything runs; looking into it still works."""
    path = tmp_path / "store.sqlite"
    carry_out(path)
    whole = records(path)
    mount, umount = shutil.which("mount"), shutil.which("umount")
    bound = mount and all(
        subprocess.run([mount, *words], capture_output=True, check=False).returncode == 0
        for words in (
            ["--bind", str(tmp_path), str(tmp_path)],
            ["-o", "remount,ro,bind", str(tmp_path)],
        )
    )
    try:
        if not bound and os.geteuid() == 0:
            pytest.skip("root may write everywhere, and nothing can be mounted here")
        if not bound:
            path.chmod(0o444)
        began = []
        with pytest.raises(LosscopeError, match=r"cannot write to store .*read-only"):
            compare(X, Y, store=path, progress=lambda *now: began.append(now), **PLAN)
        assert not began
        with Store(path, readonly=True) as store:
            assert len(store.results()) == 1
        assert records(path) == whole
    finally:
        if bound:
            subprocess.run([umount, str(tmp_path)], check=True)
