"""A table or arrays -> matrices with known meaning."""

from __future__ import annotations

from losscope.data.bundled import names
from losscope.data.dataset import Dataset, Fold
from losscope.data.loading import from_arrays, load

__all__ = ["Dataset", "Fold", "from_arrays", "load", "names"]
