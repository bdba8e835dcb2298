"""What `losscope audit` does: one child process a file, then screen, page or JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from losscope.auditing import runner, screen
from losscope.errors import LosscopeError


def run(  # noqa: PLR0917 - the parts of one record
    files: list[Path],
    setup: Path | None,
    as_json: bool,
    html: Path | None,
    seconds: int,
    megabytes: int,
) -> int:
    """Audit the files; give the exit code: the worst of 0 clean, 1 findings, 2 could not.

    Raises
    ------
    LosscopeError
        When a single file cannot be audited, with the sentence that says why.
    """
    if seconds < 1 or megabytes < 256:
        raise LosscopeError(
            f"--seconds must be at least 1 and --memory at least 256, got {seconds} and {megabytes}."  # noqa: E501 - a sentence or a table row
        )
    answers = [
        (path, runner.ask(path, setup=setup, seconds=seconds, memory=megabytes << 20))
        for path in files
    ]
    if html is not None:
        _page(answers, html)
    if as_json:
        shown = [{"file": str(p), **_without_text(a)} for p, a in answers]
        print(json.dumps(_plain(shown), indent=1))
    elif len(answers) > 1:
        for path, answer in answers:
            print(screen.row(path.name, answer))
    else:
        _one(*answers[0])
    return max(_code(answer) for _, answer in answers)


def _one(path: Path, answer: dict[str, Any]) -> None:
    if "cannot" in answer:
        raise LosscopeError(f"cannot audit {path}: {answer['cannot']}")
    print(f"{path.name} ran in a child process; nothing was written.", file=sys.stderr)
    print("\n\n".join(screen.render(report) for report in answer["reports"]))


def _code(answer: dict[str, Any]) -> int:
    if "cannot" in answer:
        return 2
    if any(report["findings"] for report in answer["reports"]):
        return 1
    return 2 if any(screen.unsettled(report) for report in answer["reports"]) else 0


def _without_text(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out the program itself, which is for the page."""
    return {key: value for key, value in answer.items() if key not in ("text", "sections")}


def _page(answers: list[tuple[Path, dict[str, Any]]], html: Path) -> None:
    from losscope.auditing import page

    html.write_text(page.write(answers), encoding="utf-8")
    print(f"page: {html}", file=sys.stderr)


def _plain(value: Any) -> Any:
    """Replace what JSON cannot hold (NaN, infinities) by null."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - meant
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value
