"""What the audit says of a program's text, as the tests of causes compare it."""

from __future__ import annotations

from tests.auditing.planted.grid import audit_text


def told(text: str) -> list[tuple[str, str]]:
    """Give the code of each finding, and the line that it names."""
    lines = text.splitlines()
    found = audit_text(text, experiments=False)["findings"]
    return [(f["code"], lines[f["line"] - 1].strip()) for f in found]
