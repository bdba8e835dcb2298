"""Margins of labels are differences of given scores: right to four epsilons however they cancel."""

from __future__ import annotations

import itertools

import mpmath as mp
import numpy as np
import pytest

from losscope import losses

SCORES = (0.0, 1e-8, -1e-8, 1.0, -1.0, 40.0, -1000.0)
EPSILON = float(np.finfo(np.float64).eps)


def by_hand(name, z, c):
    """The textbook's margin of class c, in exact arithmetic."""
    rivals = [z[k] for k in range(3) if k != c]
    if name == "crammer_singer":
        return max(0, 1 + max(rivals) - z[c])
    if name == "categorical_hinge":
        return max(0, 1 + max(0, *rivals) - z[c])
    if name == "multiclass_perceptron":
        return max(0, max(rivals) - z[c])
    return sum(max(0, 1 + rival - z[c]) for rival in rivals) / 3


@pytest.mark.parametrize(
    "name",
    ["crammer_singer", "categorical_hinge", "multiclass_perceptron", "weston_watkins",
     "multilabel_margin"],
)  # fmt: skip
def test_margins_keep_their_digits(name):
    """Every triple of scores, among them 1 + 1e-8 − 1, against exact arithmetic."""
    triples = list(itertools.product(SCORES, repeat=3))
    for c in range(3):
        target = np.tile(np.eye(3)[c], (len(triples), 1))
        found = losses.get(name).value(target=target, raw_prediction=np.array(triples))
        for z, value in zip(triples, found, strict=True):
            with mp.workdps(60):
                true = by_hand(name, [mp.mpf(v) for v in z], c)
                assert abs(mp.mpf(value) - true) <= 4 * EPSILON * abs(true), (z, c)


def test_a_lead_too_small_for_a_difference_still_leads():
    """In float32 too the first largest score takes the slope, whatever the true class scores."""
    z = np.array([[1.0, 1.0 + 2.0**-23, -1e8]], dtype=np.float32)
    found = losses.get("multiclass_perceptron").gradient(
        target=np.array([[0.0, 0.0, 1.0]], dtype=np.float32), raw_prediction=z
    )
    assert found.tolist() == [[0.0, 1.0, -1.0]]
