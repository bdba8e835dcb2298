"""The one error that a user's input can raise."""

from __future__ import annotations


class LosscopeError(ValueError):
    """Input that cannot be used: says what was expected, what came, where, and what to do.

    The command line prints the message as one line and exits with code 2.
    """
