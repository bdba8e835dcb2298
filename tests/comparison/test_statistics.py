"""Paired statistics, against scipy and mpmath, and at the edges."""

import math

import mpmath
import numpy as np
import pytest
from scipy import stats

from losscope.comparison.outcomes import judge
from losscope.comparison.statistics import holm, paired, seeds_to_settle

A = np.array([0.31, 0.28, 0.35, 0.30, 0.33, 0.29, 0.36, 0.27])
B = np.array([0.34, 0.30, 0.36, 0.35, 0.34, 0.30, 0.41, 0.30])


def test_without_shared_rows_it_is_the_plain_paired_t_test():
    """With n_test/n_train = 0 difference, interval and p are scipy's ttest_rel."""
    test = paired(A, B, ratio=0.0)
    plain = stats.ttest_rel(A, B)
    interval = plain.confidence_interval(0.95)
    np.testing.assert_allclose(test.p, plain.pvalue, rtol=1e-10)
    np.testing.assert_allclose([test.low, test.high], interval, rtol=1e-10)
    assert (test.a_higher, test.b_higher, test.seeds) == (0, 8, 8)


def test_corrected_p_from_mpmath():
    """The corrected t's p, from the incomplete beta function at 50 digits."""
    ratio = 25 / 56
    test = paired(A, B, ratio=ratio)
    with mpmath.workdps(50):
        d = [mpmath.mpf(float(x)) for x in A - B]
        n = len(d)
        mean = mpmath.fsum(d) / n
        variance = mpmath.fsum((x - mean) ** 2 for x in d) / (n - 1)
        t = mean / mpmath.sqrt(variance * (mpmath.mpf(1) / n + mpmath.mpf(ratio)))
        df = n - 1
        p = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / (df + t**2), regularized=True)
    assert test.p == pytest.approx(float(p), rel=1e-12)


def test_equivalence_is_two_one_sided_tests():
    """The p of equivalence is the larger of scipy's two one-sided tests against ±margin."""
    margin = 0.05
    d = A - B
    above = stats.ttest_1samp(d, -margin, alternative="greater").pvalue
    below = stats.ttest_1samp(d, margin, alternative="less").pvalue
    test = paired(A, B, ratio=0.0, margin=margin)
    assert test.p_equivalent == pytest.approx(max(above, below), rel=1e-10)


def test_the_correction_only_ever_widens():
    """More shared rows, a wider interval and a larger p."""
    plain, some, more = (paired(A, B, ratio=r) for r in (0.0, 0.3, 0.6))
    assert plain.p < some.p < more.p
    assert plain.high - plain.low < some.high - some.low < more.high - more.low


def test_only_seeds_with_both_values_count():
    """A failed run (NaN) takes its seed out of the pair, in both learners."""
    a, b = A.copy(), B.copy()
    a[0], b[3] = np.nan, np.inf
    kept = [1, 2, 4, 5, 6, 7]
    assert paired(a, b, ratio=0.4) == paired(A[kept], B[kept], ratio=0.4)


def test_too_few_seeds_give_no_interval():
    """One seed gives a difference and nothing else; none gives nothing."""
    one = paired(A[:1], B[:1], ratio=0.4)
    assert one.difference == pytest.approx(-0.03)
    assert math.isnan(one.p)
    assert math.isnan(one.low)
    assert math.isnan(paired(A[:0], B[:0], ratio=0.4).difference)


def test_ties_and_constant_differences():
    """All equal: p = 1 and equivalent. One constant difference: the sign test's p, not 0."""
    tied = paired(A, A, ratio=0.4, margin=0.01)
    assert (tied.p, tied.p_equivalent, tied.low, tied.high) == (1.0, 0.0, 0.0, 0.0)
    constant = paired(A, A + 0.25, ratio=0.4, margin=0.01)
    assert constant.p == 2.0**-7
    assert constant.p_equivalent == 1.0


def test_holm_by_hand():
    """0.01·4, 0.02·3, then never smaller than before, and NaN neither counted nor changed."""
    found = holm([0.02, 0.01, 0.5, float("nan"), 0.03])
    np.testing.assert_allclose(found, [0.06, 0.04, 0.5, np.nan, 0.06])


def test_holm_never_exceeds_one():
    """Adjusted p values stay within [0, 1] and keep the order of the plain ones."""
    assert holm([0.9, 0.8, 0.7]) == [1.0, 1.0, 1.0]


def outcome(a, b, margin=0.01, ratio=0.4):
    """The one pair's judgement, of a metric that should be small."""
    return judge({"a": a, "b": b}, greater_is_better=False, ratio=ratio, margin=margin)[0]


def test_better_names_the_better_one():
    """A clear difference in a metric that should be small favours the smaller."""
    noise = np.random.default_rng(0).normal(0, 0.01, 10)
    pair = outcome(0.3 + noise, 0.5 + noise[::-1])
    assert (pair.outcome, pair.better) == ("better", "a")
    flipped = judge(
        {"a": 0.3 + noise, "b": 0.5 + noise[::-1]},
        greater_is_better=True,
        ratio=0.4,
        margin=0.01,
    )[0]
    assert flipped.better == "b"


def test_certain_but_too_small_to_matter_is_equivalent():
    """A difference whose whole interval lies within the margin is called equivalent."""
    noise = np.random.default_rng(0).normal(0, 1e-4, 10)
    pair = outcome(np.full(10, 0.3), 0.301 + noise)
    assert pair.test.p < 0.05
    assert (pair.outcome, pair.better) == ("equivalent", None)


def test_noise_cannot_be_told_apart_and_says_how_many_seeds_would_do():
    """Wide noise gives no verdict; the seeds asked for do settle it when they come as seen."""
    rng = np.random.default_rng(3)
    d = rng.normal(0, 1, 10)
    d = 1.2 + (d - d.mean()) / d.std(ddof=1)  # mean 1.2, deviation exactly 1
    pair = outcome(np.zeros(10), d, ratio=0.3)
    assert pair.outcome == "cannot tell"
    n = pair.enough_seeds
    assert n is not None
    assert n > 10
    for seeds, settled in ((n, True), (n - 1, False)):
        half = stats.t.ppf(0.975, seeds - 1) * math.sqrt(1 / seeds + 0.3)
        assert bool(half < 1.2) is settled


def test_more_seeds_cannot_settle_what_shared_rows_blur():
    """Where the difference is below what the correction leaves at any n, None is said."""
    rng = np.random.default_rng(3)
    test = paired(np.zeros(10), rng.normal(0.1, 1, 10), ratio=0.4, margin=0.01)
    assert seeds_to_settle(test, ratio=0.4, margin=0.01) is None


def test_one_seed_cannot_tell():
    """With one seed every pair is 'cannot tell'."""
    pair = outcome(np.array([0.1]), np.array([0.9]))
    assert (pair.outcome, pair.enough_seeds) == ("cannot tell", None)


def test_pairs_are_adjusted_together():
    """Three losses give three pairs, whose p is Holm's over the three."""
    rng = np.random.default_rng(5)
    values = {name: rng.normal(0, 1, 10) for name in "abc"}
    pairs = judge(values, greater_is_better=True, ratio=0.4, margin=0.01)
    assert [(p.a, p.b) for p in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [p.p_holm for p in pairs] == holm([p.test.p for p in pairs])
