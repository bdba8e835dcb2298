"""Stand-ins for libraries that only draw or tell, where they are not installed.

A program is often audited in an environment that has no matplotlib.  What it draws teaches its
network nothing, so drawing is left out rather than the audit.
"""

from __future__ import annotations

import dis
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, Self

DRAWING = frozenset(
    {
        *("matplotlib", "mpl_toolkits", "seaborn", "plotly", "bokeh", "altair", "visdom"),
        *("IPython", "ipywidgets", "livelossplot", "wandb", "tensorboard", "tensorboardX"),
        *("tqdm", "rich", "prettytable", "termcolor", "colorama"),
    }
)
used: set[str] = set()  # the libraries that something stands in for


class Nothing:
    """Takes every call and every attribute, and does nothing."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Nothing:
        """Give nothing."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Nothing:
        """Do nothing."""
        return self

    def __getitem__(self, _: Any) -> Nothing:
        """Give nothing."""
        return self

    def __setattr__(self, _: str, __: Any) -> None:
        """Drop it."""

    def __setitem__(self, _: Any, __: Any) -> None:
        """Drop it."""

    def __iter__(self) -> Iterator[Nothing]:
        """Give as many parts as are asked for: `fig, ax = plt.subplots()`."""
        frame = sys._getframe(1)  # noqa: SLF001 - only the caller's code says how many it wants
        code, at = frame.f_code.co_code, frame.f_lasti
        wanted = code[at + 1] if dis.opname[code[at]] == "UNPACK_SEQUENCE" else 0
        return iter([self] * wanted)

    def __enter__(self) -> Self:
        """Open nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        """Stay as it is."""
        return self

    def __bool__(self) -> bool:
        """Hold nothing."""
        return False


class Bar:
    """Goes through what it is given, as a progress bar does, and shows nothing."""

    def __init__(self, items: Iterable[Any] = (), *_: Any, **__: Any) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        """Go through the items."""
        return iter(self.items)

    def __len__(self) -> int:
        """Count the items."""
        return len(self.items)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Nothing:
        """Give nothing for set_description, set_postfix, update, …"""  # noqa: D400 - a list
        if name.startswith("__") or name == "items":
            raise AttributeError(name)
        return NOTHING

    def __enter__(self) -> Self:
        """Open nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""


def counted(*limits: int, **_: Any) -> Bar:
    """Stand in for tqdm's trange."""
    return Bar(range(*limits))


NOTHING = Nothing()
_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("tqdm", "tqdm_notebook", "track"), Bar),
    **dict.fromkeys(("trange", "tnrange"), counted),
    "get_ipython": lambda: None,  # matplotlib asks: no notebook is open
    "version_info": (9, 0),
}


class _Module(ModuleType):
    """A library in which every name is there."""

    __path__: list[str] = []  # noqa: RUF012 - it looks like a package, so that parts of it import

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _KNOWN.get(name, NOTHING)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked last, when a library was not found."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Offer a stand-in for what only draws."""
        del path, target
        root = name.partition(".")[0]
        if root not in DRAWING or (root in sys.modules and root not in used):
            return None
        used.add(root)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make the stand-in."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is: it answers to every name."""


def install() -> None:
    """Let missing drawing libraries be stood in for, from now on in this process."""
    sys.meta_path.append(_Finder())


def notice() -> str:
    """Say what was left out; empty when nothing was."""
    if not used:
        return ""
    *before, last = sorted(used)
    names = f"{', '.join(before)} and {last}" if before else last
    verb = "are" if before else "is"
    return f"{names} {verb} not installed here; what the program shows with it was left out."
