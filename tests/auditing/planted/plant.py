"""One planted fault: one change to a clean program, with the cause and the line to be named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Plant:
    """One fault in one program.

    `lines` are fragments of the changed program: the audit must point at a line that holds one of
    them; without them, at a line of `new`. A cause "a|b" is named by either.
    """

    kind: str
    program: str
    old: str
    new: str
    cause: str
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the faulty program."""
        text = (PROGRAMS / f"{self.program}.py").read_text()
        assert text.count(self.old) == 1, (self.kind, self.program, text.count(self.old))
        return text.replace(self.old, self.new)

    def expected_lines(self) -> set[int]:
        """Give the numbers of the lines that may be named."""
        wanted = self.lines or tuple(s.strip() for s in self.new.splitlines() if s.strip())
        return {
            number
            for number, line in enumerate(self.text().splitlines(), start=1)
            if any(part in line for part in wanted)
        }

    @property
    def name(self) -> str:
        """Name the plant in test output."""
        return f"{self.kind}-{self.program}"


def plants(
    kind: str, cause: str, *rows: tuple[str, str, str] | tuple[str, str, str, tuple[str, ...]]
) -> list[Plant]:
    """Give the plants of one kind from rows: program, old text, new text and, if need be, lines."""
    return [Plant(kind, row[0], row[1], row[2], cause, *row[3:]) for row in rows]


def faults_in(
    program: str, *rows: tuple[str, str, str, str] | tuple[str, str, str, str, tuple[str, ...]]
) -> list[Plant]:
    """Give one program's plants from rows: kind, cause, old and new text and, if need be, lines."""
    return [Plant(row[0], program, row[2], row[3], row[1], *row[4:]) for row in rows]
