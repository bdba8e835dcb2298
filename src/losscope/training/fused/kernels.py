"""What generated modules begin with: constants, and operations on one row that are no formulas.

This file is read and copied into each generated module, after `F` has been set to its precision; it
is never imported as it stands.
"""

# ruff: noqa: F821, F401, ANN001, ANN202 - F is set and the names are used where it is copied to
# mypy: ignore-errors

import math

import numpy as np
from numba import cfunc, njit, types

ZERO, ONE, HALF = F(0.0), F(1.0), F(0.5)
ROOT_HALF, INFINITY = F(0.5**0.5), F(np.inf)
fused = njit(error_model="numpy")


@fused
def _sort(source, target):
    for j in range(len(source)):
        value = source[j]
        k = j
        while k > 0 and target[k - 1] > value:
            target[k] = target[k - 1]
            k -= 1
        target[k] = value


@fused
def _cumsum(source, target):
    total = ZERO
    for j in range(len(source)):
        total += source[j]
        target[j] = total


@fused
def _others(source, target):
    before = ZERO
    for j in range(len(source)):
        target[j] = before
        before += source[j]
    after = ZERO
    for j in range(len(source) - 1, -1, -1):
        target[j] += after
        after += source[j]
