"""Scalar mathematics: stable functions, rewriting rules, gradients, spelling.

The bottom room. A formula is a SymPy expression over the raw prediction `z` and the target `y`;
from it come its stable form, its derivative and its source code. Nothing here knows what a loss is.
"""
