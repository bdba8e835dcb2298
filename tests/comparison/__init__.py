"""Tests of comparisons: from a plan to a verdict."""
