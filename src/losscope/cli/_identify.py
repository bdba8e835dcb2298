"""What `losscope identify` does: load one function in a child process and name its loss."""

from pathlib import Path

from losscope.auditing import runner
from losscope.errors import LosscopeError


def run(function: str, setup: Path | None) -> None:
    """Print which loss a function computes.

    Raises
    ------
    LosscopeError
        For a wrong spelling, a missing file or function, or one that cannot be called.
    """
    file, colon, name = function.rpartition(":")
    if not colon or not file or not name:
        raise LosscopeError(
            f"identify expects FILE:FUNCTION, such as train.py:compute_cost; got {function!r}."
        )
    answer = runner.ask(Path(file), kind="identify", setup=setup, function=name)
    if "cannot" in answer:
        raise LosscopeError(f"cannot identify {function}: {answer['cannot']}")
    print(answer["text"])
