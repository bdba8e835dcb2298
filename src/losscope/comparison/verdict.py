"""Two questions apart: whether the loss changed the learning, and whether it changed the result.

Sentences are for repeating: each names what was measured and carries its figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope.comparison import grouped
from losscope.comparison.saying import count, figure, like, listed, p_value, setting, settling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from losscope.comparison.learned import Learning
    from losscope.comparison.metrics import Metric
    from losscope.comparison.outcomes import Pair
    from losscope.comparison.statistics import Array


@dataclass(frozen=True)
class Verdict:
    """What may be said, and on what grounds.

    `chosen` is the loss whose lines of code are offered: the first one given, unless another is
    better than it. `differing` names the equations that are not the same under all losses.
    """

    learning: Learning
    pairs: tuple[Pair, ...]
    sentences: tuple[str, ...]
    chosen: str
    differing: tuple[str, ...] = field(default=())
    equations: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The "verdict" of the result."""
        return {
            "learning": {
                "changed": self.learning.changed,
                "sentences": list(self.learning.sentences),
            },
            "result": {
                "pairs": [_plain(pair) for pair in self.pairs],
                "sentences": list(self.sentences),
            },
            "what_differed": {
                "equations": list(self.differing),
                "sentence": _what_differed(self.differing, self.equations, alone=not self.pairs),
            },
            "chosen": self.chosen,
        }

    def __str__(self) -> str:
        return "\n".join([*self.learning.sentences, *self.sentences])


def sentences(
    pairs: Sequence[Pair],
    values: Mapping[str, Array],
    metric: Metric,
    margin: float,
    at_best: Sequence[Pair] = (),
) -> tuple[str, ...]:
    """What the pairs allow to be said about the result.

    Parameters
    ----------
    pairs
        Judged on test rows after the last epoch.
    values
        Label -> the primary metric a seed, the same that was judged.
    metric, margin
        The primary metric and the margin of practical equivalence.
    at_best
        The same pairs judged at each run's best validation epoch; named where they say otherwise.
    """
    if not pairs:
        means = [f"{_mean(v)} under {label}" for label, v in values.items()]
        return (f"On test rows the {metric.title} is {listed(means)}; one loss has no rival.",)
    silent = [label for label, v in values.items() if not np.isfinite(v).any()]
    if silent and all(pair.test.seeds < 2 for pair in pairs):
        return (
            (
                f"Cannot tell: {listed(silent)} gave no {metric.title} on any seed, since training "
                "failed or the metric is infinite or undefined on these rows."
            ),
        )
    if all(pair.test.seeds < 2 for pair in pairs):
        means = [f"{_mean(v)} under {label}" for label, v in values.items()]
        return (
            (
                f"Cannot tell: one seed shows no spread (test {metric.title} {listed(means)}); "
                "take at least 2 seeds, better 10."
            ),
        )
    if len(pairs) > grouped.MOST_SINGLE:
        return (*grouped.sentences(pairs, metric, margin), *_otherwise(pairs, at_best))
    said = [_better(pair, metric) for pair in pairs if pair.outcome == "better"]
    said += [_equivalent(pair, metric, margin) for pair in pairs if pair.outcome == "equivalent"]
    open_pairs = [pair for pair in pairs if pair.outcome == "cannot tell"]
    if len(open_pairs) == 1:
        said.append(_cannot_tell(open_pairs[0], metric))
    elif open_pairs:
        said.append(_cannot_tell_several(open_pairs, pairs, metric))
    return (*said, *_otherwise(pairs, at_best))


def chosen(pairs: Sequence[Pair], values: Mapping[str, Array], metric: Metric) -> str:
    """The first loss, unless others are better than it: then the best of those on average."""
    first = next(iter(values))
    rivals = [
        pair.better
        for pair in pairs
        if first in {pair.a, pair.b} and pair.better not in {None, first}
    ]
    better = [rival for rival in rivals if rival is not None]
    if not better:
        return first
    return max(better, key=lambda label: metric.sign() * float(np.nanmean(values[label])))


def _better(pair: Pair, metric: Metric) -> str:
    winner = pair.better or pair.a
    loser = pair.b if winner == pair.a else pair.a
    test = pair.test
    wins = test.a_higher if metric.greater_is_better == (winner == pair.a) else test.b_higher
    return (
        f"{winner} is better than {loser}: its {metric.title} is "
        f"{'higher' if metric.greater_is_better else 'lower'} by {_size(pair)}, "
        f"on {wins} of {count(test.seeds, 'seed')} (Holm {p_value(pair.p_holm)})."
    )


def _equivalent(pair: Pair, metric: Metric, margin: float) -> str:
    if pair.test.low == pair.test.high == pair.test.difference == 0:
        return (
            f"{pair.a} and {pair.b} are equivalent: the same {metric.title} on every one of "
            f"{count(pair.test.seeds, 'seed')}."
        )
    if pair.alike(margin):
        return (
            f"{pair.a} and {pair.b} are equivalent: the same {metric.title} but for rounding, on "
            f"every one of {count(pair.test.seeds, 'seed')}."
        )
    return (
        f"{pair.a} and {pair.b} are equivalent: their {metric.title} differs by {_size(pair)}, "
        f"within the margin of ±{setting(margin)}."
    )


def _cannot_tell(pair: Pair, metric: Metric) -> str:
    if pair.test.seeds < 2:
        return (
            f"Cannot tell {pair.a} and {pair.b} apart: {count(pair.test.seeds, 'seed')} with a "
            "value for both shows no spread."
        )
    return (
        f"Cannot tell {pair.a} and {pair.b} apart: {metric.title} differs by {_size(pair)} "
        f"(Holm {p_value(pair.p_holm)}). {settling([pair])}"
    )


def _cannot_tell_several(open_pairs: Sequence[Pair], pairs: Sequence[Pair], metric: Metric) -> str:
    tested = [pair for pair in open_pairs if pair.test.seeds > 1]
    labels = list(dict.fromkeys(label for pair in open_pairs for label in (pair.a, pair.b)))
    if len(open_pairs) == len(pairs) and len(tested) == len(pairs):
        figures = ", ".join(p_value(pair.p_holm).removeprefix("p = ") for pair in pairs)
        return (
            f"Cannot tell {listed(labels)} apart by {metric.title} (Holm p = {figures}). "
            f"{settling(pairs)}"
        ).replace("p = p <", "p <")
    named = [
        f"{pair.a} and {pair.b}" + (f" ({p_value(pair.p_holm)})" if pair.test.seeds > 1 else "")
        for pair in open_pairs
    ]
    return f"Cannot tell apart by {metric.title}: {'; '.join(named)}. {settling(open_pairs)}"


def _otherwise(pairs: Sequence[Pair], at_best: Sequence[Pair]) -> tuple[str, ...]:
    changed = [
        p
        for before, p in zip(pairs, at_best, strict=False)
        if (before.outcome, before.better) != (p.outcome, p.better)
    ]
    if not changed:
        return ()
    said = [
        f"{listed(list(dict.fromkeys(p.better for p in won if p.better)))} "
        f"{'is' if len({p.better for p in won}) == 1 else 'are each'} better than "
        f"{listed(list(dict.fromkeys(map(grouped.loser, won))))}"
        for won in grouped.dominations(changed)
    ]
    for outcome, words in (("equivalent", "equivalent"), ("cannot tell", "not to be told apart")):
        these = [p for p in changed if p.outcome == outcome]
        if len(these) == 1:
            said.append(f"{these[0].a} and {these[0].b} are {words}")
        elif these:
            said.append(f"{words}: {grouped.among(these)}")
    return (f"At each run's best epoch instead of the last: {'; '.join(said)}.",)


def _size(pair: Pair) -> str:
    """`0.053 [95 %: 0.015 to 0.097]`, signed so that the difference is positive."""
    test = pair.test
    sign = -1.0 if test.difference < 0 else 1.0
    ends = sorted((sign * test.low, sign * test.high))
    scale = (test.high - test.low) / 2 or abs(test.difference)  # digits that the interval allows
    low, high = (like(end, scale) for end in ends)
    return f"{like(abs(test.difference), scale)} [95 %: {low} to {high}]"


def _mean(values: Array) -> str:
    finite = values[np.isfinite(values)]
    return figure(float(finite.mean())) if len(finite) else "undefined"


def _what_differed(differing: Sequence[str], equations: int, *, alone: bool) -> str:
    if not equations or alone:
        return ""
    if not differing:
        return "No equation differs: these losses have the same derivative."
    same = equations - len(differing)
    some = "One equation differs" if len(differing) == 1 else f"{len(differing)} equations differ"
    return f"{some}, {listed(list(differing))}; the other {same} are the same."


def _plain(pair: Pair) -> dict[str, Any]:
    test = pair.test
    return {
        "a": pair.a,
        "b": pair.b,
        "outcome": pair.outcome,
        "better": pair.better,
        "difference": test.difference,
        "low": test.low,
        "high": test.high,
        "seeds": test.seeds,
        "p": test.p,
        "p_holm": pair.p_holm,
        "enough_seeds": pair.enough_seeds,
    }


def minus_reference(pair: Pair, label: str, metric: Metric) -> dict[str, Any]:
    """`label` minus the other loss of the pair, for the table."""
    test = pair.test
    flip = 1.0 if label == pair.a else -1.0
    ends = (
        sorted((flip * test.low, flip * test.high)) if math.isfinite(test.low) else [math.nan] * 2
    )
    higher = test.a_higher if label == pair.a else test.b_higher
    lower = test.b_higher if label == pair.a else test.a_higher
    return {
        "difference": flip * test.difference,
        "low": ends[0],
        "high": ends[1],
        "wins": higher if metric.greater_is_better else lower,
        "seeds": test.seeds,
        "p": test.p,
        "p_holm": pair.p_holm,
    }
