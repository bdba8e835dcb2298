"""The modules of a program that stand beside it: they are watched as the program itself is.

Only files below the program's own folder count.  Their text is laid below the program's, so that
each line of all of them has one number; `Source.place` gives the file and its own line back.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

_MOST_FILES, _MOST_LINES = 60, 20_000


@dataclass(frozen=True)
class Part:
    """One module beside the program, and where it begins in the joined text."""

    name: str  # its path from the program's folder
    path: Path
    first: int
    text: str
    tree: ast.Module


def find(path: Path, text: str, tree: ast.Module) -> tuple[Part, ...]:
    """List the modules that a program imports, directly or not, from its own folder."""
    folder = path.resolve().parent
    found: list[Part] = []
    seen = {path.resolve()}
    waiting = list(_imported(tree, folder, folder))
    line = text.count("\n") + 2
    while waiting and len(found) < _MOST_FILES and line < _MOST_LINES:
        file = waiting.pop(0).resolve()
        if file in seen or folder not in file.parents or "site-packages" in file.parts:
            continue
        seen.add(file)
        try:
            with tokenize.open(file) as opened:
                inside = opened.read()
            module = ast.parse(inside, filename=str(file))
        except (OSError, SyntaxError, ValueError):
            continue  # Python says so itself when it is imported
        ast.increment_lineno(module, line - 1)
        found.append(Part(file.relative_to(folder).as_posix(), file, line, inside, module))
        line += inside.count("\n") + 2
        waiting += _imported(module, folder, file.parent)
    return tuple(found)


def _imported(tree: ast.Module, folder: Path, here: Path) -> Iterator[Path]:
    """List the files that the imports of a module may mean."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                yield from _files(folder, item.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = folder if not node.level else [here, *here.parents][node.level - 1]
            words = node.module.split(".") if node.module else []
            yield from _files(base, words)
            for item in node.names:
                yield from _files(base, [*words, item.name])


def _files(base: Path, words: list[str]) -> Iterator[Path]:
    """Give the files of a dotted name, and of each package on the way to it."""
    for count in range(1, len(words) + 1):
        whole = base.joinpath(*words[:count])
        for file in (whole.with_suffix(".py"), whole / "__init__.py"):
            if file.is_file():
                yield file


class _Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets the modules beside the program run in their rewritten form."""

    def __init__(self, codes: Mapping[Path, CodeType]) -> None:
        self.codes = codes

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module as Python does; load it here if it is one of the program's."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not spec.origin or Path(spec.origin).resolve() not in self.codes:
            return None
        return importlib.util.spec_from_file_location(
            name,
            spec.origin,
            loader=self,
            submodule_search_locations=spec.submodule_search_locations,
        )

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the rewritten code."""
        code = self.codes[Path(module.__file__ or "").resolve()]
        exec(code, module.__dict__)  # noqa: S102 - running the user's program is the point


@contextmanager
def imported(codes: Mapping[Path, CodeType]) -> Iterator[None]:
    """Let the modules beside the program be imported afresh, rewritten."""
    if not codes:
        yield
        return
    files = {path.name for path in codes}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if Path(file).name in files and name != "__main__" and Path(file).resolve() in codes:
            del sys.modules[name]
    importer = _Importer(codes)
    sys.meta_path.insert(0, importer)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.meta_path.remove(importer)
