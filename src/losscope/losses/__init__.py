"""What is minimised: one loss, one file, in a folder for each family; found, not registered."""

from losscope.losses.base import Loss, Parameter
from losscope.losses.registry import get, names

__all__ = ["Loss", "Parameter", "get", "names"]
