"""Tables of the smaller parts: activations, initialisers, metrics."""

from __future__ import annotations

import inspect

from losscope.comparison import metrics
from losscope.comparison.metrics.table import METRICS
from losscope.network import activations
from losscope.network.initialisers import INITIALISERS


def pages() -> dict[str, str]:
    """One page for each kind."""
    return {
        "activations.md": _activations(),
        "initialisers.md": _initialisers(),
        "metrics.md": _metrics(),
    }


def expected() -> dict[str, list[str]]:
    """The pages, and the names that must stand on them."""
    return {
        "activations": activations.names(),
        "initialisers": list(INITIALISERS),
        "metrics": [metric.name for metric in METRICS],
    }


def _activations() -> str:
    rows = []
    for name in activations.names():
        one = activations.get(name)
        where = [word for word, can in (("hidden", one.hidden), ("output", one.output)) if can]
        low, high = (f"{v:g}".replace("-", "−").replace("inf", "∞") for v in one.range)
        doc = " ".join((inspect.getdoc(type(one)) or "").split())
        rows.append(
            [f"`{name}`", doc, f"from {low} to {high}", ", ".join(where), _codes(one.aliases)]
        )
    return _page(
        "Activations",
        "What a layer does to its pre-activation z. Derivatives are derived, not written.",
        ["name", "a = g(z)", "values", "layers", "also called"],
        rows,
    )


def _initialisers() -> str:
    rows = [[f"`{name}`", _drawn(name)] for name in INITIALISERS]
    about = (
        "How weights start; biases start at 0 (under an exp output, the output's at the log of "
        "the mean count). One stream of random numbers for each seed and layer: two networks that "
        "agree in a layer's shape start there from the same bits."
    )
    return _page("Initialisers", about, ["name", "drawn from"], rows)


def _drawn(name: str) -> str:
    from losscope.network.initialisers import _SCHEMES

    if name == "zeros":
        return "nothing: every weight is 0, and units of a layer stay equal"
    scheme, shape = name.split("_")
    scale, fan = _SCHEMES[scheme]
    below = "(inputs + units)" if fan == "both" else "inputs"
    law = "a normal law" if shape == "normal" else "a uniform law around 0"
    return f"{law} of variance {scale:g} / {below}"


def _metrics() -> str:
    rows = []
    for metric in METRICS:
        margin = f"{metric.margin:g}" + (" × the target's deviation" if metric.relative else "")
        rows.append(
            [
                f"`{metric.name}`",
                metric.title,
                ", ".join(metric.tasks),
                "greater" if metric.greater_is_better else "lower",
                margin,
                "always" if metric.descriptive else "when asked for",
            ]
        )
    about = (
        "What every run is measured by, whatever it was trained with; values are scikit-learn's. "
        "One of them (`--metric`) chooses learning rates and carries the verdict; by default "
        "log-loss for classes and labels (average precision where the positive class has under "
        f"{100 * metrics.RARE:g} % of the rows), RMSE for regression, Poisson deviance for counts. "
        "Differences below the margin count as equivalent (`--margin`)."
    )
    head = ["name", "title", "tasks", "better", "margin", "shown"]
    return _page("Metrics", about, head, rows)


def _page(title: str, about: str, head: list[str], rows: list[list[str]]) -> str:
    table = [head, ["---"] * len(head), *rows]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table]
    return f"# {title}\n\n{about}\n\n" + "\n".join(lines) + "\n"


def _codes(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
