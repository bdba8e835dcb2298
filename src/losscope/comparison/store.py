"""One SQLite file that loses nothing: every finished run, and the results made from them.

A record is one run (or one seed's baselines, or its first gradients), keyed by recipe, environment,
seed, kind and key. Records come in chunks, one transaction each: a chunk is wholly in the file or
not at all. Nothing is ever overwritten by a comparison, so two may use one file at once.

The file keeps SQLite's rollback journal, not its write-ahead log: it stays one file that can be
copied, and it works where a home directory is on a network.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA = 1
APPLICATION = 0x10550C0E  # marks the file as losscope's
PATIENCE = 60.0  # seconds to wait for another writer

_TABLES = """
CREATE TABLE record (
    recipe TEXT NOT NULL,       -- hash of what fixes a run but seed and rate
    environment TEXT NOT NULL,  -- hash of versions, BLAS, processor, engine and precision
    seed INTEGER NOT NULL,
    kind TEXT NOT NULL,         -- "run", "baselines" or "start"
    key TEXT NOT NULL,          -- of a run: its loss and learning rate, as JSON
    payload TEXT NOT NULL,      -- what was found, as JSON
    checksum INTEGER NOT NULL,  -- CRC-32 of the payload
    PRIMARY KEY (recipe, environment, seed, kind, key)
) WITHOUT ROWID;
CREATE TABLE result (
    plan TEXT NOT NULL,         -- the plan's hash, whose beginning is the comparison's name
    environment TEXT NOT NULL,  -- as above
    finished TEXT NOT NULL,     -- when, in UTC
    payload TEXT NOT NULL,      -- the whole result, as JSON
    checksum INTEGER NOT NULL,  -- CRC-32 of the payload
    PRIMARY KEY (plan, environment)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Record:
    """What one unit of work found: of one seed, a `kind` ("run", …) and a `key` within the kind."""

    seed: int
    kind: str
    key: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One finished comparison in the store."""

    name: str
    environment: str
    finished: str
    result: dict[str, Any]


def default_path() -> Path:
    """`LOSSCOPE_STORE` if set, else losscope/store.sqlite in the user's data directory."""
    chosen = os.environ.get("LOSSCOPE_STORE")
    if chosen:
        return Path(chosen).expanduser()
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "losscope" / "store.sqlite"


class Store:
    """The file, opened. Use as a context manager.

    Parameters
    ----------
    path
        The file; it and its directory are made if missing. None keeps everything in memory.
    readonly
        Look only: nothing is made or written, so that a store that cannot be written can be read.

    Raises
    ------
    LosscopeError
        If the file cannot be opened or written, is damaged, is no store, or was written by a newer
        version. What the file holds is then left as it is.
    """

    def __init__(self, path: Path | str | None, *, readonly: bool = False) -> None:
        self.path = None if path is None else Path(path).expanduser()
        with self._explained("open"):
            self._db = self._connected(readonly)
        try:
            with self._explained("open"):
                if readonly:
                    self._check(*self._marks())
                else:
                    self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _connected(self, readonly: bool) -> sqlite3.Connection:
        if self.path is None:
            place = ":memory:"
        elif readonly:
            place = f"{self.path.absolute().as_uri()}?mode=ro"
        else:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            place = str(self.path)
            # SQLite opens a file it cannot write, and says so at the first write: after the work.
            if self.path.is_file() and not (
                os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
            ):
                raise PermissionError(errno.EACCES, "read-only", place)
        return sqlite3.connect(
            place, timeout=PATIENCE, isolation_level=None, uri=readonly and self.path is not None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was saved is on the disk already."""
        self._db.close()

    def save(self, recipe: str, environment: str, chunk: Iterable[Record]) -> None:
        """Write a chunk of records, all or none; records that are there already stay."""
        rows = []
        for record in chunk:
            text = _text(record.payload)
            rows.append(
                (
                    recipe,
                    environment,
                    record.seed,
                    record.kind,
                    record.key,
                    text,
                    zlib.crc32(text.encode()),
                )
            )
        with self._explained("write to"), self._transaction():
            # Not INSERT OR IGNORE, which would also swallow rows that break a constraint.
            self._db.executemany(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
            )

    def load(self, recipe: str, environment: str, seeds: Iterable[int]) -> list[Record]:
        """Every record of these seeds that was stored for this recipe in this environment."""
        wanted = set(seeds)
        with self._explained("read"):
            rows = self._db.execute(
                "SELECT seed, kind, key, payload, checksum FROM record"
                " WHERE recipe = ? AND environment = ? ORDER BY seed, kind, key",
                (recipe, environment),
            ).fetchall()
        return [
            Record(seed, kind, key, self._payload(text, checksum))
            for seed, kind, key, text, checksum in rows
            if seed in wanted
        ]

    def environments(self, recipe: str) -> set[str]:
        """Environments in which runs of this recipe were stored."""
        with self._explained("read"):
            rows = self._db.execute(
                "SELECT DISTINCT environment FROM record WHERE recipe = ?", (recipe,)
            ).fetchall()
        return {row[0] for row in rows}

    def finish(self, plan: str, environment: str, finished: str, result: dict[str, Any]) -> None:
        """Keep a finished comparison's result; a later result of the same plan replaces it."""
        text = _text(result)
        row = (plan, environment, finished, text, zlib.crc32(text.encode()))
        with self._explained("write to"), self._transaction():
            self._db.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)", row)

    def results(self, name: str = "") -> list[Entry]:
        """Finished comparisons whose name begins with `name`, the latest first."""
        with self._explained("read"):
            rows = self._db.execute(
                "SELECT plan, environment, finished, payload, checksum FROM result"
                " WHERE substr(plan, 1, ?) = ? ORDER BY finished DESC",
                (len(name), name.lower()),
            ).fetchall()
        return [
            Entry(plan[:8], environment, finished, self._payload(text, checksum))
            for plan, environment, finished, text, checksum in rows
        ]

    def result(self, name: str) -> dict[str, Any]:
        """The latest result of the one comparison whose name begins with `name`.

        Raises
        ------
        LosscopeError
            If no finished comparison has such a name, or several have.
        """
        found = self.results(name)
        names = sorted({entry.name for entry in found})
        if not name or not found:
            known = ", ".join(sorted({entry.name for entry in self.results()})) or "none"
            raise LosscopeError(f"no finished comparison {name!r} in {self.said}; there: {known}")
        if len(names) > 1:
            raise LosscopeError(f"{name!r} fits several comparisons: {', '.join(names)}; say more")
        return found[0].result

    @property
    def said(self) -> str:
        """How messages call the file."""
        return "memory" if self.path is None else f"store {self.path}"

    def _prepare(self) -> None:
        self._db.execute("PRAGMA synchronous = FULL")
        with self._transaction():  # taken at once, so that a read-only file is known before any run
            application, written, tables = self._marks()
            if tables == 0:
                for statement in _TABLES.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION}")
                self._db.execute(f"PRAGMA user_version = {SCHEMA}")
            else:
                self._check(application, written, tables)

    def _marks(self) -> tuple[int, int, int]:
        """Whose file it is, of which format, and how many tables it has."""
        application = self._db.execute("PRAGMA application_id").fetchone()[0]
        written = self._db.execute("PRAGMA user_version").fetchone()[0]
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return application, written, tables

    def _check(self, application: int, written: int, tables: int) -> None:
        if tables == 0 or application != APPLICATION:
            whose = "empty" if tables == 0 else "an SQLite file of another program"
            raise LosscopeError(f"{self.said} is {whose}; {_ELSEWHERE}")
        if written != SCHEMA:
            raise LosscopeError(
                f"{self.said} was written by a newer version of losscope (format {written}, "
                f"this one knows {SCHEMA}); update losscope, or {_ELSEWHERE}"
            )

    def _payload(self, text: str, checksum: int) -> dict[str, Any]:
        if zlib.crc32(text.encode()) != checksum:
            raise LosscopeError(
                f"{self.said} is damaged (a record does not match its checksum); "
                f"move it away and repeat the command, or {_ELSEWHERE}"
            )
        payload: dict[str, Any] = json.loads(text)
        return payload

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as wrong:
            raise LosscopeError(_explanation(self.said, action, wrong)) from wrong


_ELSEWHERE = "choose another file (store=PATH, --store PATH or LOSSCOPE_STORE)"


def _explanation(said: str, action: str, wrong: Exception) -> str:
    """One line for what SQLite or the system said: what happened, what is safe, what to do."""
    text = str(wrong).lower()
    if "readonly" in text or "read-only" in text or isinstance(wrong, PermissionError):
        return f"cannot write to {said}: it is read-only; {_ELSEWHERE}"
    if "full" in text or "no space" in text:
        return (
            f"cannot write to {said}: the disk is full; what was stored is safe: free some space "
            "and repeat the command to go on"
        )
    if "i/o error" in text:
        return (
            f"cannot {action} {said}: the disk refused ({text}); what was stored is safe: see to "
            "the disk and repeat the command to go on"
        )
    if "not a database" in text or "malformed" in text:
        return (
            f"{said} is damaged or no SQLite file ({text}); nothing was changed in it: move it away"
            f" and repeat the command, or {_ELSEWHERE}"
        )
    if "locked" in text:
        return (
            f"cannot {action} {said}: another program has kept it locked for {PATIENCE:.0f} s; "
            "what was stored is safe: repeat the command later to go on"
        )
    return f"cannot {action} {said}: {text}; {_ELSEWHERE}"


def _text(payload: dict[str, Any]) -> str:
    # Python writes the shortest decimal that reads back to the same float: no bit is lost.
    return json.dumps(payload, separators=(",", ":"))
