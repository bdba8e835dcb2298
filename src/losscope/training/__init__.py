"""Runs the equations: the general method over stacks of networks."""

from losscope.training.loop import Run, Stack, Trained, train

__all__ = ["Run", "Stack", "Trained", "train"]
