"""Words of the command line into values: lists, widths, learning rates."""

from losscope.errors import LosscopeError


def split_outside_brackets(text: str) -> list[str]:
    """Split at commas that stand outside brackets: `ce,focal(gamma=2,alpha=.25)` is two words."""
    words, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            words.append("")
        else:
            words[-1] += letter
    return [word.strip() for word in words]


def names(text: str, option: str) -> list[str]:
    """Read a list of names; empty ones are refused."""
    words = split_outside_brackets(text)
    if not all(words):
        raise LosscopeError(
            f"{option} expects names separated by commas, got {text!r}: "
            "leave no place between two commas empty."
        )
    return words


def numbers(text: str, option: str) -> list[float]:
    """Read a list of numbers such as `0.01,0.03`."""
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise LosscopeError(
            f"{option} expects numbers separated by commas, such as 0.01,0.03; got {text!r}."
        ) from None


def widths(text: str, option: str = "--hidden") -> tuple[int, ...]:
    """Read the widths of hidden layers; `none` is a network without any."""
    if text.strip().lower() in {"", "none"}:
        return ()
    try:
        found = tuple(int(word) for word in text.split(","))
    except ValueError:
        found = (0,)
    if min(found) < 1:
        raise LosscopeError(
            f"{option} expects whole numbers from 1 up, separated by commas, such as 32,16 "
            f"(or none); got {text!r}."
        )
    return found


def seeds(text: str) -> int | list[int]:
    """Read how many seeds, or which: `10`, or `3,5`."""
    try:
        found = [int(word) for word in text.split(",")]
    except ValueError:
        raise LosscopeError(
            f"--seeds expects how many, such as 10, or which, such as 3,5; got {text!r}."
        ) from None
    return found if "," in text else found[0]


def learning_rates(text: str) -> str | list[float]:
    """Read a mode (tuned, same, equal-step) or values."""
    modes = ("tuned", "same", "equal-step")
    word = text.strip().lower()
    if word in modes:
        return word
    try:
        return numbers(text, "--learning-rates")
    except LosscopeError:
        raise LosscopeError(
            f"--learning-rates expects {', '.join(modes)} or numbers separated by commas, such as "
            f"0.003,0.01,0.03; got {text!r}."
        ) from None


def one_of(text: str, allowed: tuple[str, ...], option: str) -> str:
    """Read one of a few words."""
    word = text.strip().lower()
    if word not in allowed:
        raise LosscopeError(f"{option} expects {', '.join(allowed)}; got {text!r}.")
    return word


def matrix(text: str | None) -> list[list[float]] | None:
    """Read rows separated by semicolons, such as `0,1;5,0`."""
    if text is None:
        return None
    try:
        return [[float(word) for word in row.split(",")] for row in text.strip("; ").split(";")]
    except ValueError:
        raise LosscopeError(
            f"--cost-matrix expects numbers, rows separated by semicolons, such as 0,1;5,0; "
            f"got {text!r}."
        ) from None
