"""What is minimised: one loss, one file, in a folder for each family; found, not registered."""

from losscope.losses.base import Loss, Parameter
from losscope.losses.reduction import Reduction
from losscope.losses.registry import add, find, get, meanings, names
from losscope.losses.translation import Translation, translate

__all__ = [
    "Loss",
    "Parameter",
    "Reduction",
    "Translation",
    "add",
    "find",
    "get",
    "meanings",
    "names",
    "translate",
]
