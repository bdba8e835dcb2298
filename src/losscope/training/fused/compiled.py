"""Compiles generated modules once: source and machine code are kept on disk."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType


def folder() -> Path:
    """Where generated modules are kept: `LOSSCOPE_CACHE`, else the user's cache directory."""
    chosen = os.environ.get("LOSSCOPE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "losscope" / "compiled"


@lru_cache(maxsize=256)
def module(source: str) -> ModuleType:
    """Import a generated module, compiling its functions where no process did so before."""
    name = f"losscope_{hashlib.sha256(source.encode()).hexdigest()[:24]}"
    path = _written(source, f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {path}")
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def _written(source: str, name: str) -> Path:
    """The file with that source, written whole or not at all: processes may do so at once."""
    for place in (folder(), Path(tempfile.gettempdir()) / "losscope-compiled"):
        path = place / name
        if path.exists():
            return path
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=place, suffix=".tmp", delete=False, encoding="utf-8"
            ) as file:
                file.write(source)
            Path(file.name).replace(path)
        except OSError:
            continue
        return path
    raise OSError("no directory to keep compiled code in; set LOSSCOPE_CACHE to one that is")
