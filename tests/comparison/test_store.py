"""The store: nothing lost, nothing doubled, and one clear message when it cannot be used."""

import math
import os
import sqlite3
import struct
import subprocess
import sys

import numpy as np
import pytest

from losscope.comparison import store as module
from losscope.comparison.store import Record, Store, default_path
from losscope.errors import LosscopeError

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def chunk(seed, runs=3):
    """Records of one seed."""
    return [Record(seed, "run", f"r{i}", {"value": seed + i / 3}) for i in range(runs)]


@pytest.fixture
def path(tmp_path):
    """Where a store may be made."""
    return tmp_path / "some" / "where" / "store.sqlite"


def test_what_is_saved_is_read_back_to_the_bit(path):
    """Any float, NaN and infinities among them, comes back with its bits, after closing."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**64, 1000, dtype=np.uint64).view(np.float64)
    values = [*map(float, bits[~np.isnan(bits)]), math.inf, -math.inf, -0.0, 5e-324]
    with Store(path) as store:
        store.save("recipe", "here", [Record(0, "run", "a", {"values": values, "no": math.nan})])
    with Store(path) as store:
        [record] = store.load("recipe", "here", [0])
    assert struct.pack(f"{len(values)}d", *record.payload["values"]) == struct.pack(
        f"{len(values)}d", *values
    )
    assert math.isnan(record.payload["no"])


def test_recipes_environments_and_seeds_are_kept_apart(path):
    """A record is found only under its own recipe, environment and seed."""
    with Store(path) as store:
        store.save("one", "here", chunk(0))
        store.save("one", "there", chunk(1))
        store.save("two", "here", chunk(2))
        assert store.load("one", "here", range(9)) == chunk(0)
        assert store.load("one", "here", [1]) == []
        assert store.environments("one") == {"here", "there"}


def test_a_record_is_never_doubled_or_replaced(path):
    """Saving a chunk again changes nothing, even when two processes found the same."""
    with Store(path) as first, Store(path) as second:
        first.save("recipe", "here", chunk(0))
        second.save("recipe", "here", [Record(0, "run", "r0", {"value": 99.0}), *chunk(1)])
        assert first.load("recipe", "here", [0, 1]) == [*chunk(0), *chunk(1)]


def test_a_chunk_is_in_wholly_or_not_at_all(path):
    """If one record of a chunk cannot be written, none of it is there."""
    with Store(path) as store:
        store.save("recipe", "here", chunk(0))
        broken = [*chunk(1), Record(None, "run", "x", {})]
        with pytest.raises(LosscopeError, match="cannot write to store"):
            store.save("recipe", "here", broken)
        assert store.load("recipe", "here", [0, 1]) == chunk(0)


def test_a_killed_writer_leaves_whole_chunks(path):
    """A process killed between and within chunks leaves only whole ones, and the file usable."""
    script = (
        "import os, sys\n"
        "from losscope.comparison.store import Record, Store\n"
        "store = Store(sys.argv[1])\n"
        "store.save('r', 'e', [Record(0, 'run', str(i), {}) for i in range(50)])\n"
        "def half():\n"
        "    yield Record(1, 'run', 'a', {})\n"
        "    store._db.execute('BEGIN IMMEDIATE')\n"
        "    store._db.execute(\"INSERT INTO record VALUES ('r','e',1,'run','a','{}',0)\")\n"
        "    os.kill(os.getpid(), 9)\n"
        "store.save('r', 'e', half())\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode != 0
    with Store(path) as store:
        assert len(store.load("r", "e", [0, 1])) == 50
        store.save("r", "e", chunk(1))


def test_two_processes_write_at_once(path):
    """Two writers on one file, each with its own chunks: every record of both is there, once."""
    script = (
        "import sys\n"
        "from losscope.comparison.store import Record, Store\n"
        "with Store(sys.argv[1]) as store:\n"
        "    for seed in range(40):\n"
        "        chunk = [Record(seed, 'run', sys.argv[2] + str(i), {}) for i in range(5)]\n"
        "        store.save('r', 'e', [*chunk, Record(seed, 'run', 'both', {})])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with Store(path) as store:
        assert len(store.load("r", "e", range(40))) == 40 * 11


def test_a_full_disk_keeps_what_was_stored(path):
    """Once SQLite has no room the message says what is safe, and it is."""
    with Store(path) as store:
        store.save("recipe", "here", chunk(0))
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        large = [Record(1, "run", "x", {"text": "x" * 100_000})]
        with pytest.raises(LosscopeError, match=r"disk is full; what was stored is safe"):
            store.save("recipe", "here", large)
        assert store.load("recipe", "here", [0, 1]) == chunk(0)


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_file_that_is_no_store_is_left_as_it_is(path, content):
    """Damage is one clear line, and the file keeps its bytes."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(LosscopeError, match=r"damaged or no SQLite file.*move it away"):
        Store(path)
    assert path.read_bytes() == content


def test_damage_in_a_record_is_noticed(path):
    """A record whose text no longer matches its checksum is not believed."""
    with Store(path) as store:
        store.save("recipe", "here", chunk(0))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE record SET payload = '{\"value\": 1}' WHERE key = 'r0'")
    db.close()
    with Store(path) as store, pytest.raises(LosscopeError, match=r"does not match its checksum"):
        store.load("recipe", "here", [0])


def test_damage_in_the_middle_is_one_line(path):
    """Pages overwritten with rubbish give a message, not a traceback from SQLite."""
    with Store(path) as store:
        for seed in range(50):
            store.save("recipe", "here", chunk(seed, runs=20))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with Store(path) as store, pytest.raises(LosscopeError, match=r"damaged"):
        store.load("recipe", "here", range(50))


def test_another_program_s_file_is_not_touched(path):
    """An SQLite file that is not ours is refused."""
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (cake TEXT)")
    db.close()
    with pytest.raises(LosscopeError, match=r"SQLite file of another program"):
        Store(path)


def test_a_newer_store_is_refused(path):
    """A file written by a later version is said to be so, not half understood."""
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 7")
    db.close()
    with pytest.raises(LosscopeError, match=r"newer version of losscope \(format 7, .* knows 1\)"):
        Store(path)


@pytest.mark.skipif(ROOT, reason="root may write everywhere; the next test covers the message")
def test_a_read_only_file_is_known_before_anything_runs(path):
    """A store that cannot be written is refused when opened."""
    Store(path).close()
    path.chmod(0o444)
    with pytest.raises(LosscopeError, match=r"read-only.*--store"):
        Store(path)


def test_read_only_is_explained():
    """What SQLite and the system say of read-only files becomes one line with a way out."""
    for wrong in (
        sqlite3.OperationalError("attempt to write a readonly database"),
        PermissionError(13, "Permission denied"),
        OSError(30, "Read-only file system"),
    ):
        said = module._explanation("store x", "open", wrong)
        assert said.startswith("cannot write to store x: it is read-only; choose another")


def test_a_lock_that_stays_is_explained(path, monkeypatch):
    """When another writer does not let go, the message says so and what to do."""
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with Store(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LosscopeError, match=r"kept it locked"):
            store.save("recipe", "here", chunk(0))
        other.execute("ROLLBACK")
        other.close()
        store.save("recipe", "here", chunk(0))


def test_a_directory_is_no_store(tmp_path):
    """A path that is a directory has one line."""
    with pytest.raises(LosscopeError, match=r"cannot open store"):
        Store(tmp_path)


def test_results_are_found_by_the_beginning_of_their_name(path):
    """A name's first digits suffice; none and several are said, with the names there are."""
    with Store(path) as store:
        store.finish("abcd1234ff", "here", "2025-01-01", {"n": 1})
        store.finish("abce1234ff", "here", "2025-01-02", {"n": 2})
        assert store.result("ABCD") == {"n": 1}
        assert [entry.name for entry in store.results()] == ["abce1234", "abcd1234"]
        with pytest.raises(LosscopeError, match=r"fits several comparisons: abcd1234, abce1234"):
            store.result("abc")
        with pytest.raises(LosscopeError, match=r"no finished comparison 'ff'.*there: abcd1234"):
            store.result("ff")


def test_where_it_lives(monkeypatch, tmp_path):
    """LOSSCOPE_STORE, else the user's data directory."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("LOSSCOPE_STORE", raising=False)
    if os.name != "nt":
        assert default_path() == tmp_path / "losscope" / "store.sqlite"
    monkeypatch.setenv("LOSSCOPE_STORE", str(tmp_path / "mine"))
    assert default_path() == tmp_path / "mine"


def test_none_keeps_it_in_memory():
    """Without a path everything works and nothing is written."""
    with Store(None) as store:
        store.save("recipe", "here", chunk(0))
        assert store.load("recipe", "here", [0]) == chunk(0)
