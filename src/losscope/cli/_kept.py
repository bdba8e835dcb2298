"""What the commands that look into the store share; looking makes no file."""

from pathlib import Path
from typing import Any

from losscope.errors import LosscopeError


def _path(store: Path | None, wanted: str = "") -> Path:
    from losscope.comparison.store import default_path

    path = store or default_path()
    if not path.exists():
        raise LosscopeError(
            f"{wanted}there is no store {path} yet: losscope compare makes it (--store and "
            "LOSSCOPE_STORE choose another)"
        )
    return path


def result(name: str, store: Path | None) -> dict[str, Any]:
    """Give the result of the one finished comparison whose name begins so."""
    from losscope.comparison.store import Store

    path = _path(store, f"no finished comparison {name!r}: ")
    with Store(path, readonly=True) as kept:
        return kept.result(name)


def finished(store: Path | None) -> tuple[Path, list[dict[str, Any]]]:
    """Give the store's path and what there is to say of each finished comparison."""
    from losscope.comparison.store import Store

    path = _path(store)
    with Store(path, readonly=True) as kept:
        return path, [_entry(entry.name, entry.finished, entry.result) for entry in kept.results()]


def _entry(name: str, when: str, found: dict[str, Any]) -> dict[str, Any]:
    sentences = found["verdict"]["result"]["sentences"]
    return {
        "name": name,
        "finished": when,
        "data": found["data"]["name"],
        "losses": [loss["label"] for loss in found["losses"]],
        "metric": found["metric"]["title"],
        "seeds": len(found["seeds"]),
        "runs": len(found["runs"]),
        "verdict": sentences[0] if sentences else "",
    }


def lines(entry: dict[str, Any]) -> list[str]:
    """Say one comparison in lines of a terminal's width."""
    import textwrap

    losses = ", ".join(entry["losses"])
    when = entry["finished"][:16].replace("T", " ")
    head = f"{entry['name']} {when}  {losses} on {entry['data']}"
    size = f"{entry['seeds']} seeds, {entry['runs']} runs, by {entry['metric']}"
    return [
        *textwrap.wrap(head, 80, subsequent_indent=" " * 9, break_on_hyphens=False),
        *textwrap.wrap(f"{size}. {entry['verdict']}", 71, initial_indent=" " * 9,
                       subsequent_indent=" " * 9, break_on_hyphens=False),
    ]  # fmt: skip
