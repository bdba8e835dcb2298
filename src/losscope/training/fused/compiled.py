"""Compiles generated modules once: source and machine code are kept on disk."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from losscope import cache


def folder() -> Path:
    """Where generated modules are kept."""
    return cache.folder() / "compiled"


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    """A new folder that only this user can write in: what stands in it is run."""
    return Path(tempfile.mkdtemp(prefix="losscope-"))


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
    for chosen in (folder, _own_folder):
        place = chosen()
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
