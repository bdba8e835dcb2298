"""What the child process is asked: audit a file, or identify a cost function in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from losscope.auditing import auditor, fragments, stand_ins
from losscope.auditing import source as sources
from losscope.auditing.report import Report


def answer(
    request: dict[str, Any], tell: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Answer one request; every answer is JSON-ready.

    `tell` gets what is established of an audit so far, with what is still to be done as `before`.
    """
    path = Path(request["path"])
    setup = Path(request["setup"]) if request.get("setup") else None
    if request["kind"] == "identify":
        from losscope.auditing import functions

        return functions.identify_function(path, request["function"], setup)
    source = sources.read(path, setup)
    reports: list[dict[str, Any]] = []

    def whole(report: Report) -> dict[str, Any]:
        report.notices += [stand_ins.notice()] if stand_ins.used else []
        if source.sections:
            report.name_places(source.place)
        found = [*reports, report.to_dict()]
        return {"reports": found, "text": source.text, "sections": source.sections}

    def so_far(report: Report, before: str) -> None:
        if tell is not None:
            tell({**whole(report), "before": before})

    for reading, text in fragments.readings(source):
        made = whole(auditor.audit(text, reading=reading, tell=so_far))
        reports = made["reports"]
    return made
