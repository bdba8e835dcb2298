"""Where a comparison's result goes: progress while it runs, then page, terminal or JSON."""

import contextlib
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from losscope.cli._frame import visible
from losscope.errors import LosscopeError

Progress: TypeAlias = Callable[[int, int, float | None], None]

# What `--out` may end in; see losscope.report.export.
_ENDINGS = (".html", ".svg", ".png", ".csv", ".parquet", ".json")


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Show runs done and time left on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("Runs    "),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=None, left="")

        def update(done: int, known: int, left: float | None) -> None:
            said = "" if left is None else f"about {clock(left)} left"
            bar.update(task, completed=done, total=known, left=said)

        yield update


def clock(seconds: float) -> str:
    """Write a time as 0:12 or 1:02:03."""
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def note(sentences: Sequence[str], *, quiet: bool) -> None:
    """Say on standard error what was recognised, resolved or left out."""
    if not quiet:
        for sentence in sentences:
            print(f"note: {visible(sentence)}", file=sys.stderr)


def checked_place(out: Path | None) -> Path:
    """Check before anything runs that the page can go there; the current folder by default.

    Raises
    ------
    LosscopeError
        For a folder that is not there or takes no file, or an ending that is no format.
    """
    place = Path() if out is None else out
    if place.is_dir():
        _check_writable(place, place)
        return place
    if place.suffix.lower() not in _ENDINGS:
        raise LosscopeError(
            f"--out {place}: no such folder, and no file that ends in {' '.join(_ENDINGS)}; "
            "make the folder or name the file"
        )
    if not place.parent.is_dir():
        raise LosscopeError(f"--out {place}: there is no folder {place.parent}; make it first")
    _check_writable(place.parent, place)
    return place


def _check_writable(folder: Path, place: Path) -> None:
    """Try it now: after an hour of training is too late to learn that nothing can be written."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LosscopeError(
            f"--out {place}: nothing can be written in {folder.resolve()} "
            f"({error.strerror or error}); name another place with --out"
        ) from None


def write_page(result: dict[str, Any], place: Path) -> Path:
    """Write the page, in a folder under the data's name and the comparison's: churn-3f9a.html."""
    from losscope.report import export

    if place.is_dir():
        name = Path(result["data"]["name"])
        stem = name.stem if name.suffix.lower() in {".csv", ".parquet"} else name.name
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "data"
        place = place / f"{stem}-{result['name'][:4]}.html"
    return export.save(result, place)


def all_failed(result: dict[str, Any], page: Path) -> int:
    """The exit code: 1, and a line that says so, where no run of the comparison ended."""
    runs = result["runs"]
    if any(run["status"] == "ok" for run in runs):
        return 0
    first = next((run["message"] for run in runs if run["message"]), "no message")
    print(
        f"losscope: all {len(runs)} runs failed, so that there is nothing to compare; the first: "
        f"{visible(first)}. Try smaller --learning-rates, or mend the data; {page} says more.",
        file=sys.stderr,
    )
    return 1


def deliver(result: dict[str, Any], place: Path, *, as_json: bool) -> Path:
    """Write the page and print the result; a page that cannot be written costs only the page."""
    try:
        page = write_page(result, place)
    except (OSError, LosscopeError):
        show(result, None, as_json=as_json)
        raise
    show(result, page, as_json=as_json)
    return page


def show(result: dict[str, Any], page: Path | None, *, as_json: bool) -> None:
    """Print the result on standard output: for people, or all of it as JSON."""
    if as_json:
        print(json.dumps(result, allow_nan=False))
        return
    from rich.console import Console

    from losscope.report import terminal

    named = page if page is None or page.is_absolute() else f"./{page}"
    terminal.render(result, Console(), page=None if named is None else str(named))
