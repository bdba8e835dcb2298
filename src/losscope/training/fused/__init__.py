"""Equations as fused machine code, by Numba: the extra `fast`."""
