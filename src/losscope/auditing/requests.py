"""What the child process is asked: audit a file, or identify a cost function in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from losscope.auditing import auditor, fragments, stand_ins
from losscope.auditing import source as sources


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request; every answer is JSON-ready."""
    path = Path(request["path"])
    setup = Path(request["setup"]) if request.get("setup") else None
    if request["kind"] == "identify":
        from losscope.auditing import functions

        return functions.identify_function(path, request["function"], setup)
    source = sources.read(path, setup)
    reports = []
    for reading, text in fragments.readings(source):
        report = auditor.audit(text, reading=reading)
        report.notices += [stand_ins.notice()] if stand_ins.used else []
        if source.sections:
            report.name_places(source.place)
        reports.append(report.to_dict())
    return {"reports": reports, "text": source.text, "sections": source.sections}
