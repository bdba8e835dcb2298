"""Runs the equations: the general method over stacks of networks."""

from losscope.training.loop import Trained, train
from losscope.training.stack import Run, Stack

__all__ = ["Run", "Stack", "Trained", "train"]
