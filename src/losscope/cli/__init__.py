"""The command line: one file a command, each loading what it needs only when it runs."""

from __future__ import annotations

from losscope.cli._frame import main

__all__ = ["main"]
