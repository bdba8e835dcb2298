"""Losses and factors in words: ½ Σ (a_2 − xtrain)², mean over 50 examples, and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from losscope.losses import Loss

_FORMS = {
    "mse": "Σ ({a} − {y})²",
    "mae": "Σ |{a} − {y}|",
}


def loss_words(loss: str, title: str, prediction: str, target: str) -> str:
    """Write the sum of a loss over all examples."""
    form = _FORMS.get(loss)
    if form is not None:
        return form.format(a=short(prediction), y=short(target))
    return f"Σ {title.replace('categorical ', '')}({short(prediction)}, {short(target)})"


def title_of(loss: Loss) -> str:
    """Give the title of a loss, with the number that makes it another one than usual."""
    own = loss.spelling.removeprefix(loss.name).strip("()")
    return f"{loss.title} [{own}]" if own else loss.title


def short(name: str) -> str:
    """Shorten a long expression in its middle."""
    return name if len(name) <= 34 else name[:20] + "…" + name[-12:]


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 2e-6 * max(abs(a), abs(b))


def factor_words(factor: float, examples: int, outputs: int, *, rated: bool = True) -> str:
    """Write a factor as a person would: 1/m, ½, 1/(2m), 1/(mK), or the number.

    Where the learning rate is not known (not `rated`), it is in the factor: 1/m² is chance there.
    """
    sign = "−" if factor < 0 else ""
    size = abs(factor)
    m, k = examples, outputs
    plain = [(1.0, ""), (0.5, "½ "), (2.0, "2 ")]
    for times, word in plain:
        if _near(size, times):
            return sign + word
    if m > 1:
        for times, word in plain:
            head = {"": "1", "½ ": "½", "2 ": "2"}[word]
            divisors = [(m, "m"), (m * k, "(m·K)"), (m * m, "m²"), (m * k * m, "(m²·K)")]
            for divisor, under in divisors if rated else divisors[:2]:
                if _near(size, times / divisor):
                    return f"{sign}{head}/{under} "
    if k > 1:
        for times, word in plain:
            if _near(size, times / k):
                return f"{sign}{ {'': '1', '½ ': '½', '2 ': '2'}[word] }/K "
    return f"{sign}{size:.4g} "


def scaling(factor: float, examples: int, outputs: int) -> str:
    """Name a factor on the sum of a loss: sum, mean over the examples, and so on."""
    m, k = examples, outputs
    for value, words in (
        (1.0, "sum over the examples, no 1/m"),
        (1 / m, f"mean over the {m} examples"),
        (1 / (m * k), f"mean over all {m * k} numbers"),
        (0.5 / m, f"half the mean over the {m} examples"),
        (2.0, "twice the sum"),
        (0.5, "half the sum"),
    ):
        if _near(abs(factor), value):
            return words
    return f"factor {factor:.4g} on the sum"
