"""Many pairs in few sentences: losses that stand alike are named together.

Eight losses make 28 pairs. What holds of every two of some losses is said of them as a group; each
pair's own figures stand in the result and on the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscope.comparison.saying import figure, listed, p_value, setting, settling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from losscope.comparison.metrics import Metric
    from losscope.comparison.outcomes import Pair

MOST_SINGLE = 3  # up to so many pairs (three losses) each has a sentence with its interval


def sentences(pairs: Sequence[Pair], metric: Metric, margin: float) -> list[str]:
    """What many pairs allow to be said: who is better than whom, who is alike, what is open."""
    lost = unmeasured(pairs)
    known = [pair for pair in pairs if not lost & {pair.a, pair.b}]
    said = [_better(won, metric) for won in dominations(known)]
    equivalent = [pair for pair in known if pair.outcome == "equivalent"]
    same = [pair for pair in equivalent if pair.alike(margin)]
    if same:
        said.append(f"The same {metric.title} but for rounding: {among(same)}.")
    near = [pair for pair in equivalent if pair not in same]
    if near:
        most = max(abs(pair.test.difference) for pair in near)
        said.append(
            f"Equivalent: {among(near)}; their {metric.title} differs by at most {figure(most)}, "
            f"within the margin of ±{setting(margin)}."
        )
    undecided = [pair for pair in known if pair.outcome == "cannot tell"]
    if undecided:
        said.append(
            f"Cannot tell apart by {metric.title}: {among(undecided)} "
            f"({_p_range(undecided)}). {settling(undecided)}"
        )
    if lost:
        names = [label for label in _labels(pairs) if label in lost]
        said.append(
            f"Nothing can be said of {listed(names)}: fewer than two seeds gave a {metric.title} "
            "to compare."
        )
    return said


def unmeasured(pairs: Sequence[Pair]) -> set[str]:
    """The losses that share fewer than two measured seeds with any other."""
    measured = {label for pair in pairs if pair.test.seeds > 1 for label in (pair.a, pair.b)}
    return set(_labels(pairs)) - measured


def dominations(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs with a better loss, grouped: every winner of a group is better than every loser."""
    beaten: dict[str, list[Pair]] = {label: [] for label in _labels(pairs)}
    for pair in pairs:
        if pair.better is not None:
            beaten[pair.better].append(pair)
    groups: dict[frozenset[str], list[Pair]] = {}
    for winner, won in beaten.items():
        if won:
            losers = frozenset(loser(pair) for pair in won if pair.better == winner)
            groups.setdefault(losers, []).extend(won)
    return list(groups.values())


def loser(pair: Pair) -> str:
    """The other one than the better."""
    return pair.b if pair.better == pair.a else pair.a


def among(pairs: Sequence[Pair]) -> str:
    """Name pairs by groups: `any two of a, b/c and d; d and any of a and b`.

    `b/c` stands for either: two that meet the same others, but not each other.
    """
    edges = {frozenset((pair.a, pair.b)) for pair in pairs}
    order = _labels(pairs)
    alike: dict[frozenset[str], list[str]] = {}
    for label in order:
        met = frozenset(other for edge in edges if label in edge for other in edge - {label})
        alike.setdefault(met, []).append(label)
    names = {label: "/".join(twins) for twins in alike.values() for label in twins}
    order = list(dict.fromkeys(names[label] for label in order))
    left = {frozenset(names[label] for label in edge) for edge in edges}
    every = set(left)
    said = []
    while left:
        clique = max(
            (_clique(edge, every, left, order) for edge in _in_order(left, order)), key=len
        )
        if len(clique) < 3:
            break
        said.append(f"any two of {listed(clique)}")
        left -= {frozenset((a, b)) for a in clique for b in clique if a != b}
    while left:
        hub = max(order, key=lambda label: sum(label in edge for edge in left))
        others = [label for label in order if frozenset((hub, label)) in left]
        either = others[0] if len(others) == 1 else f"any of {listed(others)}"
        said.append(f"{hub} and {either}")
        left -= {frozenset((hub, other)) for other in others}
    return "; ".join(said)


def _clique(
    edge: frozenset[str], every: set[frozenset[str]], left: set[frozenset[str]], order: list[str]
) -> list[str]:
    """Grow an edge by whoever is joined to all of its members, and by an edge not yet said."""
    found = set(edge)
    for label in order:
        joined = [frozenset((label, member)) for member in found]
        if (
            label not in found
            and all(j in every for j in joined)
            and any(j in left for j in joined)
        ):
            found.add(label)
    return [label for label in order if label in found]


def _in_order(edges: set[frozenset[str]], order: list[str]) -> list[frozenset[str]]:
    return sorted(edges, key=lambda edge: sorted(order.index(label) for label in edge))


def _labels(pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(label for pair in pairs for label in (pair.a, pair.b)))


def _better(won: list[Pair], metric: Metric) -> str:
    """Name winners and losers of a group, with the range of differences, seeds and p values."""
    winners = list(dict.fromkeys(pair.better for pair in won if pair.better is not None))
    losers = list(dict.fromkeys(loser(pair) for pair in won))
    sizes = sorted(abs(pair.test.difference) for pair in won)
    low, high = figure(sizes[0]), figure(sizes[-1])
    size = high if sizes[-1] - sizes[0] < 5e-3 * sizes[-1] else _range(low, high)
    up = metric.greater_is_better
    wins = sorted(
        pair.test.a_higher if up == (pair.better == pair.a) else pair.test.b_higher for pair in won
    )
    seeds = max(pair.test.seeds for pair in won)
    verb = "is" if len(winners) == 1 else "are each"
    whose = "its" if len(winners) == 1 else "their"
    return (
        f"{listed(winners)} {verb} better than {listed(losers)}: {whose} {metric.title} is "
        f"{'higher' if up else 'lower'} by {size}, on {_range(str(wins[0]), str(wins[-1]))} of "
        f"{seeds} seeds ({_p_range(won)})."
    )


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _p_range(pairs: Sequence[Pair]) -> str:
    """`Holm p = 0.02`, `Holm p = 0.02 to 0.40`, `Holm p ≤ 0.012` where the least is under 0.001."""
    low, high = (p_value(end(pair.p_holm for pair in pairs)) for end in (min, max))
    if low == high:
        return f"Holm {low}"
    if "<" in low:
        return f"Holm {high.replace('=', '≤')}"
    return f"Holm {low} to {high.removeprefix('p = ')}"
