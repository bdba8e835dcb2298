"""Keep a program from leaving a trace: what it writes goes to a scratch folder, and nothing else.

This is no prison for hostile code: it keeps an honest program's output files, caches and figures
out of its author's folder.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import sys
from pathlib import Path
from typing import Any

_active: dict[str, Any] = {}
_REAL_OPEN = builtins.open
_WRITING = set("wax+")
_CHANGING = {
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "shutil.rmtree",
    "shutil.move",
    "shutil.copyfile",
    "shutil.copytree",
    "os.utime",
}


def enter(scratch: Path) -> None:
    """Redirect writes to `scratch` from now on."""
    _active.update(scratch=scratch.resolve(), mkdir=os.mkdir)
    builtins.open = io.open = _open
    os.mkdir = _mkdir
    os.environ["MPLBACKEND"] = "Agg"
    os.environ["MPLCONFIGDIR"] = str(scratch)
    os.environ["TMPDIR"] = str(scratch)
    sys.addaudithook(_watch)


def leave() -> None:
    """Stop watching; the audit hook itself stays, asleep."""
    if _active:
        builtins.open = io.open = _REAL_OPEN
        os.mkdir = _active["mkdir"]
        _active.clear()


def _inside(path: Any) -> bool:
    try:
        full = Path(os.path.abspath(os.fspath(path)))  # noqa: PTH100 - must not follow links
    except TypeError:
        return True  # a file descriptor
    scratch: Path = _active["scratch"]
    return full == scratch or scratch in full.parents or str(full) == os.devnull


def _stand_in(path: Any) -> Path:
    """Name the file in the scratch folder that stands for a file elsewhere."""
    full = os.path.abspath(os.fspath(path))  # noqa: PTH100 - must not follow links
    full = full.decode() if isinstance(full, bytes) else full
    return Path(_active["scratch"]) / "files" / full.lstrip("/")


def _open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
    real = _REAL_OPEN
    if not _active or isinstance(file, int) or _inside(file):
        return real(file, mode, *args, **kwargs)
    stand_in = _stand_in(file)
    if _WRITING & set(mode):
        _active["busy"] = True
        try:
            os.makedirs(stand_in.parent, exist_ok=True)  # noqa: PTH103 - the patched mkdir lets it
            if ("a" in mode or "+" in mode) and not stand_in.exists() and Path(file).exists():
                with real(file, "rb") as source, real(stand_in, "wb") as target:
                    target.write(source.read())
        finally:
            _active["busy"] = False
        return real(stand_in, mode, *args, **kwargs)
    if stand_in.exists():
        return real(stand_in, mode, *args, **kwargs)
    return real(file, mode, *args, **kwargs)


def _mkdir(path: Any, mode: int = 0o777, **kwargs: Any) -> None:
    if _inside(path):
        _active["mkdir"](path, mode, **kwargs)
        return
    if os.path.isdir(path):  # noqa: PTH112 - as os.mkdir takes it
        raise FileExistsError(17, "File exists", os.fspath(path))
    with contextlib.suppress(FileExistsError):
        os.makedirs(_stand_in(path), mode)  # noqa: PTH103 - lands inside the scratch folder


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if not _active:
        return
    if event == "open":
        path, mode, flags = args
        writing = isinstance(flags, int) and flags & (
            os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
        )
        if writing and not isinstance(path, int) and path is not None and not _inside(path):
            raise PermissionError(f"writing {path!r} is not done while a program is audited")
        del mode
    elif (
        event in _CHANGING
        and args
        and not all(_inside(a) for a in args if isinstance(a, str | bytes | os.PathLike))
    ):
        raise PermissionError(f"{event} is not done while a program is audited")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        raise PermissionError("starting other programs is not done while a program is audited")
