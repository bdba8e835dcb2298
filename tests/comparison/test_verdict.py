"""Sentences a person can repeat: what they say, and that each carries its figure."""

import numpy as np
import pytest

from losscope.comparison import grouped, learned, metrics, verdict
from losscope.comparison.outcomes import judge
from losscope.comparison.saying import count, figure, like, listed, p_value

LOG_LOSS = metrics.find("log_loss", "binary")
ACCURACY = metrics.find("accuracy", "binary")
NOISE = np.random.default_rng(0).normal(0, 0.01, 10)


def said(values, metric=LOG_LOSS, margin=0.01, **more):
    """The sentences for per-seed values."""
    pairs = judge(values, greater_is_better=metric.greater_is_better, ratio=0.4, margin=margin)
    return verdict.sentences(pairs, values, metric, margin, **more)


def test_better_is_said_with_size_interval_seeds_and_p():
    """Who, by how much, how sure, on how many seeds."""
    [sentence] = said({"ce": 0.3 + NOISE, "mse": 0.5 + NOISE[::-1]})
    assert sentence.startswith("ce is better than mse: its log-loss is lower by 0.200 [95 %: 0.1")
    assert sentence.endswith("on 10 of 10 seeds (Holm p < 0.001).")


def test_greater_can_be_better():
    """For accuracy the higher one wins, and the sentence says higher."""
    [sentence] = said({"ce": 0.6 + NOISE, "mse": 0.9 + NOISE[::-1]}, ACCURACY)
    assert sentence.startswith("mse is better than ce: its accuracy is higher by 0.300")


def test_equivalent_names_the_margin():
    """Equivalent is said with the difference and the margin it lies within."""
    [sentence] = said({"ce": np.full(10, 0.3), "mse": 0.3001 + 0.01 * NOISE})
    assert sentence.startswith("ce and mse are equivalent: their log-loss differs by 0.000")
    assert sentence.endswith("within the margin of ±0.01.")


def test_a_tie_is_equivalent():
    """The same value on every seed is said to be so."""
    [sentence] = said({"ce": NOISE, "mse": NOISE}, ACCURACY)
    assert sentence == ("ce and mse are equivalent: the same accuracy on every one of 10 seeds.")


def test_rounding_is_no_difference():
    """Values that differ in their last bits are the same but for rounding."""
    [sentence] = said({"ce": 0.3 + NOISE, "mse": (0.3 + NOISE) * (1 + 1e-15)})
    assert sentence == (
        "ce and mse are equivalent: the same log-loss but for rounding, on every one of 10 seeds."
    )


def test_cannot_tell_says_what_would():
    """An open pair gives its difference, p, and what would settle it."""
    rng = np.random.default_rng(3)
    d = rng.normal(0, 1, 10)
    d = (d - d.mean()) / d.std(ddof=1)
    [sentence] = said({"a": np.zeros(10), "b": 1.4 + d})
    assert sentence.startswith(
        "Cannot tell a and b apart: log-loss differs by 1.4 [95 %: −0.2 to 3"
    )
    assert "(Holm p = 0.079). If this persists, about 21 seeds would settle it." in sentence
    [sentence] = said({"a": np.zeros(10), "b": 0.1 + d})
    assert sentence.endswith(
        "More seeds would not settle it, since re-splits share the table's rows; more rows might."
    )


def test_several_open_pairs_are_one_sentence():
    """Three losses that cannot be told apart make one sentence with three p values."""
    rng = np.random.default_rng(5)
    [sentence] = said({name: rng.normal(0, 1, 10) for name in ("ce", "mse", "mae")})
    assert sentence.startswith("Cannot tell ce, mse and mae apart by log-loss (Holm p = ")


EIGHT = ("ce", "mse", "mae", "huber", "focal", "gce", "hinge", "poly1")


def test_many_losses_are_said_in_groups():
    """Eight losses make 28 pairs; who stands alike is named together, and nobody is left out."""
    rng = np.random.default_rng(0)
    level = dict(zip(EIGHT, (0.3, 0.301, 0.6, 0.3, 0.32, 0.62, 0.9, 0.3), strict=True))
    values = {n: at + rng.normal(0, 0.003 if at < 0.31 else 0.03, 10) for n, at in level.items()}
    found = said(values)
    assert len(found) <= 4
    assert found[0].startswith(
        "ce, mse, huber, focal and poly1 are each better than mae, gce and hinge: their log-loss "
        "is lower by 0."
    )
    assert found[1].startswith("mae and gce are each better than hinge")
    assert "mae and gce" in found[-1]
    [sentence] = said({name: rng.normal(0, 1, 10) for name in EIGHT})
    assert sentence.startswith(f"Cannot tell apart by log-loss: any two of {listed(EIGHT)} (Holm p")


def test_many_that_are_the_same_are_said_to_be():
    """Rounding is named where only it differs; what is near is given with its size."""
    base = 0.3 + NOISE
    values = {"mse": base, "brier": base * (1 + 1e-15), "ce": base + 1e-4, "focal": base + 1.0}
    found = said(values)
    assert "The same log-loss but for rounding: mse and brier." in found
    [near] = [sentence for sentence in found if sentence.startswith("Equivalent: ")]
    assert near == (
        "Equivalent: mse/brier and ce; their log-loss differs by at most 1.00e−04, within the "
        "margin of ±0.01."
    )
    assert "lower by 1.00, on 10 of 10 seeds" in found[0]


@pytest.mark.parametrize("seed", range(20))
def test_groups_say_of_every_pair_what_was_found_of_it(seed):
    """Read back, the groups name exactly the open pairs, and winners and losers exactly."""
    rng = np.random.default_rng(seed)
    values = {name: rng.normal(rng.integers(4), 0.5, 10) for name in EIGHT}
    pairs = judge(values, greater_is_better=False, ratio=0.4, margin=0.01)
    undecided = [p for p in pairs if p.outcome == "cannot tell"]
    named = set()
    for words in grouped.among(undecided).split("; ") if undecided else []:
        if words.startswith("any two of "):
            group = words.removeprefix("any two of ").replace(" and ", ", ").split(", ")
            met = [(a, b) for a in group for b in group if a != b]
        else:
            hub, others = words.split(" and ", 1)
            each = others.removeprefix("any of ").replace(" and ", ", ").split(", ")
            met = [(hub, other) for other in each]
        named |= {frozenset((a, b)) for x, y in met for a in x.split("/") for b in y.split("/")}
    assert named == {frozenset((p.a, p.b)) for p in undecided}
    better = {(w, x) for won in grouped.dominations(pairs) for w in {p.better for p in won}
              for x in map(grouped.loser, won)}  # fmt: skip
    assert better == {(p.better, grouped.loser(p)) for p in pairs if p.better}


def test_who_has_no_values_is_named_beside_the_groups():
    """A loss that failed everywhere hides nothing that can be said of the others."""
    values = {name: np.random.default_rng(i).normal(0, 1, 10) for i, name in enumerate(EIGHT)}
    values["mae"][:] = np.nan
    assert said(values)[-1].startswith("Nothing can be said of mae: fewer than two seeds")


def test_one_seed_cannot_tell():
    """With one seed the means are shown, and more seeds asked for."""
    [sentence] = said({"ce": np.array([0.3]), "mse": np.array([0.5])})
    assert sentence.startswith("Cannot tell: one seed shows no spread (test log-loss 0.300 under")
    assert "take at least 2 seeds" in sentence


def test_one_loss_has_no_rival():
    """A single loss gets its value and no verdict."""
    assert said({"ce": 0.3 + NOISE})[0].endswith("one loss has no rival.")


def test_the_best_epoch_is_named_where_it_says_otherwise():
    """If judging at the best epoch changes an outcome, a sentence says which."""
    values = {"ce": 0.3 + NOISE, "mse": 0.5 + NOISE[::-1]}
    tied = judge({"ce": NOISE, "mse": NOISE}, greater_is_better=False, ratio=0.4, margin=0.01)
    last = said(values, at_best=tied)[-1]
    assert last == ("At each run's best epoch instead of the last: ce and mse are equivalent.")


def test_the_first_loss_is_chosen_unless_another_is_better():
    """Lines of code are offered for the reference; for a better one, the best of them."""
    values = {"ce": 0.5 + NOISE, "mse": 0.5 - NOISE, "mae": 0.2 + NOISE[::-1], "huber": 0.1 + NOISE}
    pairs = judge(values, greater_is_better=False, ratio=0.4, margin=0.01)
    assert verdict.chosen(pairs, values, LOG_LOSS) == "huber"
    first_two = {key: values[key] for key in ("ce", "mse")}
    pairs = judge(first_two, greater_is_better=False, ratio=0.4, margin=0.01)
    assert verdict.chosen(pairs, first_two, LOG_LOSS) == "ce"


@pytest.mark.parametrize("metric", [LOG_LOSS, ACCURACY])
def test_the_table_s_difference_is_loss_minus_reference(metric):
    """Sign, interval and wins belong to the row's own loss."""
    values = {"ce": 0.3 + NOISE, "mse": 0.5 + NOISE[::-1]}
    pair = judge(values, greater_is_better=metric.greater_is_better, ratio=0.4, margin=0.01)[0]
    row = verdict.minus_reference(pair, "mse", metric)
    assert row["difference"] == pytest.approx(0.2)
    assert row["low"] < 0.2 < row["high"]
    assert row["wins"] == (10 if metric.greater_is_better else 0)


def curves(*ends):
    """Curves that fall from 1 to 0 in so many epochs, then stay, for two seeds."""
    return [[max(0.0, 1 - e / end) for e in range(11)] for end in ends]


def test_learning_names_who_is_fast():
    """Epochs to the level that the slowest loss reaches, and the first gradients."""
    found = learned.judge(
        {"ce": curves(2, 2), "mse": curves(8, 8)},
        [learned.Start("mse", 0.25, 12.4)],
        "ce",
        LOG_LOSS,
    )
    assert found.changed
    first, second = found.sentences
    assert first == (
        "The first gradient, from the same start: under mse it is 0.250 times as long as under ce "
        "and turned by 12° (median over seeds)."
    )
    assert second == "To a validation log-loss of 0, ce needs 2 epochs, mse 8 (median over seeds)."


def test_same_curves_mean_the_learning_did_not_change():
    """Bit-identical curves are the evidence that the loss changed nothing; one bit denies it."""
    same = {"a": curves(3, 4), "b": curves(3, 4)}
    assert not learned.judge(same, [], "a", LOG_LOSS).changed
    same["b"][0][3] = np.nextafter(same["b"][0][3], 1)
    assert learned.judge(same, [], "a", LOG_LOSS).changed


def test_failed_seeds_and_nan_do_not_break_the_sentences():
    """Curves that are missing or end in NaN are left out."""
    broken = {"a": [None, *curves(3)], "b": [[1.0, float("nan")], None]}
    found = learned.judge(broken, [learned.Start("b", float("nan"), None)], "a", LOG_LOSS)
    assert found.changed
    assert "under b it is 0" in found.sentences[0]


def test_small_words():
    """Numbers with real minus signs and enough digits; p values; lists; plurals."""
    assert [figure(v) for v in (0, -0.01234, 1234567.0, None, 12.345, 1e-7)] == [
        "0", "−0.0123", "1,234,567", "undefined", "12.3", "1.00e−07",
    ]  # fmt: skip
    assert [like(v, 0.05) for v in (0.05, -0.0001, -0.012)] == ["0.050", "0.000", "−0.012"]
    assert like(5704.2, 100) == "5,704"
    assert [p_value(p) for p in (0.0001, 0.0123, 0.5)] == ["p < 0.001", "p = 0.012", "p = 0.50"]
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert (count(1, "seed"), count(2000, "seed")) == ("1 seed", "2,000 seeds")


def test_losses_without_any_result_are_not_called_alike():
    """Where every run failed, equal absence of curves is no equal learning."""
    learning = learned.judge({"a": [None, None], "b": [None, None]}, [], "a", LOG_LOSS)
    assert not learning.changed
    assert learning.sentences[0].startswith("Nothing can be said")
    assert "a and b" in learning.sentences[0]


def test_failed_runs_are_not_taken_for_a_lack_of_seeds():
    """Who has no value on any seed is named; "take more seeds" would be no help."""
    [sentence] = said({"ce": np.full(4, np.nan), "mse": 0.3 + NOISE[:4]})
    assert sentence.startswith("Cannot tell: ce gave no log-loss on any seed")
