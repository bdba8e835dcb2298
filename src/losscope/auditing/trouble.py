"""Why a program could not be audited, in one plain sentence."""

from __future__ import annotations

from losscope.errors import LosscopeError


class CannotAudit(LosscopeError):  # noqa: N818 - it is a sentence, not a fault of ours
    """The program cannot be audited; the message says why and what would help."""


class NothingMoves(CannotAudit):
    """No pass of any loop changes an array that it computes with."""


class Stop(BaseException):
    """Ends the user's program from inside; nothing a program catches by `except Exception`."""
