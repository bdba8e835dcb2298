"""Text that is costly to make and always the same: kept on disk between commands.

A cache may be lost or out of reach at any time; then the text is made again and nothing is said.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def folder() -> Path:
    """Where what can be made again is kept: $LOSSCOPE_CACHE, else the user's cache folder."""
    chosen = os.environ.get("LOSSCOPE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "losscope"


def text(name: str, version: str, make: Callable[[], str]) -> str:
    """Return the cached text of that name and version, or make it and keep it.

    Parameters
    ----------
    name : what it is, such as "vega.js".
    version : whatever the text depends on; another version is another text.
    make : makes it.
    """
    stem = hashlib.sha256(version.encode()).hexdigest()[:16]
    try:
        kept = (folder() / f"{stem}-{name}").read_bytes().decode()
        digest, _, body = kept.partition("\n")
        if digest == _digest(body):  # a file cut short by a full disk is no cache
            return body
    except (OSError, RuntimeError, UnicodeDecodeError):
        pass
    made = make()
    with contextlib.suppress(OSError, RuntimeError):
        _keep(folder() / f"{stem}-{name}", made)
    return made


def _keep(path: Path, made: str) -> None:
    """Write beside and rename, so that a reader sees the whole text or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(f"{_digest(made)}\n{made}".encode())
    Path(beside.name).replace(path)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
